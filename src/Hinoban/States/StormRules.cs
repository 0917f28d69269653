using System.Net;
using System.Net.Sockets;
using Hinoban.Checks;
using Hinoban.Specs;

namespace Hinoban.States;

/// <summary>What hosts that fail together have in common.</summary>
internal enum CauseKind : byte
{
    /// <summary>They stand at one datacentre, cloud or carrier.</summary>
    Vendor,

    /// <summary>Their addresses lie in one /24 (IPv6: /64): the way there.</summary>
    Network,
}

/// <summary>A cause that hosts may share: a vendor's key, or a network as <c>192.0.2.0/24</c>.</summary>
internal readonly record struct StormCause(CauseKind Kind, string Name);

/// <summary>A watched host of a group, as grouping sees it. <see cref="SinceMono"/>: when its failures began (desk monotonic); null: before this process.</summary>
internal readonly record struct StormSight(bool Fails, TimeSpan? SinceMono)
{
    internal static StormSight Well { get; } = new(false, null);
}

/// <summary>
/// Alert storms (アラート集約): hosts without a common parent that go down together are one problem of what they have in common. Decided with
/// the verdict, from what is seen at that moment: the first alert waits for nothing.
/// </summary>
internal static class StormRules
{
    /// <summary>Fewer that fail are a coincidence.</summary>
    internal const int Least = 3;

    /// <summary>So many that fail are a storm, whatever part of the group they are.</summary>
    internal const int Many = 10;

    /// <summary>Failures that began within this time of each other began together.</summary>
    internal static readonly TimeSpan Together = TimeSpan.FromMinutes(5);

    /// <summary>The first joined hosts are gathered so long before the list is told of them.</summary>
    internal static readonly TimeSpan GatherFor = TimeSpan.FromSeconds(15);

    /// <summary>As the list of hosts grows the customers are told again, but not oftener than this.</summary>
    internal static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(5);

    /// <summary>The vendor, else the network; null for a host that nobody watches, or whose address is a name.</summary>
    internal static StormCause? CauseOf(HostPlan host) => host switch
    {
        { Alive: null } => null,
        { Datacentre.Vendor: { Length: > 0 } vendor } => new StormCause(CauseKind.Vendor, vendor),
        _ => NetworkOf(host.Address) is { } network ? new StormCause(CauseKind.Network, network) : null,
    };

    /// <summary>
    /// Whether a host counts as failing now: judged down, or failing on the way wherever it was looked at since it began. A site that has reached
    /// it since contradicts; an answer, however bad, is no matter of what hosts have in common.
    /// </summary>
    internal static StormSight Sight(HostSight host)
    {
        var failing = host.Views.Where(v => v.Known && v.Status != CheckStatus.Ok).ToList();
        if (failing.Count == 0 || failing.Exists(v => v.Reply == Reply.Answer))
        {
            return StormSight.Well;
        }

        var since = failing.Min(v => v.RunMono);
        var contradicted = host.Views.Any(v => v.Known && v.Status == CheckStatus.Ok && v.LookMono >= since);
        return contradicted && host.Verdict.Standing != Judgement.Failing ? StormSight.Well : new StormSight(true, since);
    }

    /// <summary>The failure of a host is one of many: enough others of its group fail, and began together with it.</summary>
    internal static bool IsStorm(StormSight host, IReadOnlyCollection<StormSight> others)
    {
        var failing = 1 + others.Count(o => o.Fails && AreTogether(o.SinceMono, host.SinceMono));
        return failing >= Least && (failing >= Many || failing * 2 >= others.Count + 1);
    }

    /// <summary>Both before this process, or within <see cref="Together"/> of each other.</summary>
    internal static bool AreTogether(TimeSpan? one, TimeSpan? other) => one is { } a && other is { } b ? (a - b).Duration() <= Together : one is null && other is null;

    /// <summary>With so many hosts of an incident still failing, its own among them, it is the storm that counts.</summary>
    internal static bool Stands(int failing) => failing >= Least;

    /// <summary>
    /// When the list is to be told of hosts that joined since it was told last; null: of none. An instant that lies ahead because the wall clock
    /// was set back is not waited for.
    /// </summary>
    internal static bool IsDue(DateTimeOffset firstUntoldUtc, DateTimeOffset? lastToldUtc, DateTimeOffset nowUtc)
    {
        var due = firstUntoldUtc + GatherFor;
        var next = lastToldUtc + TellEvery is { } later && later > due ? later : due;
        return nowUtc >= next || nowUtc < firstUntoldUtc;
    }

    private static string? NetworkOf(string address)
    {
        if (!IPAddress.TryParse(address, out var ip))
        {
            return null;
        }

        var (bytes, kept) = (ip.GetAddressBytes(), ip.AddressFamily == AddressFamily.InterNetworkV6 ? 8 : 3);
        bytes.AsSpan(kept).Clear();
        return FormattableString.Invariant($"{new IPAddress(bytes)}/{kept * 8}");
    }
}
