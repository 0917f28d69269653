using Dapper;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>Removes samples, rollups and texts that are older than the terms keep them, some rows in a transaction; the file takes new ones in their place.</summary>
internal static class SamplePruning
{
    private const int AtOnce = 2_000;

    /// <summary>What stands before it may go: a whole block, so that an hour is there whole or not at all.</summary>
    internal static DateTimeOffset RawFrom(SampleTerms terms, DateTimeOffset now) =>
        SqlTypes.FromMicros(SampleStore.BlockOf(SqlTypes.ToMicros(now - terms.Raw)) * (SampleStore.Block.Ticks / TimeSpan.TicksPerMicrosecond));

    /// <summary>A transaction a step, until nothing is left to remove.</summary>
    /// <param name="sentOn">Somebody has still to send on what was moved; otherwise such rows are left over from when somebody did.</param>
    internal static IEnumerable<int> Steps(Db db, SampleTerms terms, DateTimeOffset now, bool sentOn)
    {
        var raw = SampleStore.BlockOf(SqlTypes.ToMicros(RawFrom(terms, now)));
        var hours = SampleStore.RollupBlock(RollupStep.Hour, (now - terms.Hours).ToUnixTimeSeconds());
        var days = SampleStore.RollupBlock(RollupStep.Day, (now - terms.Days).ToUnixTimeSeconds());
        (string Sql, object Values)[] all =
        [
            ("delete from sample_chunks where block < @raw and item in (select item from sample_chunks where block < @raw limit @AtOnce)", new { raw, AtOnce }),
            ("delete from sample_rollups where step = 1 and block < @hours and item in (select item from sample_rollups where step = 1 and block < @hours limit @AtOnce)", new { hours, AtOnce }),
            ("delete from sample_rollups where step = 2 and block < @days and item in (select item from sample_rollups where step = 2 and block < @days limit @AtOnce)", new { days, AtOnce }),
            ("delete from sample_texts where at_utc < @until and item in (select item from sample_texts where at_utc < @until limit @AtOnce)", new { until = SqlTypes.ToMicros(now - terms.Raw), AtOnce }),
        ];
        foreach (var (sql, values) in sentOn ? all : all.Append(("delete from sample_batches where moved = 1", new { })))
        {
            int removed;
            do
            {
                removed = db.Write(tx => tx.Connection.Execute(sql, values, tx.Transaction));
                yield return removed;
            }
            while (removed > 0);
        }
    }
}
