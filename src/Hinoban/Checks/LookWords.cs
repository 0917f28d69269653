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

    private const string Between = " - ";
    private const string StatusLine = "HTTP/";

    private static readonly Phrase[] BeforeStatus =
    [
        new("", ""),
        new("invalid HTTP answer: ", "HTTPの応答として正しくありません: "),
        new("answer not complete within {0#} seconds (", "{0}秒以内に応答が完了しません ("),
    ];

    // "HTTP CRITICAL - ", "AGENT UNKNOWN - ": a protocol is a word or two.
    private const int LongestProtocol = 16;

    internal static Text Of(string kind, string output) =>
        Array.IndexOf(Others, kind) >= 0 || HeadOf(output) is not { } head ? Text.Same(output) : new Text(head + Parts(output[head.Length..]), output);

    // What a target says may have a dash, and a sentence of ours, in it too: nothing is taken out of its words.
    private static string Parts(string said) =>
        WithStatus(said) ?? WithCertificate(said) ?? LookPhrases.Ja(said) ?? said;

    private static string? WithStatus(string said)
    {
        var at = said.IndexOf(StatusLine, StringComparison.Ordinal);
        if (at < 0 || BeforeStatus.Select(p => p.Say(said[..at], static _ => null)).FirstOrDefault(ja => ja is not null) is not { } head)
        {
            return null;
        }

        // Ours are the last ones; what stands before one that is not belongs to the line.
        var parts = said[at..].Split(Between);
        for (var i = parts.Length - 1; i > 0 && LookPhrases.JaAfterStatus(parts[i]) is { } ja; i--)
        {
            parts[i] = ja;
        }

        return head + string.Join(Between, parts);
    }

    private static string? WithCertificate(string said)
    {
        var words = said.StartsWith("certificate '", StringComparison.Ordinal) ? said.IndexOf("' expire", StringComparison.Ordinal) : -1;
        var end = words < 0 ? -1 : said.IndexOf(Between, words, StringComparison.Ordinal);
        return end >= 0 && LookPhrases.Ja(said[..end]) is { } certificate && LookPhrases.Ja(said[(end + Between.Length)..]) is { } rest ? certificate + Between + rest : null;
    }

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
