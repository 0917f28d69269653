using Hinoban.Basics;

namespace Hinoban.Console.Incidents;

/// <summary>The words of the incident's page.</summary>
internal static class ConsoleTextIncident
{
    internal static Text Situation { get; } = new("状況", "Situation");

    internal static Text Runbook { get; } = new("手順書", "Runbook");

    internal static Text Contacts { get; } = new("連絡先と架電", "Contacts and calls");

    internal static Text Report { get; } = new("対応報告", "Response report");

    internal static Text Story { get; } = new("経過", "Timeline");

    internal static Text MailsTitle { get; } = new("メール", "Mails");

    internal static Text Detected { get; } = new("検知", "Detected");

    internal static Text Since { get; } = new("検知", "Detected");

    internal static Text Lasts { get; } = new("継続", "Lasts");

    internal static Text Lasted { get; } = new("継続時間", "Lasted");

    internal static Text AllAccepted { get; } = new("すべて受理", "all accepted");

    internal static Text Details { get; } = new("監視の設定", "What is watched");

    internal static Text Older(int count) => new($"以前の経過 {count:N0}件", $"{count:N0} earlier");

    internal static Text OlderHits(int count) => new($"以前の検知 {count:N0}件", $"{count:N0} earlier hits");

    internal static Text People(int count) => new($"{count}名", count == 1 ? "1 person" : $"{count} people");

    internal static Text DraftReady { get; } = new("下書きあり", "a draft is ready");

    internal static Text SentTimes(int count) => new($"送信済み {count}通", $"{count} sent");

    internal static Text Mailed { get; } = new("メール受理", "Mailed");

    internal static Text Started { get; } = new("対応開始", "Claimed");

    internal static Text Recovered { get; } = new("復旧", "Recovered");

    internal static Text Reported { get; } = new("報告", "Reported");

    internal static Text ClosedWord { get; } = new("クローズ", "Closed");

    internal static Text Next { get; } = new("次にすること", "What to do next");

    internal static Text NextClaim { get; } = new("対応を開始してください", "Claim it");

    internal static Text NextReport { get; } = new("対応報告を確認して送信してください", "Check the response report and send it");

    internal static Text NextClose { get; } = new("記録を確認してクローズしてください", "Check the record and close it");

    internal static Text NextCall { get; } = new("手順で復旧していません。連絡先へ架電してください", "The runbook has not cured it: call the contacts");

    internal static Text NextContactOnly { get; } = new("手順書はありません(連絡のみ)。連絡先へ架電してください", "There is no runbook (contact only): call the contacts");

    internal static Text NextNothing { get; } = new("このインシデントはクローズ済みです", "This incident is closed");

    internal static Text NextOther(Text who) => new($"{who.Ja} が対応中です", $"{who.En} is responding");

    internal static Text NextStep(int step, Text kind) => new($"手順{step}「{kind.Ja}」を実行してください", $"Run step {step}: {kind.En}");

    internal static Text NextResolve(int step) => new($"手順{step} の結果が不明です。実機を確認して記録してください", $"The outcome of step {step} is unknown: look at the host and record it");

    internal static Text NextRunning(int step) => new($"手順{step} を実行しています", $"Step {step} is running");

    internal static Text Site { get; } = new("拠点", "Site");

    internal static Text Then { get; } = new("検知時", "At detection");

    internal static Text Now { get; } = new("現在", "Now");

    internal static Text Host { get; } = new("ホスト", "Host");

    internal static Text Check { get; } = new("監視方法", "Check");

    internal static Text Thresholds { get; } = new("しきい値", "Thresholds");

    internal static Text Edition { get; } = new("仕様書", "Specification");

    internal static Text EditionNumber(int edition) => new($"第{edition}版", $"edition {edition}");

    internal static Text FirstFailure { get; } = new("最初の異常", "First failure");

    internal static Text Verdict { get; } = new("判定", "Verdict");

    internal static Text VerdictThen { get; } = new("検知時の判定", "Verdict at detection");

    internal static Text Chart(string metric) => new($"24時間の{metric}", $"{metric}, 24 hours");

    internal static Text Services { get; } = new("含まれるサービス", "Services included");

    internal static Text AllOf(int count) => new($"{count:N0}件すべてを見る", $"See all {count:N0}");

    internal static Text StoryAll { get; } = new("すべての経過を見る", "See everything that happened");

    internal static Text FilterList { get; } = new("絞り込み", "Filter");

    internal static Text FoundOf(int found, int all) => found == all ? new($"{all:N0}件", $"{all:N0}") : new($"{all:N0}件中 {found:N0}件", $"{found:N0} of {all:N0}");

    internal static Text NoneFound { get; } = new("条件に合うものはありません", "Nothing matches");

    internal static Text Unreachable { get; } = new("到達不能になったホスト", "Hosts that cannot be reached");

