using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Notifying;

namespace Hinoban.Console.Lists;

/// <summary>The words of the lists: sites, mails, customers.</summary>
internal static class ConsoleTextLists
{
    internal static Text SitesTitle { get; } = new("監視拠点", "Sites");

    internal static Text MailsTitle { get; } = new("メール", "Mails");

    internal static Text CustomersTitle { get; } = new("お客様", "Customers");

    internal static Text DeskMailbox { get; } = new("監視センター", "desk");

    internal static Text Twice { get; } = new("二重の可能性", "possibly twice");

    internal static Text SecondRelay { get; } = new("第2中継", "second relay");

    internal static Text ReceivedTitle { get; } = new("届いたメール", "Mails that came in");

    internal static Text AsItCame { get; } = new("原文(.eml)を保存", "save as it came (.eml)");

    internal static Text Nameless { get; } = new("名前なし", "without a name");

    internal static Text StrangerHint { get; } = new(
        "メーリングリストの登録者ではない差出人です。ほかの登録者には配信していません。", "The sender is no member of the list; nobody else was sent this.");

    internal static Text BrakedHint { get; } = new(
        "同じ差出人の投稿が短時間に続いたため、ほかの登録者への配信を保留しました。自動応答どうしの往復でないか確認してください。",
        "The writer had too many posts in a short time: this one was not passed on. Check whether machines answer each other.");

    internal static Text HeadOnly { get; } = new("ヘッダーのみ(.eml)を保存", "save the header (.eml)");

    internal static Text KeptHint(InboundView mail) => mail.Kind == "Person"
        ? new("配送エラーの受付用アドレスに届いたメールです。保管だけして、返信も配信もしていません。", "It came to an address for delivery reports: kept, neither answered nor passed on.")
        : new("自動応答などの機械からのメールです。保管だけして、返信も配信もしていません。", "A machine's mail: kept, neither answered nor passed on.");

    internal static Text Standing(InboundView mail) => mail.Standing switch
    {
        "Member" => new("登録者", "member"),
        "Stranger" => new("登録者以外", "from a stranger"),
        "Report" => new("配送状況の通知", "delivery report"),
        "Braked" => new("配信を保留", "held back"),
        "Kept" when mail.Kind == "Person" => new("配信対象外", "not passed on"),
        _ => new("自動メール", "automatic"),
    };

    internal static Text Reported(ReportView report) => report.Action switch
    {
        "Failed" => new($"不達 {report.Status}", $"bounced {report.Status}"),
        "Delayed" => new($"配送遅延 {report.Status}", $"delayed on the way {report.Status}"),
        "Delivered" => new("宛先に配送済み", "delivered"),
        _ => new("転送済み", "relayed"),
    };

    internal static Text NextTry { get; } = new("次の送信", "next try");

    internal static Text Waiting(int deliveries) => new($"再送待ち {deliveries}通", $"{deliveries} waiting to be tried again");

    internal static Text RetryNow { get; } = new("今すぐ再送", "Try now");

    internal static Text RetriedNow { get; } = new("再送待ちのメールを今すぐ送信します", "What waits is tried now");

    internal static Text NoMails { get; } = new("メールはまだありません", "No mails yet");

    internal static Text NoSites { get; } = new("拠点がまだありません", "No sites yet");

    internal static Text NoCustomers { get; } = new("お客様の監視仕様書がまだありません", "No customer has a running specification yet");

    internal static Text Connected { get; } = new("接続中", "Connected");

    internal static Text CutOff { get; } = new("切断", "Cut off");

    internal static Text Heard { get; } = new("最後の応答", "Last heard");

    internal static Text Items { get; } = new("担当項目", "Items");

    internal static Text WatchedItems { get; } = new("監視項目", "Items");

    internal static Text LooksOut { get; } = new("実行中の監視", "Looks out");

    internal static Text LooksDone { get; } = new("完了した監視", "Looks done");

    internal static Text Missed { get; } = new("未実施の監視回数", "Missed cycles");

    internal static Text Lateness { get; } = new("遅れ(99% / 最大)", "Lateness (99% / max)");

    internal static Text Backlog { get; } = new("未送信の結果", "Backlog");

    internal static Text CannotKeep { get; } = new("結果を保存できません", "Cannot keep results");

    internal static Text NotKept(long results) => new($"から · 保存できなかった結果 {results} 件(メモリから送信)", $"since · {results} not on disk, sent from memory");

    internal static Text SpoolBroken { get; } = new("結果の保管ファイルが破損", "Spool was broken");

    internal static Text SpoolAnew { get; } = new("· 退避して新しく作成しました", "· set aside, a new one begun");

    internal static Text Skew { get; } = new("時計のずれ", "Clock skew");

    internal static Text SkewUnknown { get; } = new("未測定", "not measured");

    internal static Text Isolated { get; } = new("孤立", "Isolated");

    internal static Text IsolatedHint { get; } = new(
        "この拠点の基準点が応答しません。拠点自身の回線の障害とみなし、この拠点の結果は判定に使いません。",
        "This site's anchors do not answer: its own way out is taken to be broken, and its votes are void.");

    internal static Text Anchors { get; } = new("基準点", "Anchors");

    internal static Text AnchorsNone { get; } = new("設定なし(孤立を判別できません)", "none set (isolation cannot be told)");

    internal static Text Peers { get; } = new("他の監視拠点", "Other sites");

