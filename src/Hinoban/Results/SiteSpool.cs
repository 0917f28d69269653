using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>
/// What a site has seen and the desk does not have yet, on disk. Results are durable when <see cref="AddAsync"/> returns; one consumer
/// (the pump) takes batches with <see cref="Next"/>, and a batch taken once is the same until its receipt is noted, across crashes.
/// The caller owns the database file and closes it after the spool.
/// </summary>
internal sealed class SiteSpool : IAsyncDisposable
{
    private readonly Db db;
    private readonly TimeProvider clock;
    private readonly SpoolOptions options;
    private readonly GroupCommit committer;
    private readonly Signal arrived = new();
    private readonly long run;
    private SpooledBatch? inDoubt;
    private long formed;
    private long waiting;
    private long bytes;
    private long dropped;
    private byte[]? savedPlan;

    internal SiteSpool(Db db, TimeProvider clock, SpoolOptions? options = null)
    {
        (this.db, this.clock, this.options) = (db, clock, options ?? new SpoolOptions());
        var state = db.Write(tx => SpoolStore.Start(tx, SqlTypes.ToMicros(clock.GetUtcNow())));
        (Epoch, run, formed, dropped, waiting, bytes) = (state.Epoch, state.Run, state.Formed, state.Dropped, state.Waiting, state.Bytes);
        inDoubt = db.Read(SpoolStore.InDoubt) is { Count: > 0 } rows ? Batch(rows, rows[0].Sequence!.Value, Lane.Backlog) : null;
        committer = new GroupCommit(Commit, this.options.CommitEvery, clock);
        if (waiting > 0)
        {
            arrived.Set();
        }
    }

    /// <summary>Names this spool file to the desk: microseconds of its creation. A spool that replaces a lost one has a larger epoch.</summary>
    internal long Epoch { get; private set; }

    /// <summary>Results that are not known to be at the desk.</summary>
    internal int Waiting => (int)Math.Min(int.MaxValue, Interlocked.Read(ref waiting));

    /// <summary>Results given up in the life of this spool: it was full, or the desk refused them for good.</summary>
    internal long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Returns when the result survives a power-off; throws if it could not be written, and then it is not spooled.</summary>
    internal ValueTask AddAsync(CheckResult result) => new(committer.AddAsync(SpoolRules.Cut(result, options.MaxText)));

    /// <summary>True when something is on disk that was not there at the last call; false when the spool was closed. For the one consumer.</summary>
    internal Task<bool> ArrivedAsync() => arrived.WaitAsync();

    /// <summary>The batch to post: the one in doubt if there is one, else what waits, live before backlog; null if nothing waits.</summary>
    internal SpooledBatch? Next()
    {
        if (inDoubt is null && Waiting > 0)
        {
            inDoubt = db.Write(tx => Form(tx, Lane.Live) ?? Form(tx, Lane.Backlog));
            formed = inDoubt?.Sequence ?? formed;
        }

        return inDoubt;
    }

    /// <summary>Notes what the desk has.</summary>
    internal ReceiptMeaning Note(BatchReceipt receipt)
    {
        if (receipt.Epoch > Epoch || (receipt.Epoch == Epoch && receipt.Sequence > formed))
        {
            BeginEpochAfter(receipt.Epoch);
            return ReceiptMeaning.SpoolWasLost;
        }

        if (inDoubt is null || receipt.Epoch != Epoch || receipt.Sequence < inDoubt.Sequence)
        {
            return ReceiptMeaning.Nothing;
        }

        TakeOut(inDoubt.Sequence, 0);
        return ReceiptMeaning.Taken;
    }

    /// <summary>Drops the batch that the desk will never take, so that the rest can go on.</summary>
    internal void GiveUp()
    {
        if (inDoubt is { } batch)
        {
            TakeOut(batch.Sequence, batch.Results.Count);
        }
    }