    internal static Text UnreachableHint(string host) => new(
        $"{host} の先にあるホストです。{host} の停止中は状態を確認できないため、このインシデントにまとめ、個別のメールは送りません。復旧後も応答がないホストは、あらためて障害として検知します。",
        $"The way to these hosts leads over {host}. While it is down they cannot be checked, so they belong to this incident and get no mails of their own. One that still does not answer afterwards becomes a problem of its own.");

    internal static Text Attempt(int attempt) => new($"再試行 {attempt}回目", $"attempt {attempt}");

    internal static Text Run { get; } = new("実行", "Run");

    internal static Text RunAgain { get; } = new("もう一度実行", "Run again");

    internal static Text RunChange { get; } = new("確認して実行…", "Confirm and run…");

    internal static Text RunChangeAgain { get; } = new("もう一度…", "Again…");

    internal static Text Running { get; } = new("実行中…", "Running…");

    internal static Text Started2 { get; } = new("手順を開始しました", "Step started");

    internal static Text NoRunbook { get; } = new("この項目に手順書はありません(連絡のみ)。", "This item has no runbook (contact only).");

    internal static Text Transcript { get; } = new("記録", "Transcript");

    internal static Text Exit(int code) => new($"終了コード {code}", $"exit {code}");

    internal static Text ElseWord { get; } = new("このとおりにならないとき", "Otherwise");

    internal static Text ElseStop { get; } = new("止めて担当者が判断", "stop; the operator decides");

    internal static Text ElseCall { get; } = new("連絡先へ架電", "call the contacts");

    internal static Text ElseMail { get; } = new("メーリングリストへ連絡", "mail the list");

    internal static Text ElseClose { get; } = new("自然復旧として終了", "close as recovered by itself");

    internal static Text ResolveAsk { get; } = new("結果が分かりません。実機を確認し、実行されたかどうかを記録してください。", "The outcome cannot be known from here. Look at the host and record whether it was carried out.");

    internal static Text ResolveDone { get; } = new("実行されていた", "It was carried out");

    internal static Text ResolveNotDone { get; } = new("実行されていなかった", "It was not carried out");

    internal static Text ResolveHow { get; } = new("どう確認したか", "How you found out");

    internal static Text ConfirmTitle { get; } = new("お客様のサーバーを変更します", "This changes a customer's server");

    internal static Text ConfirmHost { get; } = new("対象ホスト", "Host");

    internal static Text ConfirmCommand { get; } = new("実行するコマンド", "Exact command");

    internal static Text ConfirmType(string host) => new($"確認のため、ホスト名 {host} を入力してください", $"To confirm, type the host's name: {host}");

    internal static Text ConfirmRun { get; } = new("このコマンドを実行", "Run this command");

    internal static Text ConfirmRecheck { get; } = new("実行の直前に全拠点からもう一度確認し、復旧していれば何も実行しません。", "Right before running, the sites look again. If it has recovered, nothing is run.");

    internal static Text Cancel { get; } = new("やめる", "Cancel");

    internal static Text Hours { get; } = new("対応時間", "Hours");

    /// <summary>Two calendars have names of the specification's own; others are shown as they are called.</summary>
    internal static Text HoursWord(string hours) => hours switch
    {
        "always" => new("24時間", "any time"),
        "business" => new("営業時間内", "business hours"),
        _ => Text.Same(hours),
    };

    internal static Text GoThere { get; } = new("表示", "Go");

    internal static Text Instructor { get; } = new("作業指示可", "may instruct");

    internal static Text RecordCall { get; } = new("架電を記録", "Record a call");

    internal static Text Outcome { get; } = new("結果", "Outcome");

    internal static Text Said { get; } = new("伝達・指示内容", "What was said or instructed");

    internal static Text Number { get; } = new("番号", "Number");

    internal static Text CallRecorded { get; } = new("架電を記録しました", "Call recorded");

    internal static Text NoContacts { get; } = new("連絡先が登録されていません。", "No contacts are registered.");

    internal static Text Script { get; } = new("読み上げ文", "What to say");

    internal static Text Calls(int count) => new($"架電 {count}回", count == 1 ? "1 call" : $"{count} calls");

    internal static Text Note { get; } = new("メモ", "Note");

    internal static Text NotePlaceholder { get; } = new("確認したこと、分かったこと", "What you looked at, what you found");

    internal static Text NoteForReport { get; } = new("報告書の対応内容にも載せる", "Also put it into the report's actions");

    internal static Text NoteAdd { get; } = new("メモを残す", "Add note");

    internal static Text NoteAdded { get; } = new("メモを残しました", "Note added");

    internal static Text PartSituation { get; } = new("発生状況", "What happened");

    internal static Text PartCause { get; } = new("原因", "Cause");

    internal static Text PartActions { get; } = new("対応内容", "What was done");

    internal static Text PartCalls { get; } = new("電話連絡実施状況", "Calls made");

