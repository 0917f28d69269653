using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Reporting;
using Hinoban.Responding;
using Hinoban.States;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>What people do at the desk: each command asks the rules, and appends what they answer in one transaction.</summary>
internal sealed class DeskCommands(DeskEngine engine, Db db, DeskStores stores, StepFlow steps) : IDeskCommands
{
    private const int LongestText = 20_000;

    private readonly SilenceDesk silences = new(engine, db, stores);
    private readonly PostDesk posts = new(engine, stores);

    private readonly MaintenanceDesk maintenance = new(engine, db, stores);

    public Task<MaintenanceOutcome> AskMaintenanceAsync(Actor by, MaintenanceAsk wanted) => Task.FromResult(maintenance.Ask(by, wanted));

    public Task<CommandOutcome> DecideMaintenanceAsync(Actor by, long request, bool approve, string reason) => Task.FromResult(maintenance.Decide(by, request, approve, reason));

    public Task<PostOutcome> PostResultsAsync(Actor by, CustomerId customer, IReadOnlyList<JsonElement> results) => Task.FromResult(posts.Post(by, customer, results));

    public Task<SilenceOutcome> SetSilenceAsync(Actor by, SilenceRequest wanted) => Task.FromResult(silences.Set(by, wanted));

    public Task<CommandOutcome> EndSilenceAsync(Actor by, long silence, string reason) => Task.FromResult(silences.End(by, silence, reason));

    public Task<CommandOutcome> RetryMailsAsync(Actor by) => Task.FromResult(!by.MayRespond ? new CommandOutcome(Refusal.Forbidden, RespondText.ViewerMayNot) : engine.Change(work =>
    {
        // Asked again, nothing waits any more: no effect and no entry.
        if (new OutboxQueue().HurryAll(work.Tx, by.Scope, work.Now.Utc) is > 0 and var hurried)
        {
            CommandAudit.Append(work, by, CommandAudit.MailsRetried, FormattableString.Invariant($"{hurried} deliveries"));
            work.Mailed = true;
        }

        return CommandOutcome.Done;
    }));

    public Task<CommandOutcome> ClaimAsync(Actor by, IncidentId incident) =>
        Decide(by, incident, CommandAudit.Claim, (i, now) => ClaimRules.Claim(i.Events, by, now));

    public Task<CommandOutcome> ReleaseAsync(Actor by, IncidentId incident, string reason) =>
        Decide(by, incident, CommandAudit.Release, (i, now) => ClaimRules.Release(i.Events, by, reason, now));

    public Task<CommandOutcome> AddNoteAsync(Actor by, IncidentId incident, string text, bool forReport) =>
        Decide(by, incident, CommandAudit.Note, (_, now) => Words(text) ?? RespondDecision.Do(new NoteAdded(now, by.Name, text.Trim(), forReport)));

    public Task<CommandOutcome> RecordCallAsync(Actor by, IncidentId incident, string contact, string numberTail, CallOutcome outcome, string said) =>
        Decide(by, incident, CommandAudit.Call, (i, now) => CallRules.Record(i.Events, by, contact, numberTail.Trim(), outcome, said, now));

    public Task<CommandOutcome> RunStepAsync(
        Actor by, IncidentId incident, int step, string? confirmHost, string? confirmCommand, CancellationToken cancel, Action? begun = null) =>
        steps.RunAsync(by, incident, step, confirmHost, confirmCommand, begun);

    public Task<CommandOutcome> ResolveStepAsync(Actor by, IncidentId incident, int step, bool done, string because) =>
        Decide(by, incident, CommandAudit.Resolve, (i, now) => RunbookRules.Resolve(i.Events, step, by, done, because, now), CommandAudit.StepOf(step));

    public Task<CommandOutcome> CloseAsync(Actor by, IncidentId incident, string reason) =>
        Decide(by, incident, CommandAudit.Close, (i, now) => CloseRules.Close(i.Events, by, reason, now));

    public Task<CommandOutcome> SeparateAsync(Actor by, IncidentId incident, string host) =>
        Change(by, incident, CommandAudit.Separate, host, (work, found) => StormFlow.Separate(work, found, host, by));

