namespace Hinoban.Notifying.Inbound;

/// <summary>A message or one of its parts, as slices of the octets that came.</summary>
internal sealed class MimePart
{
    internal required MailFields Fields { get; init; }

    /// <summary><c>text/plain</c> and its parameters; what is no type counts as text, as RFC 2045 5.2 wants it.</summary>
    internal required MimeParameters Type { get; init; }

    /// <summary>As it stands in the message, still encoded.</summary>
    internal required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Of a multipart its parts; of a message in a message that message.</summary>
    internal IReadOnlyList<MimePart> Parts { get; init; } = [];

    internal string MediaType => Type.Value;

    internal bool IsMultipart => MediaType.StartsWith("multipart/", StringComparison.Ordinal) && Parts.Count > 0;

    internal bool IsText => MediaType.StartsWith("text/", StringComparison.Ordinal);

    internal string Encoding => EncodingOf(Fields);

    private MimeParameters Disposition => field ??= MimeParameters.Read(Fields["Content-Disposition"]);

    /// <summary>As the sender called it; empty if it has no name. Not safe as a path or in a header.</summary>
    internal string FileName => Disposition["filename"] ?? Type["name"] ?? "";

    /// <summary>To be kept by name, rather than read as the message.</summary>
    internal bool IsAttachment => !MediaType.StartsWith("multipart/", StringComparison.Ordinal) && (FileName.Length > 0 || Disposition.Value == "attachment" || !(IsText || IsReport));

    // Of a report the machine's parts are evidence, shown with the delivery.
    private bool IsReport => MediaType is "message/delivery-status" or "message/global-delivery-status" or "message/rfc822" or "message/global" or "message/feedback-report"
        or "message/disposition-notification";

    internal ReadOnlyMemory<byte> Content => TransferDecoder.Decode(Body, Encoding);

    /// <summary>The text for people, cut where it is longer than anybody reads.</summary>
    internal string Text
    {
        get
        {
            var content = Content;
            var octets = content.Length > MimeLimits.Text ? content[..MimeLimits.Text] : content;
            return MailDecoder.Decode(octets.Span, Type["charset"]);
        }
    }

    /// <summary>Itself and all below it.</summary>
    internal IEnumerable<MimePart> All => Parts.SelectMany(p => p.All).Prepend(this);

    /// <summary>Itself and what is below it, without what stands in a message that it carries.</summary>
    internal IEnumerable<MimePart> Own => (IsMultipart ? Parts.SelectMany(p => p.Own) : []).Prepend(this);

    internal static string EncodingOf(MailFields fields) => MimeParameters.Read(fields["Content-Transfer-Encoding"]).Value.Trim('"', ' ', '.');
}
