using Hinoban.Basics;

namespace Hinoban.Lab.Sim;

/// <summary>
/// Draws a script from a seed. Every day has at least four target faults and one fault of the company; and so that every two kinds meet equally often,
/// pairs of kinds are dealt in turn, the second of a pair beginning while the first lasts.
/// </summary>
internal sealed class SimDice
{
    /// <summary>At the end nothing is wrong for this long: everything owed must have been done by then.</summary>
    internal static readonly TimeSpan Calm = TimeSpan.FromHours(1.5);

    private const int PairsADay = 6;
    private const int ScenesADay = 2;

    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(15);

    // Between two troubles of the same thing.
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(30);

    private static readonly SimKind[] Targets = [.. Enum.GetValues<SimKind>().Where(k => k <= SimKind.Flap && k != SimKind.Blip)];
    private static readonly SimKind[] Infrastructure = [.. Enum.GetValues<SimKind>().Where(k => k is > SimKind.Flap and < SimKind.PostsStop)];

    private readonly Random random;
    private readonly int seed;
    private readonly bool packed;
    private readonly List<SimFault> faults = [];
    private readonly List<string> sites;
    private readonly TimeSpan ends;

    private SimDice(int seed, double days, bool packed)
    {
        (this.seed, this.packed) = (seed, packed);
        random = new Random(seed);
        sites = random.Next(4) == 0 ? ["tokyo", "osaka", "nagoya"] : ["tokyo", "osaka"];
        ends = TimeSpan.FromDays(days) - Calm;
    }

    /// <summary>Every two kinds that can be at the same time.</summary>
    internal static IReadOnlyList<(SimKind First, SimKind Second)> Pairs { get; } =
        [.. from a in Enum.GetValues<SimKind>() from b in Enum.GetValues<SimKind>() where a <= b && b < SimKind.PostsStop && CanMeet(a, b) select (a, b)];

    /// <param name="seed">The same seed, the same script.</param>
    /// <param name="days">Of virtual time.</param>
    /// <param name="density">1: an eventful day. More: as many such days' troubles in one day.</param>
    internal static SimScript Script(int seed, double days, int density = 1)
    {
        var dice = new SimDice(seed, days, packed: false);
        var whole = (int)Math.Ceiling(days);
        for (var day = 0; day < whole; day++)
        {
            dice.Day(day, whole, density);
        }

        return dice.Whole(days);
    }

    /// <summary>The faults of many days, calm hours left out.</summary>
    internal static SimScript Packed(int seed, double days)
    {
        var dice = new SimDice(seed, days, packed: true);
        SimPacked.Deal(dice, dice.Company, WarmUp, dice.ends);
        return dice.Whole(days);
    }

    internal Random Random => random;

    private SimScript Company => new(seed, default, sites, []) { Packed = packed };

    private SimScript Whole(double days) => Company with { Length = TimeSpan.FromDays(days), Faults = [.. faults.OrderBy(f => f.From).Select((f, i) => f with { Number = i + 1 })] };

    private static bool CanMeet(SimKind a, SimKind b)
    {
        static string Only(SimKind k) => new SimFault(0, k, "", "", default, default, 0) switch
        {
            { IsDesks: true } => "desk",
            { IsSpec: true } => "specification",
            { Kind: SimKind.RelayAway } => "relay",
            _ => $"{k}",
        };
        return a != b ? Only(a) != Only(b) : Only(a) == $"{a}";
    }

    private void Day(int day, int days, int density)
    {
        // A third of the day's length at most: a short script is not fuller than a whole day.
        var share = Math.Min(1, (ends - TimeSpan.FromDays(day)).TotalDays + 0.1);
        for (var i = 0; i < (int)Math.Ceiling(ScenesADay * density * share); i++)
        {
            Scene(day);
        }

        var count = (int)Math.Ceiling(PairsADay * density * share);
        for (var i = 0; i < count; i++)
        {
            Pair(day, Pairs[(int)(((((long)seed * days) + day) * PairsADay * density + i) * 7919 % Pairs.Count)]);
        }

        if (random.Next(3) == 0)
        {
            Storm(day);
        }

        if (random.Next(3) == 0)
        {
            Try(() => At(Fault(Targets[random.Next(4)], SimSpec.Nightly), Night(day), Lasts(600, 120 * 60)));
        }

        for (var i = 0; i < 100 && faults.Count(f => f.IsTarget && (int)f.From.TotalDays == day) < 4 * density; i++)
        {
            Try(() => At(Draw(Targets[random.Next(Targets.Length)]), Instant(day), LastsOf(SimKind.Refused)));
        }

        for (var i = 0; i < 100 && !faults.Exists(f => !f.IsTarget && (int)f.From.TotalDays == day); i++)
        {
            var kind = Infrastructure[random.Next(Infrastructure.Length)];
            Try(() => At(Draw(kind), Instant(day), LastsOf(kind)));
        }
    }

    // What the script dwells on, in full or not at all.
    private void Scene(int day) => Scene(Later(TimeSpan.FromDays(day), WarmUp), TimeSpan.FromDays(day + 1) < ends ? TimeSpan.FromDays(day + 1) : ends);

