using Hinoban.Checks;

namespace Hinoban.Results;

/// <summary>
/// Results that the disk did not take: in memory, bounded, until they are posted or the disk takes them. What is too much is dropped, history
/// before what may still alert, and in both the oldest OKs first. The spool guards it by its lock.
/// </summary>
internal sealed class UnkeptResults(SpoolOptions options)
{
    private List<CheckResult> live = [];
    private List<CheckResult> backlog = [];
    private long bytes;

    internal int Count => live.Count + backlog.Count;

    internal IReadOnlyList<CheckResult> Live => live;

    internal IReadOnlyList<CheckResult> Backlog => backlog;

    /// <summary>Adds to what waits live; gives the number of results that had to be dropped for it.</summary>
    internal int Add(IReadOnlyList<CheckResult> results)
    {
        live.AddRange(results);
        bytes += results.Sum(r => (long)SpoolRules.SizeOf(r));
        var before = Count;
        if (IsOver(options.MaxUnkept, options.MaxUnkeptBytes))
        {
            // A tenth more than must go, so that this is not done again for the next result.
            var (count, size) = (options.MaxUnkept / 10 * 9, options.MaxUnkeptBytes / 10 * 9);
            Trim(backlog, count, size, okOnly: true);
            Trim(backlog, count, size, okOnly: false);
            Trim(live, count, size, okOnly: true);
            Trim(live, count, size, okOnly: false);
        }

        return before - Count;
    }

    /// <summary>Takes out what makes the next batch, live before backlog; null if nothing is here.</summary>
    internal (Lane Lane, IReadOnlyList<CheckResult> Results)? Take()
    {
        var (lane, from) = live.Count > 0 ? (Lane.Live, live) : (Lane.Backlog, backlog);
        long size = 0;
        var taken = from.TakeWhile((r, i) => (size += SpoolRules.SizeOf(r)) <= options.BatchBytes || i == 0).Take(options.BatchResults).ToList();
        from.RemoveRange(0, taken.Count);
        bytes -= taken.Sum(r => (long)SpoolRules.SizeOf(r));
        return taken.Count > 0 ? (lane, taken) : null;
    }

    /// <summary>Puts back, in front, what was taken and must be numbered anew.</summary>
    internal void PutBack(SpooledBatch batch)
    {
        (batch.Lane == Lane.Live ? live : backlog).InsertRange(0, batch.Results);
        bytes += batch.Results.Sum(r => (long)SpoolRules.SizeOf(r));
    }

    /// <summary>As <see cref="SiteSpool.Fold"/>.</summary>
    internal void Fold()
    {
        var split = SpoolRules.Split(live);
        live = split.Live;
        backlog.AddRange(split.Backlog);
    }

    internal void Clear() => (live, backlog, bytes) = ([], [], 0);

    private bool IsOver(int count, long size) => Count > count || bytes > size;

    private void Trim(List<CheckResult> lane, int count, long size, bool okOnly)
    {
        var gone = 0;
        lane.RemoveAll(result =>
        {
            if ((Count - gone <= count && bytes <= size) || (okOnly && (result.Answer.Status != CheckStatus.Ok || result.Answer.Log is not null)))
            {
                return false;
            }

            gone++;
            bytes -= SpoolRules.SizeOf(result);
            return true;
        });
    }
}
