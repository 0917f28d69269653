using Hinoban.Basics;

namespace Hinoban.Server.Endpoints;

/// <summary>What a desk node says of which node has the desk, on pages and on its own terminal.</summary>
internal static class StandbyText
{
    internal static readonly Text Title = new("このノードは待機中です", "This node stands by");
    internal static readonly Text HeldByNobody = new(
        "このノードは待機中です。稼働中のノードはまだ決まっていません。数秒後に再度お試しください", "This node stands by, and no node has the desk yet. Try again in a few seconds");

    internal static readonly Text Taken = new("監視センターの担当を引き継ぎました", "This node has the desk now");
    internal static readonly Text Lost = new("監視センターの担当を離れます(データベースを読み直すか、待機に回ります)", "This node gives the desk up: it reads the database anew, or stands by");
    internal static readonly Text NoStandbyWarning = new(
        "PostgreSQLに同期スタンバイがありません。データベースの機械が失われると、直前の記録も失われることがあります",
        "PostgreSQL has no synchronous standby: if its machine is lost, the latest records can be lost with it");

    internal static Text HeldBy(string node, string url) => new(
        $"このノードは待機中です。稼働中のノードは {node} です: {url}", $"This node stands by; {node} has the desk: {url}");

    internal static Text Waits(string why) => new($"待機中: {why}", $"Standing by: {why}");

    internal static Text OtherHasIt(string node, string url) => new(
        $"別のノード {node}({url})が同じデータベースで稼働しています。ノードを2つにするには両方で nodes: 2 を設定してください",
        $"Another node, {node} ({url}), has the desk of this database. For two desk nodes set nodes: 2 on both");

    internal static Text TwoNodesNeed(IReadOnlyList<string> wrong) => new(
        $"ノードを2つにするにはPostgreSQLの同期スタンバイが必要です。問題点: {string.Join("; ", wrong)}",
        $"Two desk nodes need a PostgreSQL with a synchronous standby. What is wrong: {string.Join("; ", wrong)}");
}
