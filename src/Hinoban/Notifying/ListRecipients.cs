using Hinoban.Specs;

namespace Hinoban.Notifying;

/// <summary>The built-in mailing list expanded to its envelopes: every member once, the desk by the provider's mailbox.</summary>
internal static class ListRecipients
{
    internal static IReadOnlyList<OutboxRecipient> Of(MailingListPlan list, MailOptions options)
    {
        // One person entered twice, or a member who reads the desk's mailbox, gets one mail; the desk's mark must not get lost by that.
        var byAddress = new Dictionary<string, OutboxRecipient>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in list.Members)
        {
            var address = member.Desk ? options.DeskMailbox : member.Mail;
            if (address.Length > 0)
            {
                var desk = member.Desk || (options.DeskMailbox.Length > 0 && address.Equals(options.DeskMailbox, StringComparison.OrdinalIgnoreCase));
                byAddress[address] = byAddress.TryGetValue(address, out var known) ? known with { Desk = known.Desk || desk } : new OutboxRecipient(address, desk);
            }
        }

        return [.. byAddress.Values];
    }
}
