using System.Globalization;

namespace Hinoban.Notifying.Inbound;

/// <summary>One line of the MTA's, taken apart. <see cref="Path"/> is what stands in angle brackets of MAIL and RCPT, null if there is none.</summary>
internal sealed record LmtpCommand(string Verb, string? Path, long? Size, string Argument)
{
    private const int LongestPath = 320;

    internal static LmtpCommand Parse(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var verb = (space < 0 ? line : line[..space]).ToUpperInvariant();
        var rest = space < 0 ? "" : line[(space + 1)..].Trim();
        return verb switch
        {
            "MAIL" => WithPath("MAIL", "FROM:", rest),
            "RCPT" => WithPath("RCPT", "TO:", rest),
            _ => new LmtpCommand(verb, null, null, rest),
        };
    }

    private static LmtpCommand WithPath(string verb, string word, string rest)
    {
        var text = rest.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? rest[word.Length..].TrimStart() : "";
        var end = End(text);
        if (end < 0)
        {
            return new LmtpCommand(verb, null, null, rest);
        }

        var path = Unquoted(text[1..end]);
        var parameters = text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var size = parameters.FirstOrDefault(p => p.StartsWith("SIZE=", StringComparison.OrdinalIgnoreCase));
        return new LmtpCommand(
            verb,
            path.Length <= LongestPath ? path : null,
            long.TryParse(size?[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var octets) ? octets : null,
            rest);
    }

    // A quoted local part may hold ">".
    private static int End(string text)
    {
        if (text.Length == 0 || text[0] != '<')
        {
            return -1;
        }

        var quoted = false;
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '\\' && quoted)
            {
                at++;
            }
            else if (text[at] == '"')
            {
                quoted = !quoted;
            }
            else if (text[at] == '>' && !quoted)
            {
                return at;
            }
        }

        return -1;
    }

    // "a..b"@x and a route in front (RFC 5321 4.1.2, appendix C): the address they mean.
    private static string Unquoted(string path)
    {
        var address = path.StartsWith('@') && path.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? path[(colon + 1)..] : path;
        var at = address.LastIndexOf('@');
        return at > 1 && address[0] == '"' && address[at - 1] == '"'
            ? address[1..(at - 1)].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal) + address[at..]
            : address;
    }
}
