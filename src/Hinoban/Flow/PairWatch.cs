using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>
/// Asks the database each minute what would take over from this desk node: another node that stands by, and a synchronous standby of the database. Beside the
/// watchman, whom a database that does not answer must not keep waiting.
/// </summary>
internal sealed partial class PairWatch(Func<PairView> survey, TimeProvider clock, ILogger<PairWatch> log)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly long began = clock.GetTimestamp();
    private long? unsafeSince;

    /// <summary>What the last question found; null before the first answer.</summary>
    internal StandbyFacts? Latest { get; private set; }

    internal async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            try
            {
                Ask();
            }
#pragma warning disable CA1031 // The desk that works must not end because of a question about the other one: a changed password, say.
            catch (Exception away)
#pragma warning restore CA1031
            {
                NotAsked(log, StorageTrouble.Words(away), StorageTrouble.Is(away) ? null : away);
            }
        }
    }

    /// <summary>One question. Nodes are started one after the other: what was before this one had the desk is nobody's fault.</summary>
    internal void Ask()
    {
        var view = survey();
        var waited = clock.GetElapsedTime(began);
        unsafeSince = view.Wrong.Count == 0 ? null : unsafeSince ?? clock.GetTimestamp();
        Latest = new StandbyFacts(
            view.StoodByAgo is { } ago && ago < waited ? ago : waited, unsafeSince is { } since ? clock.GetElapsedTime(since) : null, view.Wrong);
    }

    [LoggerMessage(5202, LogLevel.Warning, "Whether another node could take the desk over was not asked: {Why}. It is asked again in a minute")]
    private static partial void NotAsked(ILogger log, string why, Exception? mistake);
}
