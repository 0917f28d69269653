using System.Globalization;
using Hinoban.Basics;
using Hinoban.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Hinoban.Results;

/// <summary>
/// A site's spool in its folder. A file that is no spool any more is set aside, for a person to look at, and a new one begun: a site that
/// looks is worth more than what waited. The new spool has a new epoch; the plan comes from the desk.
/// </summary>
internal sealed class SpoolFolder : IAsyncDisposable
{
    internal const string FileName = "site.db";

    private const int Corrupt = 11; // SQLITE_CORRUPT
    private const int NoDatabase = 26; // SQLITE_NOTADB

    private readonly Db db;

    private SpoolFolder(Db db, SiteSpool spool, Moment? broken) => (this.db, Spool, Broken) = (db, spool, broken);

    internal SiteSpool Spool { get; }

    /// <summary>When a broken spool was set aside; null if this one is as it was left.</summary>
    internal Moment? Broken { get; }

    internal static SpoolFolder Open(string folder, SiteName site, TimeProvider clock, ILogger log)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return Open(path, site, clock, log, null);
        }
        catch (Exception broken) when (broken is SqliteException { SqliteErrorCode: Corrupt or NoDatabase } or InvalidDataException)
        {
            var now = Moment.Of(clock);
            ResultsLog.SpoolBroken(log, site, path, SetAside(path, now), broken.Message);
            return Open(path, site, clock, log, now);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Spool.DisposeAsync();
        db.Dispose();
    }

    private static SpoolFolder Open(string path, SiteName site, TimeProvider clock, ILogger log, Moment? broken)
    {
        var db = Db.OpenFile(path, SchemaKind.Site);
        try
        {
            db.Check();
            var spool = new SiteSpool(db, clock, diskTurned: failure => Say(log, site, failure));
            _ = spool.LoadPlan();
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
        var aside = string.Create(CultureInfo.InvariantCulture, $"{path}.broken-{now.Utc.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");
        for (var more = 2; File.Exists(aside); more++)
        {
            aside = string.Create(CultureInfo.InvariantCulture, $"{path}.broken-{now.Utc.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{more}");
        }

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
