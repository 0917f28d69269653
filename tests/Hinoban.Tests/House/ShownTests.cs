using System.Globalization;
using System.Text.RegularExpressions;
using Hinoban.Tests.Checks;

namespace Hinoban.Tests.House;

/// <summary>docs/reference/shown.md says which test shows which item: the tests must be there, every item must have its three conditions, and the counts must be those of the comparison.</summary>
public sealed partial class ShownTests
{
    private const int First = 61;
    private const int Last = 79;

    private static readonly string Page = File.ReadAllText(Repository.Path("docs", "reference", "shown.md"));

    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var sources = Repository.Files("tests", ".cs").ToLookup(f => Path.GetFileNameWithoutExtension(f), File.ReadAllText);
        var wrong = Test().Matches(Page)
            .Select(m => (Class: m.Groups[1].Value, Method: m.Groups[2].Value))
            .Where(t => !sources[t.Class].Any(s => s.Contains($"class {t.Class}", StringComparison.Ordinal) && s.Contains($" {t.Method}(", StringComparison.Ordinal)))
            .Select(t => $"{t.Class}.{t.Method}");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_item_is_shown_slow_wrong_and_away_by_tests_that_the_page_names()
    {
        var named = Key().Matches(Page).Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(named.Count, named.Distinct().Count());
        var rows = Row().Matches(Page).ToDictionary(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture), m => m.Groups[2].Value);
        Assert.Equal(Enumerable.Range(First, Last - First + 1), rows.Keys.Order());
        foreach (var (item, row) in rows)
        {
            var cells = row.Split('|')[1..4];
            foreach (var cell in cells)
            {
                var used = Used().Matches(cell).Select(m => m.Value).ToList();
                Assert.True(used.Count > 0, $"R{item}: no test in '{cell.Trim()}'");
                Assert.True(used.TrueForAll(named.Contains), $"R{item}: '{cell.Trim()}' uses a key that is not explained");
            }
        }
    }

    [Fact]
    public void The_comparison_has_as_many_command_lines_as_the_page_says()
    {
        var said = Count().Matches(Page).ToDictionary(m => m.Groups[1].Value, m => int.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));
        var are = DropInLines.All.CountBy(l => l.Split(' ')[0]).ToDictionary(k => k.Key, k => k.Value);
        Assert.Equal(are.OrderBy(k => k.Key, StringComparer.Ordinal), said.OrderBy(k => k.Key, StringComparer.Ordinal));
        Assert.Contains($"**{DropInLines.All.Length.ToString(CultureInfo.InvariantCulture)} command lines**", Page, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"`([A-Za-z]+Tests)\.([A-Za-z_0-9]+)`")]
    private static partial Regex Test();

    [GeneratedRegex(@"^\| \*\*([A-Z]\d+)\*\* \|", RegexOptions.Multiline)]
    private static partial Regex Key();

    [GeneratedRegex(@"^\| R(\d\d) (.*)$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\b[A-Z]\d+\b")]
    private static partial Regex Used();

    [GeneratedRegex(@"^\| `check ([a-z]+)` \| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Count();
}
