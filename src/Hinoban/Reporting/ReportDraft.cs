using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Specs;

namespace Hinoban.Reporting;

/// <summary>What a draft is made from, and the words and times of its language.</summary>
internal sealed record DraftSource(
    ProblemFacts Facts, IReadOnlyList<IncidentEvent> Events, CustomerPlan Plan, Language Language, ReportClock Clock, DateTimeOffset NowUtc)
{
    internal string Say(Text text) => text.In(Language);

    internal const string Colon = ": ";

    /// <summary>Words in brackets behind another; nothing if empty.</summary>
    internal static string Bracket(string text) => text.Length == 0 ? "" : $" ({text})";

    internal string Join(IEnumerable<string> names) => string.Join(Language == Language.En ? ", " : "、", names);
}

/// <summary>
/// The first draft of a response report, composed from what the desk recorded. The cause is left empty on purpose: it is the one thing the
/// record does not know, and the operator writes it, facts and presumption apart.
/// </summary>
internal static class ReportDraft
{
    internal static ReportParts From(
        ProblemFacts facts, IReadOnlyList<IncidentEvent> events, CustomerPlan plan, Language language, DateTimeOffset nowUtc)
    {
        if (language == Language.Both)
        {
            var ja = From(facts, events, plan, Language.Ja, nowUtc);
            var en = From(facts, events, plan, Language.En, nowUtc);
            return new ReportParts(Both(ja.Situation, en.Situation), "", Both(ja.Actions, en.Actions), Both(ja.Calls, en.Calls));
        }

        var opened = events.OfType<Opened>().FirstOrDefault()?.AtUtc ?? facts.FirstFailureUtc;
        var source = new DraftSource(facts, events, plan, language, new ReportClock(plan.Zone, language, opened), nowUtc);
        return new ReportParts(SituationPart.Of(source), "", ActionsPart.Of(source), CallsPart.Of(source));
    }

    private static string Both(string ja, string en) => $"{ja}\n{ReportText.EnglishFollows.Ja}\n{en}";
}
