using Hinoban.Incidents;

namespace Hinoban.Lab.Sim;

/// <summary>What an alert must rest on: looks that failed, more than one of a site, and that the desk could know of.</summary>
internal sealed class SimLookLaws(SimRecord record, SimTruth truth)
{
    // Any look has ended by then, and its result is on its way.
    private static readonly TimeSpan Ends = TimeSpan.FromSeconds(20);

    private readonly SimScript script = record.Played;
    private readonly ILookup<string, SimLook> looks = record.Looks.ToLookup(l => l.Item);

    /// <summary>Null if it rests on enough.</summary>
    internal SimViolation? Judge(SimIncident incident, TimeSpan lag)
    {
        var item = incident.Facts.Title;
        var since = incident.Opened - truth.LookSpeaks(item) - lag;
        if (!incident.Told(NoticeKind.Alert).Any() || IsAmongOthers(item, new SimSpan(since - TimeSpan.FromHours(2), incident.Opened)))
        {
            return null;
        }

        var failing = looks[item].Where(l => l.At <= incident.Opened && truth.Broken(item).Holds(l.At)).ToList();
        if (failing.GroupBy(l => l.Site).All(s => s.Count(l => l.At >= since - TimeSpan.FromHours(2)) < 2) && failing.Exists(l => l.At >= since))
        {
            return new SimViolation("nobody is told of what one look saw", incident.Opened, $"{item} failed one look and is alerted as {incident.Facts.Number}");
        }

        var recent = failing.FindAll(l => l.At >= since);
        if (AllSawItWork(item, incident.Opened))
        {
            return new SimViolation("the past alerts nobody", incident.Opened, $"{item} is alerted as {incident.Facts.Number} though every site had seen it work again");
        }

        return recent.Count > 0 && recent.TrueForAll(l => IsLost(l, incident.Opened))
            ? new SimViolation("the past alerts nobody", incident.Opened, $"{item} is alerted as {incident.Facts.Number} by what a site saw that has died since, cut off from the desk")
            : null;
    }

    /// <summary>Not broken of late, and no site can say so: then at least a look that failed of late, along a broken way, must have been there.</summary>
    internal SimViolation? JudgeUnseen(SimIncident incident, SimSpan before) =>
        incident.Told(NoticeKind.Alert).Any() && !script.Faults.Any(f => f.Kind is SimKind.PathCut or SimKind.PathRefused && f.Span.Meets(before))
            ? new SimViolation("the past alerts nobody", incident.Opened, $"{incident.Facts.Title} is alerted as {incident.Facts.Number}, and no look of late failed")
            : null;

    // Paths that fail are looks that fail too, and behind a host that is down one look is enough.
    private bool IsAmongOthers(string item, SimSpan span) =>
        script.Faults.Any(f => f.Kind is SimKind.PathCut or SimKind.PathRefused && f.Span.Meets(span))
        || truth.Cover(item).Meets(span) || (!SimSpec.IsHost(item) && truth.Broken(SimSpec.HostOf(item)).Meets(span));

    // The latest look of each has ended and found it working, and nothing keeps them from being heard.
    private bool AllSawItWork(string item, TimeSpan at)
    {
        List<SimLook> latest = [.. looks[item].Where(l => l.At <= at).GroupBy(l => l.Site).Select(g => g.Last())];
        var heard = new SimSpan(at - TimeSpan.FromSeconds(2), at + TimeSpan.FromTicks(1));
        return latest.Count == script.Sites.Count && latest.TrueForAll(l => l.At < at - Ends && !truth.Broken(item).Holds(l.At))
            && !truth.DeskAway.Holds(at) && !script.Faults.Any(f => (f.IsSites || f.Kind is >= SimKind.LineCut and <= SimKind.LineSlow) && f.Span.Meets(heard));
    }

    // Made while the line was cut, by a process that did not live to see it mended.
    private bool IsLost(SimLook look, TimeSpan until) => script.Faults.Any(cut =>
        cut.Kind == SimKind.LineCut && cut.Site == look.Site && cut.Span.Holds(look.At)
        && script.Faults.Any(f => f.IsSites && f.Site == look.Site && record.Deaths.TryGetValue(f.Number, out var died)
            && died > look.At && died <= until && cut.Span.Holds(died)));
}
