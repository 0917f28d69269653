using Hinoban.Incidents;
using Hinoban.Responding;

namespace Hinoban.Reporting;

/// <summary>電話連絡実施状況: who was called when, round by round, and how it ended.</summary>
internal static class CallsPart
{
    internal static string Of(DraftSource s)
    {
        var calls = s.Events.OfType<CallRecorded>().ToList();
        if (calls.Count == 0)
        {
            return s.Say(ReportText.NoCalls);
        }

        var lines = new List<string>();
        var counts = new Dictionary<string, int>();
        var round = 0;
        foreach (var call in calls)
        {
            // The second call to a person begins the second round; rounds never count back.
            var of = counts[call.Contact] = counts.GetValueOrDefault(call.Contact) + 1;
            if (of > round)
            {
                round = of;
                lines.Add(s.Say(ReportText.Round(round)));
            }

            lines.Add(Line(s, call));
        }

        var reached = calls.Any(c => CallRules.Reaches(c.Outcome));
        lines.Add(s.Say(ReportText.Result(reached ? ReportText.Reached : ReportText.Unreached)));
        return string.Join('\n', lines);
    }

    private static string Line(DraftSource s, CallRecorded call)
    {
        var tail = call.NumberTail.Length == 0 ? "" : $" ({s.Say(ReportText.Tail(call.NumberTail))})";
        var said = call.Said.Length == 0 ? "" : $"{DraftSource.Colon}{Clean.Line(call.Said, 1000)}";
        return $"  {s.Clock.Short(call.AtUtc)} {s.Say(ReportText.Honoured(Clean.Line(call.Contact)))}{tail} {s.Say(ReportText.Of(call.Outcome))}{said}";
    }
}
