using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>From an incident's event to the decision who is told, and the mail that goes into the outbox with it.</summary>
internal static class NoticeFlow
{
    /// <summary>Decides what follows from a change that the engine saw, records the decision, and queues the mail if somebody is told.</summary>
    internal static void Tell(DeskWork work, Incident incident, IncidentEvent change)
    {
        if (change is not (Opened or SeverityChanged or ServiceAttached or HostAttached or FlappingStarted or Recovered))
        {
            return;
        }

        if (work.Plan.Customer(incident.Facts.Customer) is not { } customer)
        {
            var kind = change is Recovered ? NoticeKind.Recovery : NoticeKind.Alert;
            Decide(work, incident, new NoticeDecision(kind, NoticeReason.CustomerGone, Told: false), null);
            return;
        }

        var members = ListRecipients.Of(customer.MailingList, work.Stores.Mail).Count > 0;
        var hold = SilenceFlow.HoldOf(work.Silences, work.Item(incident.Facts.Item), incident, work.Now.Utc);
        if (NoticeRules.Decide(incident.Events, change, members, hold is not null) is not { } decision)
        {
            return;
        }

        if (decision is { Reason: NoticeReason.Silenced, Kind: NoticeKind.Alert })
        {
            Hold(work, incident, hold!);
            return;
        }

        if (!decision.Told)
        {
            Decide(work, incident, decision, null);
            return;
        }

        var facts = FactsOf(work, incident);
        var thread = MailThread.Of(incident.Events);
        var mail = decision.Kind switch
        {
            NoticeKind.Recovery => NoticeMails.Recovery(facts, thread, work.Stores.Mail, work.Now.Utc),
            NoticeKind.Flapping => NoticeMails.Flapping(facts, thread, work.Stores.Mail, work.Now.Utc),
            _ => NoticeMails.Alert(facts, thread, work.Stores.Mail, work.Now.Utc),
        };
        Decide(work, incident, decision, mail);
        if (decision.Kind == NoticeKind.Alert)
        {
            SilenceFlow.Wait(work, incident.Id);
        }
    }

    /// <summary>No silence holds the incident's alert back any more.</summary>
    internal static void TellHeld(DeskWork work, Incident incident)
    {
        if (work.Plan.Customer(incident.Facts.Customer) is not { } customer
            || NoticeRules.Release(incident.Events, ListRecipients.Of(customer.MailingList, work.Stores.Mail).Count > 0) is not { } decision)
        {
            return;
        }

        var mail = NoticeMails.Alert(FactsOf(work, incident), MailThread.Of(incident.Events), work.Stores.Mail, work.Now.Utc);
        Decide(work, incident, decision, decision.Told ? mail : null);
        if (decision.Told)
        {
            SilenceFlow.Wait(work, incident.Id);
        }
    }

    private static void Hold(DeskWork work, Incident incident, SilenceHold hold)
    {
        work.Record(incident, new NoticeDecided(work.Now.Utc, IncidentRules.Engine, NoticeKind.Alert, NoticeReason.Silenced, Told: false, "", "")
        {
            HeldBy = hold.Silence.Key,
        });
        work.Stores.Silences.Held(work.Tx, incident.Facts.Customer, hold.Silence.Key, incident.Id, work.Now.Utc);
    }

    /// <summary>More hosts have joined the incident: the list is told of them in its thread, if it was told of the incident at all.</summary>
    internal static void TellStorm(DeskWork work, Incident incident)
    {
        if (work.Plan.Customer(incident.Facts.Customer) is null)
        {
            Decide(work, incident, new NoticeDecision(NoticeKind.Update, NoticeReason.CustomerGone, Told: false), null);
            return;
        }

        var mail = StormMail.Build(FactsOf(work, incident), MailThread.Of(incident.Events), work.Stores.Mail, work.Now.Utc);
        var decision = NoticeRules.OfStorm(incident.Events, mail.Recipients.Count > 0);
        Decide(work, incident, decision, decision.Told ? mail : null);
    }

    /// <summary>More was found in the log: the list is told of it in the incident's thread.</summary>
    internal static void TellHits(DeskWork work, Incident incident)
    {
        if (work.Plan.Customer(incident.Facts.Customer) is null)
        {
            Decide(work, incident, new NoticeDecision(NoticeKind.Update, NoticeReason.CustomerGone, Told: false), null);
            return;
        }

        var mail = LogMail.Update(FactsOf(work, incident), MailThread.Of(incident.Events), work.Stores.Mail, work.Now.Utc);
        var decision = NoticeRules.OfHits(mail.Recipients.Count > 0);
        Decide(work, incident, decision, decision.Told ? mail : null);
    }

    /// <summary>A runbook step's <c>else: mail</c>: the list is told what the specification says, in the incident's thread.</summary>
    internal static void TellUpdate(DeskWork work, Incident incident, StepEnded ended, Text message)
    {
        if (work.Plan.Customer(incident.Facts.Customer) is null)
        {
            Decide(work, incident, new NoticeDecision(NoticeKind.Update, NoticeReason.CustomerGone, Told: false), null);
            return;
        }

        var mail = UpdateMail.Build(FactsOf(work, incident), MailThread.Of(incident.Events), message, work.Stores.Mail, work.Now.Utc);
        var told = mail.Recipients.Count > 0;
        if (NoticeRules.Decide(incident.Events, ended, told) is { } decision)
        {
            Decide(work, incident, decision, told ? mail : null);
        }
    }

