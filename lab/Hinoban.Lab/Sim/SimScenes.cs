using Hinoban.Basics;

namespace Hinoban.Lab.Sim;

/// <summary>What a script dwells on: troubles that hurt most in a certain order and at a certain distance, which chance alone would seldom hit.</summary>
internal enum SimTheme
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The specification is saved again and again while an item begins to fail.</summary>
    Reload,

    /// <summary>The desk dies in the middle of an incident, or of its mails.</summary>
    Restart,

    /// <summary>A site cannot look, and what it said last is from before.</summary>
    CannotLook,

    /// <summary>A silence ends while what it held still fails.</summary>
    SilenceEnd,

    /// <summary>The night in which clocks change, with its recurring silence.</summary>
    Night,

    /// <summary>A wall clock steps while a look is under way.</summary>
    Clock,

    /// <summary>A passive item: results at the last instant, and none.</summary>
    Posts,

    /// <summary>A site with anchors has lost every way, and nobody else is heard.</summary>
    Isolated,

    /// <summary>What all sites saw while nobody could hear them, and that is over.</summary>
    Backlog,

    /// <summary>One of two ways to a host, or both, and the host itself.</summary>
    Parents,

    /// <summary>A service fails for itself while its host is down, and after.</summary>
    Hidden,

    /// <summary>Flapping that ends.</summary>
    Flapping,

    /// <summary>The same item fails again and again.</summary>
    Again,

    /// <summary>An item leaves the specification while it fails.</summary>
    Removed,

    /// <summary>One recipient's trouble.</summary>
    Recipient,

    /// <summary>One of two desk nodes stands still over a mail.</summary>
    Stall,

    /// <summary>A way is broken, and nothing else.</summary>
    Path,

    /// <summary>A target that answers one site badly.</summary>
    OneSite,

    /// <summary>A site is gone when an item begins to fail.</summary>
    SiteGone,

    /// <summary>One failed look, whose receipts are lost.</summary>
    Receipts,
}

/// <summary>Draws the scenes of a script's theme, which follows from its seed.</summary>
internal sealed class SimScenes(Random random, SimScript company)
{
    // A prime, so that every theme meets every time zone and every sort of company.
    private const int Turn = 23;

    internal static SimTheme ThemeOf(int seed) => Enum.IsDefined((SimTheme)(seed % Turn)) ? (SimTheme)(seed % Turn) : SimTheme.None;

    /// <summary>The seeds of one theme in turn.</summary>
    internal static int SeedOf(SimTheme theme, int from, int number) => from + ((((int)theme - from) % Turn + Turn) % Turn) + (Turn * number);

    /// <summary>One scene that begins about then.</summary>
    internal IReadOnlyList<SimFault> Draw(TimeSpan at) => company.Theme switch
    {
        SimTheme.Reload => Reload(at, Item(5)),
        SimTheme.Restart => Restart(at, Item(5)),
        SimTheme.CannotLook => random.Next(2) == 0 ? AskedInVain(at, Item(15, 10), Site()) : SaidBefore(at, Item(5), Site()),
        SimTheme.SilenceEnd => SilenceEnd(at, Item(5)),
        SimTheme.Night => Night(),
        SimTheme.Clock => Clock(at, Item(5)),
        SimTheme.Posts => [Scene(SimKind.PostsAtLast, SimSpec.Posted, at, Minutes(30, 60)), Scene(SimKind.PostsStop, SimSpec.Posted, at + Minutes(65, 70), Minutes(15, 40))],
        SimTheme.Isolated => Isolated(at, Site()),
        SimTheme.Backlog => Backlog(at, Item(3)),
        SimTheme.Parents => Parents(at),
        SimTheme.Hidden => Hidden(at, Item(15, 5)),
        SimTheme.Flapping => Flapping(at, Item(3)),
        SimTheme.Again => Again(at, Item(3)),
        SimTheme.Removed => Removed(at, Item(5)),
        SimTheme.Recipient => Recipient(at, Item(5)),
        SimTheme.Stall => Stall(at, Item(5)),
        SimTheme.Path => [Scene(random.Next(2) == 0 ? SimKind.PathCut : SimKind.PathRefused, Of(SimSpec.Hosts), at, Minutes(12, 40), Site())],
        SimTheme.OneSite => [Scene(SimKind.BadAnswer, Item(5), at, Minutes(20, 40), Site(), 2)],
        SimTheme.SiteGone => [Scene(random.Next(2) == 0 ? SimKind.LineCut : SimKind.SiteCrash, "", at, Minutes(30, 40), Site()), Fails(Item(5), at + Minutes(1, 4), Minutes(20, 25))],
        SimTheme.Receipts => Receipts(at, Item(5)),
        SimTheme.None => [],
    };

