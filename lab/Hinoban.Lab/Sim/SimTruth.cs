using Hinoban.Specs;

namespace Hinoban.Lab.Sim;

/// <summary>What was really so, as the script alone tells it: when each item was broken, and when the company itself was hindered.</summary>
internal sealed class SimTruth(SimScript script)
{
    // What it takes after its end until everything is as before: back-off of links, the relay's and a recipient's longest pause (OutboxRules), asking the relay's records.
    private static readonly TimeSpan AfterLine = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan AfterRelay = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AfterRecipient = TimeSpan.FromSeconds(360);

    private readonly Dictionary<string, SimSpans> broken = [];
    private readonly Dictionary<string, SimSpans> cut = [];
    private readonly Dictionary<string, SimSpans> dark = [];

    /// <summary>How long a look speaks: 1.5 intervals and what it took, and a little for the way.</summary>
    internal TimeSpan LookSpeaks(string item) => (script.IntervalOf(item) * 1.5) + TimeSpan.FromSeconds(30);

    /// <summary>The target itself is broken, from wherever one looks.</summary>
    internal SimSpans Broken(string item) => Known(broken, item, () => Own(item).Or(Cover(item)));

    /// <summary>Broken by a fault of its own.</summary>
    internal SimSpans Own(string item) => new(script.Faults.Where(f => f.IsTarget && f.What == item).SelectMany(f => f.Phases));

    /// <summary>Broken for one site only while the company is hindered: nobody else can tell, and which of them is believed is left open.</summary>
    internal bool IsOpen(string item, SimSpan span) =>
        script.Faults.Any(f => f.IsTarget && f.What == item && f.Site.Length > 0 && f.Span.Meets(span with { From = span.From - LookSpeaks(item) })) && IsHindered(item, span);

    /// <summary>Broken with what it depends on: a service with its host, a host with the switches before it.</summary>
    internal SimSpans Cover(string item) => SimSpec.IsHost(item) ? Known(cut, item, () => Cut(item)) : Broken(SimSpec.HostOf(item));

    /// <summary>
    /// No site can see it work: it is broken, or each site has lost its way to it, or cannot speak. Not the target's fault, and nobody who looks
    /// from there can tell, unless all ways are lost and the site has anchors.
    /// </summary>
    internal SimSpans Dark(string item) => Known(dark, item, () => script.Sites.Select(site => LeftAlone(site, item)).Aggregate(
        Broken(item).Or(script.Sites.Select(site => BlindOrMute(site, item)).Aggregate((a, b) => a.And(b))), (a, b) => a.Or(b)));

    /// <summary>The item is in the specification; its edges are where an edition changes.</summary>
    internal bool IsAgreed(string item, TimeSpan at) => item == SimSpec.Added
        ? Of(SimKind.SpecAdd, item).Any(f => f.Span.Holds(at))
        : !Of(SimKind.SpecRemove, item).Any(f => f.Span.Holds(at));

    internal IEnumerable<SimFault> Of(SimKind kind, string what) => script.Faults.Where(f => f.Kind == kind && f.What == what);

    /// <summary>The longest time to the relay's acceptance as the specification's print gives it, for two sites and more (architecture §1a), written out again.</summary>
    internal TimeSpan Bound(string item, SimKind kind)
    {
        const double suspected = 3, starts = 3, retry = 15, send = 4;
        var wait = script.IntervalOf(item).TotalSeconds / script.Sites.Count;
        var slow = kind is SimKind.BlackHole or SimKind.Slow or SimKind.HostDown or SimKind.SwitchDown;
        var confirm = !slow ? 0 : item.EndsWith("/web", StringComparison.Ordinal) ? 10.0 : 5.0;
        return TimeSpan.FromSeconds(wait + (slow ? suspected : 0) + starts + retry + confirm + send);
    }

    /// <summary>One site is left: three looks a minute apart after its own slot (330 s at an interval of 3 min), and what the ways take when they are slow.</summary>
    internal TimeSpan WorseBound(string item) => script.IntervalOf(item) + TimeSpan.FromSeconds(150) + AfterLine;

