using Hinoban.Checks;
using Hinoban.Console.Parts;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Notifying;

namespace Hinoban.Tests.Console;

/// <summary>Mails of the sample incidents, with deliveries in every state.</summary>
internal static class SampleMails
{
    private const long Responding = 35;

    internal static readonly string[] Members = ["tanaka@sample.example.jp", "yamamoto@sample.example.jp", "desk@hinoban.example.jp"];

    internal static IReadOnlyList<MailView> Of(IncidentRow row, Func<double, DateTimeOffset> at)
    {
        var bad = row.MailTrouble;
        List<MailView> mails = [Mail(row, NoticeKind.Alert, "PROBLEM", row.OpenedUtc, [.. Members.Select((m, i) => Delivery(m, bad, i, row.OpenedUtc) with { SecondRelay = row.Id.Value == Responding && i == 2, Report = row.Id.Value == Responding && i == 1 ? Full(row.OpenedUtc) : null })])];
        if (row.RecoveredUtc is { } recovered)
        {
            mails.Add(Mail(row, NoticeKind.Recovery, "RECOVERY", recovered, [.. Members.Select((m, i) => Delivery(m, MailTrouble.None, i, recovered))]));
        }

        return mails;
    }

    /// <summary>What came back and in, in the incident that is being responded to; hostile where it comes from others.</summary>
    internal static IReadOnlyList<IncidentEvent> Came(IncidentRow row, Func<double, DateTimeOffset> at) => row.Id.Value != Responding ? [] :
    [
        new DeliveryReported(
            at(-3590), "engine", NoticeKind.Alert, $"{row.Customer}.{row.Id}.{NoticeKind.Alert}", Members[1], true, true, "5.2.2",
            "552 5.2.2 <yamamoto@sample.example.jp>: mailbox full <script>alert(1)</script>", 7),
        new ReplyReceived(
            at(-3000), "engine", "田中 一郎", Members[0], $"Re: ** PROBLEM Service Alert: {row.Host}/{row.Service} ** [{row.Customer} {row.Number}]",
            "確認ありがとうございます。昨夜の更新作業の影響かもしれません。作業手順書を添付します。", ["作業手順書.pdf"], Responding),
        new NoticeDecided(at(-3000), "engine", NoticeKind.Post, NoticeReason.MemberPosts, true, $"{row.Customer}.{row.Id}.{NoticeKind.Post}", "Re: it"),
    ];

    internal static IReadOnlyList<InboundView> Received(IncidentRow row, Func<double, DateTimeOffset> at) => row.Id.Value != Responding ? [] :
    [
        new(36, row.Customer, row.Id, row.Number, "Stranger", "Person", "<b>support</b>", "support@evil.example.net", "Re: 至急ご確認ください", "パスワードをこちらに返信してください。<script>alert(1)</script>", at(-2000), 2_914, "", []),
        new(Responding, row.Customer, row.Id, row.Number, "Member", "Person", "田中 一郎", Members[0], $"Re: {row.Host}/{row.Service}", "確認ありがとうございます。昨夜の更新作業の影響かもしれません。作業手順書を添付します。", at(-3000), 482_113, "",
            [new AttachmentView(1, "作業手順書.pdf", "application/pdf", 351_204)]),
        new(8, row.Customer, row.Id, row.Number, "Kept", "Automatic", "山本 花子", Members[1], "自動応答: 休暇中です", "4月20日まで休暇をいただいております。", at(-3580), 1_204, "", []),
        new(7, row.Customer, row.Id, row.Number, "Report", "DeliveryReport", "Mail Delivery System", "MAILER-DAEMON@mx.sample.example.jp", "Undelivered Mail Returned to Sender", "mailbox full", at(-3590), 3_871, "", []),
    ];

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

    private static ReportView Full(DateTimeOffset at) => new("Failed", "5.2.2", "552 5.2.2 <yamamoto@sample.example.jp>: mailbox full", at.AddSeconds(31));

    private static DeliveryView Delivery(string member, MailTrouble trouble, int index, DateTimeOffset at) => trouble switch
    {
        MailTrouble.Retrying => new(member, index == 2, nameof(DeliveryState.Waiting), 3, at.AddMinutes(2), "", "connect to 127.0.0.1:25: Connection refused", null, false),
        MailTrouble.Failed when index == 1 => new(member, false, nameof(DeliveryState.Rejected), 1, null, "", "550 5.1.1 <yamamoto@sample.example.jp>: Recipient address rejected: User unknown", at.AddSeconds(4), false),
        _ => new(member, index == 2, nameof(DeliveryState.Accepted), index == 0 ? 2 : 1, null, $"4Wq8rT2xKz1nB{index}", $"250 2.0.0 Ok: queued as 4Wq8rT2xKz1nB{index}", at.AddSeconds(5), index == 0),
    };
}
