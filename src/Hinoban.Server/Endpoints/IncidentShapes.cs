using System.ComponentModel;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Server.Endpoints;

/// <summary>An incident in a list.</summary>
internal record IncidentShape(
    [property: Description("Number inside the desk's database")] IncidentId Id,
    [property: Description("What people call it, such as INC-260414-0007")] string Number,
    CustomerId Customer,
    Text CustomerName,
    string Host,
    [property: Description("Empty for the host itself")] string Service,
    [property: Description("Of the problem; stays what it was after the recovery")] CheckStatus Severity,
    [property: Description("Of the problem, as judged when it was opened")] Reach Reach,
    [property: Description("Judged by one site alone")] bool SingleSite,
    [property: Description("No value could be had")] bool NoValue,
    IncidentStage Stage,
    string? ClaimedBy,
    DateTimeOffset OpenedUtc,
    DateTimeOffset? RecoveredUtc,
    SloView Slo,
    [property: Description("Services that fail with their host")] int Attached,
    [property: Description("The last output, untrusted text")] string Output,
    MailTrouble MailTrouble,
    [property: Description("Whether it is still a problem; false from the recovery on")] bool Failing,
    [property: Description("The item's severity now: ok once it was seen working again, null once it is no longer watched")] CheckStatus? SeverityNow,
    [property: Description("Hosts behind this one that it cuts off (UNREACHABLE)")] int Unreachable,
    [property: Description("The item comes and goes too often; the incident stays open until it has settled")] bool Flapping,
    [property: Description("The silence that holds for its item now; null if none does")] SilenceMark? Silence,
    [property: Description("A silence holds its alert back")] bool Held,
    [property: Description("The response waits for self-recovery until then; null if it does not")] DateTimeOffset? WaitsUntilUtc,
    [property: Description("Hosts that failed together with this one and were grouped into this incident")] int Joined,
    [property: Description("How many of these and its own host fail now; 0 without grouped hosts")] int StillFailing)
{
    internal static IncidentShape Of(IncidentRow r) => new(
        r.Id, r.Number, r.Customer, r.CustomerName, r.Host, r.Service, r.Severity, r.Reach, r.SingleSite, r.NoValue, r.Stage, r.ClaimedBy,
        r.OpenedUtc, r.RecoveredUtc, r.Slo, r.Attached, r.Output, r.MailTrouble, r.Failing, r.SeverityNow, r.Unreachable, r.Flapping, r.Silence,
        r.Held, r.WaitsUntilUtc, r.Joined, r.StillFailing);
}

/// <summary>An incident whole.</summary>
internal sealed record IncidentDetailShape(
    IncidentShape Row,
    Text HostName,
    string Address,
    string Kind,
    string Thresholds,
    int Edition,
    DateTimeOffset FirstFailureUtc,
    string TimeZone,
    Language Language,
    [property: Description("What each site saw when it was opened")] IReadOnlyList<SiteEvidence> OpenedEvidence,
    [property: Description("What each site sees now")] IReadOnlyList<ViewShape> Views,
    [property: Description("Everything that happened, in order; 'event' names the kind")] IReadOnlyList<IncidentEvent> Events,
    RunbookShape? Runbook,
    IReadOnlyList<ContactPlan> Contacts,
    IReadOnlyList<MailShape> Mails,
    [property: Description("The response report as drafted from the events")] ReportParts ReportDraft)
    : IncidentShape(
        Row.Id, Row.Number, Row.Customer, Row.CustomerName, Row.Host, Row.Service, Row.Severity, Row.Reach, Row.SingleSite, Row.NoValue, Row.Stage,
        Row.ClaimedBy, Row.OpenedUtc, Row.RecoveredUtc, Row.Slo, Row.Attached, Row.Output, Row.MailTrouble, Row.Failing, Row.SeverityNow, Row.Unreachable, Row.Flapping, Row.Silence,
        Row.Held, Row.WaitsUntilUtc, Row.Joined, Row.StillFailing)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public IncidentShape Row { get; } = Row;

    internal static IncidentDetailShape Of(IncidentView v) => new(
        IncidentShape.Of(v.Row),
        v.HostName,
        v.Facts.Address,
        v.Facts.Kind,
        v.Facts.Thresholds,
        v.Facts.Edition,
        v.Facts.FirstFailureUtc,
        v.TimeZone,
        v.Language,
        v.OpenedEvidence,
        [.. v.ViewsNow.Select(ViewShape.Of)],
        v.Events,
        v.Runbook is null ? null : new RunbookShape(v.Runbook.Key, v.Runbook.Title, v.Runbook.Risk, [.. v.Steps.Select(StepShape.Of)]),
        v.Contacts,
        [.. v.Mails.Select(MailShape.Of)],
        v.Draft);
}

