using System.Net;
using System.Text.RegularExpressions;

namespace Hinoban.Notifying.Inbound;

/// <summary>What a message says, as text for people.</summary>
internal static partial class MailWords
{
    private const int LongestExcerpt = 2000;

    /// <summary>The message's own text: of alternatives the plain one, of HTML what it shows.</summary>
    internal static string Of(MimePart message)
    {
        var texts = new List<string>();
        Collect(message, texts);
        return string.Join("\n", texts.Where(t => t.Length > 0));
    }

    /// <summary>What the sender wrote himself, without what he quotes below or above it; the whole where nothing else is left.</summary>
    internal static string Excerpt(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var own = lines.TakeWhile(l => !Attribution().IsMatch(l)).Where(l => !l.StartsWith('>')).ToArray();
        var words = string.Join('\n', own.All(string.IsNullOrWhiteSpace) ? lines : own).Trim('\n', ' ', '\t');
        return words.Length <= LongestExcerpt ? words : words[..(char.IsHighSurrogate(words[LongestExcerpt - 1]) ? LongestExcerpt - 1 : LongestExcerpt)] + "…";
    }

    internal static string FromHtml(string html)
    {
        var text = ScriptOrStyle().Replace(html, "");
        text = Break().Replace(text, "\n");
        text = Tag().Replace(text, "");
        return Blank().Replace(WebUtility.HtmlDecode(text), "\n\n").Trim();
    }

    private static void Collect(MimePart part, List<string> texts)
    {
        if (part.IsMultipart)
        {
            // The last alternative is the richest (RFC 2046 5.1.4); the plain one is what we read.
            var shown = part.MediaType == "multipart/alternative"
                ? [part.Parts.FirstOrDefault(p => p.MediaType == "text/plain") ?? part.Parts[^1]]
                : part.Parts;
            foreach (var below in shown)
            {
                Collect(below, texts);
            }
        }
        else if (!part.IsAttachment && part.MediaType is not ("text/rfc822-headers" or "text/calendar") && (part.IsText || part.MediaType.StartsWith("multipart/", StringComparison.Ordinal)))
        {
            texts.Add(part.MediaType == "text/html" ? FromHtml(part.Text) : part.Text);
        }
    }

    [GeneratedRegex(@"^\s*(-{2,}\s*(Original Message|元のメッセージ|転送メッセージ|Forwarded message)|On .{5,200} wrote:\s*$|.{5,200}(さんは書きました|は書きました|のメール)\s*[:：]\s*$|From: .+@.+$|差出人[:：] ?.+@)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Attribution();

    [GeneratedRegex(@"<script\b[^>]*>.*?</script\s*>|<style\b[^>]*>.*?</style\s*>|<head\b[^>]*>.*?</head\s*>|<!--.*?-->", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex ScriptOrStyle();

    [GeneratedRegex(@"<(br|/p|/div|/tr|/li|/h[1-6])\b[^>]*>", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Break();

    [GeneratedRegex(@"<[^<>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\n[ \t\r]*\n[\s]*", RegexOptions.NonBacktracking)]
    private static partial Regex Blank();
}
