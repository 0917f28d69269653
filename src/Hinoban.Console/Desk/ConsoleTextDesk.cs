using Hinoban.Basics;

namespace Hinoban.Console.Desk;

/// <summary>The words of the desk.</summary>
internal static class ConsoleTextDesk
{
    internal static Text Title { get; } = new("監視センター", "Desk");

    /// <summary>On incidents of the monitoring's own works.</summary>
    internal static Text Own { get; } = new("監視基盤", "monitoring itself");

    internal static Text Open { get; } = new("対応が必要", "Open");

    internal static Text Closed { get; } = new("クローズ済み", "Closed");

    internal static Text Claim { get; } = new("対応開始", "Claim");

    internal static Text ClaimHint { get; } = new("対応開始(キー c)", "Claim (key c)");

    internal static Text Claimed(string what) => new($"{what} の対応を開始しました", $"Claimed {what}");

    internal static Text By { get; } = new("担当", "by");

    internal static Text Since { get; } = new("検知", "detected");

    internal static Text RecoveredAt { get; } = new("復旧", "recovered");

    internal static Text CalmTitle { get; } = new("対応が必要な障害はありません", "Nothing needs you now");

    internal static Text CalmClosed { get; } = new("クローズした障害はまだありません", "No closed incident yet");

    internal static Text StartedAfter(string ja, string en) => new($"{ja}で対応開始", $"started after {en}");

    internal static Text Late { get; } = new("時間超過", "late");

    internal static Text MailNotAccepted { get; } = new("メール未受理", "mail not accepted");

    internal static Text More { get; } = new("これより古いものは表示していません", "Older ones are not shown");

    internal static Text Unclaimed(int count) => new($"未対応 {count}件", $"{count} unclaimed");

    internal static Text Unreachable(int count) => new($"到達不能 {count}台", count == 1 ? "1 host unreachable" : $"{count} hosts unreachable");

    internal static Text UnreachableLong { get; } = new("このホストの停止により、その先のホストを確認できません", "Hosts behind this one cannot be checked while it is down");

    internal static Text Attached(int count) => new($"ほか{count}サービス", $"+{count} services");

    internal static Text CalmDetail(int items, int hosts, int customers) =>
        new($"{customers}社・{hosts}台・{items:N0}項目を監視しています", $"Watching {items:N0} items on {hosts} hosts of {customers} customers");

    internal static Text Storm(int count, string customer) =>
        new($"障害が集中しています: {customer} で{count}件", $"Many at once: {count} at {customer}");
}
