namespace Hinoban.Lab.Sim;

/// <summary>What was really so, as the script alone tells it: when each item was broken, and when the company itself was hindered.</summary>
internal sealed class SimTruth(SimScript script)
{
    // What it takes after its end until everything is as before: back-off of links, the relay's and a recipient's longest pause (OutboxRules), asking the relay's records.
    private static readonly TimeSpan AfterLine = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan AfterRelay = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AfterRecipient = TimeSpan.FromSeconds(360);

    private readonly Dictionary<string, SimSpans> broken = [];
    private readonly Dictionary<string, SimSpans> dark = [];

    /// <summary>How long a look speaks: 1.5 intervals and what it took, and a little for the way.</summary>
    internal TimeSpan LookSpeaks { get; } = (script.Interval * 1.5) + TimeSpan.FromSeconds(30);

    /// <summary>The target itself is broken, from wherever one looks.</summary>
    internal SimSpans Broken(string item) => Known(broken, item, () => new SimSpans(script.Faults.Where(f => f.IsTarget && BearsOn(f, item)).Select(f => f.Span)));

    /// <summary>
    /// No site can see it work: it is broken, or each site has lost its way to it, or cannot speak. Not the target's fault, and nobody who looks
    /// from there can tell (a site's own anchors will, once there are some).
    /// </summary>
    internal SimSpans Dark(string item) => Known(dark, item, () => Broken(item).Or(
        script.Sites.Select(site => BlindOrMute(site, item)).Aggregate((a, b) => a.And(b))));

    /// <summary>The item is in the specification; its edges are where an edition changes.</summary>
    internal bool IsAgreed(string item, TimeSpan at) => item == SimSpec.Added
        ? Of(SimKind.SpecAdd, item).Any(f => f.Span.Holds(at))
        : !Of(SimKind.SpecRemove, item).Any(f => f.Span.Holds(at));

    internal IEnumerable<SimFault> Of(SimKind kind, string what) => script.Faults.Where(f => f.Kind == kind && f.What == what);

    /// <summary>The longest time to the relay's acceptance as the specification's print gives it, for two sites and more (architecture §1a), written out again.</summary>
    internal TimeSpan Bound(string item, SimKind kind)
    {
        const double suspected = 3, starts = 3, retry = 15, send = 4;
        var wait = script.Interval.TotalSeconds / script.Sites.Count;
        var slow = kind is SimKind.BlackHole or SimKind.Slow or SimKind.HostDown;
        var confirm = !slow ? 0 : item.EndsWith("/web", StringComparison.Ordinal) ? 10.0 : 5.0;
        return TimeSpan.FromSeconds(wait + (slow ? suspected : 0) + starts + retry + confirm + send);
    }

    /// <summary>One site is left: three looks a minute apart after its own slot (330 s at an interval of 3 min), and what the ways take when they are slow.</summary>
    internal TimeSpan WorseBound => script.Interval + TimeSpan.FromSeconds(150) + AfterLine;

    /// <summary>Faults of the company that may be in the way of an alert within these times.</summary>
    internal bool IsHindered(SimSpan span) => script.Faults.Any(f => !f.IsTarget && After(f).Meets(span with { From = span.From - LookSpeaks }));

    /// <summary>
    /// While these last nothing can be mailed to this member, or nobody is there to judge. A stepped wall clock and a new edition are no excuse, nor is
    /// another recipient's trouble.
    /// </summary>
    internal SimSpans Blocking(SimSpan span, string member)
    {
        var near = script.Faults.Where(f => !f.IsTarget && After(f).Meets(span)).ToList();
        var severalSites = near.Where(IsOneSites).Select(f => f.Site).Distinct().Count() > 1;
        return new SimSpans(near.Where(f => IsOneSites(f)
            ? severalSites
            : f.Kind is SimKind.DeskCrash or SimKind.DeskCrashAt or SimKind.RelayAway || f.What == member).Select(After));
    }

    /// <summary>The site's process is gone.</summary>
    internal SimSpans Gone(string site) => new(script.Faults.Where(f => f.Kind is SimKind.SiteCrash or SimKind.SiteCrashAt && f.Site == site).Select(f => f.Span));

    private static bool BearsOn(SimFault fault, string item) =>
        fault.What == item || (fault.Kind == SimKind.HostDown && fault.What == SimSpec.HostOf(item));

    private static bool IsOneSites(SimFault fault) => fault.Kind is >= SimKind.PathCut and <= SimKind.LineSlow or SimKind.SiteCrash or SimKind.SiteCrashAt;

    private static SimSpan After(SimFault fault) => fault.Span with
    {
        Until = fault.Until + fault.Kind switch
        {
            SimKind.RelayAway => AfterRelay,
            >= SimKind.RelayLater and <= SimKind.RelayLosesSilently => AfterRecipient,
            _ => AfterLine,
        },
    };

    // Blind: its way is broken. Mute: it does not run, or the desk does not hear it. A look from then speaks on for a while.
    private SimSpans BlindOrMute(string site, string item) => new SimSpans(script.Faults
        .Where(f => f.Site == site && (f.Kind is >= SimKind.LineCut and <= SimKind.LineSlow or SimKind.SiteCrash or SimKind.SiteCrashAt || IsPath(f, item)))
        .Select(f => f.Span with { Until = f.Until + AfterLine })).Or(Broken(item));

    private static bool IsPath(SimFault fault, string item) =>
        (fault.Kind == SimKind.PathCut || (fault.Kind == SimKind.PathRefused && !SimSpec.IsHost(item)))
        && (fault.What == "*" || fault.What == SimSpec.HostOf(item));

    private static SimSpans Known(Dictionary<string, SimSpans> cache, string item, Func<SimSpans> spans)
    {
        if (!cache.TryGetValue(item, out var known))
        {
            cache[item] = known = spans();
        }

        return known;
    }
}
