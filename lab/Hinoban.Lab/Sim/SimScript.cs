using System.Globalization;

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

    /// <summary>Target: a service itself says that it is not well.</summary>
    BadAnswer,

    /// <summary>Target: a whole host does not answer.</summary>
    HostDown,

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

    /// <summary>A site's process is killed at once, and started again at the end.</summary>
    SiteCrash,

    /// <summary>A site's process is killed where it passes a milestone.</summary>
    SiteCrashAt,

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
}

/// <summary>One thing that goes wrong for a while: <see cref="What"/> is a target, a recipient or a node; <see cref="Site"/> whose, where it is one site's.</summary>
internal sealed record SimFault(int Number, SimKind Kind, string What, string Site, TimeSpan From, TimeSpan Until, int Detail)
{
    internal bool IsTarget => Kind <= SimKind.HostDown;

    internal SimSpan Span => new(From, Until);

    /// <summary>What can only be in one trouble at a time.</summary>
    internal string Resource => Kind switch
    {
        <= SimKind.HostDown => $"target {What}",
        SimKind.PathCut or SimKind.PathRefused => $"path {Site} {What}",
        SimKind.LineCut or SimKind.LineOneWay or SimKind.LineSlow => $"line {Site}",
        SimKind.DeskCrash or SimKind.DeskCrashAt => "desk",
        SimKind.SiteCrash or SimKind.SiteCrashAt => $"site {Site}",
        SimKind.RelayAway => "relay",
        SimKind.WallStep => $"clock {What}",
        SimKind.SpecAdd or SimKind.SpecRemove or SimKind.SpecChange => "specification",
        _ => $"recipient {What}",
    };

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"#{Number,-3} {Clock(From)} – {Clock(Until)}  {Kind} {What}{(Site.Length > 0 ? $" at {Site}" : "")}{(Detail != 0 ? $" ({Detail})" : "")}");

    private static string Clock(TimeSpan at) => $"{(int)at.TotalDays}d {at:hh\\:mm\\:ss\\.f}";
}

/// <summary>A whole simulated stretch of time: what the company looks like and what goes wrong in it. A value: the same script is the same run.</summary>
internal sealed record SimScript(int Seed, TimeSpan Length, IReadOnlyList<string> Sites, TimeSpan Interval, IReadOnlyList<SimFault> Faults)
{
    internal double SiteDays => Length.TotalDays * Sites.Count;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {Seed}, {Length.TotalHours:0.#} h, sites {string.Join(", ", Sites)}, interval {Interval.TotalSeconds:0} s\n{string.Join('\n', Faults)}");
}
