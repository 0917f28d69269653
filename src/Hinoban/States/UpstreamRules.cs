using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.States;

/// <summary>What a parent's state says of the way to its children, best first: of several, any-of takes the best and all-of the worst.</summary>
internal enum ParentWord : byte
{
    /// <summary>The way is open: the parent was seen working, or answered, since the child began to fail; or nobody watches it.</summary>
    Open,

    /// <summary>The parent has just recovered: the child gets time, and a look after that.</summary>
    JustBack,

    /// <summary>The parent itself is in doubt, or was last seen before the child began to fail.</summary>
    Pending,

    /// <summary>The parent is judged down.</summary>
    Down,
}

/// <summary>A parent's word, and from when on a look at the child counts if the parent has just recovered (desk monotonic).</summary>
internal readonly record struct ParentSays(ParentWord Word, TimeSpan? SettledMono = null)
{
    /// <summary>Of a parent that nobody watches: it is never known to be down.</summary>
    internal static ParentSays Nothing { get; } = new(ParentWord.Open);
}

/// <summary>
/// Reachability by parents, as Nagios has it: a failing host whose way is cut is UNREACHABLE (到達不能), a matter of the parent's incident and
/// no problem of its own. Also for a service whose host nobody watches.
/// </summary>
internal static class UpstreamRules
{
    /// <summary>Down, not merely failing: a parent that answers, however badly, lets its children be reached.</summary>
    internal static bool IsDown(Verdict parent) => parent.Standing == Judgement.Failing && !parent.Evidence.Any(e => e.Vote == VoteKind.Answer);

    /// <summary>What one parent that is watched says to a child whose verdict is Failing. <paramref name="isPassive"/>: the child is.</summary>
    internal static ParentSays WordOf(HostSight parent, Verdict child, IReadOnlyList<SiteView> childViews, Moment now, bool isPassive = false)
    {
        if (IsDown(parent.Verdict))
        {
            return new ParentSays(ParentWord.Down);
        }

        var failing = HostRules.Failing(child, childViews);
        var settled = parent.Verdict.Standing == Judgement.Working ? parent.Verdict.StandingMono + HostRules.TimeToStart : null;
        if (settled is { } from && HostRules.IsTooEarly(from, child, failing, now, isPassive))
        {
            return new ParentSays(ParentWord.JustBack, from);
        }

        var answered = child.Evidence.Any(e => e.Vote == VoteKind.Answer);
        return HostRules.IsPending(parent, answered ? null : failing.Select(v => v.RunMono).Min() ?? TimeSpan.MinValue)
            ? new ParentSays(ParentWord.Pending, settled)
            : new ParentSays(ParentWord.Open);
    }

    /// <summary>
    /// What an item that another needs says of the other's failure, however it fails itself. That the dependent answered says nothing about what it needs,
    /// so a look at that from after its first failure is wanted in any case; of a passive one none can be had. <paramref name="fails"/>: by its own verdict, or because its host is down.
    /// <paramref name="isPassive"/>: the dependent is.
    /// </summary>
    internal static ParentSays WordOfNeeded(HostSight needed, bool fails, bool neededIsPassive, Verdict dependent, IReadOnlyList<SiteView> dependentViews, Moment now, bool isPassive = false)
    {
        if (fails)
        {
            return new ParentSays(ParentWord.Down);
        }

        var failing = HostRules.Failing(dependent, dependentViews);
        var settled = needed.Verdict.Standing == Judgement.Working ? needed.Verdict.StandingMono + HostRules.TimeToStart : null;
        if (settled is { } from && HostRules.IsTooEarly(from, dependent, failing, now, isPassive))
        {
            return new ParentSays(ParentWord.JustBack, from);
        }

        return HostRules.IsPending(needed, neededIsPassive ? null : failing.Select(v => v.RunMono).Min() ?? TimeSpan.MinValue)
            ? new ParentSays(ParentWord.Pending, settled)
            : new ParentSays(ParentWord.Open);
    }

    /// <summary>What several parents say together. No parents at all: the way is open.</summary>
    internal static ParentSays Together(ParentsNeeded needed, IEnumerable<ParentSays> parents)
    {
        var all = parents.ToList();
        if (all.Count == 0)
        {
            return ParentSays.Nothing;
        }

        var word = needed == ParentsNeeded.Any ? all.Min(p => p.Word) : all.Max(p => p.Word);
        var settled = all.Where(p => p.Word == word).Select(p => p.SettledMono);
        return new ParentSays(word, needed == ParentsNeeded.Any ? settled.Min() : settled.Max());
    }

    /// <summary>Decides for a host (or a service of an unwatched one) whose verdict is Failing.</summary>
    internal static HostEffect Affects(ParentSays parents, Verdict child, IReadOnlyList<SiteView> childViews, Moment now, bool isPassive = false) => parents.Word switch
    {
        ParentWord.Open => new HostEffect(ProblemRoute.Opens, RouteReason.ParentUp),
        ParentWord.JustBack when HostRules.IsDecidedByTime(child, isPassive) => now.Mono < parents.SettledMono
            ? new HostEffect(ProblemRoute.Waits, RouteReason.ParentJustRecovered, parents.SettledMono)
            : new HostEffect(ProblemRoute.Opens, RouteReason.ParentUp),
        ParentWord.JustBack => new HostEffect(ProblemRoute.Waits, RouteReason.ParentJustRecovered) { LooksFrom = parents.SettledMono },
        ParentWord.Pending => WaitFor(parents, child, childViews, now),
        ParentWord.Down => new HostEffect(ProblemRoute.JoinsHost, RouteReason.ParentsDown),
    };

    /// <summary>There is nothing to join yet: what would cover the problem waits itself, or is about to end.</summary>
    internal static HostEffect Uncovered(bool coverWaits, Verdict verdict, IReadOnlyList<SiteView> views, Moment now) =>
        coverWaits ? new HostEffect(ProblemRoute.Waits, RouteReason.ParentPending) : WaitFor(ParentSays.Nothing, verdict, views, now);

    private static HostEffect WaitFor(ParentSays parents, Verdict child, IReadOnlyList<SiteView> childViews, Moment now)
    {
        // Since when it stands is not known after a restart: then its newest failing look counts.
        var since = child.StandingMono ?? HostRules.Failing(child, childViews).Max(v => v.LookMono);
        var until = (parents.SettledMono > since ? parents.SettledMono : since) + HostRules.WaitAtMost;
        return until > now.Mono
            ? new HostEffect(ProblemRoute.Waits, RouteReason.ParentPending, until)
            : new HostEffect(ProblemRoute.Opens, RouteReason.ParentTooSlow);
    }
}