    /// <summary>A scene of the seed's theme that begins about then; false if there is no room for it.</summary>
    internal bool Scene(TimeSpan first, TimeSpan last)
    {
        var scenes = new SimScenes(random, Company);
        for (var i = 0; i < 30; i++)
        {
            var before = faults.Count;
            var scene = scenes.Draw(first + ((last - first) * random.NextDouble()));
            if (scene.All(fault => Add(fault)))
            {
                return scene.Count > 0;
            }

            faults.RemoveRange(before, faults.Count - before);
        }

        return false;
    }

    private bool Add(SimFault fault)
    {
        var fits = Fits(fault);
        if (fits)
        {
            faults.Add(fault);
        }

        return fits;
    }

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    // Most hosts go within half a minute, for as long as one of them or each for itself.
    private void Storm(int day)
    {
        var (from, lasts) = (Instant(day), Lasts(60, 40 * 60));
        foreach (var host in SimSpec.Hosts.Where(_ => random.Next(5) > 0))
        {
            Try(() => At(Fault(SimKind.HostDown, host), from + TimeSpan.FromSeconds(random.Next(0, 300) / 10.0), random.Next(2) == 0 ? lasts : Lasts(60, 60 * 60)));
        }
    }

    private void Pair(int day, (SimKind First, SimKind Second) pair)
    {
        // Either may be there first.
        pair = random.Next(2) == 0 ? pair : (pair.Second, pair.First);
        for (var i = 0; i < 30; i++)
        {
            var first = At(Draw(pair.First), Instant(day), LastsOf(pair.First));
            var second = Near(Draw(pair.Second), first);
            second = Cued(At(second, first.From + (first.Span.Length * random.NextDouble()), LastsOf(pair.Second)), first);
            if (Fits(first) && Fits(second) && first.Resource != second.Resource)
            {
                faults.Add(first);
                faults.Add(second);
                return;
            }
        }
    }

    // What hurts most comes with a look that fails, or while a notice is being told.
    private SimFault Cued(SimFault second, SimFault first) => !second.MayBeCued ? second : random.Next(6) switch
    {
        0 or 1 when first.IsTarget && first.Kind != SimKind.SwitchDown => second with { Cue = SimCue.Look, CueItem = first.What, From = first.From },
        2 => second with { Cue = SimCue.Alert },
        3 => second with { Cue = SimCue.Recovery },
        _ => second,
    };

    // What bears on the same item or node finds more than what has nothing to do with it.
    internal SimFault Near(SimFault second, SimFault first)
    {
        if (random.Next(2) == 0 || first.Kind == SimKind.SwitchDown)
        {
            return second;
        }

        if (!first.IsTarget)
        {
            return (first.Site.Length > 0 && second.Site.Length > 0) ? second with { Site = first.Site }
                : first.Site.Length > 0 && second.Kind == SimKind.WallStep ? second with { What = first.Site }
                : second;
        }

        var host = SimSpec.HostOf(first.What);
        return second.Kind switch
        {
            SimKind.PathCut or SimKind.PathRefused or SimKind.HostDown => second with { What = host },
            SimKind.SpecRemove when first.Kind != SimKind.HostDown && first.What != SimSpec.Nightly => second with { What = first.What },
            SimKind.SpecSilence or SimKind.Mute when first.What != SimSpec.Nightly => second with { What = first.What },
            SimKind.SpecChange => second with { What = $"{host}/web" },
            < SimKind.HostDown when first.Kind == SimKind.HostDown => second with { What = host + second.What[2..] },
            _ => second,
        };
    }

    /// <summary>Draws until it has room, and keeps it.</summary>
    internal void Try(Func<SimFault> draw, List<SimFault>? kept = null)
    {
        for (var i = 0; i < 30; i++)
        {
            var fault = draw();
            if (Fits(fault))
            {
                faults.Add(fault);
                kept?.Add(fault);
                return;
            }
        }
    }

    private bool Fits(SimFault fault)
    {
        var wide = new SimSpan(fault.From - Gap, fault.Until + Gap);
        return fault.From >= WarmUp && fault.Until <= ends && fault.Span.Length > TimeSpan.Zero
            && !faults.Exists(f => f.Resource == fault.Resource && f.Span.Meets(wide));
    }

