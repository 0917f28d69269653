using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Console.Parts;
using Hinoban.Incidents;
using Hinoban.States;

namespace Hinoban.Console.Incidents;

/// <summary>The sentences of the story. Names and numbers in them are shown as text, whatever they contain.</summary>
internal static class ConsoleTextTelling
{
    internal static Text Engine { get; } = new("システム", "Hinoban");

    internal static Text Opened(Opened e)
    {
        var status = ConsoleTextParts.Status(e.Severity, e.Problem.IsHost);
        if (e.Problem.IsLog)
        {
            return new($"{e.Problem.Title} でログ検知がありました: {status}", $"Something was found in the log of {e.Problem.Title}: {status}");
        }

        var reach = ConsoleTextParts.Reach(e.Reach, [.. e.Evidence.Where(v => v.Vote == VoteKind.Transport).Select(v => v.NoValue).Distinct()], e.SingleSite);
        var (ja, en) = e.SingleSite ? ("(片系)", " (single site)") : ("", "");
        return new($"{e.Problem.Title} の障害を検知しました: {status}、{reach.Ja}{ja}", $"Detected a problem of {e.Problem.Title}: {status}, {reach.En}{en}");
    }

    internal static Text Severity(SeverityChanged e) => new(
        $"状態が {Word(e.Before)} から {Word(e.After)} に変わりました", $"The state changed from {Word(e.Before)} to {Word(e.After)}");

    internal static Text Attached(ServiceAttached e) => e.Depends
        ? new($"この項目に依存する {e.Service} ({Word(e.Severity)}) をこの障害にまとめました", $"{e.Service} ({Word(e.Severity)}), which depends on it, belongs to this problem")
        : new(
        $"{e.Service} ({Word(e.Severity)}) をこのホスト障害にまとめました", $"{e.Service} ({Word(e.Severity)}) belongs to this host problem");

    /// <summary>The head of the page: who told the customer, and whether it may have been told twice.</summary>
    internal static Text SpokenLong(IReadOnlyList<SpokenAway> spoken, IReadOnlyList<IncidentEvent> events)
    {
        var sites = spoken.Select(s => s.Site.Value).Distinct().ToList();
        var twice = events.OfType<NoticeDecided>().Where(n => n is { Told: true, MailKey.Length: > 0 }).GroupBy(n => n.MailKey).Any(m => m.Select(n => n.By).Distinct().Count() > 1);
        return (sites.Count, twice) switch
        {
            (1, _) => new($"監視センター不在の間、監視拠点 {sites[0]} が通知を担当しました。", $"Spoken by site {sites[0]} while the desk was away."),
            (_, false) => new(
                $"監視センター不在の間、監視拠点 {string.Join("、", sites)} が交代で通知を担当しました。",
                $"Spoken by sites {string.Join(" and ", sites)}, one after the other, while the desk was away."),
            _ => new(
                $"監視センター不在の間、監視拠点 {string.Join("、", sites)} が、互いの通知を確かめられないまま、それぞれ通知しました。お客様には同じ件名のメールが重ねて届いている可能性があります。",
                $"Spoken by sites {string.Join(" and ", sites)} while the desk was away, neither knowing what the other had told: the customer may have got the same mail from each, in one thread."),
        };
    }

    internal static Text Spoken(SpokenAway e) => e.Alone
        ? new($"監視センター不在の間、監視拠点 {e.Site} が単独で判定し通知しました(他の拠点とも通信不能)", $"Spoken by site {e.Site} alone while the desk was away: it could reach no other site")
        : e.Lookers.Count > 0
            ? new($"監視センター不在の間、監視拠点 {e.Site} が通知を担当しました(判定: {string.Join("、", e.Lookers)})", $"Spoken by site {e.Site} while the desk was away; judged by {string.Join(", ", e.Lookers)}")
            : new($"監視センター不在の間、監視拠点 {e.Site} が通知を担当しました", $"Spoken by site {e.Site} while the desk was away");

    internal static Text Unreachable(HostAttached e) => new(
        $"{e.Host} は到達不能 (UNREACHABLE) です: 経路上にあるこのホストが停止しているため、{e.Host} の状態は確認できません",
        $"{e.Host} is UNREACHABLE: the way to it leads over this host, which is down, so {e.Host} itself cannot be checked");

    internal static Text FlappingStarted(FlappingStarted e) => new(
        $"フラッピングを検知しました: 短い間に異常と復旧を繰り返しています(変化率 {e.Percent:0}%)", $"It began to flap: it keeps failing and recovering within short times ({e.Percent:0}% change)");

    internal static Text FlappingEnded(FlappingEnded e) => e.Now == CheckStatus.Ok
        ? new($"フラッピングが収まりました: 正常で安定しています(変化率 {e.Percent:0}%)", $"It has settled: it works ({e.Percent:0}% change)")
        : new($"フラッピングが収まりました: 異常が続いています(変化率 {e.Percent:0}%)", $"It has settled: it fails ({e.Percent:0}% change)");

