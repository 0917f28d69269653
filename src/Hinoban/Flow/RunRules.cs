namespace Hinoban.Flow;

/// <summary>When a look is overdue. Pure; all times monotonic.</summary>
internal static class RunRules
{
    /// <summary>What a look's way to the desk may take, spool and all.</summary>
    internal static readonly TimeSpan Way = TimeSpan.FromMinutes(1);

    /// <summary>Two intervals and the look's own time have passed since the latest of: the last look (or the item's coming into the plan), the site's coming back, the end of a stop.</summary>
    internal static bool IsOverdue(TimeSpan now, TimeSpan last, TimeSpan heard, TimeSpan resumed, TimeSpan interval, TimeSpan timeout)
    {
        var from = last > heard ? last : heard;
        return now - (from > resumed ? from : resumed) > (interval * 2) + timeout + Way;
    }
}
