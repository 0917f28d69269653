using System.Text.Json.Serialization;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.States;

namespace Hinoban.Incidents;

/// <summary>
/// What happened in an incident, append-only. Everything shown, mailed, measured or billed is a fold over these.
/// <see cref="AtUtc"/> is the record's time; <see cref="By"/> the account or <c>engine</c>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Opened), "opened")]
[JsonDerivedType(typeof(SeverityChanged), "severity")]
[JsonDerivedType(typeof(ServiceAttached), "service-attached")]
[JsonDerivedType(typeof(HostAttached), "host-attached")]
[JsonDerivedType(typeof(StormJoined), "storm-joined")]
[JsonDerivedType(typeof(StormLeft), "storm-left")]
[JsonDerivedType(typeof(LeadBack), "lead-back")]
[JsonDerivedType(typeof(LeadDown), "lead-down")]
[JsonDerivedType(typeof(Separated), "separated")]
[JsonDerivedType(typeof(FlappingStarted), "flapping-started")]
[JsonDerivedType(typeof(FlappingEnded), "flapping-ended")]
[JsonDerivedType(typeof(LogHitsFound), "log-hits")]
[JsonDerivedType(typeof(Recovered), "recovered")]
[JsonDerivedType(typeof(NoticeDecided), "notice")]
[JsonDerivedType(typeof(ResponseWaits), "waits")]
[JsonDerivedType(typeof(DeliverySettled), "delivery")]
[JsonDerivedType(typeof(DeliveryReported), "delivery-report")]
[JsonDerivedType(typeof(ReplyReceived), "reply")]
[JsonDerivedType(typeof(Claimed), "claimed")]
[JsonDerivedType(typeof(Released), "released")]
[JsonDerivedType(typeof(NoteAdded), "note")]
[JsonDerivedType(typeof(CallRecorded), "call")]
[JsonDerivedType(typeof(StepStarted), "step-started")]
[JsonDerivedType(typeof(StepEnded), "step-ended")]
[JsonDerivedType(typeof(ReportSent), "report")]
[JsonDerivedType(typeof(SpokenAway), "spoken-away")]
[JsonDerivedType(typeof(Closed), "closed")]
internal abstract record IncidentEvent(DateTimeOffset AtUtc, string By);

/// <summary>A problem was judged. The facts are copied: the agreed edition may change while the incident lives.</summary>
internal sealed record Opened(
    DateTimeOffset AtUtc,
    string By,
    ProblemFacts Problem,
    Reach Reach,
    CheckStatus Severity,
    bool SingleSite,
    IReadOnlyList<SiteEvidence> Evidence) : IncidentEvent(AtUtc, By)
{
    /// <summary>What the item was judged before: Hold, that it never was, for it has failed ever since it is watched. Null in older records.</summary>
    public Judgement? Stood { get; init; }
}

/// <summary>
/// What the incident is about. <see cref="EpisodeKey"/> = customer/item/episode; Message-IDs derive from it. Log hits have a series of their own beside the item's problems:
/// their episodes count down from -1.
/// </summary>
internal sealed record ProblemFacts(
    string Number,
    CustomerId Customer,
    ItemId Item,
    int Episode,
    string Host,
    string Service,
    string Address,
    string Kind,
    string Thresholds,
    string? Runbook,
    int Edition,
    int Revision,
    DateTimeOffset FirstFailureUtc)
{
    internal string EpisodeKey => IsLog ? $"{Customer}.{Item}.log{-Episode}" : $"{Customer}.{Item}.{Episode}";

    /// <summary>It is about what stands in a log (ログ検知): an event, which never recovers and is over when a person closes it.</summary>
    internal bool IsLog => Episode < 0;

    internal bool IsHost => Service.Length == 0;

    internal string Title => IsHost ? Host : $"{Host}/{Service}";
}

/// <summary>Still failing, with another severity.</summary>
internal sealed record SeverityChanged(
    DateTimeOffset AtUtc, string By, CheckStatus Before, CheckStatus After, IReadOnlyList<SiteEvidence> Evidence) : IncidentEvent(AtUtc, By);

