using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Results;
using Hinoban.Specs;

namespace Hinoban.Flow;

/// <summary>
/// Gets the evidence for a path's incident: asks the site to follow the way to one of the targets, and puts the hops on the incident. What is on
/// the incident already is not asked for again, whoever asked.
/// </summary>
internal sealed class PathTraces(DeskEngine engine)
{
    private const int MostTries = 3;

    private readonly Dictionary<IncidentId, Asked> asked = [];

    internal void Follow(OwnFacts facts, Language language)
    {
        foreach (var site in facts.Sites)
        {
            if (engine.Look((board, _, _) => board.OwnProblem(ProviderPlan.Paths, site.Site.Value)) is { } incident && !HasTrace(incident))
            {
                Follow(incident, site, language);
            }
        }
    }

    private void Follow(Incident incident, SiteFacts site, Language language)
    {
        var last = asked.GetValueOrDefault(incident.Id);
        if (last is { Answer.IsCompletedSuccessfully: true } got)
        {
            var note = OwnText.Trace(site.Site, got.Address, site.Paths, got.Answer.Result.Answer.LongOutput).In(language);
            engine.Change(work => work.Record(incident, new NoteAdded(work.Now.Utc, IncidentRules.Engine, note, ForReport: false)));
            asked.Remove(incident.Id);
        }
        else if (site.Paths.Count > 0 && (last is null || (last.Answer.IsCompleted && last.Tries < MostTries)))
        {
            // A request that nobody answers is forgotten, and so cancelled, after two minutes.
            var address = site.Paths[0].Address;
            asked[incident.Id] = new Asked(address, engine.Trace(incident.Facts.Item, site.Site, address), (last?.Tries ?? 0) + 1);
        }
    }

    private static bool HasTrace(Incident incident) => incident.Events.Any(e => e is NoteAdded { By: IncidentRules.Engine });

    private sealed record Asked(string Address, Task<CheckResult> Answer, int Tries);
}
