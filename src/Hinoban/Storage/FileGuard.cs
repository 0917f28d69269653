using System.Data;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Hinoban.Storage;

/// <summary>
/// Notices that the file of an open database, or its journal, does not lie at its path any more, and keeps connections that were opened before: through them
/// everything can still be read, and copied. Whoever opened the path anew would read another file, or make an empty one.
/// </summary>
internal sealed class FileGuard(string path, Func<SqliteConnection> open) : IDisposable
{
    private readonly string journal = $"{path}-wal";
    private readonly FileMark? file = FileMark.Of(path);
    private readonly Lock reading = new();
    private readonly Lock copying = new();
    private FileMark? journaled;
    private SqliteConnection? reader;
    private SqliteConnection? copier;
    private SqliteTransaction? current;

    /// <summary>Where a copy of a lost database lies, and where a start finds it.</summary>
    internal static string CopyOf(string path) => $"{path}.rescued";

    /// <summary>
    /// To be called before a database is opened. One that is not there, of which there is a copy, is that copy from now on: what else lies there of the lost one would be taken
    /// for the copy's own journal. A copy beside a database that is there is an old one, and must not be taken for it some day.
    /// </summary>
    internal static CopyFate TakeCopy(string path, DateTimeOffset now)
    {
        if (File.Exists(PartOf(path)))
        {
            // Half a copy, of a process that was killed over it.
            File.Delete(PartOf(path));
        }

        if (!File.Exists(CopyOf(path)))
        {
            return CopyFate.None;
        }

        if (File.Exists(path))
        {
            File.Move(CopyOf(path), AsideOf($"{CopyOf(path)}-unused", now));
            return CopyFate.SetAside;
        }

        File.Delete($"{path}-wal");
        File.Delete($"{path}-shm");
        File.Move(CopyOf(path), path);
        return CopyFate.Taken;
    }

    internal PlaceState State
    {
        get
        {
            if (file is not { } mine)
            {
                return PlaceState.Whole;
            }

            var now = FileMark.Of(path, out var denied);
            return denied ? PlaceState.Shut : now == mine && (journaled is null || FileMark.Of(journal) == journaled) ? PlaceState.Whole : PlaceState.Lost;
        }
    }

    /// <summary>Opens what is kept for the day when it cannot be opened any more. Called once, by whoever watches.</summary>
    internal void Begin()
    {
        if (copier is null && State == PlaceState.Whole)
        {
            var first = open();
            try
            {
                copier = open();
            }
            catch
            {
                first.Dispose();
                throw;
            }

            reader = first;
            journaled = FileMark.Of(journal);
        }
    }

    /// <summary>One read of the lost file, after the others; false while it is not lost, or was before anybody watched.</summary>
    internal bool TryRead<T>(Func<Tx, T> work, out T? result)
    {
        result = default;
        if (reader is not { } kept || State == PlaceState.Whole)
        {
            return false;
        }

        lock (reading)
        {
            if (current is { } outer)
            {
                result = work(new Tx(kept, outer, []));
                return true;
            }

            using var transaction = kept.BeginTransaction(deferred: true);
            current = transaction;
            try
            {
                result = work(new Tx(kept, transaction, []));
                return true;
            }
            finally
            {
                current = null;
            }
        }
    }

    /// <summary>As <see cref="Dialect.Tidy"/>; false while the file is not lost.</summary>
    internal bool TryTidy()
    {
        if (copier is not { } kept || State == PlaceState.Whole)
        {
            return false;
        }

        lock (copying)
        {
            kept.Execute("pragma wal_checkpoint(passive)");
        }

        return true;
    }

    /// <summary>
    /// Writes all that is committed into a file beside the path, in the place of an earlier one, and gives its name; null if it was lost before anybody watched. Throws what
    /// keeps it from that.
    /// </summary>
    internal string? Copy()
    {
        if (copier is not { } kept)
        {
            return null;
        }

        var (copy, part) = (CopyOf(path), PartOf(path));
        lock (copying)
        {
            var size = kept.ExecuteScalar<long>("select page_count * page_size from pragma_page_count(), pragma_page_size()");
            if (new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace < size + (size / 8))
            {
                throw new IOException($"There is no room for a copy of {size / 1_000_000} MB");
            }

            File.Delete(part);
            SqliteDialect.Keep(part);
            kept.Execute("vacuum into @part", new { part });
            File.Move(part, copy, overwrite: true);
        }

        return copy;
    }

    /// <summary>The file lies at its path again: a copy would only be taken for it some day.</summary>
    internal void DropCopy() => File.Delete(CopyOf(path));

    /// <summary>A name beside a file that is set aside for a person to look at: each gets its own, for none may push out an earlier one.</summary>
    internal static string AsideOf(string path, DateTimeOffset now)
    {
        var stamped = string.Create(CultureInfo.InvariantCulture, $"{path}-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");
        var aside = stamped;
        for (var more = 2; File.Exists(aside); more++)
        {
            aside = string.Create(CultureInfo.InvariantCulture, $"{stamped}-{more}");
        }

        return aside;
    }

    private static string PartOf(string path) => $"{path}.rescuing";

    public void Dispose()
    {
        reader?.Dispose();
        copier?.Dispose();
    }
}

/// <summary>What became, at a start, of the copy of a database that was lost under a running process.</summary>
internal enum CopyFate
{
    /// <summary>There was none.</summary>
    None,

    /// <summary>It is the database now.</summary>
    Taken,

    /// <summary>There is a database: it lies beside it under another name.</summary>
    SetAside,
}
