using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Incidents;

/// <summary>
/// What log hits do. They are events: they open an incident of their own beside whatever else is wrong with the item, make it longer, and never end it. Pure: the events
/// that follow are the answer.
/// </summary>
internal static class LogRules
{
    /// <summary>Hits that follow while the incident is open are mailed at most so often.</summary>
    internal static readonly TimeSpan UpdateEvery = TimeSpan.FromMinutes(10);

    /// <summary>Of what came together an event keeps so many whole; the others are counted here and shown from the table of hits.</summary>
    internal const int MostLines = 10;

    /// <summary>An incident that has as many keeps no more from there on, for it is held in memory as long as it is open: the table of hits has them.</summary>
    internal const int ManyLines = 100;

    /// <summary>Of a long incident what waits to be recorded waits no longer than this, if more comes.</summary>
    internal static readonly TimeSpan RecordEvery = TimeSpan.FromHours(1);

    /// <summary>Nor do more wait than are read again in one transaction.</summary>
    internal const int MostWaiting = 2000;

    /// <summary>What the incident records of hits that nobody had brought before, the worst kept first.</summary>
    internal static LogHitsFound Found(LogFold before, SiteName site, IReadOnlyList<LogHit> hits, Moment now) => new(
        now.Utc,
        IncidentRules.Engine,
        site,
        hits.Count,
        hits.Sum(h => (long)h.Suppressed),
        hits.Max(h => h.Level),
        hits.Min(h => h.ReadUtc),
        hits.Max(h => h.ReadUtc),
        [.. WorstFirst(hits).Take(Math.Min(MostLines, ManyLines - before.Kept))]);

    /// <summary>In the order in which they are kept and shown: what a mail says of the severity, its first line shows.</summary>
    internal static IEnumerable<LogHit> WorstFirst(IEnumerable<LogHit> hits) => hits.OrderByDescending(h => AgreementTimes.Weight(h.Level)).ThenBy(h => h.ReadUtc);

    /// <summary>No incident is open for the item's hits: one begins.</summary>
    internal static Opened Open(ItemPlan item, string number, int episode, LogHitsFound found)
    {
        var opened = IncidentRules.Open(item, number, episode, Verdict.None, found.FirstUtc, new Moment(found.AtUtc, TimeSpan.Zero));
        return opened with { Reach = Reach.Reached, Severity = found.Worst, Evidence = Evidence(found, found.Lines) };
    }

    /// <summary>An incident is open: these hits join it. Worse ones than before make it worse, unless they are known; it never gets better.</summary>
    internal static IReadOnlyList<IncidentEvent> Continue(Incident open, LogHitsFound found, IReadOnlyList<LogHit> hits) =>
        found.Known.Count == 0 && AgreementTimes.Weight(found.Worst) > AgreementTimes.Weight(open.Severity)
            ? [found, new SeverityChanged(found.AtUtc, IncidentRules.Engine, open.Severity, found.Worst, Evidence(found, hits))]
            : [found];

    /// <summary>
    /// Whether hits of one reading are recorded now, with all that wait, or wait with them: each is in the table, but an event for each reading would make an incident that nobody closes grow for
    /// ever. The first lines are recorded at once, and so is what makes it worse or is owed to the list where nothing of its kind was; then as many again as there are, or once an hour.
    /// </summary>
    /// <param name="waiting">How many wait, these included.</param>
    internal static bool Records(Incident open, IReadOnlyList<(IReadOnlyList<LogHit> Hits, bool Known)> reading, int waiting, DateTimeOffset utc) =>
        open.Log is var log
        && (log.Kept < ManyLines
            || waiting >= Math.Min(log.Hits, MostWaiting)
            || utc - log.RecordedUtc >= RecordEvery
            || utc < log.RecordedUtc // the clock was set back
            || reading.Any(r => !log.Owes(r.Known) || (!r.Known && r.Hits.Any(h => AgreementTimes.Weight(h.Level) > AgreementTimes.Weight(open.Severity)))));

    /// <summary>When the list is to be told of hits that it was not told of; null if there are none, or a silence holds the alert itself back.</summary>
    internal static DateTimeOffset? UpdateDue(Incident incident) => incident is { Facts.IsLog: true, Open: true, IsHeld: false, Log: { Untold: > 0, ToldUtc: { } told } }
        ? told + UpdateEvery
        : null;

    // What one site brought stands for all: nobody votes on an event.
    private static IReadOnlyList<SiteEvidence> Evidence(LogHitsFound found, IReadOnlyList<LogHit> hits)
    {
        var line = WorstFirst(hits).First();
        return [new SiteEvidence(found.Site, VoteKind.Answer, found.Worst, NoValue.None, line.ReadUtc, line.Text)];
    }
}
