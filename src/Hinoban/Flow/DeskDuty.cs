using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>The desk's clockwork: every second it lets time pass for the verdicts.</summary>
internal sealed class DeskDuty(DeskEngine engine, TimeProvider clock, ILogger<DeskDuty> log)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    internal async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            try
            {
                engine.Review();
            }
#pragma warning disable CA1031 // The review must go on whatever one pass met; the log tells, the next pass repeats it.
            catch (Exception error)
#pragma warning restore CA1031
            {
                DeskLog.ReviewFailed(log, error);
            }
        }
    }
}
