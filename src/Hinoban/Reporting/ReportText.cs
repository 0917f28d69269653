using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Responding;

namespace Hinoban.Reporting;

/// <summary>The words of response reports and of what is wrong with them.</summary>
internal static class ReportText
{
    internal static readonly Text CauseOpen = new(
        "「調査中」のままでは最終報告として送れません。第一報(中間報告)として送るか、判明した範囲を記入してください",
        "\"Under investigation\" is for interim reports: send it as interim, or write what is known");

    /// <summary>Stands beside the empty field; never in the report itself.</summary>
    internal static readonly Text CauseHint = new(
        "事実と推定を分けて記入してください。例: 「事実: nginxが停止していた(手順2)。推定: メモリ不足(根拠: ログ1)」。判明していなければ「調査中」とし、中間報告で送ります。",
        "Keep facts and presumption apart. Example: \"Fact: nginx was stopped (step 2). Presumed: out of memory (see log 1).\" If it is not known yet: \"under investigation\", sent as interim.");

    internal static readonly Text NoCalls = new("電話連絡は行っていません。", "No telephone calls were made.");
    internal static readonly Text NothingDone = new("お客様のサーバーへの操作は行っていません。", "Nothing was changed on your servers.");
    internal static readonly Text RecoveredItself = new("対応の開始前に自然復旧しました。", "It recovered by itself before the response started.");
    internal static readonly Text EnglishFollows = Text.Same("--- English ---");

    internal static readonly Text Target = new("対象", "Target");
    internal static readonly Text FirstFailure = new("発生日時", "First failure");
    internal static readonly Text Detected = new("検知日時", "Detected");
    internal static readonly Text Finding = new("検知内容", "Finding");
    internal static readonly Text SeenFrom = new("確認拠点", "Seen from");
    internal static readonly Text BeganToFlap = new("異常と復旧の繰り返しを検知(フラッピング)", "began to flap");
    internal static readonly Text Settled = new("フラッピング収束", "settled");
    internal static readonly Text CutOff = new("到達不能となったホスト", "Hosts cut off by it");
    internal static readonly Text FailedToo = new("同時に障害となったホスト", "Hosts that failed together with it");
    internal static readonly Text AlsoDown = new("同時に停止したサービス", "Services down with it");
    internal static readonly Text Changes = new("状態の変化", "Changes");
    internal static readonly Text Started = new("対応開始", "Response started");
    internal static readonly Text RecoveredAt = new("復旧日時", "Recovered");
    internal static readonly Text StateNow = new("現在の状態", "State");
    internal static readonly Text Agreed = new("仕様書", "Specification");
    internal static readonly Text NoValue = new("取得不能", "no value");
    internal static readonly Text OneSite = new("1拠点のみで判定(片系)", "judged by one site only");
    internal static readonly Text NotSeenElsewhere = new("他拠点からは正常", "working as seen from the others");
    internal static readonly Text NotStarted = new("未対応", "not started");
    internal static readonly Text ItemRemoved = new("監視対象から外れたため終了", "ended, the item left the specification");
    internal static readonly Text UpdateSent = new("状況をメールでお知らせしました", "told the mailing list how things stand");
    internal static readonly Text InterimSent = new("対応報告(中間)をお送りしました", "sent an interim report");

    internal static readonly Text LogHits = new("ログ検知", "Log hits");
    internal static readonly Text LogNote = new("。発生した事象の記録であり、復旧の判定はありません", "; an event, nothing of it recovers");
    internal static readonly Text EventStands = new("ログ検知のため対象外", "not for a log hit");
    internal static readonly Text StillFailing = new("障害の継続を確認", "still failing");
    internal static readonly Text FoundWorking = new("障害が解消していることを確認", "no longer failing");
    internal static readonly Text ChangeNotNeeded = new(
        "直前の再確認で障害が解消していたため、実行していません", "not run: no longer failing at the re-check right before");
    internal static readonly Text NotRun = new("実行していません", "not run");
    internal static readonly Text Verified = new("全拠点から正常を確認", "OK from all sites");
    internal static readonly Text NotVerified = new("正常を確認できませんでした", "not OK in time");
    internal static readonly Text CouldNotLook = new("確認できませんでした", "could not be checked");
    internal static readonly Text Unknown = new("実行しましたが、結果を確認できませんでした", "begun; its outcome could not be determined");
    internal static readonly Text SettledDone = new("実施済みと確認しました", "found to have been done");
    internal static readonly Text SettledFailed = new("実施できていないことを確認しました", "found not to have been done");

