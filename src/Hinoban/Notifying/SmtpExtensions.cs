using System.Globalization;

namespace Hinoban.Notifying;

/// <summary>What a relay offers in its EHLO reply.</summary>
internal sealed record SmtpExtensions(bool StartTls, bool Pipelining, bool EightBit, bool SmtpUtf8, long MaximumSize, bool AuthPlain, bool AuthLogin)
{
    internal static SmtpExtensions None { get; } = new(false, false, false, false, 0, false, false);

    /// <summary>Lines after the first are keywords with parameters; old relays write <c>AUTH=PLAIN</c>. Size 0: no limit told.</summary>
    internal static SmtpExtensions Of(SmtpReply reply)
    {
        var offers = reply.Lines.Skip(1)
            .Select(line => line.Replace('=', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 0)
            .ToLookup(words => words[0].ToUpperInvariant(), words => words.Skip(1).Select(w => w.ToUpperInvariant()).ToList());
        var mechanisms = offers["AUTH"].SelectMany(m => m).ToHashSet();
        var size = offers["SIZE"].SelectMany(s => s).FirstOrDefault() ?? "";
        return new SmtpExtensions(
            offers.Contains("STARTTLS"),
            offers.Contains("PIPELINING"),
            offers.Contains("8BITMIME"),
            offers.Contains("SMTPUTF8"),
            long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : 0,
            mechanisms.Contains("PLAIN"),
            mechanisms.Contains("LOGIN"));
    }
}
