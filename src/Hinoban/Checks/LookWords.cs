using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>
/// What our own looks say, in the reader's language. A look's output is kept as it was written, in English, as Nagios plugins write it: known patterns match it, and other
/// programs read it. Only who shows it says it again. What a plugin, an agent's measure or a program of the customer's printed stays as it is.
/// </summary>
internal static class LookWords
{
    private static readonly string[] Others = ["", "plugin", "own", PassiveLookPlan.Word, LogLookPlan.Word];
    private static readonly string[] States = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];

    // "HTTP CRITICAL - ", "AGENT UNKNOWN - ": a protocol is a word or two.
    private const int LongestProtocol = 16;

    internal static Text Of(string kind, string output) =>
        Array.IndexOf(Others, kind) >= 0 || HeadOf(output) is not { } head ? Text.Same(output) : new Text(head + Parts(output[head.Length..]), output);

    // What a target says may have a dash in it too: a part that is none of ours stays as it is.
    private static string Parts(string said) =>
        string.Join(" - ", said.Split(" - ").Select(part => LookPhrases.Ja(part) ?? part));

    private static string? HeadOf(string output)
    {
        foreach (var state in States)
        {
            var at = output.IndexOf(state, StringComparison.Ordinal);
            if (at is < 0 or > LongestProtocol)
            {
                continue;
            }

            var end = at + state.Length;
            var mark = output.AsSpan(end).StartsWith(" - ") ? 3 : output.AsSpan(end).StartsWith(": ") ? 2 : 0;
            if (mark > 0)
            {
                return output[..(end + mark)];
            }
        }

        return null;
    }
}
