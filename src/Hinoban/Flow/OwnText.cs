using Hinoban.Basics;
using Hinoban.Notifying;
using Hinoban.Results;
using static System.FormattableString;

namespace Hinoban.Flow;

/// <summary>What the desk says of its own works. No running figures: an unchanged trouble is written once.</summary>
internal static class OwnText
{
    private const int MostPaths = 5;
    private const int MostMembers = 5;

    internal static readonly Text Well = new("正常", "well");
    internal static readonly Text ReviewLate = new("監視センターの判定処理が遅れています", "the desk's review is late");
    internal static readonly Text DiskFull = new("データフォルダの空き容量が不足しています", "the data folder's disk is nearly full");

    internal static readonly Text ArchiveFull = new("受信メールの保管量が上限(inbound.archive_limit)に達しています。これから届くメールは本文の冒頭だけを保管します", "the archive of mails that came in has reached inbound.archive_limit; of what comes in only the beginning is kept");

    internal static readonly Text ArrivalLate = new(
        "監視センター自身の確認メールが、送信箱から受信口までの経路を時間内に戻りませんでした", "the desk's own test mail did not come back through outbox, relay and inbound door in time");

    internal static Text Silent(SiteName site, TimeSpan atLeast) => new(
        Invariant($"監視拠点 {site} から{atLeast.TotalSeconds:0}秒以上応答がありません"),
        Invariant($"no word from site {site} for {atLeast.TotalSeconds:0} s or more"));

    internal static Text Apart(SiteName a, SiteName b, TimeSpan atLeast) => new(
        Invariant($"監視拠点 {a} と {b} が{atLeast.TotalSeconds:0}秒以上互いに通信できません。監視センターが停止した場合、両拠点は共同で判定できません"),
        Invariant($"sites {a} and {b} have not heard each other for {atLeast.TotalSeconds:0} s or more; without the desk they could not judge together"));

    internal static Text Isolated(SiteName site, AnchorHealth anchors) => new(
        Invariant($"監視拠点 {site} は孤立しています: 基準点{anchors.Configured}か所のうち必要な{anchors.Quorum}か所に届きません。この拠点の結果は判定に使いません"),
        Invariant($"site {site} is isolated: fewer than {anchors.Quorum} of its {anchors.Configured} anchors answer; its votes are void"));

    internal static Text LeftWithoutAnchors(SiteName site) => new(
        $"残る監視拠点は {site} だけで、基準点(anchors)が設定されていません。{site} の回線が切れると、正常な対象の障害としてお客様に通知するおそれがあります。{site} に基準点を設定してください",
        $"site {site} is the only one left and has no anchors: if its own way out breaks, customers are told of targets that are well. Set anchors at {site}");

    internal static Text Paths(SiteName site, IReadOnlyList<PathFacts> paths)
    {
        var some = string.Join(", ", paths.Take(MostPaths).Select(Of));
        var more = paths.Count - MostPaths;
        return new(
            Invariant($"監視拠点 {site} だけが到達できない項目が{paths.Count}件あります: {some}{(more > 0 ? Invariant($" ほか{more}件") : "")}"),
            Invariant($"{paths.Count} items that site {site} alone cannot reach: {some}{(more > 0 ? Invariant($" and {more} more") : "")}"));
    }

    internal static Text NotKept(SiteName site) => new(
        $"監視拠点 {site} のディスクに監視結果を保管できません。結果は拠点のメモリーから届いていますが、拠点が停止すると未送信の結果は失われます。{site} のデータフォルダの空き容量、権限、ディスクの状態を確認してください(復旧までこの拠点を再起動しないでください)",
        $"the disk of site {site} takes no results. They come from its memory, and what it has not sent is lost when it stops. See to the room, the rights and the disk of {site}'s data folder, and do not restart the site before that");

    internal static Text GaveUp(SiteName site) => new(
        $"監視拠点 {site} が監視結果を破棄しました(保管の上限に達したか、監視センターが受け取りを拒否したため)。破棄された結果は判定にも記録にも残りません。{site} と監視センターの間の通信と、両者のログを確認してください",
        $"site {site} has given results up, because its spool was full or the desk refused them. They are neither judged nor on record. See to the line between {site} and the desk, and to the logs of both");

    internal static Text NoOtherNode(TimeSpan atLeast) => new(
        Invariant($"待機中の監視センターノードが{atLeast.TotalSeconds:0}秒以上ありません。このノードが停止すると引き継ぐノードがありません。もう一方のノードで hinoban が動作し、データベースに接続できることを確認してください"),
        Invariant($"no other desk node has stood by for {atLeast.TotalSeconds:0} s or more: if this one stops, nobody takes over. See that hinoban runs on the other node and reaches the database"));

    internal static Text NoCopy(TimeSpan atLeast, IReadOnlyList<string> wrong) => new(
        Invariant($"PostgreSQLの同期スタンバイが{atLeast.TotalSeconds:0}秒以上ありません。データベースの機械が失われると、直前の記録も失われることがあります。スタンバイを復旧してください({string.Join("; ", wrong)})"),
        Invariant($"PostgreSQL has had no synchronous standby for {atLeast.TotalSeconds:0} s or more: if its machine is lost, the latest records can be lost with it. Bring the standby back ({string.Join("; ", wrong)})"));

    internal static Text RelayAway(TimeSpan atLeast, string reply, bool secondInUse)
    {
        var (ja, en) = secondInUse ? ("。第2中継サーバーで送信しています", "; the second relay is in use") : ("", "");
        return new(
            Invariant($"メール中継サーバーが{atLeast.TotalMinutes:0}分以上応答しません({reply}){ja}"),
            Invariant($"the mail relay has not answered for {atLeast.TotalMinutes:0} min or more ({reply}){en}"));
    }

