using Microsoft.Data.Sqlite;

namespace Hinoban.Storage;

/// <summary>Tells a database that cannot take a change now (full, read-only, broken, busy) from a mistake in what was asked of it.</summary>
internal static class StorageTrouble
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Io = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;
    private const long NoRoom = 1024 * 1024;

    internal static bool Is(Exception wrong) =>
        wrong is SqliteException { SqliteErrorCode: Busy or Locked or ReadOnly or Io or Corrupt or Full or CannotOpen or NotADatabase };

    /// <summary>The disk is full: the database's word, or where it has only a general one (shared memory, a new file), the disk's.</summary>
    internal static bool IsFull(SqliteException wrong, Reserve reserve) => wrong.SqliteErrorCode switch
    {
        Full => true,
        Io or CannotOpen => reserve.Room() is { Free: < NoRoom },
        _ => false,
    };
}
