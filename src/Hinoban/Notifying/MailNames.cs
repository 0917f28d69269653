using System.Globalization;

namespace Hinoban.Notifying;

/// <summary>The names a mail goes by outside: its Message-ID, and the envelope sender that tells its delivery.</summary>
internal static class MailNames
{
    private const int LongestLocal = 64;

    /// <summary><c>&lt;sample-trading.12.3.alert.1@mail.example.jp&gt;</c>: from the key alone, so a repetition has the same.</summary>
    internal static string MessageId(string key, string domain) => $"<{Atoms(key)}@{Domain(domain)}>";

    /// <summary>The key that <see cref="MessageId"/> made a Message-ID of; null if it is none of ours.</summary>
    internal static string? KeyOf(string messageId, string domain)
    {
        var end = $"@{Domain(domain)}>";
        return messageId.Length > end.Length + 1 && messageId[0] == '<' && messageId.EndsWith(end, StringComparison.OrdinalIgnoreCase)
            && messageId[1..^end.Length] is var key && MailKey.Parse(key) is not null
            ? key
            : null;
    }

    /// <summary>
    /// <c>smpl-mon-bounces+17-2b7…@mail.example.jp</c>: the relay's log and a bounce name the delivery, and nobody else can make one up. Without a
    /// <paramref name="seal"/> the number alone.
    /// </summary>
    internal static string EnvelopeSender(string listAddress, long delivery, string domain, MailSeal? seal = null)
    {
        var number = delivery.ToString(CultureInfo.InvariantCulture);
        return Bounces(listAddress, seal is null ? number : seal.Sign(MailSeal.Bounce, number), domain);
    }

    /// <summary><c>smpl-mon-bounces+12.3.1f2e3d4c5b-2b7…@mail.example.jp</c>: the same from a site that writes in the desk's place.</summary>
    internal static string EnvelopeSender(string listAddress, AwayBounce bounce, string domain, MailSeal seal) =>
        Bounces(listAddress, seal.Sign(MailSeal.Away, bounce.Word), domain);

    /// <summary>The delivery that a bounce address names; null unless this desk has made it.</summary>
    internal static long? DeliveryOf(string address, string domain, MailSeal seal) =>
        Signed(address, domain) is { } signed && seal.Read(MailSeal.Bounce, signed) is { } number
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var delivery)
            ? delivery
            : null;

    /// <summary>What a bounce address that a site has made names; null unless one of these seals is that site's.</summary>
    internal static AwayBounce? AwayOf(string address, string domain, IEnumerable<MailSeal> sites) => Signed(address, domain)?.ToLowerInvariant() is { } signed
        && sites.Select(s => s.Read(MailSeal.Away, signed)).FirstOrDefault(w => w is not null) is { } word
        ? AwayBounce.Read(word)
        : null;

    private static string Bounces(string listAddress, string signed, string domain)
    {
        var tail = $"-bounces+{signed}";
        var at = listAddress.LastIndexOf('@');
        var local = Atoms(at > 0 ? listAddress[..at] : "list");
        return $"{(local.Length + tail.Length > LongestLocal ? local[..(LongestLocal - tail.Length)].TrimEnd('.') : local)}{tail}@{Domain(domain)}";
    }

    private static string? Signed(string address, string domain)
    {
        var at = address.LastIndexOf('@');
        var plus = at > 0 ? address.LastIndexOf("-bounces+", at, StringComparison.OrdinalIgnoreCase) : -1;
        return plus >= 0 && address[(at + 1)..].Equals(Domain(domain), StringComparison.OrdinalIgnoreCase)
            ? address[(plus + "-bounces+".Length)..at]
            : null;
    }

    /// <summary>In <c>X-Loop</c> of all that we send: what comes back with it has gone round.</summary>
    internal static string LoopMark(string domain) => $"hinoban@{Domain(domain)}";

    /// <summary>A domain as addresses of ours end in it.</summary>
    internal static string Domain(string domain) => MailAddress.AsciiDomain(domain) ?? "localhost.invalid";

    /// <summary>A dot-atom (RFC 5322): other characters are written as <c>_hex</c>, so that two keys never become one.</summary>
    private static string Atoms(string text)
    {
        var atoms = string.Concat(text.Select((c, at) => char.IsAsciiLetterOrDigit(c) || c == '-' || (c == '.' && at > 0 && at < text.Length - 1 && text[at - 1] != '.')
            ? c.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"_{(int)c:x}_")));
        return atoms.Length == 0 ? "_" : atoms;
    }
}
