using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Hinoban.Checks;

/// <summary>A name server's record as text: <c>10 mx1.example.jp</c>. <see cref="Type"/> is the number on the wire.</summary>
internal sealed record DnsRecord(string Name, int Type, string Data);

/// <summary>What a message of a name server says. <see cref="Why"/> is not empty where it is no message; <see cref="Ours"/>: it answers the question.</summary>
internal sealed record DnsReading(bool Ours, string Why, int Code, bool Truncated, IReadOnlyList<DnsRecord> Answers)
{
    internal static DnsReading Broken(string why) => new(false, why, 0, false, []);

    internal static DnsReading Other { get; } = new(false, "", 0, false, []);
}

/// <summary>DNS messages (RFC 1035 §4): questions written, answers read. Hostile bytes are readings, never exceptions or endless loops.</summary>
internal static class DnsCodec
{
    private const int HeaderBytes = 12;
    private const int LongestName = 255;
    private const int MostRecords = 500;

    internal static int TypeOf(string word) => word switch
    {
        "A" => 1,
        "NS" => 2,
        "CNAME" => 5,
        "SOA" => 6,
        "PTR" => 12,
        "MX" => 15,
        "TXT" => 16,
        "AAAA" => 28,
        "SRV" => 33,
        _ => throw new ArgumentOutOfRangeException(nameof(word), word, "no record type that is asked for"),
    };

    internal static string CodeWord(int code) => code switch
    {
        0 => "NOERROR",
        1 => "FORMERR",
        2 => "SERVFAIL",
        3 => "NXDOMAIN",
        4 => "NOTIMP",
        5 => "REFUSED",
        _ => string.Create(CultureInfo.InvariantCulture, $"RCODE {code}"),
    };

    /// <summary>The name under which an address' own name is found (RFC 1035 §3.5, RFC 3596 §2.5); any other text as it is.</summary>
    internal static string Reverse(string text)
    {
        if (!IPAddress.TryParse(text, out var address))
        {
            return text;
        }

        var bytes = address.GetAddressBytes().Reverse();
        return bytes.Count() == 4
            ? $"{string.Join('.', bytes)}.in-addr.arpa"
            : $"{string.Join('.', bytes.SelectMany(b => new[] { b & 15, b >> 4 }).Select(n => n.ToString("x", CultureInfo.InvariantCulture)))}.ip6.arpa";
    }

