using System.Text;

namespace Hinoban.Specs.Nagios;

/// <summary>A line as Nagios takes it: continued lines joined, with the number of the first; <see cref="TooLong"/>: its text is left out.</summary>
internal readonly record struct NagiosLine(int Number, string Text, bool TooLong);

/// <summary>Text → lines, as Nagios joins them (a backslash at the end goes on, two are one), and without comments.</summary>
internal static class NagiosLines
{
    /// <summary>Longer than any line that a person or a program wrote to be read.</summary>
    internal const int Longest = 1_000_000;

    internal static IEnumerable<NagiosLine> Of(string text)
    {
        var joined = new StringBuilder();
        var (at, number, first) = (0, 0, 1);
        var tooLong = false;
        while (at < text.Length)
        {
            var end = text.IndexOf('\n', at);
            var next = end < 0 ? text.Length : end + 1;
            var last = end < 0 ? text.Length : end;
            number++;
            if (end > at && text[end - 1] == '\r')
            {
                last--;
            }

            first = joined.Length == 0 && !tooLong ? number : first;
            var goesOn = Take(text, at, last, joined, ref tooLong);
            at = next;
            if (!goesOn || at >= text.Length)
            {
                yield return new NagiosLine(first, tooLong ? "" : joined.ToString().Trim(' ', '\t', '\r'), tooLong);
                joined.Clear();
                tooLong = false;
            }
        }
    }

    /// <summary>What stands before a comment; <c>\;</c> is a semicolon.</summary>
    internal static string WithoutComment(string line)
    {
        var at = line.IndexOf(';', StringComparison.Ordinal);
        if (at < 0)
        {
            return line;
        }

        var kept = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length && !(line[i] == ';' && (i == 0 || line[i - 1] != '\\')); i++)
        {
            if (line[i] == ';')
            {
                kept.Length--;
            }

            kept.Append(line[i]);
        }

        return kept.ToString().Trim(' ', '\t', '\r');
    }

    // Whether the next line belongs to this one.
    private static bool Take(string text, int from, int to, StringBuilder joined, ref bool tooLong)
    {
        var goesOn = to > from && text[to - 1] == '\\';
        if (joined.Length > 0)
        {
            while (from < to && text[from] is ' ' or '\t')
            {
                from++;
            }
        }

        var doubled = goesOn && to - from >= 2 && text[to - 2] == '\\';
        if (tooLong || joined.Length + (to - from) > Longest)
        {
            tooLong = true;
            joined.Clear();
            return goesOn && !doubled;
        }

        joined.Append(text, from, Math.Max(0, to - from - (goesOn ? 1 : 0)));
        return goesOn && !doubled;
    }
}
