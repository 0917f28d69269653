using System.Globalization;
using Hinoban.Checks;
using Hinoban.Specs;

namespace Hinoban.Lab.Story;

/// <summary>The journals of the hosts' agents: what stands in each log, with an identity, for every site to read by its own cursor.</summary>
internal sealed class LabLogs
{
    private const int Most = 50;

    private readonly Dictionary<string, List<LogHit>> journals = [];
    private int written;

    internal LogHit Write(string title, string text, CheckStatus level, DateTimeOffset utc)
    {
        var identity = (++written).ToString("x32", CultureInfo.InvariantCulture);
        var hit = new LogHit(identity, "match1", level, utc, "/var/log/messages", 80 * written, text, [$"before {text}"], [$"after {text}"]);
        (journals.TryGetValue(title, out var journal) ? journal : journals[title] = []).Add(hit);
        return hit;
    }

    /// <summary>What comes after the cursor; null if nothing does.</summary>
    internal LogReading? Read(ItemPlan item, string cursor)
    {
        var from = cursor.Length == 0 ? 0 : int.Parse(cursor.AsSpan(cursor.IndexOf('.', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
        var hits = journals.GetValueOrDefault(item.Title)?.Skip(from).Take(Most).ToList() ?? [];
        return hits.Count == 0 ? null : new LogReading(string.Create(CultureInfo.InvariantCulture, $"lab.{from + hits.Count}"), hits);
    }
}
