using System.Net;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>The SLO clock of an incident: from mail accepted to claim. All null before the mail is accepted.</summary>
internal sealed record SloView(DateTimeOffset? StartedUtc, DateTimeOffset? DueUtc, DateTimeOffset? ClaimedUtc, bool? Met);

/// <summary>A row of the desk's queue.</summary>
internal sealed record IncidentRow(
    IncidentId Id,
    string Number,
    CustomerId Customer,
    Text CustomerName,
    string Host,
    string Service,
    CheckStatus Severity,
    Reach Reach,
    bool SingleSite,
    bool NoValue,
    IncidentStage Stage,
    string? ClaimedBy,
    DateTimeOffset OpenedUtc,
    DateTimeOffset? RecoveredUtc,
    SloView Slo,
    int Attached,
    string Output,
    MailTrouble MailTrouble)
{
    /// <summary>The provider's own alarm (監視基盤), no customer's.</summary>
    internal bool Own => Customer == ProviderPlan.Customer;

    /// <summary>Severity and reach are the problem's, and stay what they were: this tells whether it still is one.</summary>
    internal bool Failing => RecoveredUtc is null;

    /// <summary>The item's severity now, as far as this incident knows: OK once it was seen working, null once it is no longer watched.</summary>
    internal CheckStatus? SeverityNow { get; init; } = RecoveredUtc is null ? Severity : CheckStatus.Ok;

    /// <summary>The silence that holds for its item now; null if none does, or the problem is over.</summary>
    internal SilenceMark? Silence { get; init; }

    /// <summary>Its alert is held back by a silence.</summary>
    internal bool Held { get; init; }

    /// <summary>時限静観: the response waits until then; null if it does not wait, or no longer.</summary>
    internal DateTimeOffset? WaitsUntilUtc { get; init; }

    /// <summary>It comes and goes too often: the incident stays open until it has settled.</summary>
    internal bool Flapping { get; init; }

    /// <summary>How its item is looked at.</summary>
    internal string Kind { get; init; } = "";

    /// <summary>It is about what stands in a log: an event, over when a person closes it.</summary>
    internal bool IsLog { get; init; }

    /// <summary>Hosts behind this one that it cuts off, or cut off.</summary>
    internal int Unreachable { get; init; }

    /// <summary>Hosts that failed together with this one and were taken as one problem (アラート集約), whatever they do now.</summary>
    internal int Joined { get; init; }

    /// <summary>Of these, and its own host, how many fail now; 0 without a storm.</summary>
    internal int StillFailing { get; init; }

    /// <summary>Sites' causes of having no value, as the verdict that is shown rests on them.</summary>
    internal IReadOnlyList<NoValue> Causes { get; init; } = [];
}

/// <summary>The worst thing about an incident's mails.</summary>
internal enum MailTrouble
{
    /// <summary>All settled well, or nothing to send.</summary>
    None,

    /// <summary>Something is waiting to be sent for the first time.</summary>
    Sending,

    /// <summary>The relay does not take a mail; it is tried again.</summary>
    Retrying,

    /// <summary>A recipient was refused for good or given up.</summary>
    Failed,
}

/// <summary>One recipient of one mail.</summary>
internal sealed record DeliveryView(
    string Recipient, bool Desk, string State, int Attempts, DateTimeOffset? NextUtc, string QueueId, string LastReply, DateTimeOffset? SettledUtc, bool PossiblyTwice)
{
    /// <summary>By the second relay, since the first was away or refused.</summary>
    public bool SecondRelay { get; init; }

    /// <summary>What a mail system behind the relay reported of it: Failed, Delayed, Delivered, Relayed; null if nothing was.</summary>
    public ReportView? Report { get; init; }
}

/// <summary>A delivery report; code and words are another system's.</summary>
internal sealed record ReportView(string Action, string Status, string Words, DateTimeOffset AtUtc);

