using System.Collections.Immutable;
using Hinoban.Checks;

namespace Hinoban.Incidents;

/// <summary>What an incident's events tell of log hits: how many there were, and which of them the list has not been told of.</summary>
internal sealed record LogFold
{
    private LogLot others = LogLot.Empty;
    private LogLot known = LogLot.Empty;

    internal static LogFold Nothing { get; } = new();

    /// <summary>When the last of them were recorded.</summary>
    internal DateTimeOffset RecordedUtc { get; private init; } = DateTimeOffset.MinValue;

    /// <summary>Hits, each counted once.</summary>
    internal int Hits { get; private init; }

    /// <summary>Matching records beyond the rules' limits.</summary>
    internal long Suppressed { get; private init; }

    /// <summary>Hits that the events keep whole.</summary>
    internal int Kept { get; private init; }

    internal DateTimeOffset FirstUtc { get; private init; } = DateTimeOffset.MaxValue;

    internal DateTimeOffset LastUtc { get; private init; } = DateTimeOffset.MinValue;

    /// <summary>Hits since the list was last told, or it was decided that it is not. Those that a known pattern shows are among them only where there are no others.</summary>
    internal int Untold => Next.Count;

    internal long UntoldSuppressed => Next.Suppressed;

    /// <summary>The worst of these, as far as the events keep them.</summary>
    internal ImmutableList<LogHit> UntoldLines => Next.Lines;

    /// <summary>When the first of these came.</summary>
    internal DateTimeOffset UntoldSinceUtc => Next.SinceUtc;

    /// <summary>The known patterns that hold back all that is untold; empty where something else is untold too, or nothing is.</summary>
    internal IReadOnlySet<string> UntoldKnown => Next.Known;

    /// <summary>Something is told now while known records wait.</summary>
    internal bool KnownWait => others.Count > 0 && known.Count > 0;

    internal DateTimeOffset? ToldUtc { get; private init; }

    internal LogFold With(LogHitsFound found) => this with
    {
        RecordedUtc = found.AtUtc,
        Hits = Hits + found.Count,
        Suppressed = Suppressed + found.Suppressed,
        Kept = Kept + found.Lines.Count,
        FirstUtc = found.FirstUtc < FirstUtc ? found.FirstUtc : FirstUtc,
        LastUtc = found.LastUtc > LastUtc ? found.LastUtc : LastUtc,
        others = found.Known.Count == 0 ? others.With(found) : others,
        known = found.Known.Count == 0 ? known : known.With(found),
    };

    /// <summary>Hits of this kind, known ones or others, are still to be told.</summary>
    internal bool Owes(bool known) => (known ? this.known : others).Count > 0;

    /// <summary>Whether a stored record is one of those that would be told next.</summary>
    internal bool IsNext(LogHit hit) => known.Known.Any(k => hit.Text.Contains(k, StringComparison.Ordinal)) == (others.Count == 0);

    /// <summary>The same, with the worst of these as the lines to show.</summary>
    internal LogFold Showing(IEnumerable<LogHit> lines) => Settle(Next with { Lines = LogLot.Worst(lines) });

    /// <summary>An alert or an update about the hits settles what was untold; one that a silence holds back does not, nor does anybody else's mail in the thread.</summary>
    internal LogFold With(NoticeDecided notice) => notice switch
    {
        { Kind: NoticeKind.Alert, Told: true } or { Kind: NoticeKind.Update, Reason: NoticeReason.MoreHits }
            or { Kind: NoticeKind.Alert or NoticeKind.Update, Reason: NoticeReason.NoMembers or NoticeReason.CustomerGone } =>
            Settle(LogLot.Empty) with { ToldUtc = notice.AtUtc },
        _ => this,
    };

    private LogLot Next => others.Count > 0 ? others : known;

    private LogFold Settle(LogLot next) => others.Count > 0 ? this with { others = next } : this with { known = next };
}

/// <summary>Hits that are told together. <see cref="Known"/>: the patterns of the silences that they showed when they came.</summary>
internal sealed record LogLot
{
    internal static LogLot Empty { get; } = new();

    internal int Count { get; private init; }

    internal long Suppressed { get; private init; }

    internal DateTimeOffset SinceUtc { get; private init; } = DateTimeOffset.MaxValue;

    internal ImmutableList<LogHit> Lines { get; init; } = [];

    internal ImmutableHashSet<string> Known { get; private init; } = [];

    internal static ImmutableList<LogHit> Worst(IEnumerable<LogHit> lines) => [.. LogRules.WorstFirst(lines).Take(LogRules.MostLines)];

    internal LogLot With(LogHitsFound found) => new()
    {
        Count = Count + found.Count,
        Suppressed = Suppressed + found.Suppressed,
        SinceUtc = found.AtUtc < SinceUtc ? found.AtUtc : SinceUtc,
        Lines = Worst(Lines.Concat(found.Lines)),
        Known = Known.Union(found.Known),
    };
}
