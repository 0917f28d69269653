using Hinoban.Basics;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>
/// How far a site has read each log. What was read goes before: a cursor moves in the transaction that keeps its hits. When results were given up, perhaps with hits in them, all logs
/// are read again from the agents' oldest entries, once there is room. The spool guards it by its lock.
/// </summary>
internal sealed class LogCursors(Db db)
{
    private static readonly Dictionary<ItemId, string> None = [];

    private readonly Dictionary<ItemId, string> known = db.Read(SpoolStore.Cursors);
    private bool owed = db.Read(SpoolStore.AnyCursorLost);

    /// <summary>Empty: not read at all.</summary>
    internal string Of(ItemId item) => known.GetValueOrDefault(item, "");

    /// <summary>How far these results bring each log. One that began elsewhere than the log's cursor is (all is to be read again since) does not move it.</summary>
    internal IReadOnlyDictionary<ItemId, string> Moves(IReadOnlyList<CheckResult> results)
    {
        Dictionary<ItemId, string>? moves = null;
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i] is { Item: var item, Answer.Log: { } log } && (log.From is null || log.From == (moves?.GetValueOrDefault(item) ?? Of(item))))
            {
                (moves ??= [])[item] = log.Cursor;
            }
        }

        return moves ?? None;
    }

    /// <summary>Writes moves with what was read. What is owed goes with them, also where the log had no cursor when it came to be owed.</summary>
    internal void Save(Tx tx, IReadOnlyDictionary<ItemId, string> moves) => SpoolStore.SaveCursors(tx, moves, owed);

    /// <summary>The file did not hear of what happened meanwhile.</summary>
    internal void CatchUp(Tx tx) => Save(tx, known);

    /// <summary>What was read up to there is kept now, on disk or in memory.</summary>
    internal void Note(IReadOnlyDictionary<ItemId, string> moves)
    {
        foreach (var (item, cursor) in moves)
        {
            known[item] = cursor;
        }
    }

    /// <summary>So many results were given up. The file says so where it counts them, or when it catches up.</summary>
    internal void Lost(long results) => owed |= results > 0;

    /// <summary>Once nothing waits any more: if something was lost, all is read again from here on.</summary>
    internal void Emptied(long waiting, Func<Func<Tx, int>, bool> write)
    {
        if (owed && waiting == 0 && (known.Count == 0 || write(SpoolStore.ForgetCursors)))
        {
            known.Clear();
            owed = false;
        }
    }
}
