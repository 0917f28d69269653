using Dapper;
using Hinoban.Basics;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>
/// How far each site's results are counted. <see cref="Advance"/> runs in the batch's own transaction, so a batch counts exactly once.
/// Sites are the provider's own: no customer's data is here, hence no scope.
/// </summary>
internal sealed class CursorStore
{
    /// <summary>True if the batch is new and now counted; false if it is counted already: then change nothing and answer with <see cref="Receipt"/>.</summary>
    internal bool Advance(Tx tx, ResultBatch batch) => tx.Run(
        """
        insert into sites (site, epoch, sequence, gaps, first_utc, last_utc)
        values (@p0, @p1, @p2, 0, @p3, @p3)
        on conflict (site) do update set
            gaps = sites.gaps + case
                when excluded.epoch = sites.epoch then excluded.sequence - sites.sequence - 1
                when sites.epoch = 0 then 0
                else excluded.sequence - 1 end,
            epoch = excluded.epoch, sequence = excluded.sequence, last_utc = excluded.last_utc
        where excluded.epoch > sites.epoch or (excluded.epoch = sites.epoch and excluded.sequence > sites.sequence)
        """,
        batch.Site.Value, batch.Epoch, batch.Sequence, SqlTypes.ToMicros(batch.SentUtc)) > 0;

    /// <summary>So many of the batch's results are taken, and more are to come: <see cref="Advance"/> counts it with the last of them. False if it is counted already.</summary>
    internal bool Begin(Tx tx, ResultBatch batch, int results) => tx.Run(
        """
        insert into sites (site, epoch, sequence, gaps, first_utc, last_utc, begun_epoch, begun_sequence, begun_results)
        values (@p0, 0, 0, 0, @p3, @p3, @p1, @p2, @p4)
        on conflict (site) do update set
            begun_epoch = excluded.begun_epoch, begun_sequence = excluded.begun_sequence, begun_results = excluded.begun_results
        where excluded.begun_epoch > sites.epoch or (excluded.begun_epoch = sites.epoch and excluded.begun_sequence > sites.sequence)
        """,
        batch.Site.Value, batch.Epoch, batch.Sequence, SqlTypes.ToMicros(batch.SentUtc), results) > 0;

    /// <summary>Batches of which a part is taken, for the engine's start: each site's last one.</summary>
    internal IReadOnlyList<BatchBegun> Begun(Tx tx) => tx.Connection.Query<(string Site, long Epoch, long Sequence, long Results)>(
        "select site, begun_epoch, begun_sequence, begun_results from sites where begun_results > 0", null, tx.Transaction)
        .Select(r => new BatchBegun(new SiteName(r.Site), r.Epoch, r.Sequence, (int)r.Results))
        .ToList();

    /// <summary>The receipt for a batch that was counted already, and for a heartbeat: the cursor as it stands.</summary>
    internal BatchReceipt Receipt(Tx tx, SiteName site) => tx.Connection.QuerySingleOrDefault<BatchReceipt>(
        "select epoch, sequence from sites where site = @site", new { site = site.Value }, tx.Transaction) ?? new BatchReceipt(0, 0);

    /// <summary>All sites that ever delivered.</summary>
    internal IReadOnlyList<SiteCursor> All(Tx tx) => tx.Connection.Query<CursorRow>(
        "select site, epoch, sequence, gaps, first_utc as FirstUtc, last_utc as LastUtc from sites order by site", null, tx.Transaction)
        .Select(r => new SiteCursor(new SiteName(r.Site), r.Epoch, r.Sequence, r.Gaps, SqlTypes.FromMicros(r.FirstUtc), SqlTypes.FromMicros(r.LastUtc)))
        .ToList();

    private sealed record CursorRow(string Site, long Epoch, long Sequence, long Gaps, long FirstUtc, long LastUtc);
}

/// <summary>A site's cursor. <see cref="Gaps"/> counts batches that never came: given up by a full spool, or lost with a restored desk. Times are the site's own.</summary>
internal sealed record SiteCursor(SiteName Site, long Epoch, long Sequence, long Gaps, DateTimeOffset FirstUtc, DateTimeOffset LastUtc);

/// <summary>A batch of which the first results are taken, and the others not yet.</summary>
internal sealed record BatchBegun(SiteName Site, long Epoch, long Sequence, int Results);
