using System.Globalization;
using System.Text.RegularExpressions;

namespace Hinoban.Specs.Nagios;

/// <summary>A stretch of a day in minutes; the end may be 1440.</summary>
internal readonly record struct NagiosSpan(int From, int To);

/// <summary>Hours on certain dates (<c>december 25</c>, <c>monday -1</c>, <c>2026-01-01 - 2026-01-03 / 2</c>), which count instead of the weekday's.</summary>
internal sealed record NagiosDates(string Dates, IReadOnlyList<NagiosSpan> Hours, SpecPlace At);

/// <summary>A time period: hours of each weekday (Sunday first; null: none said), dates with hours of their own, other periods taken away.</summary>
internal sealed record NagiosPeriod(
    string Name, SpecPlace At, IReadOnlyList<IReadOnlyList<NagiosSpan>?> Days, IReadOnlyList<NagiosDates> Dates, IReadOnlyList<string> Without);

/// <summary>Reads time periods.</summary>
internal static partial class NagiosPeriodReader
{
    private static readonly string[] WeekdayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    internal static NagiosPeriod Read(NagiosObject source, string name, NagiosProblems problems)
    {
        var days = new IReadOnlyList<NagiosSpan>?[7];
        var dates = new OrderedDictionary<string, NagiosDates>();
        Collect(source, days, dates, [], problems);
        return new NagiosPeriod(name, source.At, days, [.. dates.Values], source.Names("exclude"));
    }

    // What it says itself goes before what its templates say, day by day and date by date.
    private static void Collect(NagiosObject source, IReadOnlyList<NagiosSpan>?[] days, OrderedDictionary<string, NagiosDates> dates, HashSet<NagiosObject> seen, NagiosProblems problems)
    {
        var own = new IReadOnlyList<NagiosSpan>?[7];
        foreach (var line in source.Lines)
        {
            if (LineShape().Match(line.Value!) is not { Success: true } match || Hours(match.Groups["hours"].Value) is not { } hours)
            {
                problems.Wrong(line.At, NagiosText.NotHours(line.Value!), NagiosText.HoursRight);
                continue;
            }

            var head = string.Join(' ', match.Groups["days"].Value.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
            if (Array.IndexOf(WeekdayNames, head) is >= 0 and var day)
            {
                own[day] = hours;
            }
            else if (DatesShape().IsMatch(head))
            {
                dates.TryAdd(head, new NagiosDates(head, hours, line.At));
            }
            else
            {
                problems.Wrong(line.At, NagiosText.NotHours(line.Value!), NagiosText.HoursRight);
            }
        }

        for (var day = 0; day < 7; day++)
        {
            days[day] ??= own[day];
        }

        foreach (var template in source.Templates.Where(seen.Add))
        {
            Collect(template, days, dates, seen, problems);
        }
    }

    private static IReadOnlyList<NagiosSpan>? Hours(string text)
    {
        var spans = new List<NagiosSpan>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('-', StringSplitOptions.TrimEntries) is not [var from, var to] || Minute(from) is not { } start || Minute(to) is not { } end)
            {
                return null;
            }

            spans.Add(new NagiosSpan(start, end));
        }

        return spans.Count == 0 ? null : spans;
    }

    private static int? Minute(string text) =>
        text.Split(':') is [var hour, var minute, ..] && int.TryParse(hour, NumberStyles.None, CultureInfo.InvariantCulture, out var h)
        && int.TryParse(minute, NumberStyles.None, CultureInfo.InvariantCulture, out var m) && h is >= 0 and <= 24 && m is >= 0 and < 60 && (h * 60) + m <= 1440
            ? (h * 60) + m
            : null;

    [GeneratedRegex(@"\A(?<days>\S.*?)[ \t]+(?<hours>\d{1,2}:\d{2}[ \t]*-[0-9:, \t-]*)\z", RegexOptions.NonBacktracking)]
    private static partial Regex LineShape();

    [GeneratedRegex(@"\A(\d{4}-\d{1,2}-\d{1,2}( ?- ?\d{4}-\d{1,2}-\d{1,2})?|[a-z]+ -?\d+( [a-z]+)?( ?- ?([a-z]+ )?-?\d+( [a-z]+)?)?)( ?/ ?\d+)?\z", RegexOptions.NonBacktracking)]
    private static partial Regex DatesShape();
}
