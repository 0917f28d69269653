using Dapper;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>Removes samples, rollups and texts that are older than the terms keep them, some rows in a transaction; the file takes new ones in their place.</summary>
internal static class SamplePruning
{
    /// <summary>Rows in one transaction.</summary>
    internal const int AtOnce = 2_000;

    // Of a site that ships no more, nobody else removes what was moved after it had been sent on.
    private const string Sent =
        "exists (select 1 from sample_exports e where e.site = sample_batches.site and (sample_batches.epoch < e.epoch or (sample_batches.epoch = e.epoch and sample_batches.sequence <= e.sequence)))";

    /// <summary>What stands before it may go: a whole block, so that an hour is there whole or not at all.</summary>
    internal static DateTimeOffset RawFrom(SampleTerms terms, DateTimeOffset now) =>
        SqlTypes.FromMicros(SampleStore.BlockOf(SqlTypes.ToMicros(now - terms.Raw)) * (SampleStore.Block.Ticks / TimeSpan.TicksPerMicrosecond));

    /// <summary>A transaction a step, until nothing is left to remove.</summary>
    /// <param name="sentOn">Somebody has still to send on what was moved, and only what was sent goes; otherwise such rows are left over from when somebody did.</param>
    internal static IEnumerable<int> Steps(Db db, SampleTerms terms, DateTimeOffset now, bool sentOn)
    {
        var raw = SampleStore.BlockOf(SqlTypes.ToMicros(RawFrom(terms, now)));
        var hours = SampleStore.RollupBlock(RollupStep.Hour, (now - terms.Hours).ToUnixTimeSeconds());
        var days = SampleStore.RollupBlock(RollupStep.Day, (now - terms.Days).ToUnixTimeSeconds());
        (string Sql, object Values)[] all =
        [
            (Some("sample_chunks", "item, site, block", "block < @raw"), new { raw, AtOnce }),
            (Some("sample_rollups", "item, site, step, block", "step = 1 and block < @hours"), new { hours, AtOnce }),
            (Some("sample_rollups", "item, site, step, block", "step = 2 and block < @days"), new { days, AtOnce }),
            (Some("sample_texts", "item, site, at_utc", "at_utc < @until"), new { until = SqlTypes.ToMicros(now - terms.Raw), AtOnce }),
            (Some("sample_batches", "site, epoch, sequence", sentOn ? $"moved = 1 and {Sent}" : "moved = 1"), new { AtOnce }),

            // What is that old and was not moved cannot be read.
            (Some("sample_batches", "site, epoch, sequence", $"moved = 0 and to_utc < @until{(sentOn ? $" and {Sent}" : "")}"), new { until = SqlTypes.ToMicros(RawFrom(terms, now)), AtOnce }),
        ];
        foreach (var (sql, values) in all)
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

    // By primary key, so that it is rows that are counted, on either database.
    private static string Some(string table, string key, string old) => $"delete from {table} where ({key}) in (select {key} from {table} where {old} limit @AtOnce)";
}
