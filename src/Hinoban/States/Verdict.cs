using Hinoban.Basics;
using Hinoban.Checks;

namespace Hinoban.States;

/// <summary>What the sites together say about reaching the target.</summary>
internal enum Reach : byte
{
    /// <summary>The target answers: at least one site has a valid view and no transport failure stands against it.</summary>
    Reached,

    /// <summary>Every valid vote is a transport failure (two sites at least, or one under the single-site rule).</summary>
    Down,

    /// <summary>Some sites cannot reach the target, others can: a matter for the desk, never for the customer.</summary>
    PathTrouble,

    /// <summary>No valid vote, and a site has lost its anchors.</summary>
    SiteIsolated,

    /// <summary>No valid vote at all.</summary>
    NoData,

    /// <summary>A contradiction is pending; wait for the looks under way.</summary>
    Undecided,
}

/// <summary>What a verdict asks of the item's problem.</summary>
internal enum Judgement : byte
{
    /// <summary>Leave things as they are: nothing to open, nothing to close.</summary>
    Hold,

    /// <summary>The item is failing with <see cref="Verdict.Severity"/>.</summary>
    Failing,

    /// <summary>The item works: an open problem has recovered.</summary>
    Working,
}

/// <summary>How one site's view entered the verdict.</summary>
internal enum VoteKind : byte
{
    /// <summary>Hard OK.</summary>
    Ok,

    /// <summary>Hard failure from an answer of the target.</summary>
    Answer,

    /// <summary>Hard failure on the way.</summary>
    Transport,

    /// <summary>Void: not hard (a contradiction is pending).</summary>
    VoidSoft,

    /// <summary>Void: the site's heartbeat is old, or it did not answer a check-now in time.</summary>
    VoidSilent,

    /// <summary>Void: the look is older than 1.5 intervals, or of unknown age after a restart.</summary>
    VoidOld,

    /// <summary>Void: never looked.</summary>
    VoidUnknown,

    /// <summary>Void: the site's own anchors do not answer, so that what it cannot reach says nothing about targets.</summary>
    VoidIsolated,
}

/// <summary>One site's part in a verdict, as shown on the incident and in mails.</summary>
internal sealed record SiteEvidence(SiteName Site, VoteKind Vote, CheckStatus Status, NoValue NoValue, DateTimeOffset? LookUtc, string Output);

/// <summary>The judgement over all sites' views of one item, with the evidence it rests on.</summary>
/// <param name="Judgement">What follows for the item's problem.</param>
/// <param name="Reach">Reachability.</param>
/// <param name="Severity">The worst hard severity among valid failing votes, those of answers before those of transport; OK if none, or working.</param>
/// <param name="SingleSite">Judged by one site alone (片系); mails say so.</param>
/// <param name="Evidence">Per site, in plan order.</param>
/// <param name="ReviewAt">When time alone may change the verdict (desk monotonic); null if only a result can.</param>
internal sealed record Verdict(
    Judgement Judgement,
    Reach Reach,
    CheckStatus Severity,
    bool SingleSite,
    IReadOnlyList<SiteEvidence> Evidence,
    TimeSpan? ReviewAt)
{
    /// <summary>Of an item that was never judged.</summary>
    internal static Verdict None { get; } = new(Judgement.Hold, Reach.NoData, CheckStatus.Ok, false, [], null);

    /// <summary>The last judgement that was not <see cref="Judgement.Hold"/>; Hold if there was none.</summary>
    internal Judgement Standing { get; init; } = Judgement;

    private readonly Instant reviewAt = Instant.Of(ReviewAt);
    private readonly Instant standingMono = Instant.None;
    private readonly Instant reliefMono = Instant.None;

    /// <summary>When time alone may change the verdict (desk monotonic); null if only a result can.</summary>
    public TimeSpan? ReviewAt
    {
        get => reviewAt.Mono;
        init => reviewAt = Instant.Of(value);
    }

    /// <summary>Since when <see cref="Standing"/> is what it is, desk monotonic; null: since before this process, or from the beginning.</summary>
    internal TimeSpan? StandingMono
    {
        get => standingMono.Mono;
        init => standingMono = Instant.Of(value);
    }

    /// <summary>
    /// Since when an OK has stood against the problem (desk monotonic), as long as it stands or a site still owes its look on that OK;
    /// null otherwise.
    /// </summary>
    internal TimeSpan? ReliefMono
    {
        get => reliefMono.Mono;
        init => reliefMono = Instant.Of(value);
    }

    /// <summary>The same outcome, whatever the evidence: nothing to write, show or announce.</summary>
    internal bool SaysSameAs(Verdict other) =>
        (Judgement, Reach, Severity, SingleSite) == (other.Judgement, other.Reach, other.Severity, other.SingleSite);
}

/// <summary>What agreement must know of a site besides its view.</summary>
/// <param name="Site">The site.</param>
/// <param name="BeatMono">Its last heartbeat or batch, desk monotonic; null if none since the desk started.</param>
/// <param name="SilentSince">Since when its heartbeat has been over 15 s old; null while it is heard.</param>
/// <param name="IsolatedSince">Since when it has said that its anchors do not answer, desk monotonic; null while they do or none are set.</param>
internal sealed record SiteSignal(SiteName Site, TimeSpan? BeatMono, TimeSpan? SilentSince, TimeSpan? IsolatedSince = null);

/// <summary>A check-now request that is out for an item at a site.</summary>
internal sealed record PendingLook(long Request, SiteName Site, TimeSpan AskedMono);

/// <summary>The terms agreement judges by. <paramref name="Retry"/>: how soon a site looks again after a soft failure.</summary>
internal sealed record AgreementTerms(TimeSpan Interval, TimeSpan Retry, int Attempts, TimeSpan Timeout, TimeSpan? CriticalTime, IReadOnlyList<SiteName> Sites);
