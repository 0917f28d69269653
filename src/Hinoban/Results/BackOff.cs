namespace Hinoban.Results;

/// <summary>How long to wait after failures in a row: doubling up to a limit, each wait drawn from its upper half so that sites do not return in step.</summary>
internal sealed class BackOff(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);

    /// <summary>A heartbeat's interval: a desk that is back hears of every site before it could take it for silent.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    internal int Failures { get; private set; }

    internal void Succeeded() => Failures = 0;

    /// <summary>Counts a failure and tells how long to wait.</summary>
    internal TimeSpan Failed()
    {
        var full = Math.Min(Longest.Ticks, First.Ticks << Math.Min(Failures, 20));
        Failures++;
        lock (random)
        {
            return new TimeSpan((full / 2) + (long)(random.NextDouble() * full / 2));
        }
    }
}
