using Hinoban.Basics;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>
/// How far a site has read each log. What was read goes before: a cursor moves in the transaction that keeps its hits. When results were given up, perhaps with hits in them, all logs
/// are read again from the agents' oldest entries, once there is room. The spool guards it by its lock.
/// </summary>
internal sealed class LogCursors(Db db)
{
    private readonly Dictionary<ItemId, string> known = db.Read(SpoolStore.Cursors);
    private bool owed = db.Read(SpoolStore.AnyCursorLost);

    /// <summary>Empty: not read at all.</summary>
    internal string Of(ItemId item) => known.GetValueOrDefault(item, "");

    /// <summary>These are kept now, on disk or in memory.</summary>
    internal void Note(IReadOnlyList<CheckResult> results)
    {
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i].Answer.Log is { } log)
            {
                known[results[i].Item] = log.Cursor;
            }
        }
    }

    /// <summary>Results were given up: once told in the file, that is owed across restarts too. False if nothing was written.</summary>
    internal bool Lost(Func<Func<Tx, int>, bool> write)
    {
        if (owed || known.Count == 0)
        {
            return false;
        }

        owed = true;
        return write(SpoolStore.CursorsLost);
    }

    /// <summary>Nothing waits any more: if something was lost, all is read again from here on. False if nothing was written.</summary>
    internal bool Emptied(Func<Func<Tx, int>, bool> write)
    {
        if (!owed || !write(SpoolStore.ForgetCursors))
        {
            return false;
        }

        known.Clear();
        owed = false;
        return true;
    }
}