/// <summary>An item fails with this one and is not mailed on its own: a service of this host or of an unwatched one behind it, or what needs this item.</summary>
internal sealed record ServiceAttached(
    DateTimeOffset AtUtc, string By, ItemId Item, string Service, CheckStatus Severity, string Output) : IncidentEvent(AtUtc, By)
{
    /// <summary>How it is looked at; empty in older records.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Because it depends on what failed.</summary>
    public bool Depends { get; init; }
}

/// <summary>A host incident: a host behind this one cannot be reached (UNREACHABLE, 到達不能) and is not mailed on its own; nor are its services.</summary>
internal sealed record HostAttached(
    DateTimeOffset AtUtc, string By, ItemId Item, string Host, string Address, string Output) : IncidentEvent(AtUtc, By)
{
    /// <inheritdoc cref="ServiceAttached.Kind"/>
    public string Kind { get; init; } = "";
}

/// <summary>The item comes and goes too often (フラッピング): until <see cref="FlappingEnded"/> the incident stays open and no change is told.</summary>
internal sealed record FlappingStarted(DateTimeOffset AtUtc, string By, double Percent, CheckStatus Now) : IncidentEvent(AtUtc, By);

/// <summary>It has settled; what it is at that moment decides.</summary>
internal sealed record FlappingEnded(DateTimeOffset AtUtc, string By, double Percent, CheckStatus Now) : IncidentEvent(AtUtc, By);

/// <summary>
/// Log hits that no site had brought before: <see cref="Count"/> of them, the worst kept whole in <see cref="Lines"/>; <see cref="Suppressed"/>: matching records beyond the
/// rules' limits. First and last: when the agent read them, by its clock. All texts are the log's, untrusted.
/// </summary>
internal sealed record LogHitsFound(
    DateTimeOffset AtUtc,
    string By,
    SiteName Site,
    int Count,
    long Suppressed,
    CheckStatus Worst,
    DateTimeOffset FirstUtc,
    DateTimeOffset LastUtc,
    IReadOnlyList<LogHit> Lines) : IncidentEvent(AtUtc, By)
{
    /// <summary>The patterns of known silences that these hits showed, each one of them; empty for all others.</summary>
    public IReadOnlyList<string> Known { get; init; } = [];
}

/// <summary>The problem has gone.</summary>
internal sealed record Recovered(
    DateTimeOffset AtUtc, string By, IReadOnlyList<SiteEvidence> Evidence, RecoveryReason Reason) : IncidentEvent(AtUtc, By);

/// <summary>
/// A site spoke of this episode while the desk was away. <see cref="Alone"/>: it could reach neither the desk nor any other site, so that another may
/// have spoken too; otherwise <see cref="Lookers"/> judged together.
/// </summary>
internal sealed record SpokenAway(DateTimeOffset AtUtc, string By, SiteName Site, bool Alone, IReadOnlyList<SiteName> Lookers) : IncidentEvent(AtUtc, By);

/// <summary>Why an incident counts as recovered.</summary>
internal enum RecoveryReason
{
    /// <summary>The sites saw it work again.</summary>
    SeenWorking,

    /// <summary>The item left the agreed edition.</summary>
    ItemRemoved,
}

/// <summary>What a mail of an incident is.</summary>
internal enum NoticeKind
{
    /// <summary>The problem, to the list.</summary>
    Alert,

    /// <summary>Its recovery.</summary>
    Recovery,

    /// <summary>The response report (対応報告).</summary>
    Report,

    /// <summary>The problem flaps: no more mails of each change until it has settled.</summary>
    Flapping,

    /// <summary>A runbook step's <c>else: mail</c>, or an operator's mail to the list.</summary>
    Update,

    /// <summary>A member's post, passed on to the other members.</summary>
    Post,

    /// <summary>What became of a maintenance that the customer asked for; of no incident.</summary>
    Maintenance,

    /// <summary>The desk's own test of the whole chain; of no incident, and to nobody but itself.</summary>
    Arrival,
}

/// <summary>Why somebody is told, or why nobody is.</summary>
internal enum NoticeReason
{
    /// <summary>A new problem.</summary>
    NewProblem,

    /// <summary>The owed recovery of an alerted problem.</summary>
    OwedRecovery,