    /// <summary>Faults of the company that may be in the way of an alert within these times.</summary>
    internal bool IsHindered(string item, SimSpan span) => script.Faults.Any(f =>
        !f.IsTarget && !f.IsPosts && f.Silences is null && f.Kind != SimKind.SpecBusy && After(f).Meets(span with { From = span.From - LookSpeaks(item) }));

    /// <summary>
    /// While these last nothing can be mailed to this member, or nobody is there to judge. A stepped wall clock and a new edition are no excuse, nor is
    /// another recipient's trouble.
    /// </summary>
    internal SimSpans Blocking(SimSpan span, string member)
    {
        var near = script.Faults.Where(f => !f.IsTarget && After(f).Meets(span)).ToList();
        var severalSites = near.Where(IsOneSites).Select(f => f.Site).Distinct().Count() > 1;
        return new SimSpans(near.Where(f => IsOneSites(f) ? severalSites : f.IsDesks || f.Kind == SimKind.RelayAway || (f.Silences is null && f.What == member)).Select(After));
    }

    /// <summary>The desk does not judge, or may not: it is gone, stands still, or cannot write.</summary>
    internal SimSpans DeskAway { get; } = new(script.Faults.Where(f => f.IsDesks).Select(f => f.Span with { Until = f.Until + AfterLine }));

    /// <summary>The site's process is gone, stands still, or cannot look.</summary>
    internal SimSpans Gone(string site) => new(script.Faults.Where(f => (f.IsSiteAway || f.Kind == SimKind.SiteNoLooks) && f.Site == site).Select(f => f.Span));

    /// <summary>Nobody looks at it: a silence of that kind may be in force.</summary>
    internal SimSpans Stopped(string item) => new(script.Faults.Where(f => f.Silences == SilenceKind.Stop && Concerns(f.What, item)).Select(f => f.Span with { Until = f.Until + AfterLine }));

    /// <summary>A silence of this kind may be in force.</summary>
    internal bool MayBeSilenced(string item, SilenceKind kind, SimSpan span) =>
        script.Faults.Any(f => f.Silences == kind && Concerns(f.What, item) && (f.Span with { Until = f.Until + AfterLine }).Meets(span));

    /// <summary>An alert may be held back, by any silence that somebody set or agreed on.</summary>
    internal SimSpans MayBeHeld(string item, IEnumerable<SimMute> mutes) => new(script.Faults
        .Where(f => f.Kind == SimKind.SpecSilence && f.Silences != SilenceKind.Wait && Concerns(f.What, item)).Select(f => f.Span)
        .Concat(mutes.Where(m => Concerns(m.What, item)).Select(m => new SimSpan(m.From, m.Until)))
        .Concat(item == SimSpec.Nightly ? Nights() : [])
        .SelectMany(s => new[] { s }.Concat(Shifted(s)))
        .Select(s => s with { Until = s.Until + TimeSpan.FromSeconds(30) }));

    /// <summary>An alert must be held back: nothing makes it doubtful that the silence was in force.</summary>
    internal SimSpans MustBeHeld(string item, IEnumerable<SimMute> mutes)
    {
        var margin = TimeSpan.FromSeconds(3);
        var sure = script.Faults.Where(f => f.Kind == SimKind.SpecSilence && f.Silences is SilenceKind.Mute or SilenceKind.Stop && Concerns(f.What, item)).Select(f => f.Span)
            .Where(s => !DeskAway.Meets(s))
            .Concat(mutes.Where(m => m.IsSure && Concerns(m.What, item)).Select(m => new SimSpan(m.From, m.Until)))
            .Concat(item == SimSpec.Nightly ? Nights() : [])
            .Where(s => !Shifted(s).Any());
        return new SimSpans(sure.Select(s => new SimSpan(s.From + margin, s.Until - margin)));
    }

    internal static bool Concerns(string what, string item) => what == item || what == SimSpec.HostOf(item);

    private static bool IsOneSites(SimFault fault) => fault.Kind is >= SimKind.PathCut and <= SimKind.LineSlow || fault.IsSites;

    private static SimSpan After(SimFault fault) => fault.Span with
    {
        Until = fault.Until + fault.Kind switch
        {
            SimKind.RelayAway => AfterRelay,
            >= SimKind.RelayLater and <= SimKind.RelayLosesSilently => AfterRecipient,
            _ => AfterLine,
        },
    };

