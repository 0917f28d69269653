using Hinoban.Basics;

namespace Hinoban.Storage;

/// <summary>What the storage says to people.</summary>
internal static class StorageText
{
    internal static readonly Text NotAConnection = new("PostgreSQLの接続文字列として読めません", "this is not a PostgreSQL connection string");
    internal static readonly Text NoHostOrDatabase = new("接続文字列に Host または Database がありません", "the connection string lacks Host or Database");
}
