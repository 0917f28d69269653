using Hinoban.Results;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>Once in a while brings old samples into their small form, and removes the oldest.</summary>
internal sealed partial class SampleDuty(Db db, ISampleStore samples, TimeProvider clock, ILogger<SampleDuty> log)
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    // Between two transactions, so that results and commands do not wait behind all of them.
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CompactAfter = TimeSpan.FromHours(7);

    /// <summary>A year, and the month over which it is reported.</summary>
    private static readonly TimeSpan Keep = TimeSpan.FromDays(400);

    internal async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            try
            {
                await PassAsync(cancel);
            }
#pragma warning disable CA1031 // The pass is repeated; the log tells what this one met.
            catch (Exception error) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Failed(log, error);
            }
        }
    }

    private async Task PassAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        while (db.Write(tx => samples.Compact(tx, now - CompactAfter)) > 0)
        {
            await Task.Delay(Breath, clock, cancel);
        }

        db.Write(tx => samples.Prune(tx, now - Keep));
    }

    [LoggerMessage(5142, LogLevel.Error, "Old samples could not be compacted; tried again later")]
    private static partial void Failed(ILogger log, Exception error);
}
