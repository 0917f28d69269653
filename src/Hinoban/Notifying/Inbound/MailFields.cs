using System.Text;

namespace Hinoban.Notifying.Inbound;

/// <summary>
/// A header as it came: names and values with one character per octet, unfolded. Tolerant: lines that are no field are passed over, as every mail
/// program does.
/// </summary>
internal sealed class MailFields
{
    private readonly List<(string Name, string Value)> fields = [];

    internal int Count => fields.Count;

    /// <summary>The first field of this name, trimmed; null if there is none.</summary>
    internal string? this[string name]
    {
        get
        {
            foreach (var field in fields)
            {
                if (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return field.Value;
                }
            }

            return null;
        }
    }

    internal IEnumerable<string> All(string name) => fields.Where(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(f => f.Value);

    internal bool Has(string name) => this[name] is not null;

    /// <summary>Names with their values, as they stand.</summary>
    internal IEnumerable<(string Name, string Value)> Each => fields;

    /// <summary>A field's text for people: encoded words and raw octets decoded; empty if there is none.</summary>
    internal string Text(string name) => this[name] is { } value ? HeaderText.Decode(value) : "";

    /// <summary>Reads the header at the beginning of <paramref name="message"/> and gives where the body begins.</summary>
    internal static (MailFields Fields, int Body) Read(ReadOnlySpan<byte> message)
    {
        var header = new MailFields();
        var at = 0;
        var value = new StringBuilder();
        string? name = null;
        while (at < message.Length)
        {
            var line = Line(message, at, out var next);
            if (line.IsEmpty)
            {
                header.Take(name, value);
                return (header, next);
            }

            if (at < MimeLimits.HeaderSize)
            {
                if (line[0] is (byte)' ' or (byte)'\t' && name is not null)
                {
                    value.Append(Encoding.Latin1.GetString(line));
                }
                else if (NameEnd(line) is > 0 and var end)
                {
                    header.Take(name, value);
                    name = Encoding.Latin1.GetString(line[..end]).TrimEnd();
                    value.Clear().Append(Encoding.Latin1.GetString(line[(end + 1)..]));
                }
                else if (header.fields.Count == 0 && name is null && !line.StartsWith("From "u8) && !line.StartsWith(">From "u8))
                {
                    // No header at all: a body that somebody has passed on bare.
                    return (header, at);
                }
            }

            at = next;
        }

        header.Take(name, value);
        return (header, message.Length);
    }

    /// <summary>The line at an offset without its end, and where the next one begins.</summary>
    internal static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> text, int at, out int next)
    {
        var rest = text[at..];
        var end = rest.IndexOf((byte)'\n');
        next = end < 0 ? text.Length : at + end + 1;
        var line = end < 0 ? rest : rest[..end];
        return end >= 0 && line.Length > 0 && line[^1] == '\r' ? line[..^1] : line;
    }

    private void Take(string? name, StringBuilder value)
    {
        if (name is not null && fields.Count < MimeLimits.Fields)
        {
            fields.Add((name, value.ToString().Trim()));
        }
    }

    private static int NameEnd(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        return colon > 0 && colon <= 100 && !line[..colon].TrimEnd((byte)' ').ContainsAnyExceptInRange((byte)33, (byte)126) ? colon : -1;
    }
}
