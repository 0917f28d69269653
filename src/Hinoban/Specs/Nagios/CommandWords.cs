using System.Text;
using Hinoban.Basics;

namespace Hinoban.Specs.Nagios;

/// <summary>A command line → its words, as a POSIX shell would take it apart; or why that takes a shell, which no plugin of ours is run by.</summary>
internal sealed class CommandWords
{
    private readonly string line;
    private readonly List<string> words = [];
    private readonly StringBuilder word = new();
    private bool begun;
    private int at;
    private char? wild;

    private CommandWords(string line) => this.line = line;

    /// <summary>Wild: a pattern of file names outside of quotes, which a shell hands on as it is only where no file fits.</summary>
    internal static (IReadOnlyList<string>? Words, Text? Why, char? Wild) Of(string line)
    {
        var taken = new CommandWords(line);
        return taken.Take() is { } why ? (null, why, null)
            : taken.words.Count == 0 ? (null, WriteText.NoProgram, null)
            : taken.words[0].Contains('=', StringComparison.Ordinal) ? (null, WriteText.Shell('='), null)
            : (taken.words, null, taken.wild);
    }

    private Text? Take()
    {
        for (; at < line.Length; at++)
        {
            var c = line[at];
            switch (c)
            {
                case ' ' or '\t':
                    End();
                    break;
                case '\'':
                    if (Single() is { } open)
                    {
                        return open;
                    }

                    break;
                case '"':
                    if (Double() is { } wrong)
                    {
                        return wrong;
                    }

                    break;
                case '\\':
                    Add(++at < line.Length ? line[at] : '\\');
                    break;
                case '|' or '&' or ';' or '<' or '>' or '(' or ')' or '`' or '$' or '\n':
                case '~' or '#' when !begun:
                    return WriteText.Shell(c);
                default:
                    wild ??= c is '*' or '[' ? c : null;
                    Add(c);
                    break;
            }
        }

        End();
        return null;
    }

    private Text? Single()
    {
        var end = line.IndexOf('\'', at + 1);
        if (end < 0)
        {
            return WriteText.OpenQuote;
        }

        word.Append(line, at + 1, end - at - 1);
        (begun, at) = (true, end);
        return null;
    }

    private Text? Double()
    {
        begun = true;
        for (at++; at < line.Length; at++)
        {
            switch (line[at])
            {
                case '"':
                    return null;
                case '$' or '`':
                    return WriteText.Shell(line[at]);
                case '\\' when at + 1 < line.Length && line[at + 1] is '"' or '\\' or '$' or '`':
                    word.Append(line[++at]);
                    break;
                default:
                    word.Append(line[at]);
                    break;
            }
        }

        return WriteText.OpenQuote;
    }

    private void Add(char c)
    {
        begun = true;
        word.Append(c);
    }

    private void End()
    {
        if (begun)
        {
            words.Add(word.ToString());
            word.Clear();
            begun = false;
        }
    }
}
