namespace Hinoban.Basics;

/// <summary>
/// A sentence with holes: <c>{0}</c> takes anything, <c>{0*}</c> only what is a sentence of ours itself, <c>{0@}</c> only an address with its port, <c>{0#}</c> only a number. It is found by its fixed parts in their order, the last at the end.
/// </summary>
internal sealed class Phrase
{
    private readonly List<string> fixedParts = [];
    private readonly List<(int Number, char Takes)> holes = [];
    private readonly string ja;

    internal Phrase(string en, string ja)
    {
        this.ja = ja;
        var from = 0;
        for (var open = en.IndexOf('{', StringComparison.Ordinal); open >= 0; open = en.IndexOf('{', from))
        {
            var close = en.IndexOf('}', open);
            var name = en[(open + 1)..close];
            fixedParts.Add(en[from..open]);
            holes.Add((name[0] - '0', name[^1]));
            from = close + 1;
        }

        fixedParts.Add(en[from..]);
    }

    /// <summary>The sentence in Japanese; null: it is another one. <paramref name="ours"/> says what stands in a hole for sentences of ours.</summary>
    internal string? Say(string text, Func<string, string?> ours)
    {
        if (!text.StartsWith(fixedParts[0], StringComparison.Ordinal))
        {
            return null;
        }

        var (said, at) = (ja, fixedParts[0].Length);
        for (var i = 0; i < holes.Count; i++)
        {
            var next = fixedParts[i + 1];
            var end = i < holes.Count - 1 ? text.IndexOf(next, at, StringComparison.Ordinal)
                : text.Length - next.Length >= at && text.EndsWith(next, StringComparison.Ordinal) ? text.Length - next.Length : -1;
            if (end < 0 || Fill(holes[i].Takes, text[at..end], ours) is not { } filled)
            {
                return null;
            }

            said = said.Replace($"{{{holes[i].Number}}}", filled.Replace('{', '\ue000'), StringComparison.Ordinal);
            at = end + next.Length;
        }

        return at == text.Length ? said.Replace('\ue000', '{') : null;
    }

    private static string? Fill(char takes, string found, Func<string, string?> ours) => takes switch
    {
        '*' => ours(found),
        '@' => !found.Contains(' ', StringComparison.Ordinal) && found.LastIndexOf(':') is > 0 and var port && IsNumber(found[(port + 1)..]) ? found : null,
        '#' => IsNumber(found) ? found : null,
        _ => found,
    };

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
}
