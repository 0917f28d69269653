using Hinoban.Basics;

namespace Hinoban.Lab.Sim;

/// <summary>
/// Deals the faults of many site-days into few hours, calm ones left out. An hour and a bit is a block: first target faults alone, while nothing is wrong with the
/// company, so that each is judged by the strict bound; then a tangle, in which one fault of every sort of the company and a few of targets last at the same time.
/// What is in a tangle is dealt in turn by its number, so that all kinds, pairs and crash points come equally often over the seeds.
/// </summary>
internal sealed class SimPacked
{
    private const int InAWave = 12;
    private const int InATangle = 4;
    private const int Others = 3;

    private static readonly TimeSpan Block = TimeSpan.FromMinutes(67);
    private static readonly TimeSpan[] Waves = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15)];

    // The two instants of a block at which everything of its tangle is there: the desk's first trouble at the one, its second at the other.
    private static readonly TimeSpan First = TimeSpan.FromMinutes(41);
    private static readonly TimeSpan Second = TimeSpan.FromMinutes(47);

    private static readonly SimKind[] InWaves = [SimKind.Refused, SimKind.BlackHole, SimKind.Slow, SimKind.Dns, SimKind.BadAnswer];
    private static readonly SimKind[] Targets = [.. Enum.GetValues<SimKind>().Where(k => k <= SimKind.Flap)];

    // What comes about only at a certain point is dealt more often than the rest: there are many such points.
    private static readonly SimKind[] DeskTroubles =
    [
        SimKind.DeskCrashAt, SimKind.DeskCrash, SimKind.DeskCrashAt, SimKind.DeskCrashStep, SimKind.DeskStall, SimKind.DeskCrashAt, SimKind.DeskStallAt, SimKind.DeskDisk,
        SimKind.DeskCrashAt, SimKind.DeskSlowDisk, SimKind.DeskStallAt,
    ];

    private static readonly SimKind[] SiteTroubles = [SimKind.SiteCrash, SimKind.SiteCrashAt, SimKind.SiteCrashStep, SimKind.SiteStall, SimKind.SiteDisk, SimKind.SiteNoLooks, SimKind.SiteStall];
    private static readonly SimKind[] Recipients = [SimKind.RelayLater, SimKind.RelayNever, SimKind.RelayBreak, SimKind.RelayTakesSilently, SimKind.RelayLosesSilently];
    private static readonly SimKind[] Editions = [SimKind.SpecAdd, SimKind.SpecRemove, SimKind.SpecChange, SimKind.SpecBusy];

    private static readonly SimKind[] Rest =
    [
        SimKind.LineCut, SimKind.LineOneWay, SimKind.LineSlow, SimKind.PathCut, SimKind.PathRefused, SimKind.RelayAway, SimKind.WallStep, SimKind.SpecSilence, SimKind.Mute,
    ];

    // Twice, what is passed least.
    private static readonly Milestone[] DeskPoints =
    [
        .. Enum.GetValues<Milestone>().Where(m => m >= Milestone.BatchArrived), Milestone.StepEnded, Milestone.CommandCommitted, Milestone.StepStarted, Milestone.MailDotSent,
    ];

    private static readonly Milestone[] SitePoints = [.. Enum.GetValues<Milestone>().Where(m => m < Milestone.BatchArrived)];

    private readonly SimDice dice;
    private readonly Random random;
    private readonly SimScript company;
    private readonly TimeSpan begins;
    private readonly long number;
    private int turns;

    private SimPacked(SimDice dice, SimScript company, TimeSpan begins, long number)
    {
        (this.dice, random, this.company, this.begins, this.number) = (dice, dice.Random, company, begins, number);
    }

    /// <summary>Deals one block after the other until <paramref name="ends"/>. The last begins with a scene of the seed's theme.</summary>
    internal static void Deal(SimDice dice, SimScript company, TimeSpan from, TimeSpan ends)
    {
        var blocks = Math.Max(1, (int)((ends - from) / Block));
        for (var i = 0; i < blocks; i++)
        {
            var block = new SimPacked(dice, company, from + (Block * i), ((long)company.Seed * blocks) + i);
            block.Tangle();
            block.Targeted(scene: i == blocks - 1 && i > 0);
        }
    }

    private void Targeted(bool scene)
    {
        if (scene && dice.Scene(begins, begins + TimeSpan.FromMinutes(8)))
        {
            return;
        }

        foreach (var wave in Waves)
        {
            // Each covers services, of which nothing is told then.
            var whole = random.Next(4) switch { < 2 => SimKind.HostDown, 2 => SimKind.SwitchDown, _ => SimKind.Refused };
            dice.Try(() => Alone(dice.Draw(whole), wave));
            for (var i = 1; i < InAWave; i++)
            {
                dice.Try(() => Alone(dice.Draw(InWaves[random.Next(InWaves.Length)]), wave));
            }
        }

        dice.Try(() => SimDice.At(dice.Draw(random.Next(3) > 0 ? SimKind.PostsStop : SimKind.PostsAtLast) with { What = SimSpec.Posted }, begins + Minutes(1, 6), Minutes(13, 22)));
    }

    // Three of four last longer than it may take until they are told.
    private SimFault Alone(SimFault fault, TimeSpan wave)
    {
        var bound = new SimTruth(company).Bound(fault.What, fault.Kind);
        return SimDice.At(fault, begins + wave + Minutes(0, 3), random.Next(4) > 0 ? bound + Minutes(0.05, 2) : bound * random.NextDouble());
    }

    private void Tangle()
    {
        var (first, second) = (begins + First, begins + Second);
        List<SimFault> targets = [];
        for (var i = 0; i < InATangle; i++)
        {
            var kind = Next(Targets);
            dice.Try(() => kind == SimKind.Blip ? Lasting(kind, first - Minutes(0.5, 1.5), second) : Lasting(kind, first - Minutes(2, 7), second + Minutes(1, 16)), targets);
        }

        var near = targets.Count > 0 ? targets[random.Next(targets.Count)] : null;
        List<SimFault> desks = [];
        dice.Try(() => Desk(Next(DeskTroubles), first - Minutes(0.2, 3.5), second - Minutes(1, 3)), desks);
        dice.Try(() => Desk(Next(DeskTroubles), second - Minutes(0, 0.4), second + Minutes(0.1, 4)), desks);
        desks.Where(d => d.Kind is SimKind.DeskStall or SimKind.DeskStallAt).ToList().ForEach(Beside);

        var sites = company.Sites.OrderBy(_ => random.Next()).ToList();
        dice.Try(() => Point(Around(Next(SiteTroubles), first, second, null)) with { Site = sites[0] });
        dice.Try(() => Point(Around(Next(SiteTroubles), second, second, null)) with { Site = sites[1] });
        foreach (var kinds in new[] { Editions, Recipients, Recipients }.Concat(Enumerable.Repeat(Rest, Others)))
        {
            var kind = Next(kinds);
            dice.Try(() => Around(kind, first, second, near));
        }
    }

    // A desk that stands still does so for moments: what is as brief would seldom meet it by chance.
    private void Beside(SimFault stall)
    {
        dice.Try(() => Lasting(SimKind.Blip, stall.From - Minutes(0, 0.2), stall.Until + Minutes(0.5, 3)));
        dice.Try(() => Lasting(random.Next(2) == 0 ? SimKind.RelayAway : SimKind.Blip, stall.From - Minutes(0.1, 0.5), stall.From + Minutes(0.5, 1.5)));
    }

    // There at both instants, or at one of them if it is nothing that lasts.
    private SimFault Around(SimKind kind, TimeSpan first, TimeSpan second, SimFault? near)
    {
        var brief = kind is SimKind.SiteStall or SimKind.RelayAway;
        var at = random.Next(2) == 0 ? first : second;
        var fault = brief ? Lasting(kind, at - Minutes(0.1, 0.9), at + Minutes(0.1, 0.9)) : Lasting(kind, first - Minutes(0.6, 4), second + Minutes(0.6, 4));
        return near is null ? fault : dice.Near(fault, near);
    }

    private SimFault Desk(SimKind kind, TimeSpan from, TimeSpan until) => kind switch
    {
        SimKind.DeskStall => Lasting(kind, from, from + Minutes(0.05, 1.9)),
        _ => Point(Lasting(kind, from, until)),
    };

    // Crash points in turn; what stands still at one, only where it may.
    private SimFault Point(SimFault fault) => fault.Kind switch
    {
        SimKind.DeskCrashAt => fault with { Detail = (int)Next(DeskPoints) },
        SimKind.SiteCrashAt => fault with { Detail = (int)Next(SitePoints) },
        _ => fault,
    };

    private SimFault Lasting(SimKind kind, TimeSpan from, TimeSpan until)
    {
        var drawn = dice.Draw(kind);
        return SimDice.At(
            kind switch
            {
                SimKind.Flap => drawn with { Detail = random.Next(1, 4) * 60 },
                SimKind.SpecBusy => drawn with { Detail = random.Next(20, 60) },
                _ => drawn,
            },
            from,
            until - from);
    }

    // One of them by the block's number, evenly, and each combination of two draws of a block evenly too: multiples of irrational numbers, modulo 1.
    private T Next<T>(T[] all)
    {
        double[] steps = [Math.Sqrt(2), Math.Sqrt(3), Math.Sqrt(5), Math.Sqrt(7), Math.Sqrt(11), Math.Sqrt(13), Math.Sqrt(17), Math.Sqrt(19), Math.Sqrt(23), Math.Sqrt(29), Math.Sqrt(31), Math.Sqrt(37), Math.Sqrt(41), Math.Sqrt(43), Math.Sqrt(47), Math.Sqrt(53)];
        var lot = number * steps[turns++ % steps.Length];
        return all[(int)((lot - Math.Floor(lot)) * all.Length)];
    }

    private TimeSpan Minutes(double least, double most) => TimeSpan.FromMinutes(least + ((most - least) * random.NextDouble()));
}
