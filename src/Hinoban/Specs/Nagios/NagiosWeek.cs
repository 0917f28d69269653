namespace Hinoban.Specs.Nagios;

/// <summary>The minutes of a week that a time period leaves out, as silences say them; dates of their own are no part of a week.</summary>
internal static class NagiosWeek
{
    private const int Day = 1440;
    private static readonly string[] Names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary><c>daily 17:00-24:00</c>, <c>weekly sat,sun 00:00-24:00</c>; nothing: the period is always.</summary>
    internal static IReadOnlyList<string> Outside(NagiosPeriod period, IReadOnlyDictionary<string, NagiosPeriod> periods)
    {
        var gaps = new OrderedDictionary<NagiosSpan, List<int>>();
        for (var day = 0; day < 7; day++)
        {
            foreach (var gap in Gaps(Inside(period, periods, day)))
            {
                if (!gaps.TryGetValue(gap, out var days))
                {
                    gaps[gap] = days = [];
                }

                days.Add(day);
            }
        }

        return [.. gaps.Select(g => $"{(g.Value.Count == 7 ? "daily" : $"weekly {string.Join(',', g.Value.Select(d => Names[d]))}")} {Clock(g.Key.From)}-{Clock(g.Key.To)}")];
    }

    /// <summary>Whether dates of its own, or of what it leaves out, say more than the week does.</summary>
    internal static IEnumerable<NagiosDates> Dates(NagiosPeriod period, IReadOnlyDictionary<string, NagiosPeriod> periods) =>
        period.Dates.Concat(period.Without.Where(periods.ContainsKey).SelectMany(p => periods[p].Dates));

    private static bool[] Inside(NagiosPeriod period, IReadOnlyDictionary<string, NagiosPeriod> periods, int day)
    {
        var minutes = new bool[Day];
        Set(minutes, period.Days[day], true);
        foreach (var name in period.Without)
        {
            if (periods.TryGetValue(name, out var without))
            {
                Set(minutes, without.Days[day], false);
            }
        }

        return minutes;
    }

    private static void Set(bool[] minutes, IReadOnlyList<NagiosSpan>? spans, bool value)
    {
        foreach (var span in spans ?? [])
        {
            minutes.AsSpan(span.From, Math.Max(0, span.To - span.From)).Fill(value);
        }
    }

    private static IEnumerable<NagiosSpan> Gaps(bool[] minutes)
    {
        for (var at = 0; at < Day; at++)
        {
            if (minutes[at])
            {
                continue;
            }

            var from = at;
            while (at < Day && !minutes[at])
            {
                at++;
            }

            yield return new NagiosSpan(from, at);
        }
    }

    private static string Clock(int minute) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");
}
