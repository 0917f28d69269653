using System.Globalization;
using Hinoban.Specs;

namespace Hinoban.Lab.Sim;

/// <summary>What goes wrong.</summary>
internal enum SimKind
{
    /// <summary>Target: a service's port is closed.</summary>
    Refused,

    /// <summary>Target: a service does not answer at all.</summary>
    BlackHole,

    /// <summary>Target: a service answers, too late.</summary>
    Slow,

    /// <summary>Target: its name is not known.</summary>
    Dns,

    /// <summary>Target: a service itself says that it is not well, to everybody or to one site only.</summary>
    BadAnswer,

    /// <summary>Target: a service fails the next look at it, and is well again before a second one.</summary>
    Blip,

    /// <summary>Target: a whole host does not answer.</summary>
    HostDown,

    /// <summary>Target: a switch does not answer, nor does what can only be reached over it.</summary>
    SwitchDown,

    /// <summary>Target: a service's port is closed and opened again, by turns.</summary>
    Flap,

    /// <summary>One site's way to a host, or to all hosts, loses everything.</summary>
    PathCut,

    /// <summary>One site's way to a host, or to all hosts, refuses.</summary>
    PathRefused,

    /// <summary>A site's line to the desk is cut in both directions.</summary>
    LineCut,

    /// <summary>A site's line to the desk is cut in one direction.</summary>
    LineOneWay,

    /// <summary>A site's line to the desk takes long.</summary>
    LineSlow,

    /// <summary>The desk's process is killed at once, and started again at the end.</summary>
    DeskCrash,

    /// <summary>The desk's process is killed where it passes a milestone.</summary>
    DeskCrashAt,

    /// <summary>The desk's process is killed after some of its steps, between two awaits.</summary>
    DeskCrashStep,

    /// <summary>The desk's process stands still, as one whose machine is suspended.</summary>
    DeskStall,

    /// <summary>The desk's process stands still where it passes a milestone.</summary>
    DeskStallAt,

    /// <summary>The desk's disk takes nothing: it is full, or read-only.</summary>
    DeskDisk,

    /// <summary>Every write of the desk takes long.</summary>
    DeskSlowDisk,

    /// <summary>A site's process is killed at once, and started again at the end.</summary>
    SiteCrash,

    /// <summary>A site's process is killed where it passes a milestone.</summary>
    SiteCrashAt,

    /// <summary>A site's process is killed after some of its steps, between two awaits.</summary>
    SiteCrashStep,

    /// <summary>A site's process stands still.</summary>
    SiteStall,

    /// <summary>A site's disk takes nothing.</summary>
    SiteDisk,

    /// <summary>A site's process runs and speaks, but cannot look: it has no sockets left.</summary>
    SiteNoLooks,

    /// <summary>The relay gives no line.</summary>
    RelayAway,

    /// <summary>The relay answers 4xx for one recipient.</summary>
    RelayLater,

    /// <summary>The relay answers 5xx for one recipient.</summary>
    RelayNever,

    /// <summary>Lines break before the dot of a mail for one recipient.</summary>
    RelayBreak,

    /// <summary>The relay takes a mail for one recipient, and the line breaks before it says so.</summary>
    RelayTakesSilently,

    /// <summary>The relay does not take a mail for one recipient, and the line breaks after the dot.</summary>
    RelayLosesSilently,

    /// <summary>The wall clock of one node is stepped by an hour, and back at the end.</summary>
    WallStep,

    /// <summary>The specification gets an item more, until the end.</summary>
    SpecAdd,

    /// <summary>The specification loses an item, until the end.</summary>
    SpecRemove,

    /// <summary>An item is specified otherwise, until the end.</summary>
    SpecChange,

    /// <summary>Somebody saves the specification again and again, with nothing changed but its edition.</summary>
    SpecBusy,

    /// <summary>The specification gets a silence (mute, stop, known or wait), which ends by its clock or with the next edition.</summary>
    SpecSilence,

    /// <summary>A person mutes an item or a host.</summary>
    Mute,

    /// <summary>The customer's program posts nothing.</summary>
    PostsStop,

    /// <summary>The customer's program posts each time at the last instant at which that is in time.</summary>
    PostsAtLast,
}