    public Task<CommandOutcome> SendReportAsync(Actor by, IncidentId incident, ReportParts parts, bool interim)
    {
        if (ReportRules.Check(parts, interim) is { Count: > 0 } problems)
        {
            return Task.FromResult(new CommandOutcome(Refusal.Invalid, DeskText.All([.. problems.Select(p => p.Message)])));
        }

        return Change(by, incident, CommandAudit.Report, interim ? "interim" : "", (work, found) =>
        {
            if (!found.Open)
            {
                return new CommandOutcome(Refusal.Conflict, RespondText.IsClosed);
            }

            if (ReportRules.Barred(found.Events, interim) is { } bar)
            {
                return new CommandOutcome(Refusal.Conflict, bar);
            }

            var facts = NoticeFlow.FactsOf(work, found);
            var mail = ReportMail.Build(facts, MailThread.Of(found.Events), parts, interim, by.DisplayName, stores.Mail, work.Now.Utc);
            var told = mail.Recipients.Count > 0;
            var sent = new ReportSent(work.Now.Utc, by.Name, by.DisplayName, interim, parts, told ? mail.Key : "");
            work.Record(found, sent);
            NoticeFlow.Decide(work, work.Incident(incident)!, NoticeRules.Decide(found.Events, sent, told)!, told ? mail : null);
            return CommandOutcome.Done;
        });
    }

    private static RespondDecision? Words(string text) => text switch
    {
        _ when string.IsNullOrWhiteSpace(text) => RespondDecision.No(RespondRefusal.Invalid, DeskText.TextNeeded),
        { Length: > LongestText } => RespondDecision.No(RespondRefusal.Invalid, DeskText.TextTooLong),
        _ => null,
    };

    private Task<CommandOutcome> Decide(
        Actor by, IncidentId incident, string action, Func<Incident, DateTimeOffset, RespondDecision> rule, string about = "") =>
        Change(by, incident, action, about, (work, found) =>
        {
            var decision = rule(found, work.Now.Utc);
            work.Record(found, decision.Events);
            return Outcome(decision.Refusal, decision.Message);
        });

    private Task<CommandOutcome> Change(Actor by, IncidentId incident, string action, string about, Func<DeskWork, Incident, CommandOutcome> change)
    {
        if (!by.MayRespond)
        {
            // What a viewer cannot see does not exist for them; what they see they may not change.
            return Task.FromResult(engine.Find(by.Scope, incident) is not null
                ? new CommandOutcome(Refusal.Forbidden, RespondText.ViewerMayNot)
                : new CommandOutcome(Refusal.NotFound, DeskText.NoSuchIncident));
        }

        var outcome = engine.Change(work => work.Load(by.Scope, incident) is { } found
            ? Audited(work, found, by, action, about, change)
            : new CommandOutcome(Refusal.NotFound, DeskText.NoSuchIncident));
        Milestones.Reached(Milestone.CommandCommitted, incident);
        return Task.FromResult(outcome);
    }

    /// <summary>What was refused, or was so already, has no effect and no entry.</summary>
    private static CommandOutcome Audited(
        DeskWork work, Incident found, Actor by, string action, string about, Func<DeskWork, Incident, CommandOutcome> change)
    {
        var outcome = change(work, found);
        if (work.Incident(found.Id) is { } after && after.Events.Count > found.Events.Count)
        {
            CommandAudit.Append(work, by, action, found, about);
        }

        return outcome;
    }

    internal static CommandOutcome Outcome(RespondRefusal? refusal, Text message) => refusal is not { } why ? CommandOutcome.Done : why switch
    {
        RespondRefusal.NotFound => new CommandOutcome(Refusal.NotFound, message),
        RespondRefusal.Forbidden => new CommandOutcome(Refusal.Forbidden, message),
        RespondRefusal.Conflict => new CommandOutcome(Refusal.Conflict, message),
        RespondRefusal.Invalid => new CommandOutcome(Refusal.Invalid, message),
        RespondRefusal.ConfirmationNeeded => new CommandOutcome(Refusal.ConfirmationNeeded, message),
    };
}
