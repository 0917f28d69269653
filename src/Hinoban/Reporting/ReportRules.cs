using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Responding;

namespace Hinoban.Reporting;

/// <summary>The four parts of a response report (R20).</summary>
internal enum ReportPart
{
    /// <summary>発生状況.</summary>
    Situation,

    /// <summary>原因.</summary>
    Cause,

    /// <summary>対応内容.</summary>
    Actions,

    /// <summary>電話連絡実施状況.</summary>
    Calls,
}

/// <summary>Why a report cannot be sent as it is.</summary>
internal sealed record ReportProblem(ReportPart Part, Text Message);

/// <summary>Which reports may be sent: none with an empty part, and no final one whose cause is still being looked for or while a step runs.</summary>
internal static class ReportRules
{
    internal static IReadOnlyList<ReportProblem> Check(ReportParts parts, bool interim)
    {
        var problems = new List<ReportProblem>();
        foreach (var (part, text) in Parts(parts))
        {
            if (IsEmpty(text))
            {
                problems.Add(new ReportProblem(part, ReportText.PartIsEmpty(ReportText.NameOf(part))));
            }
        }

        if (!interim && !IsEmpty(parts.Cause) && IsUnderInvestigation(parts.Cause))
        {
            problems.Add(new ReportProblem(ReportPart.Cause, ReportText.CauseOpen));
        }

        return problems;
    }

    /// <summary>
    /// What is said to be final while a step runs would be untrue when the step ends; and of a problem that stands and that nobody has taken
    /// nothing final can be said. Null: nothing stands against it.
    /// </summary>
    internal static Text? Barred(IReadOnlyList<IncidentEvent> events, bool interim) => interim ? null
        : StepRuns.Of(events).Running is not null ? RespondText.FinalWhileRunning
        : ResponseState.Of(events) is { Failing: true, Holder: null } ? RespondText.FinalUnclaimed
        : null;

    internal static IEnumerable<(ReportPart Part, string Text)> Parts(ReportParts parts) =>
    [
        (ReportPart.Situation, parts.Situation), (ReportPart.Cause, parts.Cause), (ReportPart.Actions, parts.Actions), (ReportPart.Calls, parts.Calls),
    ];

    /// <summary>A dash or a dot says nothing: a part has at least one letter or digit, of any script.</summary>
    private static bool IsEmpty(string? text) => text is null || !text.EnumerateRunes().Any(System.Text.Rune.IsLetterOrDigit);

    /// <summary>Only the bare words: "調査中ですが、推定では…" is somebody's statement, and theirs to make.</summary>
    private static bool IsUnderInvestigation(string cause)
    {
        var words = string.Concat(cause.EnumerateRunes().Where(System.Text.Rune.IsLetterOrDigit)).ToLowerInvariant();
        return words is "調査中" or "調査中です" or "原因調査中" or "原因調査中です" or "underinvestigation" or "調査中underinvestigation";
    }
}