/// <summary>A list of incidents.</summary>
internal sealed record IncidentsShape(IReadOnlyList<IncidentShape> Incidents);

/// <summary>The runbook of an incident's item.</summary>
internal sealed record RunbookShape(string Key, Text Title, RunbookRisk Risk, IReadOnlyList<StepShape> Steps);

/// <summary>A step of a runbook with its runs so far.</summary>
internal sealed record StepShape(
    int Number,
    [property: Description("recheck, read, change or verify")] string Kind,
    [property: Description("Where the command runs; for re-check and verify the host of what is looked at")] string Host,
    [property: Description("The exact text that runs; empty for re-check and verify, which look from the sites")] string Command,
    bool Enabled,
    [property: Description("Why it cannot be run now; empty if it can")] Text WhyNot,
    [property: Description("What follows when it does not go as written")] StepElse Else,
    string ElseReason,
    IReadOnlyList<StepRunView> Runs,
    [property: Description("Re-check and verify: the item that the sites look at, such as web01/http; otherwise empty")] string Looks,
    [property: Description("Verify: how often in a row every site must see it working")] int? Times,
    [property: Description("Verify: within how many seconds")] TimeSpan? Within)
{
    internal static StepShape Of(StepView s) => new(
        s.Number, s.Kind, s.Host, s.Command, s.Enabled, s.WhyNot, s.Plan.Else, s.Plan.ElseReason, s.Runs, s.Looks,
        (s.Plan as VerifyStepPlan)?.Times, (s.Plan as VerifyStepPlan)?.Within);
}

/// <summary>One site's soft/hard view.</summary>
internal sealed record ViewShape(
    SiteName Site,
    bool Known,
    CheckStatus Status,
    StateType Type,
    int Attempt,
    NoValue NoValue,
    DateTimeOffset? LookUtc,
    DateTimeOffset? ChangedUtc,
    [property: Description("Seconds")] TimeSpan Took,
    string Output,
    string LongOutput,
    string Perfdata)
{
    internal static ViewShape Of(SiteView v) => new(
        v.Site, v.Known, v.Status, v.Type, v.Attempt, v.NoValue, v.LookUtc, v.ChangedUtc, v.Took, v.Output, v.LongOutput, v.Perfdata);
}

/// <summary>A mail and what became of each of its envelopes.</summary>
internal sealed record MailShape(
    string Key,
    IncidentId Incident,
    string IncidentNumber,
    CustomerId Customer,
    NoticeKind Kind,
    string MessageId,
    string Subject,
    string Body,
    DateTimeOffset DateUtc,
    IReadOnlyList<DeliveryView> Deliveries)
{
    internal static MailShape Of(MailView m) => new(
        m.Key, m.Incident, m.IncidentNumber, m.Customer, m.Kind, m.MessageId, m.Subject, m.Body, m.DateUtc,
        [.. m.Deliveries.Select(d => d with { State = Snake(d.State) })]);

    internal static string Snake(string word) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(word);
}

/// <summary>A list of mails.</summary>
internal sealed record MailsShape(IReadOnlyList<MailShape> Mails);

/// <summary>No field at all.</summary>
internal sealed record EmptyBody;

/// <summary>A reason.</summary>
internal sealed record ReasonBody(string Reason);

/// <summary>A host of a storm, by its key.</summary>
internal sealed record SeparateBody(string Host);

/// <summary>A note; <see cref="ForReport"/> puts it into the report's draft.</summary>
internal sealed record NoteBody(string Text, bool ForReport = false);

/// <summary>A telephone call that was made.</summary>
internal sealed record CallBody(string Contact, CallOutcome Outcome, string NumberTail = "", string Said = "");

/// <summary>What a change step wants to have confirmed.</summary>
internal sealed record StepBody(string? ConfirmHost = null, string? ConfirmCommand = null);

/// <summary>A person's word on a step whose outcome is unknown.</summary>
internal sealed record ResolveBody(bool Done, string Because);

/// <summary>The response report's four parts.</summary>
internal sealed record ReportBody(string Situation, string Cause, string Actions, string Calls, bool Interim = false);
