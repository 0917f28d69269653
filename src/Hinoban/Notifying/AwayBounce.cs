using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hinoban.Basics;

namespace Hinoban.Notifying;

/// <summary>
/// What the envelope sender says of a mail that a site sent while the desk was away: whose episode, and a digest of mail and recipient. The site's own
/// numbers of deliveries mean nothing to the desk.
/// </summary>
internal sealed record AwayBounce(ItemId Item, int Episode, string Digest)
{
    // Only an episode's own deliveries are told apart by it, and the local part of an address has 64 octets in all.
    private const int DigestLength = 5;

    /// <summary><c>12.3.1f2e3d4c5b</c>, in lower case.</summary>
    internal string Word => string.Create(CultureInfo.InvariantCulture, $"{Item.Value}.{Episode}.{Digest}");

    /// <summary>Null for a mail of no episode, which no site sends.</summary>
    internal static AwayBounce? Of(string mailKey, string recipient) =>
        MailKey.Parse(mailKey)?.Episode is { } of ? new AwayBounce(of.Item, of.Episode, DigestOf(mailKey, recipient)) : null;

    internal static AwayBounce? Read(string word) => word.Split('.') is [var item, var episode, var digest]
        && int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && int.TryParse(episode, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? new AwayBounce(new ItemId(id), number, digest)
        : null;

    internal bool Names(string mailKey, string recipient) => Digest == DigestOf(mailKey, recipient);

    private static string DigestOf(string mailKey, string recipient) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{mailKey}\n{recipient}")).AsSpan(0, DigestLength));
}
