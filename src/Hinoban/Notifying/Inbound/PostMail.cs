namespace Hinoban.Notifying.Inbound;

/// <summary>A member's post as the list passes it on: the member's content, untouched, under the list's own header.</summary>
internal static class PostMail
{
    private const int LongestWord = 900;

    /// <summary>The header fields that describe the content, as words that a header can hold.</summary>
    internal static IEnumerable<(string Name, IReadOnlyList<string> Words)> Fields(byte[] raw)
    {
        var (fields, _) = MailFields.Read(raw);
        if (fields["Content-Type"] is { Length: > 0 } type)
        {
            yield return ("Content-Type", (IReadOnlyList<string>?)Words(type) ?? Essential(MimeParameters.Read(type)));
        }

        if (fields["Content-Transfer-Encoding"] is { Length: > 0 } encoding && Words(encoding) is { } words)
        {
            yield return ("Content-Transfer-Encoding", words);
        }
    }

    // Null where a header of ours cannot hold it as it is: raw octets, spaces that folding would not keep.
    private static string[]? Words(string value)
    {
        var words = value.Replace('\t', ' ').Split(' ');
        return words.All(w => w.Length is > 0 and < LongestWord && w.All(c => c is > ' ' and <= '~')) ? words : null;
    }

    // What a reader needs to take the body apart; a name that cannot be written is the least loss.
    private static List<string> Essential(MimeParameters type)
    {
        var words = new List<string> { Words(type.Value)?[0] ?? "text/plain" };
        foreach (var name in new[] { "charset", "boundary" })
        {
            if (type[name] is { Length: > 0 } value && !value.Contains('"', StringComparison.Ordinal) && Words($"{name}=\"{value}\"") is { } parameter)
            {
                words[^1] += ";";
                words.AddRange(parameter);
            }
        }

        return words;
    }

    /// <summary>
    /// The body with whole line ends: a lone CR or LF that a relay takes for one would let the sender end our message and begin another.
    /// </summary>
    internal static byte[] Body(byte[] raw)
    {
        var (_, start) = MailFields.Read(raw);
        var body = new List<byte>(raw.Length - start + 64);
        for (var at = start; at < raw.Length; at++)
        {
            var c = raw[at];
            if (c is (byte)'\r' or (byte)'\n')
            {
                at += c == '\r' && at + 1 < raw.Length && raw[at + 1] == '\n' ? 1 : 0;
                body.AddRange("\r\n"u8);
            }
            else
            {
                body.Add(c);
            }
        }

        if (body.Count > 0 && body[^1] != '\n')
        {
            body.AddRange("\r\n"u8);
        }

        return [.. body];
    }

    /// <summary>An attachment's number, counted over the whole message.</summary>
    internal static IReadOnlyList<(int Number, MimePart Part)> Attachments(MimePart message) =>
        [.. message.All.Where(p => p.IsAttachment).Select((part, at) => (at + 1, part))];
}