/// <summary>
/// A mail that came in. <see cref="Standing"/>: Member, Stranger, Kept, Report; everything from <see cref="FromName"/> to <see cref="Excerpt"/> is somebody
/// else's words.
/// </summary>
internal sealed record InboundView(
    long Id, CustomerId Customer, IncidentId? Incident, string IncidentNumber, string Standing, string Kind, string FromName, string FromAddress, string Subject, string Excerpt,
    DateTimeOffset ReceivedUtc, long Size, string Digest, IReadOnlyList<AttachmentView> Attachments)
{
    /// <summary>False: only its header and excerpt are kept, and no attachment can be saved.</summary>
    internal bool IsWhole { get; init; } = true;
}

/// <summary>An attachment as its sender calls it.</summary>
internal sealed record AttachmentView(int Number, string Name, string MediaType, long Size);

/// <summary>Octets to be saved, never to be shown: a mail as it came (<see cref="Name"/> ends in .eml), or one of its attachments.</summary>
internal sealed record ArchivedFile(string Name, byte[] Content);

/// <summary>A mail of an incident with its deliveries.</summary>
internal sealed record MailView(
    string Key, IncidentId Incident, string IncidentNumber, CustomerId Customer, NoticeKind Kind, string MessageId, string Subject, string Body, DateTimeOffset DateUtc,
    IReadOnlyList<DeliveryView> Deliveries);

/// <summary>One runbook step and how its runs went. <see cref="Looks"/>: the item that a re-check or verification looks at; empty for commands.</summary>
internal sealed record StepView(
    int Number, StepPlan Plan, string Kind, string Host, string Command, bool Enabled, Text WhyNot, IReadOnlyList<StepRunView> Runs, string Looks = "");

/// <summary>One run of a step; <see cref="Outcome"/> null while it runs.</summary>
internal sealed record StepRunView(int Run, string By, DateTimeOffset StartedUtc, DateTimeOffset? EndedUtc, StepOutcome? Outcome, int? ExitCode, string Transcript, Text Because);

/// <summary>All that the incident's page and API show.</summary>
internal sealed record IncidentView(
    IncidentRow Row,
    ProblemFacts Facts,
    Text HostName,
    string TimeZone,
    Language Language,
    IReadOnlyList<SiteEvidence> OpenedEvidence,
    IReadOnlyList<SiteView> ViewsNow,
    IReadOnlyList<IncidentEvent> Events,
    RunbookPlan? Runbook,
    IReadOnlyList<StepView> Steps,
    IReadOnlyList<ContactPlan> Contacts,
    IReadOnlyList<MailView> Mails,
    ReportParts Draft)
{
    /// <summary>The hosts that were taken as one problem with the incident's own; null if none.</summary>
    internal StormView? Storm { get; init; }

    /// <summary>What was found in the item's log; null of everything else.</summary>
    internal LogView? Log { get; init; }

    /// <summary>Mails that came in its thread, the latest first.</summary>
    internal IReadOnlyList<InboundView> Received { get; init; } = [];
}

/// <summary>Log hits as an incident's page shows them: how many, and the latest of them, all of it as the log has it.</summary>
internal sealed record LogView(int Hits, long Suppressed, DateTimeOffset FirstUtc, DateTimeOffset LastUtc, IReadOnlyList<TakenHit> Latest);

/// <summary>A storm as its incident's page shows it.</summary>
/// <param name="Kind">What the hosts have in common.</param>
/// <param name="Cause">The vendor's key, or the network.</param>
/// <param name="Name">The vendor's name; of a network the same as <paramref name="Cause"/>.</param>
/// <param name="Hosts">Those that joined, in that order.</param>
internal sealed record StormView(CauseKind Kind, string Cause, Text Name, IReadOnlyList<StormHostView> Hosts);

