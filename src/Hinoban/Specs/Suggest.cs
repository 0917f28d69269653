using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Finds the word that somebody meant: the nearest of the known ones, if it is near at all.</summary>
internal static class Suggest
{
    private const int LongestWord = 64;

    internal static string? Nearest(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > LongestWord)
        {
            return null;
        }

        var reach = Math.Clamp(word.Length / 3, 1, 3);
        var lower = word.ToLowerInvariant();
        var best = known
            .Where(k => Math.Abs(k.Length - word.Length) <= reach)
            .Select(k => (Word: k, Distance: Distance(lower, k.ToLowerInvariant())))
            .Where(c => c.Distance <= reach)
            .OrderBy(c => c.Distance)
            .ThenBy(c => c.Word, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Word;
    }

    /// <summary>"did you mean `x`?", or else the known words.</summary>
    internal static Text Or(string word, IEnumerable<string> known) =>
        Nearest(word, known) is { } near ? SpecText.DidYouMean(near) : OneOf([.. known]);

    internal static Text OneOf(IReadOnlyList<string> known) =>
        known.Count switch
        {
            0 => SpecText.NoneKnown,
            1 => SpecText.OnlyKnown(Shown.Names(known)),
            > 32 => SpecText.KnownAndMore(Shown.Names(known.Take(24)), known.Count - 24),
            _ => SpecText.Known(Shown.Names(known)),
        };

    /// <summary>Optimal string alignment: a swap of two neighbours counts as one slip, as it does for people who type.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                var least = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + change);
                var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                rows[i, j] = swapped ? Math.Min(least, rows[i - 2, j - 2] + 1) : least;
            }
        }

        return rows[a.Length, b.Length];
    }
}
