using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>
/// The way to a host over its parents: whether it is cut, and whose incident covers what is behind. Reads either the board or a work that is
/// under way, by what it is given.
/// </summary>
internal sealed class Upstream(DeskBoard board, Func<ItemId, ItemEntry?> item, Func<ItemEntry, Incident?> problemOf)
{
    // Unwatched devices in a row that are looked through.
    private const int MostUnwatched = 16;

    internal static Upstream Of(DeskBoard board) => new(board, board.Item, e => (e.Problem ?? e.Storm) is { } id ? board.Incident(id) : null);

    /// <summary>The host check's entry; null where the specification says <c>alive: none</c>.</summary>
    internal ItemEntry? Alive(CustomerId customer, string host) => board.Tree.Host(customer, host)?.Alive is { } alive ? item(alive.Id) : null;

    /// <summary>What the parents of a failing item's host say together.</summary>
    internal ParentSays Say(ItemEntry child, Moment now) => Say(child.Plan.Customer, child.Plan.Host, alive => UpstreamRules.WordOf(
        new HostSight(alive.Verdict, alive.Views), child.Verdict, child.Views, now, child.Plan.IsPassive));

    /// <summary>What the items that a failing one needs say together; nothing for most.</summary>
    internal ParentSays SayNeeded(ItemEntry dependent, Moment now)
    {
        if (!board.Depends.HasNeeds(dependent.Plan.Id))
        {
            return ParentSays.Nothing;
        }

        var needs = board.Depends.Needs(dependent.Plan.Id);
        return UpstreamRules.Together(needs.Needed, needs.Items.Select(item).OfType<ItemEntry>().Select(needed => UpstreamRules.WordOfNeeded(
            new HostSight(needed.Verdict, needed.Views), Fails(needed), needed.Plan.IsPassive, dependent.Verdict, dependent.Views, now, dependent.Plan.IsPassive)));
    }

    /// <summary>The items that need this one; of a host also those that need one of its services, for they go with it.</summary>
    internal IEnumerable<ItemEntry> NeedIt(ItemPlan needed) => !board.Depends.Any ? [] :
        (needed.IsHostCheck ? board.OnHost(needed.Customer, needed.Host) : [needed.Id]).SelectMany(board.Depends.Dependents).Distinct().Select(item).OfType<ItemEntry>();

    // Its host is down: it fails with that, whether its own looks have shown it yet or not.
    private bool Fails(ItemEntry needed) => needed.Verdict.Standing == Judgement.Failing
        || (!needed.Plan.IsHostCheck && Alive(needed.Plan.Customer, needed.Plan.Host) is { Verdict.Standing: Judgement.Failing });

    /// <summary>The items that it needs and that fail, in the order of the specification.</summary>
    internal IEnumerable<ItemEntry> FailingNeeds(ItemEntry dependent) => board.Depends.HasNeeds(dependent.Plan.Id)
        ? board.Depends.Needs(dependent.Plan.Id).Items.Select(item).OfType<ItemEntry>().Where(Fails)
        : [];

    /// <summary>The way to the host is cut by parents that are down.</summary>
    internal bool IsCut(CustomerId customer, string host) =>
        Say(customer, host, alive => new ParentSays(UpstreamRules.IsDown(alive.Verdict) ? ParentWord.Down : ParentWord.Open)).Word == ParentWord.Down;

    /// <summary>
    /// The hosts that one that is down cuts off, nearest first: also those that no look has met yet, by what the specification says of the ways.
    /// </summary>
    internal IReadOnlyList<string> CutBy(CustomerId customer, string host)
    {
        var cut = new List<string>();
        var gone = new HashSet<string> { host };
        foreach (var next in board.Tree.Descendants(customer, host).OrderBy(h => board.Tree.Depth(customer, h)))
        {
            var words = Parents(customer, next).Select(p => new ParentSays(gone.Contains(p) || IsDown(customer, p) ? ParentWord.Down : ParentWord.Open));
            if (UpstreamRules.Together(board.Tree.Host(customer, next)?.Needed ?? ParentsNeeded.Any, words).Word == ParentWord.Down && gone.Add(next))
            {
                cut.Add(next);
            }
        }

        return cut;
    }

