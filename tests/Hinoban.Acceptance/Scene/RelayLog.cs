using System.Text.RegularExpressions;
using Hinoban.Lab.Servers;

namespace Hinoban.Acceptance.Scene;

/// <summary>What Postfix took, for whom, in which order: its own log's word.</summary>
internal sealed partial class RelayLog(IReadOnlyList<(string MessageId, string Recipient)> taken)
{
    /// <summary>Message-IDs of customers' mails taken for a member, in the order in which the relay took them.</summary>
    internal IReadOnlyList<string> Accepted(string member) =>
        [.. taken.Where(t => t.Recipient == $"{member}@{PostfixServer.MailDomain}" && !DeliveredMail.IsOwn(t.MessageId)).Select(t => t.MessageId)];

    internal static RelayLog Read(string file)
    {
        var lines = File.ReadAllLines(file);
        var recipients = lines.Select(l => To().Match(l)).Where(m => m.Success).ToLookup(m => m.Groups["queue"].Value, m => m.Groups["to"].Value);
        return new RelayLog([.. lines.Select(l => Cleanup().Match(l)).Where(m => m.Success)
            .SelectMany(m => recipients[m.Groups["queue"].Value].Distinct().Select(to => (m.Groups["id"].Value, to)))]);
    }

    [GeneratedRegex(@"/cleanup\[\d+\]: (?<queue>[0-9A-Za-z]+): message-id=(?<id><[^>]*>)")]
    private static partial Regex Cleanup();

    [GeneratedRegex(@": (?<queue>[0-9A-Za-z]+): to=<(?<to>[^>]*)>")]
    private static partial Regex To();
}