    internal static Text LogCount(int hits, long suppressed) => new(
        FormattableString.Invariant($"{hits}件{(suppressed > 0 ? $"、ほか件数のみ {suppressed}件" : "")}"),
        FormattableString.Invariant($"{hits}{(suppressed > 0 ? $", and {suppressed} only counted" : "")}"));

    internal static readonly Text Reached = new("ご連絡がつきました", "reached");
    internal static readonly Text Unreached = new("どなたにもつながりませんでした", "nobody was reached");

    internal static Text NameOf(ReportPart part) => part switch
    {
        ReportPart.Situation => new("発生状況", "Situation"),
        ReportPart.Cause => new("原因", "Cause"),
        ReportPart.Actions => new("対応内容", "Actions"),
        ReportPart.Calls => new("電話連絡実施状況", "Telephone calls"),
    };

    internal static Text PartIsEmpty(Text name) => new($"「{name.Ja}」に文字がありません。分からない場合は「調査中」「不明」などと記入してください", $"\"{name.En}\" has no words: please fill it in, if only with \"unknown\" or \"under investigation\"");

    internal static Text AfterMail(string span) => new($"検知メールの受信から{span}", $"{span} after the alert mail");

    internal static Text Lasted(string span) => new($"検知から{span}", $"{span} after detection");

    internal static Text Continuing(string at) => new($"継続中({at}時点)", $"still failing at {at}");

    internal static Text Edition(int edition) => new($"第{edition}版", $"edition {edition}");

    internal static Text Runbook(string title) => new($"手順書: {title}", $"procedure: {title}");

    internal static Text Claimed(Text name) => new($"対応を開始しました(担当: {name.Ja})", $"response started by {name.En}");

    internal static Text TakenOver(Text name) => new($"{name.Ja}が対応を引き継ぎました", $"{name.En} took over");

    internal static Text Step(int number, Text kind) => new($"手順{number} {kind.Ja}", $"Step {number}, {kind.En}");

    internal static Text Kind(string kind) => kind switch
    {
        RunbookRules.Recheck => new("再確認", "re-check"),
        RunbookRules.Read => new("確認", "read"),
        RunbookRules.Change => new("変更", "change"),
        RunbookRules.Verify => new("復旧確認", "verify"),
        _ => Text.Same(kind),
    };

    internal static Text Exit(int code) => new($"終了コード {code}", $"exit code {code}");

    internal static Text Executed(int code) => new($"実施しました(終了コード {code})", $"carried out (exit code {code})");

    internal static Text ExecutedBadly(int code) => new($"実行しましたが失敗しました(終了コード {code})", $"failed (exit code {code})");

    internal static Text Round(int round) => new($"{round}順目", $"Round {round}");

    internal static Text Honoured(string name) => new($"{name}様", name);

    internal static Text Tail(string tail) => new($"末尾{tail}", $"…{tail}");

    internal static Text Result(Text result) => new($"結果: {result.Ja}", $"Result: {result.En}");

    internal static Text Of(CallOutcome outcome) => outcome switch
    {
        CallOutcome.ReachedPerson => new("応答(ご本人)", "answered, in person"),
        CallOutcome.ReachedDeputy => new("応答(代理の方)", "answered, a deputy"),
        CallOutcome.AnsweredCannotAct => new("応答(対応不可)", "answered, could not act"),
        CallOutcome.NoAnswer => new("不在", "no answer"),
        CallOutcome.VoicemailMessage => new("留守番電話(伝言あり)", "voicemail, message left"),
        CallOutcome.VoicemailSilent => new("留守番電話(伝言なし)", "voicemail, no message"),
        CallOutcome.Busy => new("話中", "busy"),
        CallOutcome.Unreachable => new("圏外または電源断", "out of reach"),
        CallOutcome.InvalidNumber => new("番号不通", "number not in service"),
    };
}