    internal static Text Interim { get; } = new("中間報告(原因調査中など。最終報告は別途送ります)", "Interim report (for example while the cause is being looked for; a final one follows)");

    internal static Text SendCheck(string customer, int count) => new($"{customer} 様({count}宛先)に送ることを確認しました", $"I have checked that this goes to {customer} ({count} recipients)");

    internal static Text Send(string customer) => new($"{customer} 様へ送信", $"Send to {customer}");

    /// <summary>In which language the customer gets the report: subject, headings and frame are in it already, and what is written must be.</summary>
    internal static Text ReportLanguage(Language language) => language switch
    {
        Language.Ja => new("メールの言語: 日本語。件名と定型文も日本語で送信します。", "Language of the mail: Japanese. Write each part in Japanese; subject and frame are Japanese too."),
        Language.En => new("メールの言語: 英語。件名と定型文も英語です。各欄は英語で記入してください。", "Language of the mail: English, as are its subject and frame."),
        Language.Both => BothLanguages,
    };

    private static Text BothLanguages { get; } = new(
        "メールの言語: 日英併記。各欄に日本語と英語の両方が入っています。「原因」と書き足す内容は、両方の言語で記入してください(日本語、「--- English ---」の行、英語の順)。",
        "Language of the mail: Japanese and English. Each field holds Japanese and English. Write the cause, and whatever you add, in both (Japanese, the line \"--- English ---\", then English).");

    internal static Text WaitForStep(int step) => new(
        $"手順{step}を実行しているため、いま送信できるのは中間報告だけです。", $"Step {step} is running: only an interim report can be sent now.");

    internal static Text VerifyTerms(int times, string within, string withinEn) => new(
        $"{within}以内に全拠点で{times}回続けて正常", $"OK {times} times in a row from all sites within {withinEn}");

    internal static Text SendNeeds { get; } = new("4つの項目すべてに記入すると送信できます", "All four parts must be filled in before sending");

    internal static Text Sent { get; } = new("報告を送信待ちに入れました", "The report is queued");

    internal static Text DraftNewer { get; } = new("経過が進み、下書きが新しくなりました", "There is a newer draft");

    internal static Text DraftTake { get; } = new("新しい下書きを取り込む", "Take the newer draft");

    internal static Text SentReport { get; } = new("送信済みの報告", "Report as sent");

    internal static Text WriteAgain { get; } = new("続報を書く", "Write another report");

    internal static Text NoReport { get; } = new("報告はまだありません。", "No report yet.");

    internal static Text ReportLater { get; } = new("対応を開始すると、ここで報告を書けます。", "Once you have claimed it, you can write the report here.");

    internal static Text Close { get; } = new("クローズ", "Close");

    internal static Text CloseReason { get; } = new("クローズの理由", "Reason for closing");

    internal static Text ClosedNow { get; } = new("クローズしました", "Closed");

    internal static Text Release { get; } = new("担当を外れる", "Give back");

    internal static Text ReleaseReason { get; } = new("理由(例: 誤って開始、引き継ぎ)", "Reason (for example claimed by mistake, handover)");

    internal static Text Released { get; } = new("未対応に戻しました", "Given back to the queue");

    internal static Text Resolved { get; } = new("結果を記録しました", "Outcome recorded");

    internal static Text To { get; } = new("宛先", "To");

    internal static Text Body { get; } = new("本文", "Body");

    internal static Text NoMails { get; } = new("メールはまだありません。", "No mails yet.");

    internal static Text CustomerTime { get; } = new("お客様時刻", "customer's time");

    internal static Text Form { get; } = new("入力してください", "Please fill this in");

    internal static Text Kind(string kind) => kind switch
    {
        "recheck" => new("再確認", "re-check"),
        "read" => new("確認", "read"),
        "change" => new("変更", "change"),
        "verify" => new("復旧確認", "verify"),
        _ => Text.Same(kind),
    };

    /// <summary>domain: under 45 s, facts only, read back any instruction.</summary>
    /// <summary>What is said on the telephone: as it stands now, and no more was done than was done.</summary>
    internal static Text ScriptOf(Text operatorName, string customer, string contact, string time, string title, string status, bool failing, bool responded) => new(
        $"監視センターの{operatorName.Ja}です。{customer}の{contact}様でしょうか。{time}に{title}で障害({status})を検知しました。{(responded ? "手順書に沿って対応しました。" : "")}{(failing ? "現在も復旧していません。ご指示をお願いします。復唱します。" : "現在は復旧しています。")}",
        $"This is {operatorName.En}, monitoring centre. Am I speaking with {contact} of {customer}? At {time} we detected a failure ({status}) of {title}. {(responded ? "We have followed the runbook. " : "")}{(failing ? "It has not recovered yet. May I have your instruction? I repeat it." : "It has recovered.")}");
}
