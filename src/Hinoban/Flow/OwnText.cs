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

    internal static Text Paths(SiteName site, IReadOnlyList<PathFacts> paths)
    {
        var some = string.Join(", ", paths.Take(MostPaths).Select(Of));
        var more = paths.Count - MostPaths;
        return new(
            Invariant($"監視拠点 {site} だけが到達できない項目が{paths.Count}件あります: {some}{(more > 0 ? Invariant($" ほか{more}件") : "")}"),
            Invariant($"{paths.Count} items that site {site} alone cannot reach: {some}{(more > 0 ? Invariant($" and {more} more") : "")}"));
    }

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
    internal static Text Trace(SiteName site, string address, IReadOnlyList<PathFacts> paths, string hops)
    {
        var list = string.Join('\n', paths.Select(p => $"- {Of(p)}"));
        return new(
            $"監視拠点 {site} から {address} への経路:\n{hops}\n\n到達できない項目:\n{list}",
            $"The way from site {site} to {address}:\n{hops}\n\nItems that it cannot reach:\n{list}");
    }

    private static string Of(PathFacts path) => $"{path.Customer} {path.Title} ({path.Address})";
}