    internal static byte[] Question(ushort id, string name, int type)
    {
        var message = new MemoryStream();
        ReadOnlySpan<byte> header = [(byte)(id >> 8), (byte)id, 1 /* recursion desired */, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        message.Write(header);
        foreach (var label in name.TrimEnd('.').Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            message.WriteByte((byte)label.Length);
            message.Write(Encoding.ASCII.GetBytes(label));
        }

        message.Write([0, (byte)(type >> 8), (byte)type, 0, 1]);
        return message.ToArray();
    }

    /// <summary>Reads an answer to that question; one to another question is <see cref="DnsReading.Other"/>.</summary>
    internal static DnsReading Read(ReadOnlySpan<byte> message, ushort id, string name, int type)
    {
        if (message.Length < HeaderBytes)
        {
            return DnsReading.Broken("too short");
        }

        var flags = Word(message, 2);
        if (Word(message, 0) != id)
        {
            return (flags & 0x8000) == 0 || Word(message, 4) > 1 ? DnsReading.Broken("not an answer") : DnsReading.Other;
        }

        if ((flags & 0x8000) == 0 || Word(message, 4) > 1)
        {
            return DnsReading.Broken("not an answer");
        }

        var at = HeaderBytes;
        if (Word(message, 4) == 1)
        {
            var asked = Name(message, ref at);
            if (asked is null || at + 4 > message.Length)
            {
                return DnsReading.Broken("its question is cut");
            }

            if (!string.Equals(asked, name.TrimEnd('.'), StringComparison.OrdinalIgnoreCase) || Word(message, at) != type)
            {
                return DnsReading.Other;
            }

            at += 4;
        }

        var records = new List<DnsRecord>();
        for (var left = Math.Min((int)Word(message, 6), MostRecords); left > 0; left--)
        {
            if (Record(message, ref at) is not { } record)
            {
                // A truncated message may end anywhere; another must hold what it says.
                return (flags & 0x0200) != 0 ? new DnsReading(true, "", flags & 15, true, records) : DnsReading.Broken("a record is cut");
            }

            records.Add(record);
        }

        return new DnsReading(true, "", flags & 15, (flags & 0x0200) != 0, records);
    }

    private static DnsRecord? Record(ReadOnlySpan<byte> message, ref int at)
    {
        if (Name(message, ref at) is not { } name || at + 10 > message.Length)
        {
            return null;
        }

        var (type, length) = (Word(message, at), Word(message, at + 8));
        at += 10;
        if (at + length > message.Length)
        {
            return null;
        }

        var data = Data(message, at, length, type);
        at += length;
        return data is null ? null : new DnsRecord(name, type, data);
    }

    private static string? Data(ReadOnlySpan<byte> message, int at, int length, int type)
    {
        var data = message.Slice(at, length);
        var inside = at;
        switch (type)
        {
            case 1 when length == 4:
            case 28 when length == 16:
                return new IPAddress(data).ToString();
            case 2 or 5 or 12:
                return Name(message, ref inside);
            case 15 when length > 2:
                inside += 2;
                return Name(message, ref inside) is { } mail ? $"{Word(data, 0)} {mail}" : null;
            case 33 when length > 6:
                inside += 6;
                return Name(message, ref inside) is { } target ? $"{Word(data, 0)} {Word(data, 2)} {Word(data, 4)} {target}" : null;
            case 6:
                return Name(message, ref inside) is { } main && Name(message, ref inside) is { } person && inside + 4 <= at + length
                    ? $"{main} {person} {BinaryPrimitives.ReadUInt32BigEndian(message[inside..])}"
                    : null;
            case 16:
                return Strings(data);
            default:
                return type is 1 or 15 or 28 or 33 ? null : Convert.ToHexString(data);
        }
    }

    private static string? Strings(ReadOnlySpan<byte> data)
    {
        var text = new MemoryStream();
        for (var at = 0; at < data.Length; at += data[at] + 1)
        {
            if (at + 1 + data[at] > data.Length)
            {
                return null;
            }

            text.Write(data.Slice(at + 1, data[at]));
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    /// <summary>A name with its pointers followed; null where it is none. A pointer leads backwards only, so that every chain ends.</summary>
    private static string? Name(ReadOnlySpan<byte> message, ref int at)
    {
        var text = new StringBuilder();
        var (here, lowest, jumped) = (at, at, false);
        while (here < message.Length)
        {
            int length = message[here];
            if (length == 0)
            {
                at = jumped ? at : here + 1;
                return text.ToString();
            }

            if (length >= 0xC0)
            {
                if (here + 1 >= message.Length || (((length & 0x3F) << 8) | message[here + 1]) is var to && to >= lowest)
                {
                    return null;
                }

                at = jumped ? at : here + 2;
                (here, lowest, jumped) = (to, to, true);
                continue;
            }

            if (length > 63 || here + 1 + length > message.Length || text.Length + length > LongestName)
            {
                return null;
            }

            Label(text, message.Slice(here + 1, length));
            here += length + 1;
        }

        return null;
    }

    private static void Label(StringBuilder text, ReadOnlySpan<byte> label)
    {
        if (text.Length > 0)
        {
            text.Append('.');
        }

        foreach (var b in label)
        {
            // As name servers' own files write it (RFC 4343 §2.1).
            _ = b is > 0x20 and < 0x7F and not (byte)'.' and not (byte)'\\' ? text.Append((char)b) : text.Append(CultureInfo.InvariantCulture, $"\\{b:000}");
        }
    }

    private static ushort Word(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
}
