using System.Text;

namespace Hinoban.Notifying.Inbound;

/// <summary>One address of a header: as its owner calls himself, and where mail goes. Both are what somebody claims.</summary>
internal sealed record NamedAddress(string Name, string Address);

/// <summary>Addresses and message ids of headers (RFC 5322), with comments, groups and quotes.</summary>
internal static class MailAddresses
{
    internal static IReadOnlyList<NamedAddress> Read(string? field)
    {
        var found = new List<NamedAddress>();
        foreach (var piece in Split(field ?? "").Take(MimeLimits.Items))
        {
            if (One(piece) is { } address)
            {
                found.Add(address);
            }
        }

        return found;
    }

    /// <summary>What stands in angle brackets, in order.</summary>
    internal static IReadOnlyList<string> Ids(string? field)
    {
        var ids = new List<string>();
        var text = field ?? "";
        for (var at = 0; ids.Count < MimeLimits.Items && text.IndexOf('<', at) is >= 0 and var from;)
        {
            var to = text.IndexOf('>', from);
            if (to < 0)
            {
                break;
            }

            var id = string.Concat(text[from..(to + 1)].Where(c => c > ' '));
            if (id.Length is > 2 and < 1000)
            {
                ids.Add(id);
            }

            at = to + 1;
        }

        return ids;
    }

    private static NamedAddress? One(string piece)
    {
        var text = piece.Trim();
        var to = text.LastIndexOf('>');
        var from = to > 0 ? text.LastIndexOf('<', to) : -1;
        if (from >= 0)
        {
            var address = text[(from + 1)..to].Trim();
            var route = address.StartsWith('@') ? address.IndexOf(':', StringComparison.Ordinal) : -1;
            address = route > 0 ? address[(route + 1)..] : address;
            return address.Contains('@', StringComparison.Ordinal) ? new NamedAddress(Name(text[..from]), address) : null;
        }

        // kijitora@example.jp (Kijitora)
        var comment = text.IndexOf('(', StringComparison.Ordinal);
        var bare = (comment < 0 ? text : text[..comment]).Trim();
        return bare.Contains('@', StringComparison.Ordinal) && !bare.Contains(' ', StringComparison.Ordinal)
            ? new NamedAddress(comment < 0 ? "" : Name(text[(comment + 1)..].TrimEnd(')', ' ')), bare)
            : null;
    }

    private static string Name(string raw)
    {
        var text = raw.Trim();
        if (text.Length > 1 && text[0] == '"' && text[^1] == '"')
        {
            text = text[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        }

        return HeaderText.Decode(text).Trim();
    }

    // A group's name ends at its colon and counts for nothing; JIS escapes are stepped over, their octets may be commas.
    private static List<string> Split(string field)
    {
        var pieces = new List<string>();
        var piece = new StringBuilder();
        var (quoted, comment, angle, jis) = (false, 0, false, false);
        for (var at = 0; at < field.Length && pieces.Count < MimeLimits.Items; at++)
        {
            var c = field[at];
            jis = c == '\e' ? at + 1 < field.Length && field[at + 1] == '$' : jis;
            if (!jis)
            {
                if (c == '\\' && at + 1 < field.Length)
                {
                    piece.Append(c).Append(field[++at]);
                    continue;
                }

                quoted ^= c == '"' && comment == 0;
                comment += quoted ? 0 : c == '(' ? 1 : c == ')' && comment > 0 ? -1 : 0;
                angle = !quoted && (c == '<' || (angle && c != '>'));
                if (!quoted && comment == 0 && !angle && c is ',' or ';' or ':' && !quoted && comment == 0 && !angle)
                {
                    if (c != ':')
                    {
                        pieces.Add(piece.ToString());
                    }

                    piece.Clear();
                    continue;
                }
            }

            piece.Append(c);
        }

        pieces.Add(piece.ToString());
        return pieces;
    }
}
