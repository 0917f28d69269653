using Hinoban.Basics;
using Hinoban.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Hinoban.Results;

/// <summary>
/// A site's spool in its folder. A file that is no spool any more is set aside, for a person to look at, and a new one begun: a site that
/// looks is worth more than what waited. The new spool has a new epoch; the plan comes from the desk. For the same reason a disk that does not
/// let the file be opened (it is full, say) leaves the site with a spool in memory.
/// </summary>
internal sealed class SpoolFolder : IAsyncDisposable
{
    internal const string FileName = "site.db";

    private const int Corrupt = 11; // SQLITE_CORRUPT
    private const int NoDatabase = 26; // SQLITE_NOTADB

    private static readonly int[] DiskRefuses = [8, 10, 13, 14]; // SQLITE_READONLY, _IOERR, _FULL, _CANTOPEN

    private readonly Db db;

    private SpoolFolder(Db db, SiteSpool spool, Moment? broken) => (this.db, Spool, Broken) = (db, spool, broken);

    internal SiteSpool Spool { get; }

    /// <summary>What it lies in: for whoever watches the file.</summary>
    internal Db Db => db;

    /// <summary>When a broken spool was set aside; null if this one is as it was left.</summary>
    internal Moment? Broken { get; }

    internal static SpoolFolder Open(string folder, SiteName site, TimeProvider clock, ILogger log)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return OpenOrReplace(path, site, clock, log);
        }
        catch (SqliteException refused) when (DiskRefuses.Contains(refused.SqliteErrorCode))
        {
            ResultsLog.SpoolInMemory(log, site, path, refused.Message);
            return Fill(Db.InMemory(path, SchemaKind.Site), site, clock, log, null, SpoolOptions.InMemory);
        }
    }

    private static SpoolFolder OpenOrReplace(string path, SiteName site, TimeProvider clock, ILogger log)
    {
        try
        {
            return Fill(Db.OpenFile(path, SchemaKind.Site), site, clock, log, null, new SpoolOptions());
        }
        catch (Exception broken) when (broken is SqliteException { SqliteErrorCode: Corrupt or NoDatabase } or InvalidDataException)
        {
            var now = Moment.Of(clock);
            ResultsLog.SpoolBroken(log, site, path, SetAside(path, now), broken.Message);
            return Fill(Db.OpenFile(path, SchemaKind.Site), site, clock, log, now, new SpoolOptions());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Spool.DisposeAsync();
        db.Dispose();
    }

    private static SpoolFolder Fill(Db db, SiteName site, TimeProvider clock, ILogger log, Moment? broken, SpoolOptions options)
    {
        try
        {
            db.Check();
            var spool = new SiteSpool(db, clock, options, failure => Say(log, site, failure));
            _ = spool.Plan.Load();
            return new SpoolFolder(db, spool, broken);
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    private static void Say(ILogger log, SiteName site, Exception? failure)
    {
        if (failure is null)
        {
            ResultsLog.KeepsAgain(log, site);
        }
        else
        {
            ResultsLog.CannotKeep(log, site, failure);
        }
    }

    // With its journal, which belongs to it and would spoil a new file.
    private static string SetAside(string path, Moment now)
    {
        var aside = FileGuard.AsideOf($"{path}.broken", now.Utc);
        foreach (var end in new[] { "", "-wal", "-shm" })
        {
            if (File.Exists(path + end))
            {
                File.Move(path + end, aside + end);
            }
        }

        return aside;
    }
}
