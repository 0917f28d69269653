namespace Hinoban.Tests.Console;

/// <summary>A night in April that runs at the speed of the real clock, so that pages count down and pictures are comparable.</summary>
internal sealed class SampleClock : TimeProvider
{
    internal static readonly DateTimeOffset Night = new(2026, 4, 13, 18, 4, 20, TimeSpan.Zero);

    private readonly long started = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => Night + System.GetElapsedTime(started);
}
