using System.Globalization;
using System.Text.RegularExpressions;
using Hinoban.Basics;

namespace Hinoban.Notifying;

/// <summary>
/// The key of a mail of ours, taken apart. By its shape alone it is told from the Message-IDs that a mail server or a colleague's mail program makes
/// with the same domain.
/// </summary>
internal sealed partial record MailKey(CustomerId Customer)
{
    /// <summary>Whose problem it tells; null for a mail of no incident.</summary>
    internal (ItemId Item, int Episode)? Episode { get; init; }

    internal static MailKey? Parse(string key)
    {
        var parts = Shape().Match(key);
        if (!parts.Success)
        {
            return null;
        }

        var customer = new CustomerId(parts.Groups["customer"].Value);
        return parts.Groups["item"].Success ? new MailKey(customer) { Episode = (new ItemId(Number(parts, "item")), parts.Groups["log"].Success ? -Number(parts, "episode") : Number(parts, "episode")) } : new MailKey(customer);
    }

    private static int Number(Match parts, string group) => int.Parse(parts.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"\A(?<customer>[a-z0-9-]{1,63})\.((?<item>\d{1,9})\.(?<log>log)?(?<episode>\d{1,9})\.(alert|recovery|report|update|flapping|post|arrival|maintenance)\.\d{1,9}|(post|arrival)\.\d{1,19}|maintenance\.\d{1,19}\.(approved|declined))\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