    /// <summary>UNREACHABLE: the host check fails behind a cut way and is no problem of its own.</summary>
    internal bool IsUnreachable(ItemEntry host) =>
        host.Plan.IsHostCheck && host.Problem is null && host.Verdict.Standing == Judgement.Failing && IsCut(host.Plan.Customer, host.Plan.Host);

    /// <summary>The parents that are down, in the order of the specification; of one that nobody watches, those before it.</summary>
    internal IEnumerable<ItemEntry> DownParents(CustomerId customer, string host)
    {
        var open = new Stack<string>(Parents(customer, host).Reverse());
        var seen = new HashSet<string>();
        while (open.TryPop(out var parent))
        {
            if (!seen.Add(parent))
            {
                continue;
            }

            if (Alive(customer, parent) is not { } alive)
            {
                Parents(customer, parent).Reverse().ToList().ForEach(open.Push);
            }
            else if (UpstreamRules.IsDown(alive.Verdict))
            {
                yield return alive;
            }
        }
    }

    /// <summary>
    /// The open problem that covers an item: its host's own, else that of the first parent, however far, that has one; else that of the first item that
    /// it needs, however far, or of what covers that.
    /// </summary>
    internal Incident? Cover(ItemEntry covered)
    {
        if (CoverOfWay(covered) is { } way)
        {
            return way;
        }

        var open = new Stack<ItemEntry>(FailingNeeds(covered).Reverse());
        var seen = new HashSet<ItemId> { covered.Plan.Id };
        while (open.TryPop(out var needed))
        {
            if (!seen.Add(needed.Plan.Id))
            {
                continue;
            }

            if ((Failing(needed) ?? CoverOfWay(needed)) is { } problem)
            {
                return problem;
            }

            FailingNeeds(needed).Reverse().ToList().ForEach(open.Push);
        }

        return null;
    }

    private Incident? CoverOfWay(ItemEntry covered)
    {
        var (customer, host) = (covered.Plan.Customer, covered.Plan.Host);
        if (!covered.Plan.IsHostCheck && Alive(customer, host) is { } own && Failing(own) is { } ownProblem)
        {
            return ownProblem;
        }

        var open = new Stack<ItemEntry>(DownParents(customer, host).Reverse());
        var seen = new HashSet<ItemId>();
        while (open.TryPop(out var parent))
        {
            if (!seen.Add(parent.Plan.Id))
            {
                continue;
            }

            if (Failing(parent) is { } problem)
            {
                return problem;
            }

            DownParents(customer, parent.Plan.Host).Reverse().ToList().ForEach(open.Push);
        }

        return null;
    }

    /// <summary>What should cover the item has not decided on its own problem yet.</summary>
    internal bool CoverWaits(ItemEntry covered) => FailingNeeds(covered).Any(Waits) || (!covered.Plan.IsHostCheck && Alive(covered.Plan.Customer, covered.Plan.Host) is { } host
        ? Waits(host)
        : DownParents(covered.Plan.Customer, covered.Plan.Host).Any(Waits));

    // While its end is being seen it covers nothing any more and has not recovered yet: with that verdict its own are judged again.
    private static bool Waits(ItemEntry host) => host.Waits || host is { Problem: null, Verdict: { Standing: Judgement.Failing, ReliefMono: not null } };

    /// <summary>The items whose way leads over this host: host checks, and services of hosts that nobody watches.</summary>
    internal IEnumerable<ItemEntry> Dependents(ItemPlan host) => board.Tree.Dependents(host.Customer, host.Host)
        .SelectMany(h => h.Alive is { } alive ? [alive] : h.Services)
        .Select(i => item(i.Id)).OfType<ItemEntry>();

    private ParentSays Say(CustomerId customer, string host, Func<ItemEntry, ParentSays> of, int depth = 0) =>
        board.Tree.Host(customer, host) is not { Parents.Count: > 0 } plan || depth > MostUnwatched
            ? ParentSays.Nothing
            : UpstreamRules.Together(plan.Needed, plan.Parents.Select(p => Alive(customer, p) is { } alive ? of(alive) : Say(customer, p, of, depth + 1)));

    private bool IsDown(CustomerId customer, string host) => Alive(customer, host) is { } alive && UpstreamRules.IsDown(alive.Verdict);

    private IReadOnlyList<string> Parents(CustomerId customer, string host) => board.Tree.Host(customer, host)?.Parents ?? [];

    private Incident? Failing(ItemEntry entry) => problemOf(entry) is { Failing: true } problem ? problem : null;
}
