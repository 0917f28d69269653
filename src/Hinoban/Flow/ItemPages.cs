using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.People;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>What pages show of hosts, items and sites.</summary>
internal static class ItemPages
{
    internal static HostRow Host(DeskBoard board, CustomerPlan customer, HostPlan host, Moment now) => Host(board, Upstream.Of(board), customer, host, now);

    internal static HostRow Host(DeskBoard board, Upstream way, CustomerPlan customer, HostPlan host, Moment now) => new(
        customer.Id,
        customer.Name,
        host.Key,
        host.Name,
        host.Address,
        host.Machine,
        host.Alive is { } alive && board.Item(alive.Id) is { } entry ? Item(board, way, entry, now) : null,
        [.. host.Services.Select(s => board.Item(s.Id)).OfType<ItemEntry>().Select(e => Item(board, way, e, now))]);

    internal static ItemRow Item(DeskBoard board, ItemEntry entry, Moment now) => Item(board, Upstream.Of(board), entry, now);

    private static ItemRow Item(DeskBoard board, Upstream way, ItemEntry entry, Moment now)
    {
        var plan = entry.Plan;
        var unreachable = way.IsUnreachable(entry);
        var cause = entry is { Problem: null, Verdict.Standing: Judgement.Failing } && way.SayNeeded(entry, now).Word == ParentWord.Down ? way.FailingNeeds(entry).FirstOrDefault() : null;
        return new ItemRow(
            plan.Id,
            plan.Customer,
            board.Plan.Customer(plan.Customer)?.Name ?? Text.Same(plan.Customer.Value),
            plan.Host,
            plan.Service,
            plan.Look.Kind,
            plan.Look.Thresholds,
            entry.Verdict.Judgement,
            entry.Verdict.Reach,
            entry.Verdict.Severity,
            entry.Verdict.Judgement == Judgement.Failing && (entry.Verdict.Reach == Reach.NoData || entry.Views.Any(v => v.HardFailing && v.NoValue != NoValue.None)),
            entry.Verdict.Evidence,
            entry.Views,
            entry.Problem,
            plan.Edition,
            plan.Revision,
            plan.Interval)
        {
            Silence = MarkOf(board, entry, entry.Verdict.Evidence, now),
            LogIncident = board.LogIncident(plan.Id),
            LookWaits = board.LooksWait.Contains(plan.Id),
            Flapping = entry.Problem is { } id && board.Incident(id) is { Flapping: true },
            Behind = unreachable ? way.DownParents(plan.Customer, plan.Host).FirstOrDefault()?.Plan.Host : null,
            CoveredBy = unreachable || cause is not null ? way.Cover(entry)?.Id : entry.Storm,
            DependsOn = plan.DependsOn?.Titles ?? [],
            Needed = plan.DependsOn?.Needed ?? ParentsNeeded.All,
            Cause = cause?.Plan.Title,
        };
    }

    /// <summary>The silence that holds for the item now, as a page marks it.</summary>
    internal static SilenceMark? MarkOf(DeskBoard board, ItemEntry entry, IReadOnlyList<SiteEvidence> evidence, Moment now) =>
        SilenceRules.Marks(board.Silences.Of(entry.Plan.Customer), entry.Plan, evidence, now.Utc) is { Silence: var silence, UntilUtc: var until }
            ? new SilenceMark(silence.Plan.Kind, until, silence.Plan.Owner, silence.Plan.Reason)
            : null;

    internal static SiteRow Site(DeskBoard board, SiteLine line, SiteSignal signal, Scope scope)
    {
        var health = line.Health;
        var all = scope.Customer is null;
        return new SiteRow(
            line.Site,
            line.BeatMono is not null && signal.SilentSince is null,
            line.BeatUtc,
            health?.PlanRevision ?? 0,
            board.Plan.Revision,
            all ? health?.Items ?? 0 : board.Items.Count(e => scope.Covers(e.Plan.Customer) && e.Plan.Sites.Contains(line.Site)),
            all ? health?.LooksOut ?? 0 : null,
            all ? health?.LooksDone ?? 0 : null,
            all ? health?.MissedCycles ?? 0 : null,
            health?.LatenessP99 ?? TimeSpan.Zero,
            health?.LatenessMax ?? TimeSpan.Zero,
            all ? health?.SpoolBacklog ?? 0 : null,
            line.Skew,
            PathTroubles(board, line.Site, scope))
        {
            NotKept = health?.NotKept ?? 0,
            NotKeptSinceUtc = line.Ago(health?.NotKeptFor),
            SpoolBrokenUtc = line.Ago(health?.SpoolBrokenFor),
            PlaceTrouble = health is null || !all ? null : OwnRules.SitePlaceTrouble(line.Site, health.Place),
            Anchors = health?.Anchors,
        };
    }

    private static List<PathTroubleView> PathTroubles(DeskBoard board, SiteName site, Scope scope) => board.PathTroubled
        .Where(e => scope.Covers(e.Plan.Customer))
        .Where(e => e.Verdict.Evidence.Any(v => v.Site == site && v.Vote == VoteKind.Transport))
        .Select(e => new PathTroubleView(e.Plan.Id, e.Plan.Customer, e.Plan.Host, e.Plan.Service, e.VerdictSinceUtc, e.Verdict.Evidence) { Kind = e.Plan.Look.Kind })
        .OrderBy(t => t.Item.Value)
        .ToList();
}