    internal static Text CutOff(CustomerId customer, IReadOnlyList<RecipientTrouble> members)
    {
        var some = string.Join(", ", members.Take(MostMembers).Select(m => $"{m.Recipient} ({Visible.Line(m.Words, 120)})"));
        var more = members.Count - MostMembers;
        return new(
            Invariant($"{customer} のメーリングリストで、メールが届かない登録者がいます: {some}{(more > 0 ? Invariant($" ほか{more}名") : "")}"),
            Invariant($"members of {customer}'s list do not get mail: {some}{(more > 0 ? Invariant($" and {more} more") : "")}"));
    }

    internal static Text Braked(CustomerId customer, IReadOnlyList<string> writers)
    {
        var some = string.Join(", ", writers.Take(MostMembers).Select(w => Visible.Line(w, 120)));
        var more = writers.Count - MostMembers;
        return new(
            Invariant($"{customer} のメーリングリストで、短時間に投稿が多すぎる登録者の投稿を保留しています(自動応答どうしの往復の疑い): {some}{(more > 0 ? Invariant($" ほか{more}名") : "")}"),
            Invariant($"too many posts to {customer}'s list in a short time are held back, machines may be answering each other: {some}{(more > 0 ? Invariant($" and {more} more") : "")}"));
    }

    internal static Text PlaceLost(string folder, string? copy) => copy is null
        ? new(
            $"データフォルダ {folder} またはその中のデータベースが、動作中に削除されたか置き換えられました。監視は続いていますが、複製を作成できていないため、監視センターを停止すると記録が失われます。空き容量と権限を確認してください(複製は1分ごとに再試行します)",
            $"the data folder {folder} or the database in it was deleted or replaced under the running desk. Watching goes on, but no copy could be made yet: what is recorded is lost when the desk stops. See to room and rights, a copy is tried again each minute")
        : new(
            $"データフォルダ {folder} またはその中のデータベースが、動作中に削除されたか置き換えられました。監視は続いています。複製 {copy} を作成しました。監視センターを通常の手順で再起動してください(停止時に最新の複製を作成し、起動時に desk.db がなければ複製を使用します)",
            $"the data folder {folder} or the database in it was deleted or replaced under the running desk. Watching goes on. A copy was made: {copy}. Restart the desk in an orderly way: it makes a last copy when it stops, and where there is no desk.db the start takes that");

    internal static Text PlaceShut(string folder) => new(
        $"データフォルダ {folder} の読み書きができなくなりました。監視は続いていますが、このままでは再起動できません。フォルダの権限とマウントの状態を確認してください",
        $"the data folder {folder} cannot be read or written any more. Watching goes on, but the desk could not be started again: see to its rights and its mount");

    internal static Text SitePlaceLost(SiteName site) => new(
        $"監視拠点 {site} のデータフォルダまたは結果の保管ファイルが、動作中に削除されたか置き換えられました。監視は続いています。この拠点を通常の手順で再起動してください",
        $"the data folder of site {site}, or its spool, was deleted or replaced under the running site. It looks on; restart it in an orderly way");

    internal static Text SitePlaceShut(SiteName site) => new(
        $"監視拠点 {site} のデータフォルダの読み書きができなくなりました。フォルダの権限とマウントの状態を確認してください",
        $"the data folder of site {site} cannot be read or written any more: see to its rights and its mount");

    internal static Text Late(SiteName site) => new($"監視拠点 {site} の監視が遅れています", $"site {site} looks late");

    internal static Text Missed(SiteName site) => new($"監視拠点 {site} で監視周期の欠落が続いています", $"site {site} keeps missing cycles");

    internal static Text Unseen(SiteName site, UnseenFacts items)
    {
        var some = string.Join(", ", items.First);
        var (ja, en) = items.Count > items.First.Count ? (" ほか", " and others") : ("", "");
        return new($"監視拠点 {site} が2周期以上監視していない項目があります: {some}{ja}", $"site {site} has not looked for two intervals or more at: {some}{en}");
    }

    /// <summary>The evidence on a path's incident: all items, and the hops that the site saw.</summary>
    internal static Text Trace(SiteName site, string address, IReadOnlyList<PathFacts> paths, string hops) => new(
        $"監視拠点 {site} から {address} への経路:\n{hops}\n\n到達できない項目:\n{List(paths)}",
        $"The way from site {site} to {address}:\n{hops}\n\nItems that it cannot reach:\n{List(paths)}");

    /// <summary>The same where there are no hops to show; <paramref name="why"/> is the site's word.</summary>
    internal static Text NoTrace(SiteName site, string address, IReadOnlyList<PathFacts> paths, Text why) => new(
        $"監視拠点 {site} から {address} への経路を調べられませんでした: {why.Ja}\n\n到達できない項目:\n{List(paths)}",
        $"The way from site {site} to {address} could not be followed: {why.En}\n\nItems that it cannot reach:\n{List(paths)}");

    internal static Text TraceUnanswered(SiteName site) => new($"監視拠点 {site} から回答がありません", $"site {site} gave no answer");

    /// <summary>Items that are not on the incident yet.</summary>
    internal static Text Joined(SiteName site, IReadOnlyList<PathFacts> paths) => new(
        $"監視拠点 {site} から到達できない項目が増えました:\n{List(paths)}",
        $"Items that site {site} cannot reach either:\n{List(paths)}");

    /// <summary>The line by which a note names an item, in every language.</summary>
    internal static string Line(PathFacts path) => $"- {Of(path)}";

    private static string List(IReadOnlyList<PathFacts> paths) => string.Join('\n', paths.Select(Line));

    private static string Of(PathFacts path) => $"{path.Customer} {path.Title} ({path.Address})";
}
