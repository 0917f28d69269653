using Hinoban.Basics;
using Hinoban.Storage;
using Microsoft.Data.Sqlite;

namespace Hinoban.Server.Roles;

/// <summary>
/// A site's database for the time that the desk is away. A file that cannot be opened is set aside or left, and the site stands on one in memory: it can
/// speak all the same, but a restart forgets what it told.
/// </summary>
internal static partial class AwayFolder
{
    internal const string FileName = "away.db";

    internal static Db Open(string folder, SiteName site, TimeProvider clock, ILogger log)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            LostCopies.Take(path, clock, log);
            var db = Db.OpenFile(path, SchemaKind.Desk);
            try
            {
                db.Check();
                return db;
            }
            catch
            {
                db.Dispose();
                throw;
            }
        }
        catch (Exception broken) when (broken is SqliteException or InvalidDataException or InvalidOperationException)
        {
            Unusable(log, site, path, broken.Message);
            return Db.InMemory(FormattableString.Invariant($"{path}-{clock.GetTimestamp()}"), SchemaKind.Desk);
        }
    }

    [LoggerMessage(1, LogLevel.Critical, "{Site}: {File} cannot be used ({Why}). What this site tells while the desk is away is kept in memory until this process ends; move the file away and start the site anew")]
    private static partial void Unusable(ILogger log, SiteName site, string file, string why);
}