    internal static Text PeersAnswer { get; } = new("すべて応答", "all answer");

    internal static Text PeersSilent(IReadOnlyList<SiteName> silent) => new($"応答なし: {string.Join("、", silent)}", $"no answer: {string.Join(", ", silent)}");

    internal static Text Link { get; } = new("監視センターとの通信", "Link to the desk");

    internal static Text Straight { get; } = new("直接", "straight");

    internal static Text CarriedBy(SiteName by) => new($"{by} 経由で中継", $"carried by {by}");

    internal static Text SpeaksAs { get; } = new("監視センター不在時", "While the desk is away");

    internal static Text SpeaksInPlace(int place) => place == 1
        ? new("この拠点が通知を担当", "this site speaks")
        : new($"通知の担当順位 {place} 番目", $"speaks as number {place} in turn");

    internal static Text Carrier { get; } = new("回線事業者", "Carrier");

    internal static Text CarrierUnknown { get; } = new("設定なし", "not set");

    internal static Text CarrierShared { get; } = new("同じ回線事業者の拠点があります。その事業者の障害では互いを確かめられません。", "Another site goes out by the same carrier: when it fails they cannot vouch for each other.");

    internal static Text From { get; } = new("接続元", "Comes from");

    internal static Text OfOneNetwork(IReadOnlyList<SiteName> others) => new(
        $"{string.Join("、", others)} と同じネットワークから接続しています。同じ回線であれば、その障害で互いを確かめられません(リバースプロキシ経由の場合は trusted_proxies を設定してください)。",
        $"Comes from the same network as {string.Join(", ", others)}: if that is one line, they cannot vouch for each other when it fails. (Behind a reverse proxy, set trusted_proxies.)");

    internal static Text ClockWrong { get; } = new("この拠点の時計が60秒以上ずれています。判定には影響しませんが、記録の時刻が信用できません。", "This site's clock is wrong by more than 60 s. Verdicts do not depend on it, recorded times do.");

    internal static Text Own { get; } = new("監視基盤", "The monitoring itself");

    internal static Text OwnHint { get; } = new("監視する側の監視です。異常は監視センターのメールボックスとこの画面だけに通知します。", "Watching the watchers. Only the desk's mailbox and this console are told.");

    internal static Text OwnWell { get; } = new("正常", "well");

    internal static Text OwnNotKnown { get; } = new("未確認", "not known yet");

    internal static Text Heartbeat { get; } = new("外部への生存通知", "Heartbeat to the outside");

    internal static Text AnchorsAnswer(int answering, int configured, int quorum) => new($"{configured}か所中{answering}か所が応答(必要{quorum})", $"{answering} of {configured} answer ({quorum} needed)");

    internal static Text HeartbeatState(HeartbeatView? view) => view switch
    {
        null => new("設定なし", "not set"),
        { Trouble: { } trouble } => new($"停止中: {trouble.Ja}", $"stopped: {trouble.En}"),
        { LastUtc: null } => new($"{view.Url}(最初の送信待ち)", $"{view.Url} (first one not yet due)"),
        _ => new($"{view.Url} に送信中", $"sent to {view.Url}"),
    };

    internal static Text Plan { get; } = new("監視計画", "Plan");

    internal static Text PlanCurrent(int revision) => new($"改訂{revision}(最新)", $"revision {revision} (current)");

    internal static Text PlanBehind(int site, int desk) => new($"改訂{site}(最新は 改訂{desk})", $"revision {site} (the desk has {desk})");

    internal static Text Paths { get; } = new("経路障害の疑い", "Path troubles");

    internal static Text PathsNone { get; } = new("経路障害の疑いはありません", "No path trouble");

    internal static Text PathsHint { get; } = new("一部の拠点からだけ到達できない項目です。お客様には通知していません。", "Items that some sites cannot reach and others can. Customers are not told.");

    internal static Text Since { get; } = new("発生", "since");

    internal static Text Contract { get; } = new("契約", "Contract");

    internal static Text Edition { get; } = new("適用中の版", "Running edition");

    internal static Text HostsWord { get; } = new("ホスト", "Hosts");

    internal static Text OpenIncidents { get; } = new("対応が必要", "Open incidents");

    internal static Text Attempts(int count) => new($"{count}回目", $"try {count}");

    internal static Text Edition1(int edition) => new($"第{edition}版", $"Edition {edition}");

    /// <summary>The outbox's own state words, as tones of the page.</summary>
    internal static string ToneOf(DeliveryView delivery) => delivery.State switch
    {
        nameof(DeliveryState.Accepted) => delivery.Report?.Action switch { "Failed" => "failed", "Delayed" => "retrying", _ => "ok" },
        nameof(DeliveryState.Rejected) or nameof(DeliveryState.Expired) => "failed",
        _ => delivery.LastReply.Length > 0 ? "retrying" : "waiting",
    };

    internal static Text StateOf(DeliveryView delivery) => delivery.State switch
    {
        nameof(DeliveryState.Accepted) => new("受理", "accepted"),
        nameof(DeliveryState.Rejected) => new("拒否", "refused"),
        nameof(DeliveryState.Expired) => new("断念", "given up"),
        nameof(DeliveryState.Sending) => new("送信中", "being sent"),
        _ => ToneOf(delivery) == "retrying" ? new("再送待ち", "will be retried") : new("送信待ち", "waiting"),
    };
}
