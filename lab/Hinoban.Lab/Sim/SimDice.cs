using Hinoban.Basics;

namespace Hinoban.Lab.Sim;

/// <summary>Draws a script from a seed. Every day has at least four target faults and one infrastructure fault, two in five of which lie over a target fault.</summary>
internal sealed class SimDice
{
    /// <summary>At the end nothing is wrong for this long: everything owed must have been done by then.</summary>
    internal static readonly TimeSpan Calm = TimeSpan.FromHours(1.5);

    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(15);

    // Between two troubles of the same thing.
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(30);

    private static readonly SimKind[] Targets = [SimKind.Refused, SimKind.BlackHole, SimKind.Slow, SimKind.Dns, SimKind.BadAnswer, SimKind.HostDown];
    private static readonly SimKind[] Infrastructure = [.. Enum.GetValues<SimKind>().Where(k => k > SimKind.HostDown)];

    private readonly Random random;
    private readonly List<SimFault> faults = [];
    private readonly List<string> sites;
    private readonly TimeSpan ends;

    private readonly int density;

    private SimDice(int seed, double days, int density)
    {
        this.density = density;
        random = new Random(seed);
        sites = random.Next(4) == 0 ? ["tokyo", "osaka", "nagoya"] : ["tokyo", "osaka"];
        ends = TimeSpan.FromDays(days) - Calm;
    }

    /// <param name="seed">The same seed, the same script.</param>
    /// <param name="days">Of virtual time.</param>
    /// <param name="density">1: an eventful day. More: as many such days' troubles in one day; what a day costs to simulate hardly depends on it.</param>
    internal static SimScript Script(int seed, double days, int density = 1)
    {
        var dice = new SimDice(seed, days, density);
        int[] seconds = [180, 180, 180, 60, 300, 600];
        var interval = TimeSpan.FromSeconds(seconds[dice.random.Next(seconds.Length)]);
        for (var day = 0; day < Math.Ceiling(days); day++)
        {
            dice.Day(day);
        }

        return new SimScript(
            seed, TimeSpan.FromDays(days), dice.sites, interval, [.. dice.faults.OrderBy(f => f.From).Select((f, i) => f with { Number = i + 1 })]);
    }

    private void Day(int day)
    {
        for (var i = random.Next(4, 9) * density; i > 0; i--)
        {
            Try(() => At(Target(Targets[random.Next(Targets.Length)]), Instant(day), Lasts(20, 90 * 60)));
        }

        for (var i = random.Next(2, 6) * density; i > 0; i--)
        {
            Try(() => Other(day));
        }
    }

    private SimFault Other(int day)
    {
        var fault = Infrastructural(Infrastructure[random.Next(Infrastructure.Length)]);
        var lasts = Lasts(5, 60 * 60);
        var targets = faults.Where(f => f.IsTarget && (int)f.From.TotalDays == day).ToList();
        return random.Next(5) >= 2 || targets.Count == 0
            ? At(fault, Instant(day), lasts)
            : Over(fault, targets[random.Next(targets.Count)], lasts);
    }

    // Begins somewhere from five minutes before the target's fault to five minutes after it.
    private SimFault Over(SimFault fault, SimFault target, TimeSpan lasts)
    {
        var margin = TimeSpan.FromMinutes(5);
        var from = target.From - margin + ((target.Span.Length + margin + margin) * random.NextDouble());
        return At(fault, from, lasts);
    }

    private void Try(Func<SimFault> draw)
    {
        for (var i = 0; i < 30; i++)
        {
            var fault = draw();
            var wide = new SimSpan(fault.From - Gap, fault.Until + Gap);
            if (fault.From >= WarmUp && fault.Until <= ends && fault.Span.Length > TimeSpan.Zero
                && !faults.Exists(f => f.Resource == fault.Resource && f.Span.Meets(wide)))
            {
                faults.Add(fault);
                return;
            }
        }
    }

    private SimFault Target(SimKind kind) => kind == SimKind.HostDown
        ? Fault(kind, SimSpec.Hosts[random.Next(SimSpec.Hosts.Length)])
        : Fault(kind, SimSpec.Services[random.Next(SimSpec.Services.Length)], detail: kind == SimKind.BadAnswer ? random.Next(1, 4) : 0);

    private SimFault Infrastructural(SimKind kind) => kind switch
    {
        SimKind.PathCut or SimKind.PathRefused => Fault(kind, random.Next(2) == 0 ? "*" : SimSpec.Hosts[random.Next(SimSpec.Hosts.Length)], Site()),
        SimKind.LineCut or SimKind.SiteCrash => Fault(kind, "", Site()),
        SimKind.LineOneWay => Fault(kind, "", Site(), random.Next(1, 3)),
        SimKind.LineSlow => Fault(kind, "", Site(), random.Next(100, 9000)),
        SimKind.DeskCrashAt => Fault(kind, "", "", random.Next((int)Milestone.BatchArrived, (int)Milestone.StepStarted)),
        SimKind.SiteCrashAt => Fault(kind, "", Site(), random.Next((int)Milestone.LookEnded, (int)Milestone.BatchArrived)),
        SimKind.RelayLater or SimKind.RelayNever => Fault(kind, Recipient()),
        SimKind.RelayBreak or SimKind.RelayTakesSilently or SimKind.RelayLosesSilently => Fault(kind, Recipient(), "", random.Next(1, 4)),
        SimKind.WallStep => Fault(kind, random.Next(3) == 0 ? "desk" : Site(), "", random.Next(2) == 0 ? 3600 : -3600),
        SimKind.SpecAdd => Fault(kind, SimSpec.Added),
        SimKind.SpecRemove => Fault(kind, SimSpec.Services[random.Next(SimSpec.Services.Length)]),
        SimKind.SpecChange => Fault(kind, SimSpec.Hosts[random.Next(SimSpec.Hosts.Length)] + "/web"),
        _ => Fault(kind, ""),
    };

    private static SimFault Fault(SimKind kind, string what, string site = "", int detail = 0) => new(0, kind, what, site, default, default, detail);

    // Tenths of a second, so that a printed script is the whole script.
    private static SimFault At(SimFault fault, TimeSpan from, TimeSpan lasts)
    {
        var begins = Tenths(from);
        return fault with { From = begins, Until = begins + Tenths(lasts) };
    }

    private static TimeSpan Tenths(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Round(time.TotalMilliseconds / 100) * 100);

    private TimeSpan Instant(int day) => TimeSpan.FromDays(day + random.NextDouble());

    // Short and long ones are equally likely on a logarithmic scale.
    private TimeSpan Lasts(double atLeast, double atMost) => TimeSpan.FromSeconds(atLeast * Math.Pow(atMost / atLeast, random.NextDouble()));

    private string Site() => sites[random.Next(sites.Count)];

    private string Recipient() => SimSpec.Members[random.Next(SimSpec.Members.Length)];
}
