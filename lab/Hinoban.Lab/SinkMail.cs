using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Hinoban.Lab;

/// <summary>A mail that the sink kept, with what a reader's program would show of it. Reads what our composer and simple clients write.</summary>
internal sealed partial class SinkMail
{
    internal SinkMail(string queueId, string sender, string recipient, byte[] raw, DateTimeOffset arrivedUtc)
    {
        (QueueId, Sender, Recipient, Raw, ArrivedUtc) = (queueId, sender, recipient, raw, arrivedUtc);
        var text = Encoding.Latin1.GetString(raw);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = end < 0 ? text : text[..end];
        Headers = [.. Unfold().Replace(head, " ").Split("\r\n").Where(l => l.Contains(':', StringComparison.Ordinal)).Select(Split)];
        Text = Body(end < 0 ? [] : raw[(end + 4)..]);
    }

    internal string QueueId { get; }

    /// <summary>Envelope.</summary>
    internal string Sender { get; }

    /// <summary>Envelope.</summary>
    internal string Recipient { get; }

    internal byte[] Raw { get; }

    internal DateTimeOffset ArrivedUtc { get; }

    /// <summary>Unfolded, in order, not decoded.</summary>
    internal IReadOnlyList<(string Name, string Value)> Headers { get; }

    /// <summary>The body as text, line ends as LF.</summary>
    internal string Text { get; }

    internal string Subject => Decode(Header("Subject") ?? "");

    internal string From => Decode(Header("From") ?? "");

    internal string MessageId => Header("Message-ID") ?? "";

    internal IReadOnlyList<string> References => (Header("References") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The first header of this name; null if there is none.</summary>
    internal string? Header(string name) =>
        Headers.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Name: not null } found ? found.Value : null;

    /// <summary>RFC 2047 words as text; space between two of them belongs to the encoding.</summary>
    internal static string Decode(string value) =>
        Word().Replace(Between().Replace(value, "$1"), m => Charset(m.Groups["charset"].Value).GetString(Convert.FromBase64String(m.Groups["text"].Value)));

    private static (string Name, string Value) Split(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return (line[..colon], line[(colon + 1)..].Trim());
    }

    private string Body(byte[] bytes)
    {
        var charset = CharsetParameter().Match(Header("Content-Type") ?? "");
        var decoded = (Header("Content-Transfer-Encoding") ?? "7bit").ToLowerInvariant() switch
        {
            "base64" => Convert.FromBase64String(Encoding.ASCII.GetString(bytes)),
            "quoted-printable" => QuotedPrintable(Encoding.ASCII.GetString(bytes)),
            _ => bytes,
        };
        return Charset(charset.Success ? charset.Groups[1].Value : "utf-8").GetString(decoded).Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private static byte[] QuotedPrintable(string text)
    {
        var joined = text.Replace("=\r\n", "", StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(Hex().Replace(joined, m => ((char)int.Parse(m.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()));
    }

    private static Encoding Charset(string name) => name.Equals("iso-2022-jp", StringComparison.OrdinalIgnoreCase)
        ? CodePagesEncodingProvider.Instance.GetEncoding(50220)!
        : Encoding.UTF8;

    [GeneratedRegex(@"\r\n[ \t]")]
    private static partial Regex Unfold();

    [GeneratedRegex(@"(\?=)\s+(?==\?)")]
    private static partial Regex Between();

    [GeneratedRegex(@"=\?(?<charset>[^?*]+)\?B\?(?<text>[A-Za-z0-9+/=]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex Word();

    [GeneratedRegex(@"charset=""?([A-Za-z0-9\-]+)", RegexOptions.IgnoreCase)]
    private static partial Regex CharsetParameter();

    [GeneratedRegex("=([0-9A-Fa-f]{2})")]
    private static partial Regex Hex();
}
