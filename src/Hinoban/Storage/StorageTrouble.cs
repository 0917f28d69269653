using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Hinoban.Storage;

/// <summary>Tells a database that cannot take a change now (full, read-only, broken, busy, away) from a mistake in what was asked of it.</summary>
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

    // Connection, transaction rollback, resources, operator's doing, system, internal error.
    private static readonly string[] ServersOwn = ["08", "40", "53", "57", "58", "XX"];

    internal static bool Is(Exception wrong) => wrong switch
    {
        SqliteException { SqliteErrorCode: Busy or Locked or ReadOnly or Io or Corrupt or Full or CannotOpen or NotADatabase } => true,
        CommitUnknownException or OffDutyException => true,
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.LockNotAvailable } => true,
        PostgresException server => ServersOwn.Contains(server.SqlState[..2]),
        NpgsqlException => true,
        _ => false,
    };

    /// <summary>What the file holds is no database any more.</summary>
    internal static bool IsBroken(SqliteException wrong) => wrong.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>Another program holds the file, and did not let it go in time.</summary>
    internal static bool IsHeld(SqliteException wrong) => wrong.SqliteErrorCode is Busy or Locked;

    /// <summary>For the log and for whoever mends it.</summary>
    internal static string Words(Exception wrong) => wrong switch
    {
        SqliteException file => $"{file.SqliteErrorCode} {file.Message}",
        PostgresException server => $"{server.SqlState} {server.MessageText}",
        _ => wrong.Message,
    };

    /// <summary>The disk is full: the database's word, or where it has only a general one (shared memory, a new file), the disk's.</summary>
    internal static bool IsFull(DbException wrong, Reserve reserve) => wrong is SqliteException file && file.SqliteErrorCode switch
    {
        Full => true,
        Io or CannotOpen => reserve.Room() is { Free: < NoRoom },
        _ => false,
    };
}

/// <summary>The connection broke while a commit was under way: nobody knows whether it was kept.</summary>
internal sealed class CommitUnknownException(Exception? why) : Exception(
    why is null ? "The database has committed without its standby: the commit may be lost." : $"Nobody knows whether a commit was kept: {why.Message}", why);

/// <summary>Another node has the desk, or may have it: this one changes nothing any more.</summary>
internal sealed class OffDutyException(string why) : Exception(why);
