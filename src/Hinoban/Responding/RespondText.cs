using Hinoban.Basics;
using Hinoban.People;

namespace Hinoban.Responding;

/// <summary>What people read about responding: refusals, reasons, findings.</summary>
internal static class RespondText
{
    internal static readonly Text ViewerMayNot = new("閲覧専用のアカウントでは操作できません", "This account may look, not respond");
    internal static readonly Text IsClosed = new("このインシデントはクローズ済みです", "This incident is closed");
    internal static readonly Text NobodyHolds = new("対応中の担当者がいません", "Nobody holds this incident");
    internal static readonly Text ReasonNeeded = new("理由を入力してください", "Please give a reason");
    internal static readonly Text ReportOwed = new(
        "対応報告が未送付です。報告を送るか、送らない理由を入力してください", "The response report has not been sent: send it, or give the reason why not");
    internal static readonly Text Reported = new("対応報告を送付済み", "The response report was sent");
    internal static readonly Text FinalWhileRunning = new(
        "手順を実行中のため、最終報告は送信できません。手順が終わるのを待つか、中間報告として送信してください",
        "A runbook step is running: no final report can be sent. Wait for its end, or send this as an interim report");
    internal static readonly Text FinalUnclaimed = new(
        "障害が続いており、まだ誰も対応を開始していないため、最終報告は送信できません。対応を開始するか、中間報告として送信してください",
        "The problem stands and nobody has claimed it: no final report can be sent. Claim it, or send this as an interim report");
    internal static readonly Text StepIsRunning = new("手順を実行中です。終わるまでお待ちください", "A step is running; wait for its end");
    internal static readonly Text SettleFirst = new(
        "結果が不明の手順があります。先に結果を確定してください", "A step's outcome is unknown: settle it first");
    internal static readonly Text LeadClosesFailing = new(
        "障害が継続中です。クローズできるのはリーダーだけです", "It is still failing: only a lead may close it");
    internal static readonly Text NeverRan = new("この手順は実行されていません", "This step has not been run");
    internal static readonly Text NothingToSettle = new("この手順の結果は不明ではありません", "This step's outcome is not unknown");
    internal static readonly Text SettleByHolder = new(
        "結果を確定できるのは、対応中の担当者かリーダーです", "Only the one who holds the incident, or a lead, may settle this");
    internal static readonly Text PleaseConfirm = new(
        "変更の手順です。対象ホストとコマンドを確認してください", "This step changes the host: confirm host and exact command");
    internal static readonly Text ConfirmationDiffers = new(
        "確認されたホストまたはコマンドが手順と一致しません", "The confirmed host or command is not that of the step");
    internal static readonly Text ContactNeeded = new("連絡先の氏名を入力してください", "Please name whom you called");
    internal static readonly Text TailIsFourDigits = new(
        "電話番号は末尾4桁までの数字で入力してください", "Give at most the last four digits of the number");
    internal static readonly Text WhatWasSaid = new(
        "応答があった場合は、伝えた内容と指示内容を入力してください", "When somebody was reached, write what was said and instructed");

    internal static readonly Text StillFailing = new("障害の継続を確認", "still failing");
    internal static readonly Text EventStands = new("ログ検知のため再確認の対象外(自動復旧はありません)", "a log hit: an event stands, no look says that it is over");
    internal static readonly Text Working = new("障害は解消している", "no longer failing");
    internal static readonly Text NotNeeded = new(
        "直前の再確認で障害が解消していたため、実行していません", "no longer failing at the re-check right before: nothing was run");
    internal static readonly Text NoLook = new(
        "どの拠点からも確認できなかったため、実行していません", "no site could look: nothing was run");
    internal static readonly Text NoLooks = new("どの拠点からも確認できませんでした", "no site could look");
    internal static readonly Text Interrupted = new(
        "実行中に監視センターのシステムが再起動しました", "the desk restarted while this was running");
    internal static readonly Text LineCut = new(
        "接続が途中で切れたか、コマンドがシグナルで終了しました。終了コードは不明です",
        "the connection was cut or the command was ended by a signal: no exit code is known");
    internal static readonly Text TimedOut = new(
        "制限時間内に終わりませんでした。ホスト側で動き続けている可能性があります", "not finished in time; it may still be running on the host");
    internal static readonly Text NoLogin = new("ログインできませんでした。コマンドは実行されていません", "could not log in: the command was not run");
    internal static readonly Text ShuttingDown = new(
        "監視センターのシステムの停止により中断しました。コマンドは実行していません", "interrupted because the desk is stopping: the command was not run");

    /// <summary>A text as it stands in a transcript, which has no language of its own.</summary>
    internal static string Record(Text text) => text.Record;

    internal static Text HeldBy(string name)
    {
        var who = PersonNames.Of(name);
        return new($"{who.Ja}さんが対応中です", $"{who.En} holds this incident");
    }

    internal static Text ExitCode(int code) => new($"終了コード {code}", $"exit code {code}");

    internal static Text ExitDiffers(int code, int expected) =>
        new($"終了コード {code}(正しくは {expected})", $"exit code {code}, should be {expected}");

    internal static Text Verified(int times) => new($"全拠点で{times}回続けて正常", $"OK {times} times in a row from all sites");

    internal static Text NotVerified(int seconds) => new($"{seconds}秒以内に正常を確認できません", $"not OK within {seconds} s");

    internal static Text Broke(string what) => new($"予期しない誤り: {what}", $"unexpected error: {what}");

    internal static Text WhyNot(StepBar bar, int earlier) => bar switch
    {
        StepBar.None => Text.Same(""),
        StepBar.NoSuchStep => new("この番号の手順はありません", "There is no step of this number"),
        StepBar.NotAllowed => ViewerMayNot,
        StepBar.IncidentClosed => IsClosed,
        StepBar.Unclaimed => new("先に対応開始をしてください", "Start the response (claim) first"),
        StepBar.ClaimedByOther => new("変更の手順は対応中の担当者だけが実行できます", "Only the one who holds the incident may run a change"),
        StepBar.Running => new("この手順は実行中です", "This step is running"),
        StepBar.OtherRunning => new("別の手順を実行中です", "Another step is running"),
        StepBar.OutcomeUnknown => new("前回の結果が不明です。先に結果を確定してください", "How the last run ended is unknown: settle it first"),
        StepBar.AlreadyDone => new("実施済みです。変更は1つのインシデントで1回だけです", "Done. A change is made once in an incident"),
        StepBar.Recovered => new("復旧済みのため、変更は行いません", "It has recovered: nothing is changed"),
        StepBar.EarlierOpen => new($"先に手順{earlier}を実行してください", $"Step {earlier} comes first"),
        StepBar.EarlierFailed => new($"手順{earlier}が手順書どおりに終わっていません", $"Step {earlier} did not go as written"),
        StepBar.EarlierUnknown => new($"手順{earlier}の結果が不明です", $"The outcome of step {earlier} is unknown"),
        StepBar.EarlierNotNeeded => new(
            $"手順{earlier}で障害の解消を確認しました。再び障害であれば手順{earlier}からやり直してください",
            $"Step {earlier} found the problem gone. If it fails again, run step {earlier} again"),
        StepBar.ProcedureChanged => new(
            "対応中に手順書が改版されました。変更の手順は実行できません", "The procedure was revised during this incident: no change can be run from it"),
        StepBar.NoTarget => new(
            "仕様書に、この手順の対象(SSH接続先またはホスト鍵、監視項目)がありません",
            "The specification lacks this step's target (SSH access, pinned host key, or item)"),
    };
}