/// <summary>By what hosts that fail together are told together.</summary>
internal enum SimGroups
{
    /// <summary>All hosts and switches have addresses of one network.</summary>
    Network,

    /// <summary>Four hosts stand at one vendor's, each in a network of its own.</summary>
    Vendor,

    /// <summary>Nothing: each in a network of its own.</summary>
    None,
}

/// <summary>What a fault waits for before it begins.</summary>
internal enum SimCue
{
    /// <summary>Nothing: it begins at its time.</summary>
    None,

    /// <summary>The next look (of its site, if it is one site's) that finds a certain item broken.</summary>
    Look,

    /// <summary>The next alert that is decided.</summary>
    Alert,

    /// <summary>The next recovery that is decided.</summary>
    Recovery,
}

/// <summary>One thing that goes wrong for a while: <see cref="What"/> is a target, a recipient or a node; <see cref="Site"/> whose, where it is one site's.</summary>
internal sealed record SimFault(int Number, SimKind Kind, string What, string Site, TimeSpan From, TimeSpan Until, int Detail)
{
    /// <summary>From its beginning on it waits for this; not at all if it does not come until the end.</summary>
    internal SimCue Cue { get; init; }

    /// <summary>The item whose look it waits for.</summary>
    internal string CueItem { get; init; } = "";

    /// <summary>What is the company's own trouble, and no person's doing.</summary>
    internal bool MayBeCued => !IsTarget && !IsSpec && !IsPosts && Silences is null;

    internal bool IsTarget => Kind <= SimKind.Flap;

    internal bool IsDesks => Kind is >= SimKind.DeskCrash and <= SimKind.DeskSlowDisk;

    internal bool IsDeskAway => Kind is >= SimKind.DeskCrash and <= SimKind.DeskDisk;

    internal bool IsSites => Kind is >= SimKind.SiteCrash and <= SimKind.SiteNoLooks;

    internal bool IsPosts => Kind is SimKind.PostsStop or SimKind.PostsAtLast;

    /// <summary>The site's process does not run, or stands still.</summary>
    internal bool IsSiteAway => Kind is >= SimKind.SiteCrash and <= SimKind.SiteStall;

    internal bool IsSpec => Kind is >= SimKind.SpecAdd and <= SimKind.SpecBusy;

    internal SilenceKind? Silences => Kind == SimKind.Mute ? SilenceKind.Mute : Kind != SimKind.SpecSilence ? null : (Detail % 4) switch
    {
        0 => SilenceKind.Mute,
        1 => SilenceKind.Stop,
        2 => SilenceKind.Known,
        _ => SilenceKind.Wait,
    };

    internal SimSpan Span => new(From, Until);

    /// <summary>When it is really broken: all the time, or by turns.</summary>
    internal IEnumerable<SimSpan> Phases
    {
        get
        {
            if (Kind is not (SimKind.Flap or SimKind.SpecBusy))
            {
                yield return Span;
                yield break;
            }

            var turn = TimeSpan.FromSeconds(Kind == SimKind.Flap ? Detail : Detail * 0.5);
            for (var from = From; from < Until; from += turn + turn)
            {
                yield return new SimSpan(from, from + turn < Until ? from + turn : Until);
            }
        }
    }

    /// <summary>What can only be in one trouble at a time.</summary>
    internal string Resource => Kind switch
    {
        <= SimKind.Flap => $"target {What}",
        SimKind.PathCut or SimKind.PathRefused => $"path {Site} {What}",
        SimKind.LineCut or SimKind.LineOneWay or SimKind.LineSlow => $"line {Site}",
        _ when IsDesks => "desk",
        _ when IsSites => $"site {Site}",
        SimKind.RelayAway => "relay",
        SimKind.WallStep => $"clock {What}",
        SimKind.SpecSilence or SimKind.Mute => $"silence {What}",
        _ when IsSpec => "specification",
        _ when IsPosts => "posts",
        _ => $"recipient {What}",
    };

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"#{Number,-3} {Clock(From)} – {Clock(Until)}  {Kind} {What}{(Site.Length > 0 ? $" at {Site}" : "")}{(Detail != 0 ? $" ({Detail})" : "")}{(Cue == SimCue.None ? "" : $" at the next {Cue} {CueItem}")}");

    private static string Clock(TimeSpan at) => $"{(int)at.TotalDays}d {at:hh\\:mm\\:ss\\.f}";
}

