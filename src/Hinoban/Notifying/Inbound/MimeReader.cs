using System.Text;

namespace Hinoban.Notifying.Inbound;

/// <summary>
/// Takes a message apart (RFC 5322, 2045, 2046), whatever is wrong with it: never throws, and takes time in proportion to the message's size,
/// for depth, parts and headers are limited.
/// </summary>
internal sealed class MimeReader
{
    private int parts;

    internal static MimePart Read(ReadOnlyMemory<byte> message) => new MimeReader().Part(message, 0, "text/plain");

    private MimePart Part(ReadOnlyMemory<byte> octets, int depth, string usual)
    {
        parts++;
        var (fields, start) = MailFields.Read(octets.Span);
        var type = MimeParameters.Read(fields["Content-Type"] is { Length: > 0 } given ? given : usual);
        if (!type.Value.Contains('/', StringComparison.Ordinal))
        {
            type = MimeParameters.Read("text/plain");
        }

        var body = octets[start..];
        return new MimePart { Fields = fields, Type = type, Body = body, Parts = depth < MimeLimits.Depth ? Below(type, fields, body, depth) : [] };
    }

    private List<MimePart> Below(MimeParameters type, MailFields fields, ReadOnlyMemory<byte> body, int depth)
    {
        if (type.Value.StartsWith("multipart/", StringComparison.Ordinal))
        {
            var usual = type.Value == "multipart/digest" ? "message/rfc822" : "text/plain";
            return [.. Pieces(body, type["boundary"]).TakeWhile(_ => parts < MimeLimits.Parts).Select(piece => Part(piece, depth + 1, usual))];
        }

        if (type.Value is "message/rfc822" or "message/global" or "text/rfc822-headers" or "message/global-headers" && parts < MimeLimits.Parts)
        {
            return [Part(TransferDecoder.Decode(body, MimePart.EncodingOf(fields)), depth + 1, "text/plain")];
        }

        return [];
    }

    /// <summary>What stands between the boundaries. Without any boundary there are no pieces, and the body is read as text.</summary>
    private static List<ReadOnlyMemory<byte>> Pieces(ReadOnlyMemory<byte> body, string? boundary)
    {
        var mark = Encoding.Latin1.GetBytes("--" + (boundary is { Length: > 0 } ? boundary : Guess(body.Span)));
        var pieces = new List<ReadOnlyMemory<byte>>();
        if (mark.Length == 2)
        {
            return pieces;
        }

        var from = -1;
        for (var at = 0; at < body.Length && pieces.Count < MimeLimits.Parts;)
        {
            var line = MailFields.Line(body.Span, at, out var next);
            if (line.StartsWith(mark))
            {
                var rest = line[mark.Length..].TrimEnd(" \t"u8);
                var last = rest.SequenceEqual("--"u8);
                if (last || rest.IsEmpty)
                {
                    AddPiece(pieces, body, from, at);
                    from = last ? -1 : next;
                    if (last)
                    {
                        return pieces;
                    }
                }
            }

            at = next;
        }

        AddPiece(pieces, body, from, body.Length);
        return pieces;
    }

    // The line end before a boundary belongs to the boundary.
    private static void AddPiece(List<ReadOnlyMemory<byte>> pieces, ReadOnlyMemory<byte> body, int from, int to)
    {
        if (from < 0)
        {
            return;
        }

        var span = body.Span;
        var end = to;
        if (end < body.Length || (end > from && span[end - 1] == '\n'))
        {
            end -= end > from && span[end - 1] == '\n' ? 1 : 0;
            end -= end > from && span[end - 1] == '\r' ? 1 : 0;
        }

        pieces.Add(body[from..Math.Max(from, end)]);
    }

    // A multipart that lost its boundary parameter: the first line that looks like one.
    private static string Guess(ReadOnlySpan<byte> body)
    {
        for (var (at, lines) = (0, 0); at < body.Length && lines < 50; lines++)
        {
            var line = MailFields.Line(body, at, out var next);
            if (line.Length is > 4 and < 75 && line.StartsWith("--"u8) && !line.Contains((byte)' '))
            {
                return Encoding.Latin1.GetString(line[2..]);
            }

            at = next;
        }

        return "";
    }
}