    private SimFault[] Reload(TimeSpan at, string item) =>
        [Scene(SimKind.SpecBusy, "", at, Minutes(5, 9), "", random.Next(4, 20)), Fails(item, at + Minutes(0.2, 1), Minutes(25, 40))];

    private SimFault[] Restart(TimeSpan at, string item)
    {
        var lasts = Minutes(12, 25);
        var fails = Fails(item, at, lasts);
        return random.Next(4) switch
        {
            0 => [fails, Scene(SimKind.DeskCrash, "", at + Minutes(5, 9), Minutes(0.5, 5))],
            1 => [fails, Scene(SimKind.DeskCrash, "", at + lasts - Minutes(0.5, 2), Minutes(2, 6))],
            2 => [fails, Scene(SimKind.DeskCrashAt, "", at, Minutes(9, 11), "", random.Next((int)Milestone.BatchBeforeCommit, (int)Milestone.StepStarted)) with { Cue = SimCue.Alert }],
            _ => [fails, Scene(SimKind.DeskCrashAt, "", at + lasts, Minutes(9, 11), "", random.Next((int)Milestone.BatchBeforeCommit, (int)Milestone.StepStarted)) with { Cue = SimCue.Recovery }],
        };
    }

    private SimFault[] AskedInVain(TimeSpan at, string item, string site) =>
        [Scene(SimKind.SiteNoLooks, "", at, Minutes(55, 65), site), Fails(item, at + Minutes(0.1, 2), Minutes(40, 50))];

    // The target answers both badly, and works again while one of them cannot see it.
    private SimFault[] SaidBefore(TimeSpan at, string item, string site) =>
        [Scene(SimKind.BadAnswer, item, at, Minutes(12, 15), "", 2), Scene(SimKind.SiteNoLooks, "", at + Minutes(8, 11), Minutes(45, 55), site)];

    private SimFault[] SilenceEnd(TimeSpan at, string item)
    {
        var held = Minutes(12, 25);
        var silence = random.Next(2) == 0 ? Scene(SimKind.Mute, item, at, held, "", random.Next(0, 2)) : Scene(SimKind.SpecSilence, item, at, held, "", random.Next(0, 2) * 4);
        return [silence, Fails(item, at + Minutes(2, 6), held + Minutes(20, 30))];
    }

    // The start is three quarters of an hour before the silence.
    private SimFault[] Night() => [Fails(SimSpec.Nightly, Minutes(25, 70), Minutes(60, 110))];

    private SimFault[] Clock(TimeSpan at, string item) =>
    [
        Scene(random.Next(2) == 0 ? SimKind.BlackHole : SimKind.Slow, item, at, Minutes(12, 25)),
        Scene(SimKind.WallStep, Site(), at, Minutes(50, 60), "", random.Next(2) == 0 ? 3600 : -3600) with { Cue = SimCue.Look, CueItem = item },
    ];

    private SimFault[] Isolated(TimeSpan at, string site) =>
    [
        .. company.Sites.Where(s => s != site).Select(s => Scene(SimKind.LineCut, "", at, Minutes(26, 30), s)),
        Scene(SimKind.PathCut, "*", at + Minutes(0.2, 1), Minutes(18, 22), site),
    ];

    // The last look before the lines are back, and only that, has seen it work again.
    private SimFault[] Backlog(TimeSpan at, string item)
    {
        var (lasts, begins) = (Minutes(22, 30), Minutes(1, 12));
        return
        [
            .. company.Sites.Select(s => Scene(SimKind.LineCut, "", at, lasts, s)),
            Scene(SimKind.Refused, item, at + begins, lasts - begins - (company.IntervalOf(item) * (1 + (random.NextDouble() / 4)))),
        ];
    }

