using Hinoban.Results;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>Once in a while removes log hits that no site can bring again.</summary>
internal sealed partial class LogDuty(Db db, LogStore hits, TimeProvider clock, ILogger<LogDuty> log)
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    internal async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            try
            {
                db.Write(tx => hits.Prune(tx, clock.GetUtcNow() - LogStore.Keep));
            }
#pragma warning disable CA1031 // The pass is repeated; the log tells what this one met.
            catch (Exception error) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Failed(log, error);
            }
        }
    }

    [LoggerMessage(5315, LogLevel.Error, "Old log hits could not be removed; tried again later")]
    private static partial void Failed(ILogger log, Exception error);
}
