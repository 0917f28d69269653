using Hinoban.Basics;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Responding;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>The outcome of asking for a maintenance: its id, or all that is wrong with it.</summary>
internal sealed record MaintenanceOutcome(CommandOutcome Outcome, long Id, IReadOnlyList<MaintenanceProblem> Problems)
{
    internal static MaintenanceOutcome No(Refusal refusal, Text why) => new(new CommandOutcome(refusal, why), 0, []);
}

/// <summary>A request on the list.</summary>
internal sealed record MaintenanceRow(MaintenanceRequest Request, Text CustomerName, MaintenanceStage Stage)
{
    /// <summary>The customer's; empty where the customer is no longer watched.</summary>
    internal string TimeZone { get; init; } = "";
}

/// <summary>
/// Maintenance that customers ask for: their own viewers do, the desk decides. Approved, it becomes mute silences in the transaction that records the
/// decision and queues the mail; each step is in the audit with it.
/// </summary>
internal sealed class MaintenanceDesk(DeskEngine engine, Db db, DeskStores stores)
{
    private const int Most = 1000;

    /// <summary>One that is over stays on the list for so long.</summary>
    private static readonly TimeSpan ShownAfter = TimeSpan.FromDays(30);

    internal MaintenanceOutcome Ask(Actor by, MaintenanceAsk wanted)
    {
        if (!by.Scope.Covers(wanted.Customer))
        {
            return MaintenanceOutcome.No(Refusal.NotFound, SilenceWhy.NoSuchScope);
        }

        return by.Role == Role.Sender ? MaintenanceOutcome.No(Refusal.Forbidden, RespondText.ViewerMayNot) : engine.Change(work =>
        {
            if (work.Plan.Customer(wanted.Customer) is not { IsProvider: false } customer)
            {
                return MaintenanceOutcome.No(Refusal.NotFound, SilenceWhy.NoSuchScope);
            }

            var ask = wanted with { Targets = [.. wanted.Targets.Distinct()], Reason = wanted.Reason.Trim(), Contact = wanted.Contact.Trim() };
            var others = stores.Maintenance.List(work.Tx, Scope.Of(ask.Customer), work.Now.Utc, Most);
            if (MaintenanceRules.Problems(ask, customer, others, work.Now.Utc) is { Count: > 0 } problems)
            {
                return new MaintenanceOutcome(new CommandOutcome(Refusal.Invalid, DeskText.All([.. problems.Select(p => p.Said)])), 0, problems);
            }

            var id = stores.Maintenance.Ask(work.Tx, ask, by.Name, work.Now.Utc);
            work.Asked(ask.Customer);
            CommandAudit.Append(work, by, CommandAudit.MaintenanceAsked, FormattableString.Invariant(
                $"{MaintenanceRequest.NumberOf(id)} {ask.Customer} {string.Join(' ', ask.Targets)} {ask.FromUtc:u} {ask.ToUtc:u} {ask.Reason}"));
            return new MaintenanceOutcome(CommandOutcome.Done, id, []);
        });
    }

    /// <summary>Approves it, or declines it with a reason.</summary>
    internal CommandOutcome Decide(Actor by, long id, bool approve, string reason)
    {
        if (db.Read(tx => stores.Maintenance.Load(tx, by.Scope, id)) is null)
        {
            return new CommandOutcome(Refusal.NotFound, MaintenanceText.NoSuchRequest);
        }

        if (!by.MayRespond)
        {
            return new CommandOutcome(Refusal.Forbidden, RespondText.ViewerMayNot);
        }

        var why = reason.Trim();
        return (!approve && why.Length == 0) || why.Length > SilencePlan.LongestReason || SpecWords.Unprintable(why) is not null
            ? new CommandOutcome(Refusal.Invalid, MaintenanceText.DeclineWhy)
            : engine.Change(work => Decide(work, by, id, approve, why));
    }

    /// <summary>What the desk has to decide first, then what holds or will, then the rest; the latest asked first.</summary>
    internal IReadOnlyList<MaintenanceRow> Rows(Scope scope)
    {
        var now = engine.Now().Utc;
        var requests = db.Read(tx => stores.Maintenance.List(tx, scope, now - ShownAfter, Most));
        return engine.Look((board, _, _) => requests
            .Select(r => new MaintenanceRow(r, board.Plan.Customer(r.Ask.Customer)?.Name ?? Text.Same(r.Ask.Customer.Value), MaintenanceRules.StageOf(r, now)) { TimeZone = board.Plan.Customer(r.Ask.Customer)?.TimeZone ?? "" })
            .OrderBy(r => r.Stage).ThenByDescending(r => r.Request.Id).ToList());
    }

    private CommandOutcome Decide(DeskWork work, Actor by, long id, bool approve, string reason)
    {
        var request = stores.Maintenance.Load(work.Tx, by.Scope, id)!;
        if (MaintenanceRules.Closed(request, work.Now.Utc) is { } closed)
        {
            return new CommandOutcome(Refusal.Conflict, closed);
        }

        var customer = work.Plan.Customer(request.Ask.Customer);
        var silences = approve ? MaintenanceRules.Silences(request) : [];
        if (customer is null || silences.Select(s => s.Problem(customer, work.Now.Utc)).OfType<Text>().FirstOrDefault() is { })
        {
            // What it is about has left the specification since.
            return new CommandOutcome(Refusal.Conflict, SilenceWhy.NoSuchScope);
        }

        var decision = new MaintenanceDecision(approve, work.Now.Utc, by.Name, reason);
        stores.Maintenance.Decide(work.Tx, id, decision);
        foreach (var silence in silences)
        {
            // Its owner is who asked for it; who approved stands in the audit and on the request.
            SilenceFlow.Set(work, silence, request.AskedBy);
        }

        Tell(work, request with { Decision = decision }, customer);
        work.Asked(request.Ask.Customer);
        CommandAudit.Append(work, by, approve ? CommandAudit.MaintenanceApproved : CommandAudit.MaintenanceDeclined, $"{request.Number} {request.Ask.Customer} {reason}".TrimEnd());
        return CommandOutcome.Done;
    }

    private void Tell(DeskWork work, MaintenanceRequest request, CustomerPlan customer)
    {
        var mail = MaintenanceMail.Build(request, customer, stores.Mail, work.Now.Utc);
        if (mail.Recipients.Count > 0)
        {
            stores.Outbox.Add(work.Tx, mail);
            work.Mailed = true;
        }
    }
}