/// <summary>A host that joined. <see cref="Left"/> null: it takes part; <see cref="Own"/>: its own open incident, if it has one.</summary>
internal sealed record StormHostView(string Host, string Address, DateTimeOffset JoinedUtc, StormExit? Left, DateTimeOffset? LeftUtc, IncidentId? Own);

/// <summary>An item now.</summary>
internal sealed record ItemRow(
    ItemId Id,
    CustomerId Customer,
    Text CustomerName,
    string Host,
    string Service,
    string Kind,
    string Thresholds,
    Judgement Judgement,
    Reach Reach,
    CheckStatus Severity,
    bool NoValue,
    IReadOnlyList<SiteEvidence> Evidence,
    IReadOnlyList<SiteView> Views,
    IncidentId? OpenIncident,
    int Edition,
    int Revision,
    TimeSpan Interval)
{
    /// <summary>The silence that holds now; null if none does.</summary>
    internal SilenceMark? Silence { get; init; }

    /// <summary>A look that its verdict waits for waits itself: too many are wanted at once.</summary>
    public bool LookWaits { get; init; }

    /// <summary>Its incident is open because it comes and goes too often.</summary>
    internal bool Flapping { get; init; }

    /// <summary>A host that is UNREACHABLE (到達不能): the parent that is down; null if it is not.</summary>
    internal string? Behind { get; init; }

    /// <summary>The open incident that covers it: of the host that cuts it off, of a storm, or of what it depends on.</summary>
    internal IncidentId? CoveredBy { get; init; }

    /// <summary>The open incident of what stands in its log; null if there is none.</summary>
    internal IncidentId? LogIncident { get; init; }

    /// <summary>What it depends on, as the specification names it; empty for most.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>It needs all of these, or any one.</summary>
    internal ParentsNeeded Needed { get; init; }

    /// <summary>What it depends on and fails, so that its own failure belongs to that; null if none.</summary>
    internal string? Cause { get; init; }

    internal bool HasProblem => IsProblem(Judgement, Severity, Reach, Views);

    /// <summary>What counts as failing on a list: a hard failure by verdict, or any site that fails right now.</summary>
    internal static bool IsProblem(Judgement judgement, CheckStatus severity, Reach reach, IReadOnlyList<SiteView> views) =>
        judgement == Judgement.Failing || severity != CheckStatus.Ok || reach is Reach.PathTrouble or Reach.Down || views.Any(v => v.Known && v.Status != CheckStatus.Ok);
}

/// <summary>A silence that holds, as a page marks an item with it.</summary>
internal sealed record SilenceMark(SilenceKind Kind, DateTimeOffset UntilUtc, string By, string Reason);

/// <summary>Where a silence stands; in the order of lists.</summary>
internal enum SilenceStage
{
    /// <summary>It holds now.</summary>
    Holds,

    /// <summary>It will hold, or hold again.</summary>
    ToCome,

    /// <summary>It is over.</summary>
    Ended,
}

/// <summary>
/// A silence on the list. <see cref="Id"/> is above 0 for those set at run time, which can be ended early; <see cref="When"/> is a recurring
/// one's rule. <see cref="FromUtc"/> to <see cref="ToUtc"/>: the stretch that holds or comes next; <see cref="EndsUtc"/>: when it is over for good.
/// </summary>
internal sealed record SilenceRow(
    string Key, long Id, CustomerId Customer, Text CustomerName, string TimeZone, string What, string Host, string Service, SilenceKind Kind, string When,
    string Reason, string Owner, SilenceStage Stage, DateTimeOffset FromUtc, DateTimeOffset ToUtc, DateTimeOffset EndsUtc, TimeSpan For, string Match,
    string EndedBy, string EndedBecause)
{
    /// <summary>Alerts that it has held back.</summary>
    public int Held { get; init; }
}

