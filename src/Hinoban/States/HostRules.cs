using Hinoban.Basics;
using Hinoban.Checks;

namespace Hinoban.States;

/// <summary>Where a failing service's problem goes.</summary>
internal enum ProblemRoute : byte
{
    /// <summary>It opens its own incident.</summary>
    Opens,

    /// <summary>It joins the host's incident and is not mailed on its own.</summary>
    JoinsHost,

    /// <summary>Not yet known; ask again at the given instant, or when the host's or the service's verdict is drawn anew.</summary>
    Waits,
}

/// <summary>Why it goes there.</summary>
internal enum RouteReason : byte
{
    /// <summary>Opens: the specification says <c>alive: none</c>.</summary>
    NoHostCheck,

    /// <summary>Opens: the host was seen alive after the service began to fail.</summary>
    HostUp,

    /// <summary>Opens: the service itself answered, so its host is alive.</summary>
    TargetAnswered,

    /// <summary>Opens: the host's verdict did not come in time.</summary>
    HostTooSlow,

    /// <summary>Joins: the host is judged down.</summary>
    HostDown,

    /// <summary>Waits: the host's view is soft failing, or older than the service's first failure.</summary>
    HostPending,

    /// <summary>Waits: the host has just recovered; the service gets time to start and a look after that.</summary>
    HostJustRecovered,

    /// <summary>Opens: there are no parents, or enough of them were seen working since.</summary>
    ParentUp,

    /// <summary>Joins: the parents are judged down, so that the host is UNREACHABLE.</summary>
    ParentsDown,

    /// <summary>Waits: a parent is in doubt, or what would cover the problem is.</summary>
    ParentPending,

    /// <summary>Waits: a parent has just recovered; looks that start some time after that decide.</summary>
    ParentJustRecovered,

    /// <summary>Waits: the storm that it was part of is just over; looks that start some time after that decide.</summary>
    StormJustOver,

    /// <summary>Opens: the parents' word did not come in time.</summary>
    ParentTooSlow,
}

/// <summary>A host as its services see it: the verdict on its host check and the views behind it.</summary>
internal sealed record HostSight(Verdict Verdict, IReadOnlyList<SiteView> Views);

/// <summary>The answer of <see cref="HostRules"/>; <see cref="ReviewAt"/> (desk monotonic) only where time alone changes it.</summary>
internal readonly record struct HostEffect(ProblemRoute Route, RouteReason Reason, TimeSpan? ReviewAt = null)
{
    /// <summary>Waits for looks that start from then on (desk monotonic): the desk asks for them when it has come.</summary>
    internal TimeSpan? LooksFrom { get; init; }
}

/// <summary>Reachability by the host: a dead host is one problem, not one per service (R34).</summary>
internal static class HostRules
{
    /// <summary>How long a failing service waits for its host's verdict.</summary>
    internal static readonly TimeSpan WaitAtMost = TimeSpan.FromSeconds(20);

    /// <summary>What a machine gets for starting its services after it answers again.</summary>
    internal static readonly TimeSpan TimeToStart = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Decides for a service whose verdict is Failing. <paramref name="host"/> is null where there is no host check. <paramref name="isPassive"/>: nobody
    /// looks at the service, it is posted.
    /// </summary>
    internal static HostEffect Affects(HostSight? host, Verdict service, IReadOnlyList<SiteView> serviceViews, Moment now, bool isPassive = false)
    {
        if (host is null)
        {
            return new HostEffect(ProblemRoute.Opens, RouteReason.NoHostCheck);
        }

        // Standing, not the judgement of this instant: a host problem that is held open still covers its services.
        if (host.Verdict.Standing == Judgement.Failing)
        {
            return new HostEffect(ProblemRoute.JoinsHost, RouteReason.HostDown);
        }

        var failing = Failing(service, serviceViews);
        if (host.Verdict.StandingMono + TimeToStart is { } settled && IsTooEarly(settled, service, failing, now, isPassive))
        {
            return IsDecidedByTime(service, isPassive)
                ? new HostEffect(ProblemRoute.Waits, RouteReason.HostJustRecovered, settled)
                : new HostEffect(ProblemRoute.Waits, RouteReason.HostJustRecovered) { LooksFrom = settled };
        }

        var answered = service.Evidence.Any(e => e.Vote == VoteKind.Answer);
        return IsPending(host, answered ? null : failing.Select(v => v.RunMono).Min() ?? TimeSpan.MinValue)
            ? WaitFor(service, now)
            : new HostEffect(ProblemRoute.Opens, answered ? RouteReason.TargetAnswered : RouteReason.HostUp);
    }

    private static HostEffect WaitFor(Verdict service, Moment now)
    {
        var until = service.StandingMono + WaitAtMost;
        return until > now.Mono
            ? new HostEffect(ProblemRoute.Waits, RouteReason.HostPending, until)
            : new HostEffect(ProblemRoute.Opens, RouteReason.HostTooSlow);
    }

    /// <summary>The host's word is still to come. An answer of the service needs no fresh look at the host (null), only no doubt about it.</summary>
    internal static bool IsPending(HostSight host, TimeSpan? seenSince) =>
        host.Verdict.Reach == Reach.Undecided
        || host.Verdict.Evidence.Any(e => e.Vote == VoteKind.VoidSoft)
        || (seenSince is { } since && host.Views.Any(v => IsHeard(host.Verdict, v.Site) && !(v.LookMono > since)));

    /// <summary>No look at it is to come: once whatever covered it has recovered, its program gets the time to start, and then time itself decides.</summary>
    internal static bool IsDecidedByTime(Verdict service, bool isPassive) => isPassive || service.Reach == Reach.NoData;

    /// <summary>What covered it has just recovered, and what is known of it may be from before it had time to start.</summary>
    internal static bool IsTooEarly(TimeSpan settled, Verdict service, List<SiteView> failing, Moment now, bool isPassive) =>
        IsDecidedByTime(service, isPassive) ? now.Mono < settled : failing.Any(v => v.LookMono < settled);

    private static bool IsHeard(Verdict host, SiteName site) => host.Evidence.Any(e => e.Site == site && e.Vote != VoteKind.VoidSilent);

    internal static List<SiteView> Failing(Verdict service, IReadOnlyList<SiteView> views) =>
        [.. views.Where(v => service.Evidence.Any(e => e.Site == v.Site && e.Vote is (VoteKind.Answer or VoteKind.Transport)))];
}
