namespace Hinoban.Specs;

/// <summary>Joins the files of one customer: the sections of named things add up, everything else is said once.</summary>
internal static class SpecParts
{
    private static readonly string[] Growing = ["templates", "hosts", "runbooks", "calendars", "vendors"];

    internal static SpecMap Join(SpecMap main, IReadOnlyList<SpecMap> parts, SpecProblems problems)
    {
        var entries = main.Entries.ToList();
        foreach (var entry in parts.SelectMany(p => p.Entries))
        {
            var at = entries.FindIndex(e => e.Key.Text == entry.Key.Text);
            if (at < 0)
            {
                entries.Add(entry);
            }
            else if (Growing.Contains(entry.Key.Text) && entries[at].Value is SpecMap before && entry.Value is SpecMap more)
            {
                entries[at] = new SpecEntry(entries[at].Key, Add(before, more, problems));
            }
            else
            {
                problems.Wrong(entry.Key.At, SpecText.AlreadyIn(entry.Key.Text, Place(entries[at])), SpecText.SayItInOne);
            }
        }

        return new SpecMap(main.At, entries);
    }

    private static SpecMap Add(SpecMap before, SpecMap more, SpecProblems problems)
    {
        var known = before.Entries.ToDictionary(e => e.Key.Text);
        var entries = before.Entries.ToList();
        foreach (var entry in more.Entries)
        {
            if (known.TryGetValue(entry.Key.Text, out var first))
            {
                problems.Wrong(entry.Key.At, SpecText.AlreadyIn(entry.Key.Text, Place(first)), SpecText.SayItInOne);
            }
            else
            {
                entries.Add(entry);
            }
        }

        return new SpecMap(before.At, entries);
    }

    private static string Place(SpecEntry entry) => $"{entry.Key.At.File}:{entry.Key.At.Line}";
}
