using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Acceptance.Paths;

/// <summary>What a fault leaves of the printed bound, which is for sites that all reach the target and the desk.</summary>
internal enum FaultBound
{
    /// <summary>It holds as printed.</summary>
    Printed,

    /// <summary>One site's looks say nothing of the target (its way, its names, its clock): the other's wait is a whole interval.</summary>
    OneWay,

    /// <summary>One site is lost: a whole interval, three looks, and a minute from the second to the third.</summary>
    Alone,

    /// <summary>The desk is gone: the sites have taken their parts without it, and judge together.</summary>
    Away,
}

/// <summary>A row of the fault matrix: something that is no fault of the target, under which the target then fails.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Bound">Within which the target's own fault must be mailed under it.</param>
/// <param name="Begin">Brings it about.</param>
/// <param name="End">Takes it away.</param>
internal sealed record FaultRow(string Name, FaultBound Bound, Func<FaultTown, Task> Begin, Func<FaultTown, Task> End)
{
    /// <summary>Done once more right after the target has failed.</summary>
    internal Func<FaultTown, Task>? Meanwhile { get; init; }

    /// <summary>Steps a clock.</summary>
    internal bool Clocks { get; init; }

    public override string ToString() => Name;
}

/// <summary>A row of the fault matrix: a fault of the target, by its form, and whose mails it must bring, by the items' titles.</summary>
internal sealed record TargetRow(string Name, FaultForm Form, Func<FaultTown, Task> Begin, Func<FaultTown, Task> End, params IReadOnlyList<string> Mailed)
{
    public override string ToString() => Name;
}

/// <summary>The fault matrix: everything between the sites, the desk and the target that can break by itself.</summary>
internal static class FaultRows
{
    private static readonly TimeSpan Hour = TimeSpan.FromSeconds(3607);

    internal static IReadOnlyList<FaultRow> Faults { get; } =
    [
        Net("link cut between one site and the target", FaultBound.OneWay, net => { net.Drop(NetLab.Tokyo, NetLab.Target); net.Drop(NetLab.Target, NetLab.Tokyo); }),
        Net("one-way loss from the target to one site", FaultBound.OneWay, net => net.Drop(NetLab.Target, NetLab.Tokyo)),
        Net("one-way loss from one site to the target", FaultBound.OneWay, net => net.Drop(NetLab.Tokyo, NetLab.Target)),
        Net("30 % loss between one site and the target", FaultBound.OneWay, net => net.Lose(NetLab.Tokyo, NetLab.Target, 30)),
        new("400 ms delay to and from one site", FaultBound.OneWay, town => Done(() => town.Net.Slow(NetLab.Tokyo, TimeSpan.FromMilliseconds(200))), town => town.Net.QuickAsync(NetLab.Tokyo)),
        new("one site's link narrow (64 kbit/s)", FaultBound.OneWay, town => Done(() => town.Net.Narrow(NetLab.Tokyo, "64kbit")), town => town.Net.QuickAsync(NetLab.Tokyo)),
        Net("firewall change at the target: one site refused", FaultBound.OneWay, net => net.Reset(NetLab.Tokyo, NetLab.Target)),
        Net("firewall change at the target: one site filtered", FaultBound.OneWay, net => net.Filter(NetLab.Tokyo, NetLab.Target, 80)),
        new("no route at one site", FaultBound.OneWay, town => Done(() => town.Net.BlackHole(NetLab.Tokyo, NetLab.Target)), town => Done(() => town.Net.NoBlackHole(NetLab.Tokyo, NetLab.Target))),
        Net("DNS gone for one site", FaultBound.OneWay, net => net.NoNames(NetLab.Tokyo)),
        Net("one site isolated (target and anchors gone)", FaultBound.Alone, net => { net.Drop(NetLab.Tokyo, NetLab.Anchor); net.Drop(NetLab.Tokyo, NetLab.Target); }),
        Net("one site cut off from everything", FaultBound.Alone, net => net.CutOff(NetLab.Tokyo)),
        Net("line between one site and the desk cut", FaultBound.Alone, net => { net.Drop(NetLab.Tokyo, NetLab.Desk); net.Drop(NetLab.Desk, NetLab.Tokyo); }),
        Restart("site restarted (kill -9), again as the target fails", NetLab.Tokyo, FaultBound.OneWay),
        Restart("desk restarted (kill -9), again as the target fails", NetLab.Desk, FaultBound.OneWay),
        Clock("clock of one site 1 h ahead, then back", NetLab.Tokyo, Hour),
        Clock("clock of one site 1 h behind, then back", NetLab.Tokyo, -Hour),
        Clock("clock of the desk 1 h ahead, then back", NetLab.Desk, Hour),
        Clock("clock of the desk 1 h behind, then back", NetLab.Desk, -Hour),
        Disk("disk of one site full", NetLab.Tokyo),
        Disk("disk of the desk full", NetLab.Desk),
    ];

    internal static IReadOnlyList<TargetRow> Targets { get; } =
    [
        new("target refuses", FaultForm.Refused, town => Done(town.Web.Stop), town => Done(town.StartWeb), FaultTown.Http, FaultTown.Named),
        new("target filtered for all", FaultForm.Refused, town => Done(() => Both(site => town.Net.Filter(site, NetLab.Target, 80))), town => Done(town.Net.Clear), FaultTown.Http, FaultTown.Named),
        new("target in a black hole", FaultForm.BlackHole, town => Done(() => Both(site => town.Net.Drop(site, NetLab.Target))), town => Done(town.Net.Clear), "web01", FaultTown.Named),
        new("target's name server gone", FaultForm.BlackHole, town => Done(() => Both(site => town.Net.NoNames(site))), town => Done(town.Net.Clear), FaultTown.Named),
    ];

    /// <summary>The longest time to the mail about an item, of a target that fails in this way under such a fault.</summary>
    internal static TimeSpan Limit(ItemPlan item, FaultForm form, FaultBound bound) => DetectionBound.Sum(DetectionBound.Of(
        bound switch
        {
            FaultBound.Printed or FaultBound.Away => item,
            FaultBound.OneWay => item with { Interval = item.Interval * item.Sites.Count },
            FaultBound.Alone => item with { Sites = [item.Sites[0]], Attempts = 3 },
        },
        form)) + bound switch
        {
            FaultBound.Alone => TimeSpan.FromMinutes(1),
            FaultBound.Away => AwayRules.TakesPartWithin,
            _ => TimeSpan.Zero,
        };

    private static FaultRow Net(string name, FaultBound bound, Action<NetLab> begin) =>
        new(name, bound, town => Done(() => begin(town.Net)), town => Done(town.Net.Clear));

    private static FaultRow Restart(string name, string place, FaultBound bound) =>
        new(name, bound, town => town.CrashAsync(place), _ => Task.CompletedTask) { Meanwhile = town => town.CrashAsync(place) };

    private static FaultRow Clock(string name, string place, TimeSpan by) =>
        new(name, FaultBound.OneWay, town => Done(() => town.StepClock(place, by)), town => Done(() => town.StepClock(place, TimeSpan.Zero))) { Clocks = true };

    private static FaultRow Disk(string name, string place) =>
        new(name, FaultBound.Printed, town => Done(() => town.FillDisk(place)), town => Done(() => town.FreeDisk(place)));

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private static void Both(Action<string> act)
    {
        act(NetLab.Tokyo);
        act(NetLab.Osaka);
    }
}
