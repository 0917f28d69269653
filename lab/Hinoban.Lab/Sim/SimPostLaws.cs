using Hinoban.Incidents;

namespace Hinoban.Lab.Sim;

/// <summary>What holds for the passive item: who posts in time is not alerted, however late within it; who does not is, and the next result ends it.</summary>
internal sealed class SimPostLaws(SimRecord record, SimTruth truth)
{
    // The desk asks within a second, and a pause of the review may be in between.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private readonly List<TimeSpan> posts = [.. SimPosts.Times(record.Played)];

    internal IEnumerable<SimViolation> Judge()
    {
        var incidents = record.Incidents.Where(i => i.Facts.Title == SimSpec.Posted).ToList();
        return posts.Count == 0 ? [] : incidents.SelectMany(IsTrue).Concat(posts.Zip(posts.Skip(1)).SelectMany(p => IsTold(incidents, p.First, p.Second)));
    }

    private IEnumerable<SimViolation> IsTrue(SimIncident incident)
    {
        var last = posts.Where(p => p <= incident.Opened).DefaultIfEmpty(TimeSpan.Zero).Max();
        if (incident.Opened - last <= SimPosts.Freshness && !Hindered(last - SimPosts.Freshness, incident.Opened))
        {
            yield return new SimViolation(
                "what is posted in time is no failure", incident.Opened, $"{incident.Facts.Number} {SimSpec.Posted} was opened {(incident.Opened - last).TotalSeconds:0.###} s after a result");
        }
    }

    private IEnumerable<SimViolation> IsTold(List<SimIncident> incidents, TimeSpan last, TimeSpan next)
    {
        var by = last + SimPosts.Freshness + Soon;
        // What flaps has been told as that, and recovers when it has been calm for long.
        if (next <= by || Hindered(last - SimPosts.Freshness, next + Soon) || incidents.Exists(i => Flaps(i, last, next + Soon)))
        {
            yield break;
        }

        if (incidents.Find(i => i.Opened > last && i.Opened <= by && i.Told(NoticeKind.Alert).Any()) is not { } incident)
        {
            yield return new SimViolation("what is not posted is told", by, $"{SimSpec.Posted} had no result for {(next - last).TotalSeconds:0} s");
        }
        else if (!(incident.Recovered <= next + Soon) || incident.Recovered < next)
        {
            yield return new SimViolation("a result ends what is not posted", next, $"{incident.Facts.Number} {SimSpec.Posted} had a result, and recovered at {incident.Recovered}");
        }
    }

    private static bool Flaps(SimIncident incident, TimeSpan from, TimeSpan until) =>
        incident.Events.Any(e => e.What is FlappingStarted && e.At <= until) && !(incident.Recovered <= from);

    private bool Hindered(TimeSpan from, TimeSpan until) => truth.DeskAway.Meets(new SimSpan(from, until));
}