    /// <summary>It comes and goes too often.</summary>
    BeganToFlap,

    /// <summary>An operator sends it.</summary>
    OperatorSends,

    /// <summary>A runbook step says so.</summary>
    RunbookSays,

    /// <summary>More hosts fail with it for one cause: they are listed in its thread.</summary>
    StormGrows,

    /// <summary>More was found in the log since the list was last told.</summary>
    MoreHits,

    /// <summary>Nobody: the host is down, its mail lists this service.</summary>
    HostIsDown,

    /// <summary>Nobody: a host before it is down, whose mail lists this one as unreachable.</summary>
    ParentIsDown,

    /// <summary>Nobody: what the item depends on fails, and it belongs to that problem.</summary>
    NeededFails,

    /// <summary>Nobody: the problem was never alerted, so no recovery is owed.</summary>
    NeverAlerted,

    /// <summary>The problem is worse than anything told so far (WARNING became CRITICAL).</summary>
    WorseProblem,

    /// <summary>Nobody: the severity changed, but not to anything worse than told; the incident shows it.</summary>
    SameProblem,

    /// <summary>Nobody yet: a silence holds the alert back; it is owed as long as the problem stands.</summary>
    Silenced,

    /// <summary>A problem whose alert a silence held back still stands after it.</summary>
    StillFailing,

    /// <summary>A member has written to the list.</summary>
    MemberPosts,

    /// <summary>Nobody: while the desk was away a site has told it already.</summary>
    ToldAway,

    /// <summary>Nobody: the list has no members.</summary>
    NoMembers,

    /// <summary>Nobody: the customer's specification has gone, and its list with it.</summary>
    CustomerGone,
}

/// <summary>A decision to tell, or not to; with <see cref="Told"/> the mail of <see cref="MailKey"/> is in the outbox in the same transaction.</summary>
internal sealed record NoticeDecided(
    DateTimeOffset AtUtc, string By, NoticeKind Kind, NoticeReason Reason, bool Told, string MailKey, string Subject) : IncidentEvent(AtUtc, By)
{
    /// <summary>The silence that held it back, by its key; empty if none did.</summary>
    public string HeldBy { get; init; } = "";
}

/// <summary>時限静観: the response waits this long for self-recovery, counted from the mail's acceptance, as the silence's owner agreed.</summary>
internal sealed record ResponseWaits(DateTimeOffset AtUtc, string By, TimeSpan For, string Reason, string Owner) : IncidentEvent(AtUtc, By);

/// <summary>The end of one recipient's delivery.</summary>
internal enum DeliveryOutcome
{
    /// <summary>The relay took responsibility.</summary>
    Accepted,

    /// <summary>The relay refused for good (5xx).</summary>
    Rejected,

    /// <summary>Given up after the retry time.</summary>
    Expired,
}

/// <summary>
/// One recipient's delivery is settled. <see cref="PossiblyTwice"/>: a crash left an earlier attempt's outcome unknown, the relay
/// could not be asked, and the mail was sent again under the same Message-ID. <see cref="LookedUp"/>: the relay's own records
/// told that the earlier attempt had been accepted.
/// </summary>
internal sealed record DeliverySettled(
    DateTimeOffset AtUtc,
    string By,
    NoticeKind Kind,
    string MailKey,
    string Recipient,
    bool Desk,
    DeliveryOutcome Outcome,
    string QueueId,
    string Reply,
    bool PossiblyTwice,
    bool LookedUp) : IncidentEvent(AtUtc, By)
{
    /// <summary>It went by the second relay, since the first was away or refused.</summary>
    public bool SecondRelay { get; init; }
}

/// <summary>
/// A mail system behind the relay reported what became of a delivery that the relay had accepted. <see cref="Failed"/>: not delivered (a bounce);
/// <see cref="Permanent"/>: nor will a later mail be. <see cref="Status"/> is its code (RFC 3463), <see cref="Words"/> are its words.
/// </summary>
internal sealed record DeliveryReported(
    DateTimeOffset AtUtc,
    string By,
    NoticeKind Kind,
    string MailKey,
    string Recipient,
    bool Failed,
    bool Permanent,
    string Status,
    string Words,
    long Archived) : IncidentEvent(AtUtc, By);

