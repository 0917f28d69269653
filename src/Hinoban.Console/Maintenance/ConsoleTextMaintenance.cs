using Hinoban.Basics;
using Hinoban.States;

namespace Hinoban.Console.Maintenance;

/// <summary>The words of maintenance requests.</summary>
internal static class ConsoleTextMaintenance
{
    internal static Text Title { get; } = new("メンテナンス依頼", "Maintenance requests");

    internal static Text None { get; } = new("メンテナンス依頼はありません", "No maintenance requests");

    internal static Text Ask { get; } = new("メンテナンスを依頼", "Ask for a maintenance");

    internal static Text AskHint { get; } = new(
        "監視センターが承認すると、期間中は対象のアラートメールを停止します(監視と記録は続きます)。結果はメーリングリストへメールでお知らせします。最長30日、開始は90日先までです。",
        "Once the desk has approved it, no alert mails are sent about these items during that time; looks and records go on. The list is told by mail. 30 days at most, beginning within 90 days.");

    internal static Text Customer { get; } = new("お客様", "Customer");

    internal static Text Targets { get; } = new("対象", "What");

    internal static Text TargetsHint { get; } = new("ホストを選ぶと、そのすべての監視項目が対象になります(複数選択可)", "A host stands for all its services; several may be chosen");

    internal static Text When { get; } = new("期間", "When");

    internal static Text From { get; } = new("開始", "Start");

    internal static Text To { get; } = new("終了", "End");

    internal static Text Reason { get; } = new("作業内容", "Work");

    internal static Text Contact { get; } = new("連絡先", "Contact");

    internal static Text Number { get; } = new("依頼", "Request");

    internal static Text Decision { get; } = new("決定", "Decision");

    internal static Text Approve { get; } = new("承認", "Approve");

    internal static Text Decline { get; } = new("却下", "Decline");

    internal static Text Why { get; } = new("却下の理由(お客様へのメールに記載)", "Why it is declined (the customer's mail says it)");

    internal static Text Form { get; } = new("開始と終了の日時を入力してください", "Give start and end");

    internal static Text AskedNow { get; } = new("メンテナンスを依頼しました", "The maintenance is asked for");

    internal static Text ApprovedNow { get; } = new("承認し、通知停止を設定しました", "Approved: its alerts are silenced for that time");

    internal static Text DeclinedNow { get; } = new("却下し、お客様へ連絡しました", "Declined; the customer is told");

    internal static Text Stage(MaintenanceStage stage) => stage switch
    {
        MaintenanceStage.Asked => new("承認待ち", "To be decided"),
        MaintenanceStage.Approved => new("承認済み", "Approved"),
        MaintenanceStage.Declined => new("却下", "Declined"),
        MaintenanceStage.Lapsed => new("期限切れ", "Lapsed undecided"),
        MaintenanceStage.Over => new("終了", "Over"),
    };

    /// <summary>The desk's badge.</summary>
    internal static Text Waiting(int count) => new(
        $"承認待ちのメンテナンス依頼が{count}件あります", count == 1 ? "1 maintenance request waits for a decision" : $"{count} maintenance requests wait for a decision");
}
