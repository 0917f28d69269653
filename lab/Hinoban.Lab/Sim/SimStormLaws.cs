using Hinoban.Incidents;

namespace Hinoban.Lab.Sim;

/// <summary>Hosts that are told together: who is told by whose mails, and what is owed to them when that ends.</summary>
internal sealed class SimStormLaws(SimRecord record, SimTruth truth)
{
    // What is gathered before the list is told, and how seldom it is told again.
    private static readonly TimeSpan Gathers = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan TellsEvery = TimeSpan.FromMinutes(5);

    // A machine's time to start once the storm is over, and the looks after that.
    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(60);

    /// <summary>Mails by which this host was told as one of another's storm, of those that joined by then.</summary>
    internal IEnumerable<string> KeysFor(string host, SimSpan span, TimeSpan until) =>
        from incident in record.Incidents
        where SimSpec.AreGrouped(record.Played, host, incident.Facts.Title) && incident.Opened <= until && !(incident.Recovered <= span.From)
        from joined in incident.Events
        where joined.What is StormJoined j && j.Host == host && joined.At <= until && !Left(incident, host, joined.At, span.From)
        from told in incident.Told(NoticeKind.Update).Concat(incident.Told(NoticeKind.Alert))
        where told.At >= joined.At
        select ((NoticeDecided)told.What).MailKey;

    /// <summary>Later than on its own, by what is gathered.</summary>
    internal static TimeSpan Later => Gathers + TellsEvery;

    internal IEnumerable<SimViolation> Judge(SimIncident incident)
    {
        foreach (var left in incident.Events.Where(e => e.What is StormLeft))
        {
            var (host, why) = (((StormLeft)left.What).Host, ((StormLeft)left.What).Why);
            if (why == StormExit.Back && truth.Broken(host).Covers(new SimSpan(left.At - truth.LookSpeaks(host), left.At)) && !truth.DeskAway.Meets(new SimSpan(left.At - truth.LookSpeaks(host), left.At)))
            {
                yield return new SimViolation("no recovery while it fails", left.At, $"{incident.Facts.Number} {incident.Facts.Title} let {host} go as back while it was broken");
            }

            var by = left.At + truth.WorseBound(host) + Settles;
            if (why == StormExit.StormOver && truth.Broken(host).Covers(new SimSpan(left.At, by)) && !truth.IsHindered(host, new SimSpan(left.At, by))
                && !truth.Cover(host).Meets(new SimSpan(left.At, by)) && !truth.MayBeHeld(host, record.Mutes).Or(truth.Stopped(host)).Meets(new SimSpan(left.At, by))
                && !record.Incidents.Any(i => i.Facts.Title == host && i.Opened <= by && !(i.Recovered <= left.At)) && !KeysFor(host, new SimSpan(left.At, by), by).Any())
            {
                yield return new SimViolation("what a storm lets go is told on its own", by, $"{host} left {incident.Facts.Number} when that was over, fails, and was not told");
            }
        }
    }

    /// <summary>When the last of those that joined worked again, if that was before <paramref name="until"/>.</summary>
    internal TimeSpan LastEnd(SimIncident incident, TimeSpan until) => incident.Events.Select(e => e.What).OfType<StormJoined>()
        .SelectMany(j => truth.Broken(j.Host).All).Where(s => s.From <= until).Select(s => s.Until < until ? s.Until : until).DefaultIfEmpty(TimeSpan.Zero).Max();

    private static bool Left(SimIncident incident, string host, TimeSpan joined, TimeSpan before) =>
        incident.Events.Any(e => e.What is StormLeft l && l.Host == host && e.At >= joined && e.At <= before);
}
