using Hinoban.Basics;
using static System.FormattableString;

namespace Hinoban.Storage;

/// <summary>What the storage says to people.</summary>
internal static class StorageText
{
    internal static readonly Text NotAConnection = new("PostgreSQLの接続文字列として読めません", "this is not a PostgreSQL connection string");
    internal static readonly Text NoHostOrDatabase = new("接続文字列に Host または Database がありません", "the connection string lacks Host or Database");

    internal static readonly Text OtherSchema = new(
        "移行元のデータベースがこのバージョンの形式ではありません。先にこのバージョンの監視センターで起動してください",
        "The source's schema is not this version's: start this version's desk on it first.");

    internal static Text OtherRows(string table, long read, string readHash, long lie, string lieHash) => new(
        Invariant($"{table}: 移行元は {read} 行 {readHash}、移行先は {lie} 行 {lieHash} で一致しません"), Invariant($"{table}: {read} rows {readHash} were read, {lie} rows {lieHash} lie in the target."));

    internal static Text NotEmpty(string table) => new($"移行先が空ではありません: 表 {table} に行があります", $"The target is not empty: its table {table} has rows.");

    internal static Text NotOurs(string table) => new($"移行先は別のプログラムのものです: 表 {table} があります", $"The target is another program's: it has a table {table}.");
}