    private SimFault[] Parents(TimeSpan at)
    {
        var lasts = Minutes(25, 40);
        SimFault[] first = [Scene(SimKind.SwitchDown, Of(SimSpec.Switches), at, lasts)];
        return random.Next(3) switch
        {
            0 => [Scene(SimKind.SwitchDown, "sw1", at, lasts), Scene(SimKind.SwitchDown, "sw2", at + Minutes(0, 2), lasts)],
            1 => [.. first, Scene(SimKind.HostDown, Of("h3", "h4", "h5"), at + Minutes(2, 8), Minutes(20, 40))],
            _ => [.. first, Scene(SimKind.HostDown, "h5", at + Minutes(5, 9), Minutes(20, 40))],
        };
    }

    private SimFault[] Hidden(TimeSpan at, string item)
    {
        var down = Minutes(8, 15);
        return [Scene(SimKind.HostDown, SimSpec.HostOf(item), at, down), Fails(item, at + Minutes(1, 5), down + Minutes(12, 20))];
    }

    private SimFault[] Flapping(TimeSpan at, string item) =>
        [Scene(SimKind.Flap, item, at, Minutes(40, 75), "", (int)(company.IntervalOf(item).TotalSeconds * (1 + random.NextDouble())))];

    private SimFault[] Again(TimeSpan at, string item)
    {
        var turn = (company.IntervalOf(item) * 2) + TimeSpan.FromMinutes(4);
        return [.. Enumerable.Range(0, 3).Select(i => Fails(item, at + (turn * 2 * i), turn))];
    }

    private SimFault[] Removed(TimeSpan at, string item) =>
        [Fails(item, at, Minutes(30, 40)), Scene(SimKind.SpecRemove, item, at + Minutes(9, 15), Minutes(5, 40))];

    private SimFault[] Recipient(TimeSpan at, string item)
    {
        var (fails, member) = (Fails(item, at, Minutes(22, 35)), Of(SimSpec.Members));
        return random.Next(2) == 0
            ? [fails, Scene(SimKind.RelayLater, member, at - Minutes(0.2, 1), Minutes(36, 40))]
            : [fails, Scene(Of(SimKind.RelayLosesSilently, SimKind.RelayTakesSilently, SimKind.RelayBreak), member, at, Minutes(15, 20), "", random.Next(1, 4))];
    }

    private SimFault[] Stall(TimeSpan at, string item) =>
    [
        Fails(item, at, Minutes(12, 20)),
        Scene(SimKind.DeskStallAt, "", at, Minutes(10, 11), "", (random.Next(40, 110) * 100) + (int)Of(Milestone.DeliveryMarked, Milestone.MailDotSent, Milestone.MailAccepted)),
    ];

    private SimFault[] Receipts(TimeSpan at, string item) =>
    [
        Scene(SimKind.Blip, item, at, Minutes(20, 21), "", random.Next(80, 120)),
        .. company.Sites.Select(s => Scene(SimKind.LineOneWay, "", at, Minutes(22, 23), s, 2) with { Cue = SimCue.Look, CueItem = item }),
    ];

    private SimFault Fails(string item, TimeSpan from, TimeSpan lasts) => random.Next(4) switch
    {
        0 => Scene(SimKind.Refused, item, from, lasts),
        1 => Scene(SimKind.BlackHole, item, from, lasts),
        2 => Scene(SimKind.Dns, item, from, lasts),
        _ => Scene(SimKind.BadAnswer, item, from, lasts, "", 2),
    };

    private static SimFault Scene(SimKind kind, string what, TimeSpan from, TimeSpan lasts, string site = "", int detail = 0) =>
        SimDice.At(new SimFault(0, kind, what, site, default, default, detail), from, lasts);

    // A service that is looked at so often; whichever, where there is none.
    private string Item(int most, int least = 1)
    {
        string[] all = [.. SimSpec.Services.Where(s => s != SimSpec.Nightly)];
        string[] fit = [.. all.Where(s => company.IntervalOf(s) >= TimeSpan.FromMinutes(least) && company.IntervalOf(s) <= TimeSpan.FromMinutes(most))];
        return Of(fit.Length > 0 ? fit : all);
    }

    private string Site() => Of([.. company.Sites]);

    private TimeSpan Minutes(double least, double most) => TimeSpan.FromMinutes(least + ((most - least) * random.NextDouble()));

    private T Of<T>(params T[] some) => some[random.Next(some.Length)];
}
