using System.Collections.Immutable;
using Hinoban.Checks;

namespace Hinoban.Incidents;

/// <summary>What an incident's events tell of log hits: how many there were, and which of them the list has not been told of.</summary>
internal sealed record LogFold
{
    internal static LogFold Nothing { get; } = new();

    /// <summary>Hits, each counted once.</summary>
    internal int Hits { get; private init; }

    /// <summary>Matching records beyond the rules' limits.</summary>
    internal long Suppressed { get; private init; }

    /// <summary>Hits that the events keep whole.</summary>
    internal int Kept { get; private init; }

    internal DateTimeOffset FirstUtc { get; private init; } = DateTimeOffset.MaxValue;

    internal DateTimeOffset LastUtc { get; private init; } = DateTimeOffset.MinValue;

    /// <summary>Hits since the list was last told, or it was decided that it is not.</summary>
    internal int Untold { get; private init; }

    internal long UntoldSuppressed { get; private init; }

    /// <summary>The first of these.</summary>
    internal ImmutableList<LogHit> UntoldLines { get; private init; } = [];

    internal DateTimeOffset? ToldUtc { get; private init; }

    internal LogFold With(LogHitsFound found) => this with
    {
        Hits = Hits + found.Count,
        Suppressed = Suppressed + found.Suppressed,
        Kept = Kept + found.Lines.Count,
        FirstUtc = found.FirstUtc < FirstUtc ? found.FirstUtc : FirstUtc,
        LastUtc = found.LastUtc > LastUtc ? found.LastUtc : LastUtc,
        Untold = Untold + found.Count,
        UntoldSuppressed = UntoldSuppressed + found.Suppressed,
        UntoldLines = UntoldLines.AddRange(found.Lines.Take(LogRules.MostLines - UntoldLines.Count)),
    };

    /// <summary>An alert or an update about the hits settles what was untold; one that a silence holds back does not, nor does anybody else's mail in the thread.</summary>
    internal LogFold With(NoticeDecided notice) => notice switch
    {
        { Kind: NoticeKind.Alert, Told: true } or { Kind: NoticeKind.Update, Reason: NoticeReason.MoreHits }
            or { Kind: NoticeKind.Alert or NoticeKind.Update, Reason: NoticeReason.NoMembers or NoticeReason.CustomerGone } =>
            this with { Untold = 0, UntoldSuppressed = 0, UntoldLines = [], ToldUtc = notice.AtUtc },
        _ => this,
    };
}