/// <summary>
/// A whole simulated stretch of time: what the company looks like and what goes wrong in it. A value: the same script is the same run. Intervals, time zone, date
/// and anchors follow from the seed.
/// </summary>
internal sealed record SimScript(int Seed, TimeSpan Length, IReadOnlyList<string> Sites, IReadOnlyList<SimFault> Faults)
{
    private static readonly int[] HostMinutes = [3, 5, 5, 10];
    private static readonly int[] ServiceMinutes = [1, 3, 3, 3, 5, 5, 5, 10, 10, 10, 10, 10, 15, 15, 15, 15];

    // The default of a specification is the majority of what is packed.
    private static readonly int[] PackedHostMinutes = [3, 3, 3, 5];
    private static readonly int[] PackedServiceMinutes = [1, 3, 3, 3, 3, 3, 3, 5, 5, 10];

    // Where clocks change, from a day before the change, and from three quarters of an hour before the nightly silence of that night.
    private static readonly (string Zone, DateTimeOffset Start, DateTimeOffset Night)[] Places =
    [
        ("Asia/Tokyo", new DateTimeOffset(2026, 4, 14, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 4, 14, 15, 45, 0, TimeSpan.Zero)),
        ("Europe/Berlin", new DateTimeOffset(2026, 10, 24, 12, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 10, 24, 22, 45, 0, TimeSpan.Zero)),
        ("Europe/Berlin", new DateTimeOffset(2026, 3, 28, 12, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 28, 23, 45, 0, TimeSpan.Zero)),
        ("America/New_York", new DateTimeOffset(2026, 10, 31, 18, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 1, 4, 45, 0, TimeSpan.Zero)),
        ("America/New_York", new DateTimeOffset(2026, 3, 7, 18, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 8, 5, 45, 0, TimeSpan.Zero)),
    ];

    /// <summary>The faults of many days are dealt into it, and calm hours left out.</summary>
    internal bool Packed { get; init; }

    /// <summary>A program of the customer posts to an item.</summary>
    internal bool HasPosts => Packed || Theme == SimTheme.Posts;

    internal double SiteDays => Length.TotalDays * Sites.Count;

    internal string Zone => Places[Seed % Places.Length].Zone;

    internal DateTimeOffset Start => Theme == SimTheme.Night ? Places[Seed % Places.Length].Night : Places[Seed % Places.Length].Start;

    /// <summary>What it dwells on.</summary>
    internal SimTheme Theme => SimScenes.ThemeOf(Seed);

    /// <summary>Its sites have anchors, which go by the same way as everything else.</summary>
    internal bool Anchored => Seed % 3 == 0 || Theme == SimTheme.Isolated;

    /// <summary>Two machines share the desk's database.</summary>
    internal bool Paired => Seed % 4 == 2 || Theme == SimTheme.Stall;

    /// <summary>What hosts have in common: a network, a vendor, or nothing.</summary>
    internal SimGroups Groups => (SimGroups)(Seed / 2 % 3);

    internal TimeSpan IntervalOf(string item)
    {
        var known = (SimSpec.IsHost(item), Packed) switch
        {
            (true, false) => HostMinutes,
            (true, true) => PackedHostMinutes,
            (false, false) => ServiceMinutes,
            _ => PackedServiceMinutes,
        };
        var lot = unchecked((uint)((Seed * 7919) + (SimSpec.NumberOf(item) * 104_729)) * 2_654_435_761u) >> 12;
        return TimeSpan.FromMinutes(known[lot % known.Length]);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {Seed}, {Length.TotalHours:0.#} h from {Start:yyyy-MM-dd HH:mm}Z in {Zone}, sites {string.Join(", ", Sites)}{(Anchored ? " with anchors" : "")}{(Paired ? ", two desk nodes" : "")}{(Theme == SimTheme.None ? "" : $", theme {Theme}")}{(Packed ? ", calm hours left out" : "")}, hosts share {(Groups == SimGroups.None ? "nothing" : Groups == SimGroups.Network ? "a network" : "a vendor")}\n{string.Join('\n', Faults)}");
}
