using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Lab.Story;
using Hinoban.States;

namespace Hinoban.Lab.Sim;

/// <summary>A mail as the relay took it.</summary>
internal sealed record SimMail(TimeSpan At, string Key, string Recipient, DateTimeOffset DeskWall);

/// <summary>An event of an incident, and by when it had happened.</summary>
internal sealed record SimEvent(TimeSpan At, IncidentEvent What);

/// <summary>An incident, its events in order.</summary>
internal sealed record SimIncident(long Id, ProblemFacts Facts, IReadOnlyList<SimEvent> Events)
{
    internal TimeSpan Opened => Events[0].At;

    internal TimeSpan? Recovered => Events.FirstOrDefault(e => e.What is Recovered)?.At;

    internal bool Open(TimeSpan at) => Opened <= at && !(Recovered <= at);

    internal IEnumerable<SimEvent> Told(NoticeKind kind) => Events.Where(e => e.What is NoticeDecided { Told: true } n && n.Kind == kind);
}

/// <summary>A silence that a person set, and whether it is certain when it was in force.</summary>
internal sealed record SimMute(string What, TimeSpan From, TimeSpan Until, bool IsSure);

/// <summary>Between two looks of a site at an item lay this stretch.</summary>
internal sealed record SimLull(string Site, string Item, SimSpan Span);

/// <summary>A site began a look.</summary>
internal readonly record struct SimLook(string Site, string Item, TimeSpan At);

/// <summary>Everything that the judge may know of a run: what left the company, and its incidents. Nothing of the engine's own thoughts.</summary>
/// <param name="Played">The script as it came about, which is what is judged by.</param>
/// <param name="Deaths">When a process died, by the number of the fault that killed it.</param>
/// <param name="Verdicts">For the coverage table only.</param>
internal sealed record SimRecord(
    SimScript Script,
    SimScript Played,
    IReadOnlyList<SimMail> Mails,
    IReadOnlyList<SimIncident> Incidents,
    IReadOnlyList<SimLull> Lulls,
    IReadOnlyList<SimLook> Looks,
    IReadOnlyList<(string State, long Count)> Outbox,
    IReadOnlyList<(long Incident, DateTimeOffset? Started)> Slo,
    IReadOnlyList<StoryEntry> Entries,
    IReadOnlyDictionary<int, TimeSpan> Deaths,
    IReadOnlyDictionary<(Reach, Judgement, bool), int> Verdicts,
    IReadOnlyList<SimMute> Mutes);