/// <summary>A host with its items.</summary>
internal sealed record HostRow(
    CustomerId Customer, Text CustomerName, string Host, Text Name, string Address, MachineKind Machine, ItemRow? Alive, IReadOnlyList<ItemRow> Services)
{
    internal IEnumerable<ItemRow> All => Alive is { } alive ? Services.Prepend(alive) : Services;

    internal bool HasProblem => All.Any(i => i.HasProblem);
}

/// <summary>A path trouble that stands now, for the desk only.</summary>
internal sealed record PathTroubleView(ItemId Item, CustomerId Customer, string Host, string Service, DateTimeOffset SinceUtc, IReadOnlyList<SiteEvidence> Evidence)
{
    /// <summary>How the item is looked at.</summary>
    internal string Kind { get; init; } = "";
}

/// <summary>A site as the desk sees it. In a customer's scope <see cref="Items"/> are that customer's, and what the site does for all is null.</summary>
internal sealed record SiteRow(
    SiteName Name, bool Connected, DateTimeOffset? LastHeardUtc, int PlanRevision, int DeskRevision, int Items, int? LooksOut, long? LooksDone, long? MissedCycles,
    TimeSpan LatenessP99, TimeSpan LatenessMax, int? SpoolBacklog, TimeSpan? ClockSkew, IReadOnlyList<PathTroubleView> PathTroubles)
{
    /// <summary>A clock that is wrong by more than this is worth a warning.</summary>
    internal static readonly TimeSpan SkewWorthAWarning = TimeSpan.FromSeconds(60);

    /// <summary>Results of the site's run that its disk did not take: they came from memory.</summary>
    public long NotKept { get; init; }

    /// <summary>Since when, by the desk's clock, the site cannot keep results; null if it can.</summary>
    public DateTimeOffset? NotKeptSinceUtc { get; init; }

    /// <summary>What is wrong with its data folder; null while that is as it was, and in a customer's scope.</summary>
    public Text? PlaceTrouble { get; init; }

    /// <summary>When the site found its spool broken, set it aside and began a new one; null if it did not in its run.</summary>
    public DateTimeOffset? SpoolBrokenUtc { get; init; }

    /// <summary>How its anchors answer; null where none are set or it was not heard yet.</summary>
    public AnchorHealth? Anchors { get; init; }

    /// <summary>The peers that do not answer it; null where sites do not listen for each other, or it has not said yet.</summary>
    public IReadOnlyList<SiteName>? SilentPeers { get; init; }

    /// <summary>The peer that carries for it, because the desk does not answer it straight; null if it does.</summary>
    public SiteName? CarriedBy { get; init; }

    /// <summary>Its place in the order in which sites speak while the desk is away, from 1; null where they never do.</summary>
    public int? SpeaksAs { get; init; }

    /// <summary>Whose network it goes out by; empty where that is not written.</summary>
    public string Carrier { get; init; } = "";

    /// <summary>Another site goes out by the same network.</summary>
    internal bool CarrierShared { get; init; }

    /// <summary>Where it posts from; null where it does not come over a wire, or has not come yet.</summary>
    internal IPAddress? From { get; init; }

    /// <summary>Other sites that post from the same address, or from one network.</summary>
    internal IReadOnlyList<SiteName> OfOneNetwork { get; init; } = [];

    /// <summary>Its anchors do not answer: its votes are void.</summary>
    public bool Isolated => Connected && Anchors is { Isolated: true };

    internal bool ClockWrong => ClockSkew is { } skew && skew.Duration() > SkewWorthAWarning;
}

/// <summary>The provider's own items (監視基盤), and its heartbeat to the outside; null where none is set.</summary>
internal sealed record OwnView(IReadOnlyList<ItemRow> Items, HeartbeatView? Heartbeat)
{
    internal static OwnView Nothing { get; } = new([], null);
}

/// <summary>All customers' hosts and items, and how many items' verdicts wait for a look that waits for the desk-wide cap.</summary>
internal sealed record ItemCounts(int Hosts, IReadOnlyDictionary<CheckStatus, int> BySeverity, int LooksWait);
