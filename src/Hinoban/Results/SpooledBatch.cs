using Hinoban.Basics;

namespace Hinoban.Results;

/// <summary>
/// Results that belong together under one sequence, for good: posted again they are the same. Only the lane may change,
/// from live to backlog, while it is unknown whether the desk has them.
/// </summary>
internal sealed record SpooledBatch(long Sequence, Lane Lane, IReadOnlyList<CheckResult> Results)
{
    /// <summary>Stands for a monotonic time of an earlier run of the process, which means nothing now.</summary>
    internal static readonly TimeSpan UnknownMono = TimeSpan.MinValue;

    /// <summary>When it was formed the live lane held more than one batch takes.</summary>
    internal bool Followed { get; init; }

    /// <summary>As posted now. A look of an earlier run gets the age that the wall clock tells; its lane is backlog, so nothing is judged by it.</summary>
    internal ResultBatch Sent(SiteName site, long epoch, Moment now, IReadOnlyList<UnansweredLook> unanswered, SiteHealth health)
    {
        var results = Results.Any(r => r.StartedMono == UnknownMono)
            ? Results.Select(r => r.StartedMono == UnknownMono ? r with { StartedMono = now.Mono - WallAge(r, now) } : r).ToList()
            : Results;
        return new ResultBatch(site, epoch, Sequence, Lane, now.Utc, now.Mono, results, unanswered, health);
    }

    private static TimeSpan WallAge(CheckResult result, Moment now) =>
        now.Utc > result.StartedUtc ? now.Utc - result.StartedUtc : TimeSpan.Zero;
}

/// <summary>What a receipt meant to the spool.</summary>
internal enum ReceiptMeaning
{
    /// <summary>The batch that was in doubt is at the desk and has left the spool.</summary>
    Taken,

    /// <summary>It says nothing about what waits here.</summary>
    Nothing,

    /// <summary>The desk has more of this site than this spool ever gave out: the spool was lost or rolled back, and has begun a new epoch.</summary>
    SpoolWasLost,
}
