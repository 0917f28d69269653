using System.Globalization;
using System.Text;

namespace Hinoban.Notifying.Inbound;

/// <summary>
/// A structured value with parameters (<c>text/plain; charset="x"; name*0*=…</c>): RFC 2045 with RFC 2231's pieces and charsets, and what breaks
/// them (encoded words, raw octets, missing quotes).
/// </summary>
internal sealed class MimeParameters
{
    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);

    private MimeParameters(string value) => Value = value;

    /// <summary>What stands before the first semicolon, in lower case.</summary>
    internal string Value { get; }

    /// <summary>A parameter's text for people; null if it is not there.</summary>
    internal string? this[string name] => values.GetValueOrDefault(name);

    internal static MimeParameters Read(string? field)
    {
        var pieces = Split(field ?? "");
        var read = new MimeParameters(pieces.Count == 0 ? "" : WithoutComment(pieces[0]).Trim().ToLowerInvariant());
        var raw = new List<(string Name, string Value)>();
        foreach (var piece in pieces.Skip(1).Take(MimeLimits.Items))
        {
            var equals = piece.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                raw.Add((piece[..equals].Trim(), Unquote(piece[(equals + 1)..].Trim())));
            }
        }

        foreach (var group in raw.GroupBy(p => p.Name.Split('*')[0], StringComparer.OrdinalIgnoreCase))
        {
            read.values[group.Key] = Join([.. group]);
        }

        return read;
    }

    private static string Join(IReadOnlyList<(string Name, string Value)> pieces)
    {
        if (pieces.FirstOrDefault(p => !p.Name.Contains('*', StringComparison.Ordinal)) is { Name: not null } plain && pieces.All(p => !p.Name.Contains('*', StringComparison.Ordinal)))
        {
            return HeaderText.Decode(plain.Value);
        }

        string? charset = null;
        var octets = new List<byte>();
        var order = pieces.Where(p => p.Name.Contains('*', StringComparison.Ordinal)).Select(p => (p.Value, Words: p.Name.Split('*'))).OrderBy(p => Number(p.Words));
        foreach (var (given, words) in order)
        {
            var value = given;
            if (words[^1].Length == 0)
            {
                if (charset is null && value.Split('\'', 3) is [var named, _, var rest])
                {
                    (charset, value) = (named, rest);
                }

                octets.AddRange(Percent(value));
            }
            else
            {
                octets.AddRange(HeaderText.Octets(value));
            }
        }

        var text = MailDecoder.Decode([.. octets], charset);
        return text.Contains("=?", StringComparison.Ordinal) ? HeaderText.Decode(text) : text;
    }

    private static int Number(string[] words) =>
        words.Length > 1 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static List<byte> Percent(string value)
    {
        var octets = new List<byte>(value.Length);
        for (var at = 0; at < value.Length; at++)
        {
            if (value[at] == '%' && at + 2 < value.Length && byte.TryParse(value.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                octets.Add(octet);
                at += 2;
            }
            else
            {
                octets.Add((byte)Math.Min((int)value[at], 0xff));
            }
        }

        return octets;
    }

    // Semicolons inside quotes are text. JIS has no quote of ours inside its escapes that matters: its second octets may be 22, so they are skipped.
    private static List<string> Split(string field)
    {
        var pieces = new List<string>();
        var piece = new StringBuilder();
        var (quoted, escaped, jis) = (false, false, false);
        for (var at = 0; at < field.Length; at++)
        {
            var c = field[at];
            jis = c == '\e' ? at + 1 < field.Length && field[at + 1] == '$' : jis;
            if (escaped || jis)
            {
                escaped = false;
            }
            else if (c == '\\' && quoted)
            {
                escaped = true;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ';' && !quoted)
            {
                pieces.Add(piece.ToString());
                piece.Clear();
                continue;
            }

            piece.Append(c);
        }

        pieces.Add(piece.ToString());
        return pieces;
    }

    private static string Unquote(string value)
    {
        if (value.Length == 0 || value[0] != '"')
        {
            return WithoutComment(value).Trim();
        }

        var text = new StringBuilder(value.Length);
        for (var at = 1; at < value.Length && value[at] != '"'; at++)
        {
            if (value[at] == '\\' && at + 1 < value.Length)
            {
                at++;
            }

            text.Append(value[at]);
        }

        return text.ToString();
    }

    private static string WithoutComment(string value) => value.IndexOf('(', StringComparison.Ordinal) is >= 0 and var from && !value.Contains('\e', StringComparison.Ordinal) ? value[..from] : value;
}