    /// <summary>Records a decision; with a mail, queues it in the same transaction.</summary>
    internal static void Decide(DeskWork work, Incident incident, NoticeDecision decision, OutboxMail? mail)
    {
        work.Record(incident, new NoticeDecided(
            work.Now.Utc, IncidentRules.Engine, decision.Kind, decision.Reason, mail is not null, mail?.Key ?? "", mail?.Subject ?? ""));
        if (mail is not null)
        {
            work.Stores.Outbox.Add(work.Tx, work.Stores.Speaker?.Unreached(mail, incident.Facts) ?? mail);
            work.Mailed = true;
        }
    }

    internal static NoticeFacts FactsOf(DeskWork work, Incident incident)
    {
        var customer = work.Plan.Customer(incident.Facts.Customer)
            ?? throw new InvalidOperationException($"Incident {incident.Facts.Number} belongs to a customer that no plan has.");
        return NoticeFacts.Of(incident, customer, incident.Facts.IsHost ? ServicesNow(work, incident) : []) with
        {
            Behind = incident.Facts.IsHost ? BehindNow(work, incident) : [],
            Dependents = DependentsNow(work, incident),
            Away = work.Stores.Speaker?.Line,
            Log = LogFlow.Shown(work, incident),
            Storm = incident.Storm.Any ? StormNow(work, incident, customer) : null,
        };
    }

    private static StormFacts StormNow(DeskWork work, Incident incident, CustomerPlan customer)
    {
        var first = incident.Storm.All.First().Joined;
        return new StormFacts(
            new StormCause(first.Cause, first.CauseName),
            customer.Vendors.FirstOrDefault(v => v.Key == first.CauseName)?.Name ?? Text.Same(first.CauseName),
            [.. incident.Storm.All.Select(m => StormLine(work, m))],
            incident.Storm.OwnBack is not null);
    }

    private static StormLine StormLine(DeskWork work, StormMember member)
    {
        var own = work.Item(member.Joined.Item) is { } host && work.ProblemOf(host) is { Failing: true } problem ? problem.Facts.Number : null;
        return new StormLine(member.Joined.Host, member.Joined.Address, member.Left is not { } left ? StormStand.Down : left.Why switch
        {
            StormExit.Back => own is null ? StormStand.Up : StormStand.Own,
            StormExit.StormOver or StormExit.Separated => StormStand.Own,
            StormExit.ItemRemoved => StormStand.Removed,
        }, own);
    }

    // All that needs the item, by the specification, seen failing yet or not; of a host, what needs one of its services too.
    private static List<DependentLine> DependentsNow(DeskWork work, Incident incident)
    {
        if (!work.Depends.Any)
        {
            return [];
        }

        var own = incident.Facts.IsHost && work.Item(incident.Facts.Item) is { } host ? work.ServicesOf(host.Plan).Select(s => s.Plan.Id).ToHashSet() : [];
        return [.. own.Append(incident.Facts.Item).SelectMany(work.Depends.Descendants).Where(i => !own.Contains(i)).Distinct().Select(work.Item).OfType<ItemEntry>().Select(e => new DependentLine(
            e.Plan.Title,
            e.Verdict.Judgement switch { Judgement.Working => CheckStatus.Ok, Judgement.Failing => e.Verdict.Severity, _ => null },
            work.ProblemOf(e) is { Failing: true } problem ? problem.Facts.Number : null))];
    }

    // All that this host's fall cuts off, seen failing yet or not: the first mail does not wait for each of them to be looked at.
    private static List<HostLine> BehindNow(DeskWork work, Incident incident)
    {
        var customer = incident.Facts.Customer;
        var attached = incident.Unreachable.Select(h => h.Host).ToList();
        var isDown = incident.Failing && work.Item(incident.Facts.Item) is { } down && UpstreamRules.IsDown(down.Verdict);
        var cut = isDown ? work.Upstream.CutBy(customer, incident.Facts.Host) : [];
        return [.. cut.Concat(attached).Distinct().Select(host =>
        {
            var alive = work.Upstream.Alive(customer, host);
            return new HostLine(
                host,
                work.HostPlan(customer, host)?.Address ?? "",
                alive?.Verdict.Judgement switch { Judgement.Working => true, Judgement.Failing => false, _ => null },
                alive is not null && work.ProblemOf(alive) is { Failing: true } own ? own.Facts.Number : null);
        })];
    }

    // A host's mail lists all services of the host: also those that no look has reached since, for they are gone with it.
    private static List<ServiceLine> ServicesNow(DeskWork work, Incident incident) =>
        work.Item(incident.Facts.Item) is { } host
            ? [.. work.ServicesOf(host.Plan).Select(LineOf)]
            : [.. incident.Attached.Select(a => new ServiceLine(a.Service, a.Severity, a.Output) { Kind = a.Kind })];

    private static ServiceLine LineOf(ItemEntry service)
    {
        var worst = service.Views.Where(v => v.Known).OrderByDescending(v => v.Status != CheckStatus.Ok).FirstOrDefault();
        return new ServiceLine(service.Plan.Service, worst?.Status, worst?.Output ?? "") { Kind = service.Plan.Look.Kind };
    }
}