    /// <summary>
    /// The desk was away for long: of what waits in the live lane, the newest result of each item stays there, the rest becomes backlog.
    /// </summary>
    internal void Fold()
    {
        var live = db.Write(tx =>
        {
            var rows = SpoolStore.WaitingLive(tx);
            var split = SpoolRules.Split(rows.SelectMany(r => r.Unpack(run)).ToList());
            if (split.Backlog.Count > 0)
            {
                SpoolStore.Delete(tx, rows.Select(r => r.Id));
                Insert(tx, Lane.Backlog, split.Backlog);
                Insert(tx, Lane.Live, split.Live);
            }

            return split.Live;
        });
        inDoubt = inDoubt is null ? null : inDoubt with { Lane = SpoolRules.LaneOf(inDoubt, live) };
    }

    /// <summary>Keeps the plan for a start without the desk.</summary>
    internal void SavePlan(SitePlan plan)
    {
        var body = OrderCodec.PackPlan(plan);
        if (savedPlan is null || !savedPlan.AsSpan().SequenceEqual(body))
        {
            db.Write(tx => SpoolStore.SavePlan(tx, body));
            savedPlan = body;
        }
    }

    /// <summary>Null if there is none yet, or if another version wrote it in a form that this one cannot read.</summary>
    internal SitePlan? LoadPlan() => db.Read(SpoolStore.LoadPlan) is { } body ? OrderCodec.UnpackPlan(body) : null;

    /// <summary>Commits what was added and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await committer.DisposeAsync();
        arrived.Close();
    }

    private void Commit(IReadOnlyList<CheckResult> results)
    {
        var (size, lost) = db.Write(tx => (Insert(tx, Lane.Live, results), DropBeyond(tx)));
        Interlocked.Add(ref waiting, results.Count - lost.Results);
        Interlocked.Add(ref bytes, size - lost.Bytes);
        Interlocked.Add(ref dropped, lost.Results);
        Milestones.Reached(Milestone.ResultSpooled, results.Count);
        arrived.Set();
    }

    private long Insert(Tx tx, Lane lane, IReadOnlyList<CheckResult> results)
    {
        long size = 0;
        foreach (var part in SpoolRules.Chunks(results, options))
        {
            var chunk = Chunk.Of(part);
            SpoolStore.Insert(tx, run, lane, chunk);
            size += chunk.Bytes;
        }

        return size;
    }

    private (long Results, long Bytes) DropBeyond(Tx tx)
    {
        var excess = Interlocked.Read(ref bytes) - options.MaxBytes;
        (long Results, long Bytes) lost = (0, 0);
        if (excess > 0)
        {
            foreach (var row in SpoolStore.Waiting(tx, Lane.Backlog, 200).TakeWhile(_ => lost.Bytes < excess))
            {
                SpoolStore.Delete(tx, [row.Id]);
                lost = (lost.Results + row.Results, lost.Bytes + row.Bytes);
            }

            SpoolStore.CountDropped(tx, lost.Results);
        }

        return lost;
    }

    private SpooledBatch? Form(Tx tx, Lane lane)
    {
        var rows = SpoolRules.FirstBatch(SpoolStore.Waiting(tx, lane, 500), options);
        if (rows.Count == 0)
        {
            return null;
        }

        var sequence = formed + 1;
        SpoolStore.Form(tx, lane, rows[^1].Id, sequence);
        return Batch(SpoolStore.InDoubt(tx), sequence, lane);
    }

    private SpooledBatch Batch(IReadOnlyList<ChunkRow> rows, long sequence, Lane lane) =>
        new(sequence, lane, rows.SelectMany(r => r.Unpack(run)).ToList());

    private void TakeOut(long sequence, long given)
    {
        var (results, size) = db.Write(tx =>
        {
            SpoolStore.CountDropped(tx, given);
            return SpoolStore.Taken(tx, sequence);
        });
        Interlocked.Add(ref waiting, -results);
        Interlocked.Add(ref bytes, -size);
        Interlocked.Add(ref dropped, given);
        inDoubt = null;
    }

    private void BeginEpochAfter(long other)
    {
        var epoch = Math.Max(other + 1, SqlTypes.ToMicros(clock.GetUtcNow()));
        db.Write(tx => SpoolStore.Renew(tx, epoch));
        (Epoch, formed, inDoubt) = (epoch, 0, null);
    }
}
