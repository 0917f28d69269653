using Hinoban.Basics;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>The desk's clockwork: lets time pass for the verdicts, when it may change one.</summary>
internal sealed class DeskDuty(DeskEngine engine, TimeProvider clock, ILogger<DeskDuty> log)
{
    // Of two that follow each other closely one is enough.
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    internal async Task RunAsync(CancellationToken cancel)
    {
        var alarm = new Alarm(clock);
        var reviewed = TimeSpan.MinValue;
        engine.ReviewDue = due => alarm.NotAfter(due > reviewed + Least ? due : reviewed + Least);
        while (!cancel.IsCancellationRequested)
        {
            var now = reviewed = Moment.MonoOf(clock);
            var next = now + AfterFailure;
            try
            {
                next = engine.Review();
            }
#pragma warning disable CA1031 // The review must go on whatever one pass met; the log tells, the next pass repeats it.
            catch (Exception error)
#pragma warning restore CA1031
            {
                DeskLog.ReviewFailed(log, error);
            }

            await alarm.WaitAsync(next > now + Least ? next : now + Least, cancel);
        }
    }
}
