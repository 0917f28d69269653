using System.Text;

namespace Hinoban.Agent.Logs;

/// <summary>Texts of which a pattern's every match holds at least one: what does not hold any need not be shown to the pattern.</summary>
/// <param name="IgnoreCase">Compared without regard to case.</param>
internal sealed record Literals(IReadOnlyList<string> AnyOf, bool IgnoreCase)
{
    private const string WithoutCase = "(?i)";

    /// <summary>The texts that are longest and fewest; null where none can be named for sure, and the pattern must see everything.</summary>
    internal static Literals? Of(string pattern)
    {
        var ignoreCase = pattern.StartsWith(WithoutCase, StringComparison.Ordinal);
        var reader = new Reader(pattern, ignoreCase ? WithoutCase.Length : 0, ignoreCase);
        return reader.Whole() is { } texts ? new Literals(texts, ignoreCase) : null;
    }

    internal StringComparison Comparison => IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    internal bool In(ReadOnlySpan<char> text)
    {
        foreach (var literal in AnyOf)
        {
            if (text.Contains(literal, Comparison))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Reads a pattern that the framework has already taken, as far as is needed to know what must stand in a match. Whatever it does not know
    /// makes it say nothing, which is always right.
    /// </summary>
    private sealed class Reader(string pattern, int at, bool ignoreCase)
    {
        private const int Shortest = 2;
        private const int MostTexts = 32;
        private bool lost;

        internal IReadOnlyList<string>? Whole()
        {
            var texts = Alternatives();
            return lost || at < pattern.Length ? null : texts;
        }

        // One text of each branch; a branch without any leaves nothing for sure.
        private List<string>? Alternatives()
        {
            List<string>? all = [];
            while (true)
            {
                var texts = Sequence();
                all = all is null || texts is null ? null : [.. all, .. texts];
                if (lost || at >= pattern.Length || pattern[at] != '|')
                {
                    return all is { Count: <= MostTexts } ? all : null;
                }

                at++;
            }
        }

        private List<string>? Sequence()
        {
            List<string>? best = null;
            var run = new StringBuilder();
            while (!lost && at < pattern.Length && pattern[at] is not ('|' or ')'))
            {
                var (letter, texts) = Atom();
                var (least, repeated) = Quantifier();
                if (letter is { } plain && least > 0 && Sure(plain))
                {
                    run.Append(plain);
                    if (!repeated)
                    {
                        continue;
                    }
                }

                EndRun();
                best = least > 0 && texts is not null ? Better(best, texts) : best;
            }

            EndRun();
            return best;

            void EndRun()
            {
                best = run.Length >= Shortest ? Better(best, [run.ToString()]) : best;
                run.Clear();
            }
        }

        // Letters with more than two forms (the Kelvin sign is a k) are nothing that is surely found without regard to case.
        private bool Sure(char c) => !char.IsSurrogate(c) && (!ignoreCase || (char.IsAscii(c) && c is not ('k' or 'K' or 'i' or 'I' or 's' or 'S')));

        private static List<string> Better(List<string>? a, List<string> b) =>
            a is null || (Least(b), -b.Count).CompareTo((Least(a), -a.Count)) > 0 ? b : a;

        private static int Least(List<string> texts) => texts.Min(t => t.Length);

        /// <summary>A plain character, or what a group surely holds, or neither.</summary>
        private (char? Letter, List<string>? Texts) Atom()
        {
            var c = pattern[at++];
            switch (c)
            {
                case '(':
                    return (null, Group());
                case '[':
                    Class();
                    return default;
                case '\\':
                    return (Escaped(), null);
                case '.' or '^' or '$':
                    return default;
                case '*' or '+' or '?':
                    lost = true;
                    return default;
                default:
                    return (c, null);
            }
        }

        private List<string>? Group()
        {
            if (At("?:"))
            {
                at += 2;
            }
            else if ((At("?<") || At("?'")) && at + 2 < pattern.Length && pattern[at + 2] is not ('=' or '!'))
            {
                var end = pattern.IndexOf(pattern[at + 1] == '<' ? '>' : '\'', at + 2);
                (at, lost) = (end + 1, lost || end < 0);
            }
            else if (At("?"))
            {
                lost = true;
            }

            if (lost)
            {
                return null;
            }

            var texts = Alternatives();
            lost |= at >= pattern.Length || pattern[at] != ')';
            at++;
            return texts;
        }

        private void Class()
        {
            at += At("^") ? 1 : 0;
            at += At("]") ? 1 : 0; // as the first it is one of the class
            while (at < pattern.Length && pattern[at] != ']')
            {
                if (At("-["))
                {
                    at += 2;
                    Class();
                }
                else
                {
                    at += pattern[at] == '\\' ? 2 : 1;
                }
            }

            lost |= at >= pattern.Length;
            at++;
        }

        private char? Escaped()
        {
            if (at >= pattern.Length)
            {
                lost = true;
                return null;
            }

            var c = pattern[at++];
            switch (c)
            {
                case 'd' or 'D' or 'w' or 'W' or 's' or 'S' or 'b' or 'B' or 'A' or 'z' or 'Z' or 'G' or 't' or 'n' or 'r' or 'f' or 'v' or 'a' or 'e':
                    return null;
                case 'p' or 'P':
                    var end = pattern.IndexOf('}', at);
                    (at, lost) = (end + 1, lost || end < 0);
                    return null;
                default:
                    lost |= char.IsLetterOrDigit(c) || c == '_';
                    return lost ? null : c;
            }
        }

        /// <summary>How often the last atom stands there at least, and whether it may stand there more often than once.</summary>
        private (int Least, bool Repeated) Quantifier()
        {
            var (least, repeated) = (1, false);
            if (at < pattern.Length && pattern[at] is '*' or '+' or '?')
            {
                (least, repeated) = (pattern[at] == '+' ? 1 : 0, true);
                at++;
            }
            else if (At("{") && pattern.IndexOf('}', at) is var end and > 0
                && pattern.AsSpan(at + 1, end - at - 1) is var inside && inside.Length > 0 && char.IsAsciiDigit(inside[0]) && !inside.ContainsAnyExcept("0123456789,"))
            {
                var zero = inside.IndexOf(',') is var comma and >= 0 ? inside[..comma] : inside;
                (least, repeated) = (zero.ContainsAnyExcept('0') ? 1 : 0, true);
                at = end + 1;
            }
            else
            {
                return (1, false);
            }

            at += At("?") ? 1 : 0;
            return (least, repeated);
        }

        private bool At(string text) => string.CompareOrdinal(pattern, at, text, 0, text.Length) == 0;
    }
}