    internal SimFault Draw(SimKind kind) => kind switch
    {
        SimKind.HostDown => Fault(kind, Of(SimSpec.Hosts)),
        SimKind.SwitchDown => Fault(kind, Of(SimSpec.Switches)),
        SimKind.BadAnswer => Fault(kind, Of(SimSpec.Services), random.Next(4) == 0 ? Site() : "", random.Next(1, 4)),
        SimKind.Flap => Fault(kind, Of(SimSpec.Services), detail: random.Next(3, 13) * 60),
        SimKind.Blip => Fault(kind, Of(SimSpec.Services), detail: random.Next(20, 120)),
        < SimKind.HostDown => Fault(kind, Of(SimSpec.Services)),
        SimKind.PathCut or SimKind.PathRefused => Fault(kind, random.Next(2) == 0 ? "*" : Of(SimSpec.Hosts), Site()),
        SimKind.LineCut or SimKind.SiteCrash or SimKind.SiteStall or SimKind.SiteNoLooks => Fault(kind, "", Site()),
        SimKind.LineOneWay or SimKind.SiteDisk => Fault(kind, "", Site(), random.Next(1, 3)),
        SimKind.LineSlow => Fault(kind, "", Site(), random.Next(100, 9000)),
        SimKind.DeskCrashAt => Fault(kind, "", "", random.Next((int)Milestone.BatchArrived, (int)Milestone.StepStarted)),
        SimKind.SiteCrashAt => Fault(kind, "", Site(), random.Next((int)Milestone.LookEnded, (int)Milestone.BatchArrived)),
        SimKind.DeskCrashStep => Fault(kind, "", "", random.Next(1, 200)),
        SimKind.SiteCrashStep => Fault(kind, "", Site(), random.Next(1, 200)),
        SimKind.DeskStallAt => Fault(kind, "", "", (random.Next(1, 121) * 100) + random.Next((int)Milestone.BatchArrived, (int)Milestone.StepStarted)),
        SimKind.DeskDisk => Fault(kind, "", "", random.Next(1, 3)),
        SimKind.DeskSlowDisk => Fault(kind, "", "", random.Next(20, 1000)),
        SimKind.RelayLater or SimKind.RelayNever => Fault(kind, Of(SimSpec.Members)),
        SimKind.RelayBreak or SimKind.RelayTakesSilently or SimKind.RelayLosesSilently => Fault(kind, Of(SimSpec.Members), "", random.Next(1, 4)),
        SimKind.WallStep => Fault(kind, random.Next(3) == 0 ? "desk" : Site(), "", random.Next(2) == 0 ? 3600 : -3600),
        SimKind.SpecAdd => Fault(kind, SimSpec.Added),
        SimKind.SpecRemove => Fault(kind, Of([.. SimSpec.Services.Where(s => s != SimSpec.Nightly)])),
        SimKind.SpecChange => Fault(kind, Of(SimSpec.Hosts) + "/web"),
        SimKind.SpecBusy => Fault(kind, "", "", random.Next(4, 30)),
        SimKind.SpecSilence => Fault(kind, Silenced(), "", random.Next(0, 8)),
        SimKind.Mute => Fault(kind, Silenced(), "", random.Next(0, 2)),
        _ => Fault(kind, ""),
    };

    private string Silenced() => Of([.. SimSpec.Services.Concat(SimSpec.Hosts).Where(s => s != SimSpec.Nightly)]);

    private static SimFault Fault(SimKind kind, string what, string site = "", int detail = 0) => new(0, kind, what, site, default, default, detail);

    // Tenths of a second, so that a printed script is the whole script; a silence's clock has minutes.
    internal static SimFault At(SimFault fault, TimeSpan from, TimeSpan lasts)
    {
        var grain = fault.Kind is SimKind.SpecSilence ? TimeSpan.FromMinutes(1) : TimeSpan.FromMilliseconds(100);
        var begins = Round(from, grain);
        return fault with { From = begins, Until = begins + Round(lasts, grain) };
    }

    private static TimeSpan Round(TimeSpan time, TimeSpan grain) => grain * Math.Round(time / grain);

    private TimeSpan Instant(int day) => TimeSpan.FromDays(day) + (random.NextDouble() * AtMostADay(ends - TimeSpan.FromDays(day)));

    private static TimeSpan AtMostADay(TimeSpan left) => left < TimeSpan.FromDays(1) ? left : TimeSpan.FromDays(1);

    // Around 01:30 by the customer's clock.
    private TimeSpan Night(int day)
    {
        var start = new SimScript(seed, default, [], []);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(start.Zone);
        var local = TimeZoneInfo.ConvertTime(start.Start + TimeSpan.FromDays(day), zone).TimeOfDay;
        var until = SimSpec.NightFrom - local;
        until += until < TimeSpan.Zero ? TimeSpan.FromDays(1) : TimeSpan.Zero;
        return TimeSpan.FromDays(day) + until + TimeSpan.FromMinutes(random.Next(-40, 70));
    }

    private TimeSpan LastsOf(SimKind kind) => kind switch
    {
        SimKind.Flap => Lasts(30 * 60, 150 * 60),
        SimKind.Blip => Lasts(20 * 60, 60 * 60),
        SimKind.SpecBusy => Lasts(60, 10 * 60),
        SimKind.DeskStall or SimKind.SiteStall => Lasts(1, 120),
        SimKind.DeskSlowDisk => Lasts(60, 30 * 60),
        SimKind.SpecSilence or SimKind.Mute => Lasts(5 * 60, 120 * 60),
        <= SimKind.SwitchDown => Lasts(20, 90 * 60),
        _ => Lasts(5, 60 * 60),
    };

    // Short and long ones are equally likely on a logarithmic scale.
    private TimeSpan Lasts(double atLeast, double atMost) => TimeSpan.FromSeconds(atLeast * Math.Pow(atMost / atLeast, random.NextDouble()));

    private string Site() => Of([.. sites]);

    private string Of(string[] some) => some[random.Next(some.Length)];
}