    internal static Text Recovered(Recovered e) => e.Reason switch
    {
        RecoveryReason.SeenWorking => new($"復旧しました: {Sites(e.Evidence, "・")} で正常を確認", $"Recovered: seen working from {Sites(e.Evidence, ", ")}"),
        RecoveryReason.ItemRemoved => new("監視仕様書から項目が削除されたため、復旧扱いにしました", "Counts as recovered: the item left the monitoring specification"),
    };

    internal static Text Found(LogHitsFound e) => new(
        $"ログ検知 {e.Count}件({e.Site} が最初に報告{(e.Suppressed > 0 ? $"、ほか件数のみ {e.Suppressed:N0}件" : "")})",
        $"{e.Count} log {(e.Count == 1 ? "hit" : "hits")}, first brought by {e.Site}{(e.Suppressed > 0 ? $"; {e.Suppressed:N0} more only counted" : "")}");

    internal static Text Notice(NoticeDecided e)
    {
        var kind = ConsoleTextParts.Notice(e.Kind);
        return e.Reason switch
        {
            NoticeReason.NewProblem or NoticeReason.OwedRecovery => new($"{kind.Ja}メールを送信待ちに入れました", $"Queued the {kind.En} mail"),
            NoticeReason.BeganToFlap => new($"{kind.Ja}のメールを送信待ちに入れました。状態が安定するまで、変化ごとのメールは送りません", $"Queued the {kind.En} mail; changes are not mailed one by one until it has settled"),
            NoticeReason.OperatorSends => new($"{kind.Ja}メールを送信待ちに入れました(担当者による送信)", $"Queued the {kind.En} mail, sent by a person"),
            NoticeReason.RunbookSays => new($"{kind.Ja}メールを送信待ちに入れました(手順書の定めによる)", $"Queued the {kind.En} mail, as the runbook says"),
            NoticeReason.StormGrows => new($"{kind.Ja}メールを送信待ちに入れました: 同時に障害となったホストの一覧", $"Queued the {kind.En} mail with the hosts that failed together"),
            NoticeReason.MoreHits => new($"{kind.Ja}メールを送信待ちに入れました: 続けて検知したログ", $"Queued the {kind.En} mail with the log hits that followed"),
            NoticeReason.MemberPosts => new($"{kind.Ja}をほかの登録者に配信します", $"Queued the {kind.En} for the other members"),
            NoticeReason.NeededFails => new($"{kind.Ja}メールは送りません: 依存先の障害に含まれています", $"No {kind.En} mail: it belongs to the problem of what it depends on"),
            NoticeReason.HostIsDown => new($"{kind.Ja}メールは送りません: ホスト障害のメールに含まれています", $"No {kind.En} mail: the host's mail lists this service"),
            NoticeReason.ParentIsDown => new($"{kind.Ja}メールは送りません: 経路上のホストの障害メールに含まれています", $"No {kind.En} mail: the mail of the host before it lists this host"),
            NoticeReason.NeverAlerted => new($"{kind.Ja}メールは送りません: アラートメールを送っていません", $"No {kind.En} mail: the problem was never alerted"),
            NoticeReason.WorseProblem => new($"{kind.Ja}メール: 障害が悪化しました", $"{kind.En} mail: the problem got worse"),
            NoticeReason.Silenced => new(
                $"{kind.Ja}メールを控えています: 静観・抑止 {Show.Line(e.HeldBy)}", $"{kind.En} mail held back by the silence {Show.Line(e.HeldBy)}"),
            NoticeReason.StillFailing => new($"{kind.Ja}メールを送信待ちに入れました: メンテナンス終了後も継続", $"Queued the {kind.En} mail: still failing after the silence"),
            NoticeReason.SameProblem => new($"{kind.Ja}メールは送りません: 同じ障害の続きです", $"No {kind.En} mail: it is the same problem"),
            NoticeReason.ToldAway => new($"{kind.Ja}メールは送りません: 監視センター不在の間に監視拠点が送信済みです", $"No {kind.En} mail: a site told it while the desk was away"),
            NoticeReason.NoMembers => new($"{kind.Ja}メールは送りません: メーリングリストに登録者がいません", $"No {kind.En} mail: the list has no members"),
            NoticeReason.CustomerGone => new($"{kind.Ja}メールは送りません: お客様の監視仕様書がなくなり、宛先がありません", $"No {kind.En} mail: the customer's specification has gone, and its list with it"),
        };
    }

