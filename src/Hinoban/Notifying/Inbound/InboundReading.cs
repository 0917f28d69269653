using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Hinoban.Notifying.Inbound;

/// <summary>
/// A mail that came in, taken apart, named and packed: all the work that needs no database, done before anybody has to wait for it. Everything of it
/// but <see cref="Kind"/> and <see cref="Key"/> is somebody else's words.
/// </summary>
internal sealed record InboundReading(
    ReceivedMail Mail,
    string Key,
    InboundKind Kind,
    IReadOnlyList<NamedAddress> From,
    string Subject,
    string MessageId,
    string Excerpt,
    IReadOnlyList<string> Answers,
    IReadOnlyList<ArchivedPart> Parts,
    DsnReport? Report,
    string Digest,
    byte[] Head)
{
    private const int LongestName = 200;
    internal const int LongestWords = 500;

    /// <summary>The whole mail, packed; null where it is not to be kept.</summary>
    internal byte[]? Whole { get; init; }

    /// <summary>The writer as he calls himself, fit to be shown.</summary>
    internal NamedAddress Writer => From.Count == 0 ? new NamedAddress("", "") : new NamedAddress(
        Visible.Line(From[0].Name.Length > 0 ? From[0].Name : From[0].Address.Split('@')[0], LongestName), Visible.Line(From[0].Address, LongestName));

    internal static InboundReading Of(ReceivedMail mail, string domain)
    {
        var message = MimeReader.Read(mail.Message);
        var kind = AutomaticRules.KindOf(message, mail.Sender, domain);
        return new InboundReading(
            mail,
            KeyOf(mail, message),
            kind,
            [.. message.Fields.All("From").SelectMany(MailAddresses.Read)],
            Visible.Line(message.Fields.Text("Subject"), LongestWords),
            Visible.Line(message.Fields["Message-ID"] ?? "", LongestWords),
            MailWords.Excerpt(MailWords.Of(message)),
            InboundRules.Answers(message.Fields),
            [.. PostMail.Attachments(message).Select(a => new ArchivedPart(
                a.Number, Visible.Line(a.Part.FileName, LongestName), Visible.Line(a.Part.MediaType, LongestName), a.Part.Content.Length))],
            kind is InboundKind.DeliveryReport or InboundKind.NoSender ? DsnReader.ByAddress(message, mail.Sender) : null,
            Convert.ToHexStringLower(SHA256.HashData(mail.Message.Span)),
            Pack(HeadOf(mail.Message)));
    }

    internal InboundReading Packed() => this with { Whole = Pack(Mail.Message) };

    /// <summary>
    /// Names a message for one recipient, however often and by whatever way it is handed over: its Message-ID and what it says. Lines that systems on
    /// the way add stand in the header and do not count.
    /// </summary>
    internal static string KeyOf(ReceivedMail mail, MimePart message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{mail.Recipient.ToLowerInvariant()}\n{message.Fields["Message-ID"]}\n{message.Fields["From"]}\n"));
        hash.AppendData(message.Body.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A mail's header, cut where it is longer than anybody reads.</summary>
    internal static ReadOnlyMemory<byte> HeadOf(ReadOnlyMemory<byte> message)
    {
        var (_, body) = MailFields.Read(message.Span);
        return message[..Math.Min(body, ArchiveRules.HeadSize)];
    }

    internal static byte[] Pack(ReadOnlyMemory<byte> raw)
    {
        using var packed = new MemoryStream();
        using (var to = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            to.Write(raw.Span);
        }

        return packed.ToArray();
    }

    internal static byte[] Unpack(byte[] packed)
    {
        using var from = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var raw = new MemoryStream();
        from.CopyTo(raw);
        return raw.ToArray();
    }
}
