using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Reporting;
using Hinoban.Responding;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>What pages show of incidents.</summary>
internal sealed class IncidentPages(DeskEngine engine, Db db, DeskStores stores, TimeProvider clock)
{
    /// <summary>Log hits that a page shows, the latest first.</summary>
    internal const int MostHits = 100;

    internal IReadOnlyList<IncidentRow> Rows(IReadOnlyList<Incident> incidents)
    {
        var troubles = db.Read(tx => MailPages.Troubles(tx, stores, Scope.Across("desk queue")));
        return engine.Look((board, _, now) => incidents
            .Select(i => Row(board, i, now, troubles.GetValueOrDefault(i.Id)))
            .ToList());
    }

    internal IncidentView? View(Scope scope, IncidentId id, Actor? viewer = null)
    {
        if (engine.Find(scope, id) is not { } incident)
        {
            return null;
        }

        var (mails, received, log) = db.Read(tx => (MailPages.Of(tx, stores, scope, incident), MailPages.Received(tx, stores, scope, id), LogOf(tx, scope, incident)));
        var row = Rows([incident])[0];
        return engine.Look((board, _, _) =>
        {
            var customer = board.Plan.Customer(incident.Facts.Customer);
            var runbook = incident.Facts.Runbook is { } key ? customer?.Runbook(key) : null;
            return new IncidentView(
                row,
                incident.Facts,
                customer?.Host(incident.Facts.Host)?.Name ?? Text.Same(incident.Facts.Host),
                customer?.TimeZone ?? "UTC",
                customer?.Language ?? Language.Ja,
                incident.Opening.Evidence,
                board.Item(incident.Facts.Item)?.Views.ToArray() ?? [],
                incident.Events,
                runbook,
                runbook is null ? [] : Steps(runbook, incident, viewer),
                customer?.Contacts ?? [],
                mails,
                customer is null ? new ReportParts("", "", "", "") : ReportDraft.From(incident.Facts, incident.Events, customer, customer.Language, clock.GetUtcNow()))
            {
                Storm = incident.Storm.Any ? StormOf(board, incident, customer) : null,
                Received = received,
                Log = log,
            };
        });
    }

    // Hits leave their table in time; what the incident keeps of them stays.
    private LogView? LogOf(Tx tx, Scope scope, Incident incident)
    {
        if (!incident.Facts.IsLog)
        {
            return null;
        }

        var latest = stores.Logs.Of(tx, scope, incident.Id, incident.Open ? incident.Facts.Item : null, MostHits);
        var waiting = incident.Open ? stores.Logs.CountWaiting(tx, incident.Facts.Item) : 0;
        return new LogView(incident.Log.Hits + waiting, incident.Log.Suppressed, incident.Log.FirstUtc, incident.Log.LastUtc, latest.Count > 0 ? latest :
            [.. incident.Events.OfType<LogHitsFound>().SelectMany(f => f.Lines.Select(l => new TakenHit(f.Site, f.AtUtc, l))).OrderByDescending(h => h.Hit.ReadUtc).Take(MostHits)]);
    }

    private static StormView StormOf(DeskBoard board, Incident incident, CustomerPlan? customer)
    {
        var first = incident.Storm.All.First().Joined;
        return new StormView(
            first.Cause,
            first.CauseName,
            customer?.Vendors.FirstOrDefault(v => v.Key == first.CauseName)?.Name ?? Text.Same(first.CauseName),
            [.. incident.Storm.All.Select(m => new StormHostView(
                m.Joined.Host, m.Joined.Address, m.Joined.AtUtc, m.Left?.Why, m.Left?.AtUtc, board.Item(m.Joined.Item)?.Problem))]);
    }

    private IncidentRow Row(DeskBoard board, Incident incident, Moment now, MailTrouble trouble)
    {
        var customer = board.Plan.Customer(incident.Facts.Customer);
        var slo = SloMath.Of(incident.Events, customer?.StartWithin ?? TimeSpan.FromMinutes(10), clock.GetUtcNow());
        var evidence = incident.Failing ? incident.LatestEvidence : incident.Opening.Evidence;
        var spoken = evidence.FirstOrDefault(e => e.Status != CheckStatus.Ok) ?? evidence.FirstOrDefault();
        return new IncidentRow(
            incident.Id,
            incident.Facts.Number,
            incident.Facts.Customer,
            customer?.Name ?? Text.Same(incident.Facts.Customer.Value),
            incident.Facts.Host,
            incident.Facts.Service,
            incident.Severity,
            incident.Opening.Reach,
            incident.Opening.SingleSite,
            evidence.Any(e => e.NoValue != NoValue.None),
            incident.Stage,
            incident.Holder?.DisplayName,
            incident.OpenedUtc,
            incident.Recovery?.AtUtc,
            new SloView(slo.StartedUtc, slo.DueUtc, slo.ClaimedUtc, slo.Met),
            incident.Attached.Count(),
            spoken?.Output ?? "",
            trouble)
        {
            SeverityNow = incident switch
            {
                { Recovery: null } => incident.Severity,
                { Recovery.Reason: RecoveryReason.SeenWorking } => CheckStatus.Ok,
                _ => null,
            },
            Silence = incident is { Failing: true, Open: true } && board.Item(incident.Facts.Item) is { } entry ? ItemPages.MarkOf(board, entry, evidence, now) : null,
            Held = incident is { Failing: true, Open: true } && incident.IsHeld,
            WaitsUntilUtc = incident.Failing && SloMath.WaitOf(incident.Events) > TimeSpan.Zero && slo.StartedUtc > now.Utc ? slo.StartedUtc : null,
            Flapping = incident.Flapping,
            Kind = incident.Facts.Kind,
            IsLog = incident.Facts.IsLog,
            Unreachable = incident.Unreachable.Count(),
            Joined = incident.Storm.Order.Count,
            StillFailing = incident is { Failing: true, Storm.Any: true } ? StormFlow.StillFailing(incident) : 0,
            Causes = [.. evidence.Where(e => e.Vote == VoteKind.Transport).Select(e => e.NoValue).Distinct()],
        };
    }

    // Steps that only look run no command anywhere, but they too are about a host and one of its items.
    private static string HostOf(StepPlan step, Incident incident) => step switch
    {
        RecheckStepPlan => incident.Facts.Host,
        VerifyStepPlan verify => verify.Host,
        _ => RunbookRules.HostOf(step),
    };

    private static string LooksAt(StepPlan step, Incident incident) => step switch
    {
        RecheckStepPlan => incident.Facts.Title,
        VerifyStepPlan verify => verify.Service.Length == 0 ? verify.Host : $"{verify.Host}/{verify.Service}",
        _ => "",
    };

    private static List<StepView> Steps(RunbookPlan runbook, Incident incident, Actor? viewer)
    {
        var runs = StepRuns.Of(incident.Events);
        var actor = viewer ?? Actor.Engine;
        return [.. runbook.Steps.Select((step, index) =>
        {
            var permit = RunbookRules.May(runbook, incident.Events, index + 1, actor);
            return new StepView(
                index + 1,
                step,
                RunbookRules.KindOf(step),
                HostOf(step, incident),
                RunbookRules.CommandOf(step),
                permit.Allowed,
                permit.WhyNot,
                [.. runs.OfStep(index + 1).Select(r => new StepRunView(
                    r.Run, r.Started.By, r.Started.AtUtc, r.Ended?.AtUtc, r.Outcome, r.Ended?.ExitCode, r.Ended?.Transcript ?? "", r.Ended?.Because ?? Text.Same("")))],
                LooksAt(step, incident));
        })];
    }
}
