using System.Text;

namespace Hinoban.Notifying;

/// <summary>The character set of a whole message, decided once: what the customer wants if it can say everything, otherwise UTF-8.</summary>
internal sealed record MailCharset(string Name, bool SevenBit, Func<string, string> Prepare, Func<string, byte[]> Encode)
{
    internal static MailCharset Utf8 { get; } = new("utf-8", SevenBit: false, text => text, new UTF8Encoding(false).GetBytes);

    internal static MailCharset Iso2022Jp { get; } = new(
        "iso-2022-jp",
        SevenBit: true,
        Notifying.Iso2022Jp.Prepare,
        text => Notifying.Iso2022Jp.TryEncode(text) ?? throw new ArgumentException("Checked before: this text has no ISO-2022-JP form.", nameof(text)));

    internal static MailCharset For(string wanted, IEnumerable<string> texts) =>
        wanted.Equals("iso-2022-jp", StringComparison.OrdinalIgnoreCase) && texts.All(t => Notifying.Iso2022Jp.TryEncode(Notifying.Iso2022Jp.Prepare(t)) is not null)
            ? Iso2022Jp
            : Utf8;
}
