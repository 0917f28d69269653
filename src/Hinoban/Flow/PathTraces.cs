using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Results;
using Hinoban.Specs;

namespace Hinoban.Flow;

/// <summary>
/// Gets the evidence for a path's incident: asks the site to follow the way to one of the targets, and puts the hops on the incident, or why there are
/// none. What is on the incident already is not asked for again, whoever asked; items that join later are named when they have.
/// </summary>
internal sealed class PathTraces(DeskEngine engine)
{
    private const int MostTries = 3;
    private const int LongestReason = 300;

    private readonly Dictionary<IncidentId, Asked> asked = [];

    internal void Follow(OwnFacts facts, Language language)
    {
        foreach (var site in facts.Sites)
        {
            if (engine.Look((board, _, _) => board.OwnProblem(ProviderPlan.Paths, site.Site.Value)) is not { } incident)
            {
                continue;
            }

            if (Notes(incident) is { Count: > 0 } notes)
            {
                Join(incident, site, notes, language);
            }
            else
            {
                Follow(incident, site, language);
            }
        }
    }

    // Not each by itself as it turns up: when one has lasted as long as makes the alarm, with all that are new by then.
    private void Join(Incident incident, SiteFacts site, List<NoteAdded> notes, Language language)
    {
        var named = notes.SelectMany(n => n.Text.Split('\n')).ToHashSet();
        var joined = site.Paths.Where(p => !named.Contains(OwnText.Line(p))).ToList();
        if (joined.Exists(p => p.Lasts >= ProviderPlan.PathFor))
        {
            Note(incident, OwnText.Joined(site.Site, joined), language);
        }
    }

    private void Follow(Incident incident, SiteFacts site, Language language)
    {
        var last = asked.GetValueOrDefault(incident.Id);
        if (last is { Answer: { IsCompletedSuccessfully: true, Result.Answer: { LongOutput.Length: > 0 } found } } got)
        {
            Note(incident, OwnText.Trace(site.Site, got.Address, site.Paths, found.LongOutput), language);
        }
        else if (last is { Answer.IsCompleted: true, Tries: MostTries } failed)
        {
            var why = failed.Answer.IsCompletedSuccessfully ? Text.Same(Visible.Line(failed.Answer.Result.Answer.Output, LongestReason)) : OwnText.TraceUnanswered(site.Site);
            Note(incident, OwnText.NoTrace(site.Site, failed.Address, site.Paths, why), language);
        }
        else if (site.Paths.Count > 0 && last is not { Answer.IsCompleted: false })
        {
            // A request that nobody answers is forgotten, and so cancelled, after two minutes.
            var address = site.Paths[0].Address;
            asked[incident.Id] = new Asked(address, engine.Trace(incident.Facts.Item, site.Site, address), (last?.Tries ?? 0) + 1);
        }
    }

    private void Note(Incident incident, Text note, Language language)
    {
        engine.Change(work => work.Record(incident, new NoteAdded(work.Now.Utc, IncidentRules.Engine, note.In(language), ForReport: false)));
        asked.Remove(incident.Id);
    }

    private static List<NoteAdded> Notes(Incident incident) => [.. incident.Events.OfType<NoteAdded>().Where(n => n.By == IncidentRules.Engine)];

    private sealed record Asked(string Address, Task<CheckResult> Answer, int Tries);
}
