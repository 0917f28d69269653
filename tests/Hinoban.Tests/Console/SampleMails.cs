using Hinoban.Checks;
using Hinoban.Console.Parts;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Notifying;

namespace Hinoban.Tests.Console;

/// <summary>Mails of the sample incidents, with deliveries in every state.</summary>
internal static class SampleMails
{
    internal static readonly string[] Members = ["tanaka@sample.example.jp", "yamamoto@sample.example.jp", "desk@hinoban.example.jp"];

    internal static IReadOnlyList<MailView> Of(IncidentRow row, Func<double, DateTimeOffset> at)
    {
        var bad = row.MailTrouble;
        List<MailView> mails = [Mail(row, NoticeKind.Alert, "PROBLEM", row.OpenedUtc, [.. Members.Select((m, i) => Delivery(m, bad, i, row.OpenedUtc))])];
        if (row.RecoveredUtc is { } recovered)
        {
            mails.Add(Mail(row, NoticeKind.Recovery, "RECOVERY", recovered, [.. Members.Select((m, i) => Delivery(m, MailTrouble.None, i, recovered))]));
        }

        return mails;
    }

    private static MailView Mail(IncidentRow row, NoticeKind kind, string word, DateTimeOffset at, IReadOnlyList<DeliveryView> deliveries)
    {
        var host = row.Service.Length == 0;
        var title = row.Service.Length == 0 ? row.Host : $"{row.Host}/{row.Service}";
        return new MailView(
            $"{row.Customer}.{row.Id}.{kind}", row.Id, row.Number, row.Customer, kind, $"<{row.Customer}.{row.Id}.{kind}@hinoban.example.jp>",
            $"** {word} {(host ? "Host" : "Service")} Alert: {title} is {ConsoleTextParts.Status(word == "RECOVERY" ? CheckStatus.Ok : row.Severity, host)} ** [{row.Customer} {row.Number}]",
            $"通知種別: {word}\n契約: MC-1023 {row.CustomerName.Ja} 様\nホスト: {row.Host}\n監視項目: {row.Service}\n取得値: {row.Output[..Math.Min(300, row.Output.Length)]}\n担当者が確認を始めます。結果はこのメールへの返信でお知らせします。",
            at, deliveries);
    }

    private static DeliveryView Delivery(string member, MailTrouble trouble, int index, DateTimeOffset at) => trouble switch
    {
        MailTrouble.Retrying => new(member, index == 2, nameof(DeliveryState.Waiting), 3, at.AddMinutes(2), "", "connect to 127.0.0.1:25: Connection refused", null, false),
        MailTrouble.Failed when index == 1 => new(member, false, nameof(DeliveryState.Rejected), 1, null, "", "550 5.1.1 <yamamoto@sample.example.jp>: Recipient address rejected: User unknown", at.AddSeconds(4), false),
        _ => new(member, index == 2, nameof(DeliveryState.Accepted), index == 0 ? 2 : 1, null, $"4Wq8rT2xKz1nB{index}", $"250 2.0.0 Ok: queued as 4Wq8rT2xKz1nB{index}", at.AddSeconds(5), index == 0),
    };
}
