using System.Globalization;

namespace Hinoban.Lab.Sim;

/// <summary>
/// A bug that is planted to see whether the simulator finds it: a small patch of the product's sources, with the script that shows it (seed, days, density) and the
/// law that it breaks there. Its lines are looked for by what they say, wherever they are now.
/// </summary>
internal sealed record PlantedBug(string Name, string Title, string Law, int Seed, string Days, string Density, IReadOnlyList<PlantedChange> Changes)
{
    /// <summary>All in a folder, by name.</summary>
    internal static IReadOnlyList<PlantedBug> All(string folder) =>
        [.. Directory.GetFiles(folder, "*.patch").Order(StringComparer.Ordinal).Select(f => Parse(Path.GetFileNameWithoutExtension(f), File.ReadAllLines(f)))];

    /// <summary>From lines <c>Bug:</c>, <c>Law:</c>, <c>Seed:</c> (0: none shows it), <c>Days:</c>, <c>Density:</c> and a unified diff.</summary>
    internal static PlantedBug Parse(string name, IReadOnlyList<string> lines)
    {
        string Header(string word) => lines.FirstOrDefault(l => l.StartsWith(word, StringComparison.Ordinal))?[word.Length..].Trim() ?? "";
        var changes = new List<PlantedChange>();
        var file = "";
        foreach (var line in lines)
        {
            if (line.StartsWith("+++ b/", StringComparison.Ordinal))
            {
                file = line[6..];
            }
            else if (line.StartsWith("@@", StringComparison.Ordinal))
            {
                changes.Add(new PlantedChange(file, [], []));
            }
            else if (changes.Count > 0 && changes[^1].File == file && line.Length > 0 && line[0] is ' ' or '+' or '-' && !line.StartsWith("---", StringComparison.Ordinal))
            {
                changes[^1].Take(line[0], line[1..]);
            }
        }

        var seed = int.TryParse(Header("Seed:"), CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new PlantedBug(name, Header("Bug:"), Header("Law:"), seed, Header("Days:"), Header("Density:"), changes);
    }

    /// <summary>What does not fit the sources any more; empty if all does.</summary>
    internal IEnumerable<string> Misfits(string root) => Changes
        .Where(c => !File.Exists(Path.Combine(root, c.File)) || c.CountIn(File.ReadAllText(Path.Combine(root, c.File))) != 1)
        .Select(c => $"{Name}: {c.File} does not hold these lines, once:\n{c.Before}");

    /// <summary>Writes the bug into a copy of the sources.</summary>
    internal void PlantIn(string root)
    {
        foreach (var change in Changes)
        {
            var path = Path.Combine(root, change.File);
            File.WriteAllText(path, File.ReadAllText(path).Replace(change.Before, change.After, StringComparison.Ordinal));
        }
    }
}

/// <summary>Lines of a file before and after a change.</summary>
internal sealed record PlantedChange(string File, List<string> Old, List<string> New)
{
    internal string Before => string.Join('\n', Old) + "\n";

    internal string After => string.Join('\n', New) + "\n";

    internal void Take(char mark, string line)
    {
        if (mark != '+')
        {
            Old.Add(line);
        }

        if (mark != '-')
        {
            New.Add(line);
        }
    }

    internal int CountIn(string text) => text.Split(Before).Length - 1;
}
