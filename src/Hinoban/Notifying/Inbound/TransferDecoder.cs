namespace Hinoban.Notifying.Inbound;

/// <summary>Transfer encodings (RFC 2045), read whatever is wrong with them: what is no part of the encoding is passed over.</summary>
internal static class TransferDecoder
{
    /// <summary>The octets of a body by its declared encoding; an encoding that nobody knows leaves them as they are.</summary>
    internal static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> body, string encoding) => encoding switch
    {
        "base64" => Base64(body.Span),
        "quoted-printable" => QuotedPrintable(body.Span),
        "x-uuencode" or "x-uue" or "uuencode" => Uu(body.Span),
        _ => body,
    };

    internal static byte[] Base64(ReadOnlySpan<byte> text)
    {
        var octets = new List<byte>((text.Length / 4 * 3) + 3);
        var (bits, count) = (0, 0);
        foreach (var c in text)
        {
            if (c == '=')
            {
                // Padding ends a piece; another may follow, where two encoders were joined.
                (bits, count) = (0, 0);
                continue;
            }

            if (Value(c) is not (>= 0 and var value))
            {
                continue;
            }

            (bits, count) = ((bits << 6) | value, count + 6);
            if (count >= 8)
            {
                count -= 8;
                octets.Add((byte)(bits >> count));
                bits &= (1 << count) - 1;
            }
        }

        return [.. octets];
    }

    internal static byte[] QuotedPrintable(ReadOnlySpan<byte> text)
    {
        var octets = new List<byte>(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var line = MailFields.Line(text, at, out var next);
            var ended = next > at + line.Length;

            // White space at the end of a line was added on the way.
            var trimmed = line.TrimEnd(" \t"u8);
            var soft = trimmed.Length > 0 && trimmed[^1] == '=';
            Unescape(soft ? trimmed[..^1] : trimmed, octets, underscore: false);
            if (!soft && ended)
            {
                octets.AddRange("\r\n"u8);
            }

            at = next;
        }

        return [.. octets];
    }

    /// <summary>RFC 2047's kind of quoted-printable.</summary>
    internal static byte[] Q(ReadOnlySpan<byte> text)
    {
        var octets = new List<byte>(text.Length);
        Unescape(text, octets, underscore: true);
        return [.. octets];
    }

    private static void Unescape(ReadOnlySpan<byte> text, List<byte> octets, bool underscore)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '=' && at + 2 < text.Length && Hex(text[at + 1]) is >= 0 and var high && Hex(text[at + 2]) is >= 0 and var low)
            {
                octets.Add((byte)((high << 4) | low));
                at += 2;
            }
            else
            {
                octets.Add(underscore && text[at] == '_' ? (byte)' ' : text[at]);
            }
        }
    }

    private static byte[] Uu(ReadOnlySpan<byte> text)
    {
        var octets = new List<byte>(text.Length);
        var inside = false;
        for (var at = 0; at < text.Length;)
        {
            var line = MailFields.Line(text, at, out var next);
            at = next;
            if (!inside)
            {
                inside = line.StartsWith("begin "u8);
                continue;
            }

            if (line.SequenceEqual("end"u8) || line.IsEmpty)
            {
                break;
            }

            UuLine(line, octets);
        }

        return [.. octets];
    }

    private static void UuLine(ReadOnlySpan<byte> line, List<byte> octets)
    {
        var wanted = (line[0] - 32) & 63;
        for (var at = 1; at + 3 < line.Length + 3 && wanted > 0; at += 4)
        {
            var bits = 0;
            for (var i = 0; i < 4; i++)
            {
                bits = (bits << 6) | (at + i < line.Length ? (line[at + i] - 32) & 63 : 0);
            }

            for (var shift = 16; shift >= 0 && wanted > 0; shift -= 8, wanted--)
            {
                octets.Add((byte)(bits >> shift));
            }
        }
    }

    private static int Value(byte c) => c switch
    {
        >= (byte)'A' and <= (byte)'Z' => c - 'A',
        >= (byte)'a' and <= (byte)'z' => c - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => c - '0' + 52,
        (byte)'+' or (byte)'-' => 62,
        (byte)'/' or (byte)'_' => 63,
        _ => -1,
    };

    private static int Hex(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
        _ => -1,
    };
}