    private SimSpans Cut(string host)
    {
        var (first, second) = (Own("sw1"), Own("sw2"));
        return (SimSpec.IsCut(host, true, false), SimSpec.IsCut(host, false, true), SimSpec.IsCut(host, true, true)) switch
        {
            (true, true, _) => first.Or(second),
            (true, false, _) => first,
            (false, false, true) => first.And(second),
            _ => SimSpans.None,
        };
    }

    // The desk's wall clock was wrong about then, and silences go by it.
    private IEnumerable<SimSpan> Shifted(SimSpan span) => script.Faults
        .Where(f => f.Kind == SimKind.WallStep && f.What == "desk" && f.Span.Meets(new SimSpan(span.From - TimeSpan.FromHours(1.1), span.Until + TimeSpan.FromHours(1.1))))
        .Select(f => new SimSpan(span.From - TimeSpan.FromHours(1.1), span.Until + TimeSpan.FromHours(1.1)));

    // From 01:30 to 02:30 on the customer's wall: an hour that is there twice is covered whole, an end that is not there is told by the clock from before the change.
    private IEnumerable<SimSpan> Nights()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(script.Zone);
        var first = DateOnly.FromDateTime(script.Start.UtcDateTime).AddDays(-2);
        for (var day = 0; day < script.Length.TotalDays + 4; day++)
        {
            var midnight = first.AddDays(day).ToDateTime(TimeOnly.MinValue);
            yield return new SimSpan(At(midnight + SimSpec.NightFrom, earlier: true), At(midnight + SimSpec.NightUntil, earlier: false));
        }

        TimeSpan At(DateTime local, bool earlier)
        {
            var offset = zone.IsInvalidTime(local) ? zone.BaseUtcOffset
                : !zone.IsAmbiguousTime(local) ? zone.GetUtcOffset(local)
                : earlier ? zone.BaseUtcOffset + TimeSpan.FromHours(1) : zone.BaseUtcOffset;
            return new DateTimeOffset(local, offset) - script.Start;
        }
    }

    // Blind: its way is broken. Mute: it does not run, or the desk does not hear it. A look from then speaks on for a while.
    private SimSpans BlindOrMute(string site, string item) => new SimSpans(script.Faults
        .Where(f => f.Site == site && (f.Kind is >= SimKind.LineCut and <= SimKind.LineSlow or SimKind.SiteNoLooks || f.IsSiteAway || IsPath(f, item)))
        .Select(f => f.Span with { Until = f.Until + AfterLine })).Or(Broken(item));

    // Its way is broken so that its anchors cannot tell, and every other site is isolated, or cannot speak.
    private SimSpans LeftAlone(string site, string item)
    {
        var way = new SimSpans(script.Faults.Where(f => f.Site == site && IsPath(f, item)).Select(f => f.Span with { Until = f.Until + AfterLine }));
        var awake = new SimSpans(Isolated(site).Between(new SimSpan(TimeSpan.Zero, script.Length)));
        return script.Sites.Where(s => s != site).Aggregate(way.And(awake), (spans, other) => spans.And(BlindOrMute(other, item).Or(Isolated(other))));
    }

    // It has lost every way, knows it by its anchors, and keeps silent.
    private SimSpans Isolated(string site) => new(script.Faults
        .Where(f => f.Site == site && f.What == "*" && f.Kind == SimKind.PathCut && script.Anchored).Select(f => f.Span with { Until = f.Until + AfterLine }));

    // One of the two anchors is only pinged, and answers where ports are refused: half of them are enough.
    private bool AnchorsTell(SimFault fault) => script.Anchored && fault.Kind == SimKind.PathCut;

    private bool IsPath(SimFault fault, string item) =>
        (fault.Kind == SimKind.PathCut || (fault.Kind == SimKind.PathRefused && !SimSpec.IsHost(item)))
        && (fault.What == "*" ? !AnchorsTell(fault) : fault.What == SimSpec.HostOf(item));

    private static SimSpans Known(Dictionary<string, SimSpans> cache, string item, Func<SimSpans> spans)
    {
        if (!cache.TryGetValue(item, out var known))
        {
            cache[item] = known = spans();
        }

        return known;
    }
}