/// <summary>
/// A member of the list has written in this incident's thread. The mail itself is in the archive under <see cref="Archived"/>; names, words and
/// the names of attachments are the sender's.
/// </summary>
internal sealed record ReplyReceived(
    DateTimeOffset AtUtc,
    string By,
    string FromName,
    string FromAddress,
    string Subject,
    string Excerpt,
    IReadOnlyList<string> Attachments,
    long Archived) : IncidentEvent(AtUtc, By);

/// <summary>対応開始: somebody has taken it. The first one stops the SLO clock.</summary>
internal sealed record Claimed(DateTimeOffset AtUtc, string By, string DisplayName) : IncidentEvent(AtUtc, By);

/// <summary>Given back to the queue.</summary>
internal sealed record Released(DateTimeOffset AtUtc, string By, string Reason) : IncidentEvent(AtUtc, By);

/// <summary>A person's note; goes into the report draft's actions when <see cref="ForReport"/>.</summary>
internal sealed record NoteAdded(DateTimeOffset AtUtc, string By, string Text, bool ForReport) : IncidentEvent(AtUtc, By);

/// <summary>How a call ended; only the first two count as reached.</summary>
internal enum CallOutcome
{
    /// <summary>応答・本人: the person, identity and content confirmed.</summary>
    ReachedPerson,

    /// <summary>応答・代理: an authorised deputy.</summary>
    ReachedDeputy,

    /// <summary>応答・対応不可: answered, cannot act.</summary>
    AnsweredCannotAct,

    /// <summary>不在: no answer.</summary>
    NoAnswer,

    /// <summary>留守電・伝言あり: message left.</summary>
    VoicemailMessage,

    /// <summary>留守電・伝言なし: voicemail, no message.</summary>
    VoicemailSilent,

    /// <summary>話中: busy.</summary>
    Busy,

    /// <summary>圏外・電源断: out of reach.</summary>
    Unreachable,

    /// <summary>番号不通: the number does not work.</summary>
    InvalidNumber,
}

/// <summary>A call that a person made and recorded.</summary>
internal sealed record CallRecorded(
    DateTimeOffset AtUtc, string By, string Contact, string NumberTail, CallOutcome Outcome, string Said) : IncidentEvent(AtUtc, By);

/// <summary>
/// A runbook step began. (incident, step, run) is the fencing token: recorded before anything happens, at most once.
/// <see cref="Command"/> is the exact text that runs, <see cref="Host"/> where; empty for re-check and verify.
/// </summary>
internal sealed record StepStarted(
    DateTimeOffset AtUtc, string By, string Runbook, int Step, int Run, string Kind, string Host, string Command) : IncidentEvent(AtUtc, By);

/// <summary>How a runbook step ended.</summary>
internal enum StepOutcome
{
    /// <summary>As written.</summary>
    Done,

    /// <summary>Not as written: the step's <c>else</c> applies.</summary>
    Failed,

    /// <summary>Re-check: no longer failing; nothing was changed.</summary>
    NotNeeded,

    /// <summary>A crash or a cut line lies between start and end: only a person can tell.</summary>
    Unknown,
}

/// <summary>A runbook step ended; the transcript is kept whole. <see cref="ExitCode"/> is null where there was none. A person's words are the same in both languages.</summary>
internal sealed record StepEnded(
    DateTimeOffset AtUtc, string By, int Step, int Run, StepOutcome Outcome, int? ExitCode, string Transcript, Text Because) : IncidentEvent(AtUtc, By);

/// <summary>The response report was sent, with its four parts as sent.</summary>
internal sealed record ReportSent(DateTimeOffset AtUtc, string By, string DisplayName, bool Interim, ReportParts Parts, string MailKey) : IncidentEvent(AtUtc, By);

/// <summary>The four parts (R20): 発生状況, 原因, 対応内容, 電話連絡実施状況.</summary>
internal sealed record ReportParts(string Situation, string Cause, string Actions, string Calls);

/// <summary>Done with. Closing needs a reason.</summary>
internal sealed record Closed(DateTimeOffset AtUtc, string By, Text Reason) : IncidentEvent(AtUtc, By);