    internal static Text Reported(DeliveryReported e)
    {
        var kind = ConsoleTextParts.Notice(e.Kind);
        return e switch
        {
            { Failed: true, Permanent: true } => new($"{kind.Ja}メールが不達になりました(宛先不明など、再送しても届きません)", $"The {kind.En} mail bounced for good"),
            { Failed: true } => new($"{kind.Ja}メールが不達になりました(相手側の一時的な事情)", $"The {kind.En} mail bounced; the other side may take later ones"),
            _ => new($"{kind.Ja}メールの配送が遅れています", $"The {kind.En} mail is delayed on the way"),
        };
    }

    internal static Text Reply(ReplyReceived e) => new(
        $"登録者 {Show.Line(e.FromName)} ({Show.Line(e.FromAddress)}) から返信がありました: {Show.Line(e.Subject)}",
        $"Member {Show.Line(e.FromName)} ({Show.Line(e.FromAddress)}) wrote: {Show.Line(e.Subject)}");

    internal static Text Waits(ResponseWaits e) => new(
        $"時限静観: メールの受理から{Times.Round(Language.Ja, e.For)}、自然復旧を待ちます", $"The response waits {Times.Round(Language.En, e.For)} from the mail's acceptance for self-recovery");

    internal static Text Deliveries(DeliverySettled e, int count, bool startsClock)
    {
        var kind = ConsoleTextParts.Notice(e.Kind);
        var clock = startsClock ? new Text("。ここから対応開始までの時間を計ります", "; the SLO clock starts here") : Text.Same("");
        var second = e.SecondRelay ? new Text("第2", "second ") : Text.Same("");
        var twice = e.PossiblyTwice ? new Text("(二重に届いた可能性があります)", " (possibly delivered twice)") : Text.Same("");
        return e.Outcome switch
        {
            DeliveryOutcome.Accepted => new($"{kind.Ja}メールを{second.Ja}中継サーバーが受理しました({count}宛先){twice.Ja}{clock.Ja}", $"The {second.En}relay accepted the {kind.En} mail for {Recipients(count)}{twice.En}{clock.En}"),
            DeliveryOutcome.Rejected => new($"{kind.Ja}メールが拒否されました({count}宛先)", $"The {kind.En} mail was refused for {Recipients(count)}"),
            DeliveryOutcome.Expired => new($"{kind.Ja}メールの送信を断念しました({count}宛先)", $"Gave up sending the {kind.En} mail to {Recipients(count)}"),
        };
    }

    internal static Text Claimed(Text who) => new($"{who.Ja} が対応を開始しました", $"{who.En} claimed it");

    internal static Text Released(Text who) => new($"{who.Ja} が担当を外れ、未対応に戻しました", $"{who.En} gave it back to the queue");

    internal static Text Note(NoteAdded e, Text who) => e.ForReport
        ? new($"{who.Ja} のメモ(報告書に記載)", $"Note by {who.En}, for the report")
        : new($"{who.Ja} のメモ(社内)", $"Internal note by {who.En}");

    internal static Text Call(CallRecorded e, Text who)
    {
        var outcome = ConsoleTextParts.Call(e.Outcome);
        return new($"{who.Ja} が {e.Contact} 様(末尾 {e.NumberTail})に架電: {outcome.Ja}", $"{who.En} called {e.Contact} (…{e.NumberTail}): {outcome.En}");
    }

    internal static Text StepStarted(StepStarted e, Text who)
    {
        var kind = ConsoleTextIncident.Kind(e.Kind);
        var (ja, en) = e.Host.Length > 0 ? ($"({e.Host})", $" on {e.Host}") : ("", "");
        return new($"{who.Ja} が手順{e.Step}「{kind.Ja}」を開始しました{ja}", $"{who.En} started step {e.Step}, {kind.En}{en}");
    }

    internal static Text StepEnded(StepEnded e)
    {
        var outcome = ConsoleTextParts.Step(e.Outcome);
        var exit = e.ExitCode is { } code && !ExitWords.Tells(e.Because, code) ? (Ja: $"(終了コード {code})", En: $" (exit {code})") : (Ja: "", En: "");
        return new($"手順{e.Step}: {outcome.Ja}{exit.Ja}", $"Step {e.Step}: {outcome.En}{exit.En}");
    }

    internal static Text Report(ReportSent e, Text who) => e.Interim
        ? new($"{who.Ja} が対応報告(中間)を送信しました", $"{who.En} sent an interim report")
        : new($"{who.Ja} が対応報告を送信しました", $"{who.En} sent the response report");

    internal static Text Closed(Text who) => new($"{who.Ja} がクローズしました", $"{who.En} closed it");

    private static string Word(CheckStatus status) => ConsoleTextParts.Status(status, host: false);

    private static string Recipients(int count) => count == 1 ? "1 recipient" : $"{count} recipients";

    private static string Sites(IReadOnlyList<SiteEvidence> evidence, string between) =>
        string.Join(between, evidence.Where(e => e.Vote == VoteKind.Ok).Select(e => e.Site.Value));
}
