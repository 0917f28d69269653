using Dapper;
using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>The SQL of posted results: the last one of each item. Written in the transaction of what it changes.</summary>
internal sealed class PostedStore
{
    private const int Epoch = 1;

    internal LastPosted? Last(Tx tx, ItemId item) =>
        tx.Connection.QuerySingleOrDefault<Line>("select time_utc, marks from posted_results where item = @item", new { item = item.Value }, tx.Transaction) is { } line
            ? new LastPosted(SqlTypes.FromMicros(line.Time_utc), line.Marks.Split(' '))
            : null;

    internal void Save(Tx tx, ItemId item, CustomerId customer, LastPosted last) => tx.Connection.Execute(
        """
        insert into posted_results (item, customer, time_utc, marks) values (@item, @customer, @time, @marks)
        on conflict (item) do update set customer = excluded.customer, time_utc = excluded.time_utc, marks = excluded.marks
        """,
        new { item = item.Value, customer = customer.Value, time = last.TimeUtc, marks = string.Join(' ', last.Marks) },
        tx.Transaction);

    internal void Forget(Tx tx, ItemId item) => tx.Connection.Execute("delete from posted_results where item = @item", new { item = item.Value }, tx.Transaction);

    /// <summary>The epoch and sequence of the next batch for the charts. A number is free again once its batch has been compacted.</summary>
    internal (long Epoch, long Sequence) NextBatch(Tx tx) => (Epoch, tx.Connection.ExecuteScalar<long>(
        "select coalesce(max(sequence), 0) + 1 from sample_batches where site = @site and epoch = @epoch",
        new { site = ProviderPlan.Desk.Value, epoch = Epoch },
        tx.Transaction));

    private sealed record Line(long Time_utc, string Marks);
}
