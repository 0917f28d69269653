using System.Data.Common;
using Hinoban.Basics;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>
/// What a site has seen and the desk does not have yet, on disk. Results are durable when <see cref="AddAsync"/> returns; one consumer
/// (the pump) takes batches with <see cref="Next"/>, and a batch taken once is the same until its receipt is noted, across crashes.
/// While the disk takes nothing, results are held in memory and go out from there under an epoch of their own: they are not durable, but not
/// lost as long as the link is up (<see cref="DiskTrouble"/>). The caller owns the database file and closes it after the spool.
/// </summary>
internal sealed class SiteSpool : IAsyncDisposable
{
    private readonly Db db;
    private readonly TimeProvider clock;
    private readonly SpoolOptions options;
    private readonly GroupCommit committer;
    private readonly long run;
    private SpooledBatch? inDoubt;
    private long formed;
    private long waiting;
    private long bytes;
    private long dropped;
    private readonly LogCursors cursors;
    private readonly UnkeptResults unkept;
    private readonly DiskTrouble disk;
    private readonly long opened;

    /// <summary>Rows of a batch that is at the desk are still on the disk: they go with the next transaction, so that this costs none of its own.</summary>
    private bool settledOwed;

    /// <summary>Size of the one row that the batch in doubt, or the settled one, is in; null where it is in several, or in none.</summary>
    private long? oneRow;

    /// <summary>The number given last is on the disk in its batch's row only, and must be written down before that goes.</summary>
    private bool formedOwed;

    /// <summary>The batch in doubt is in memory only.</summary>
    private bool inMemory;

    /// <summary>What the file says of epoch and sequence is not true any more; at once after the first batch from memory.</summary>
    private bool ownEpoch;
    private bool renewOwed;

    internal SiteSpool(Db db, TimeProvider clock, SpoolOptions? options = null, Action<Exception?>? diskTurned = null)
    {
        (this.db, this.clock, this.options) = (db, clock, options ?? new SpoolOptions());
        opened = clock.GetTimestamp();
        (unkept, disk, Plan) = (new UnkeptResults(this.options), new DiskTrouble(clock, this.options.TryDiskEvery, diskTurned), new SpoolPlan(db));
        var state = db.Write(tx => SpoolStore.Start(tx, SqlTypes.ToMicros(clock.GetUtcNow())));
        (Epoch, run, formed, dropped, waiting, bytes) = (state.Epoch, state.Run, state.Formed, state.Dropped, state.Waiting, state.Bytes);
        cursors = new LogCursors(db);
        inDoubt = db.Read(SpoolStore.InDoubt) is { Count: > 0 } rows ? Batch(rows, rows[0].Sequence!.Value, Lane.Backlog) : null;
        committer = new GroupCommit(Commit, this.options.CommitEvery, clock);
    }

    /// <summary>Names this spool file to the desk: microseconds of its creation. A spool that replaces a lost one has a larger epoch.</summary>
    internal long Epoch { get; private set; }

    /// <summary>Results that are not known to be at the desk.</summary>
    internal int Waiting => Locked(() => (int)Math.Min(int.MaxValue, waiting + unkept.Count + (inMemory ? inDoubt!.Results.Count : 0)));

    /// <summary>True when <see cref="Next"/> has something to do: what lies on a disk that takes nothing waits until it is tried again.</summary>
    internal bool Ready => Locked(() => inDoubt is not null || unkept.Count > 0 || ((waiting > 0 || disk.Failing) && disk.MayTry));

    /// <summary>Results that are in memory only: the end of the process loses them.</summary>
    internal int Unkept => Locked(() => options.Volatile ? Waiting : unkept.Count + (inMemory ? inDoubt!.Results.Count : 0));

    /// <summary>Results of this run that the disk did not take.</summary>
    internal long NotKept => disk.Refused;

    /// <summary>How long the disk has been taking nothing; null if it does.</summary>
    internal TimeSpan? NotKeptFor => options.Volatile ? clock.GetElapsedTime(opened) : disk.For;

    /// <summary>Results given up in the life of this spool: it was full, or the desk refused them for good.</summary>
    internal long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Returns when the result survives a power-off, or, if the disk does not take it, when it is in memory to be posted.</summary>
    internal ValueTask AddAsync(CheckResult result) => new(committer.AddAsync(SpoolRules.Cut(result, options.MaxText)));

    internal SpoolPlan Plan { get; }

    /// <summary>How far the item's log has been read, as far as what was read is kept here or at the desk; empty: not at all.</summary>
    internal string LogCursor(ItemId item) => Locked(() => cursors.Of(item));

    /// <summary>Called when something is there that was not there before: the one consumer's.</summary>
    internal Action Arrived { get; set; } = () => { };

    /// <summary>Whether the one consumer would take a batch now: then results become one in the transaction that makes them durable.</summary>
    internal Func<bool> TakesNow { get; set; } = () => false;

    /// <summary>The batch to post: the one in doubt if there is one, else what waits, live before backlog; null if nothing waits.</summary>
    internal SpooledBatch? Next()
    {
        lock (db.Gate)
        {
            if (inDoubt is not null || (waiting + unkept.Count == 0 && !disk.Failing))
            {
                return inDoubt;
            }

            if (TryWrite(tx => Form(tx, Lane.Live) ?? Form(tx, Lane.Backlog), out var formedNow))
            {
                inDoubt = formedNow;
                (formed, oneRow) = (inDoubt?.Sequence ?? formed, null);
            }
            else if (unkept.Take() is { } taken)
            {
                inDoubt = FormInMemory(taken.Lane, taken.Results);
            }

            return inDoubt;
        }
    }

    /// <summary>Notes what the desk has.</summary>
    internal ReceiptMeaning Note(BatchReceipt receipt)
    {
        lock (db.Gate)
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

            TakeOut(inDoubt, 0);
            return ReceiptMeaning.Taken;
        }
    }

    /// <summary>Drops the batch that the desk will never take, so that the rest can go on.</summary>
    internal void GiveUp()
    {
        lock (db.Gate)
        {
            if (inDoubt is { } batch)
            {
                TakeOut(batch, batch.Results.Count);
            }
        }
    }

    /// <summary>
    /// The desk was away for long: of what waits in the live lane, the newest result of each item stays there, the rest becomes backlog.
    /// </summary>
    internal void Fold()
    {
        lock (db.Gate)
        {
            if (!TryWrite(FoldRows, out var live))
            {
                unkept.Fold();
                live = unkept.Live;
            }

            inDoubt = inDoubt is null ? null : inDoubt with { Lane = SpoolRules.LaneOf(inDoubt, live!) };
        }
    }

    /// <summary>Commits what was added and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await committer.DisposeAsync();
        lock (db.Gate)
        {
            _ = settledOwed && TryWrite(_ => 0, out _);
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (db.Gate)
        {
            return read();
        }
    }

    private void Commit(IReadOnlyList<CheckResult> results)
    {
        lock (db.Gate)
        {
            var sequence = inDoubt is null && waiting == 0 && !disk.Failing && TakesNow() && SpoolRules.IsOneBatch(results, options) ? formed + 1 : (long?)null;
            var before = sequence is not null && settledOwed ? oneRow : null;
            var moves = cursors.Moves(results);
            if (TryWrite(tx => (Keep(tx, results, moves, sequence, before), SpoolStore.DropBacklog(tx, bytes - options.MaxBytes)), out var written, replaces: before is not null))
            {
                var (size, lost) = written;
                if (sequence is { } number)
                {
                    (formed, inDoubt) = (number, new SpooledBatch(number, Lane.Live, results));
                    (oneRow, formedOwed) = (size + (before ?? 0), before is not null);
                }

                waiting += results.Count - lost.Results;
                bytes += size - lost.Bytes;
                Drop(lost.Results);
                disk.Refuse(options.Volatile ? results.Count : 0);
                Milestones.Reached(Milestone.ResultSpooled, results.Count);
            }
            else
            {
                disk.Refuse(results.Count);
                Drop(unkept.Add(results));
            }

            cursors.Note(moves);
        }

        Arrived();
    }

    /// <summary>Results that become a batch at once have its sequence; <paramref name="before"/> is the size of the row whose place they take, if any.</summary>
    private long Keep(Tx tx, IReadOnlyList<CheckResult> results, IReadOnlyDictionary<ItemId, string> moves, long? sequence, long? before)
    {
        cursors.Save(tx, moves);
        if (before is { } gone)
        {
            var chunk = Chunk.Of(results);
            SpoolStore.Replace(tx, run, Lane.Live, chunk, sequence!.Value);
            return chunk.Bytes - gone;
        }

        if (sequence is { } number)
        {
            SpoolStore.Formed(tx, number);
        }

        return Insert(tx, Lane.Live, results, sequence);
    }

    private IReadOnlyList<CheckResult> FoldRows(Tx tx)
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
    }

    /// <summary>A transaction that first makes the file say what has happened without it; false if the disk does not take it.</summary>
    private bool TryWrite<T>(Func<Tx, T> work, out T? result, bool replaces = false)
    {
        result = default;
        if (!disk.MayTry)
        {
            return false;
        }

        try
        {
            CaughtUp caught = default;
            result = db.Write(tx =>
            {
                caught = CatchUp(tx, replaces);
                return work(tx);
            });
            Note(caught);
            disk.Took();
            return true;
        }
        catch (Exception failure) when (failure is DbException or IOException)
        {
            disk.Failed(failure);
            return false;
        }
    }

    private CaughtUp CatchUp(Tx tx, bool replaces)
    {
        if (replaces)
        {
            return new CaughtUp(0, 0, true);
        }

        if (settledOwed && formedOwed)
        {
            SpoolStore.Formed(tx, formed);
        }

        var (_, gone) = settledOwed ? SpoolStore.Taken(tx, long.MaxValue) : default;
        if (!disk.Failing)
        {
            return new CaughtUp(0, -gone, settledOwed);
        }

        if (renewOwed)
        {
            SpoolStore.Renew(tx, Epoch);
        }

        SpoolStore.CatchUp(tx, Epoch, formed, Dropped, overtaken: ownEpoch);
        var size = inMemory ? Insert(tx, inDoubt!.Lane, inDoubt.Results, inDoubt.Sequence) : 0;
        size += Insert(tx, Lane.Backlog, unkept.Backlog) + Insert(tx, Lane.Live, unkept.Live);
        cursors.CatchUp(tx);
        return new CaughtUp(unkept.Count + (inMemory ? inDoubt!.Results.Count : 0), size - gone, true);
    }

    private void Note(CaughtUp caught)
    {
        if (caught.Done)
        {
            waiting += caught.Results;
            bytes += caught.Bytes;
            unkept.Clear();
            oneRow = null;
            (settledOwed, formedOwed, inMemory, ownEpoch, renewOwed) = (false, false, false, false, false);
        }
    }

    /// <summary>
    /// The number cannot be fixed on disk first, so it is one that the file cannot come to give out again: of a new epoch. A spool that is
    /// opened after a crash in this state finds the desk ahead and begins an epoch after it.
    /// </summary>
    private SpooledBatch FormInMemory(Lane lane, IReadOnlyList<CheckResult> results)
    {
        if (!ownEpoch)
        {
            (Epoch, formed, ownEpoch) = (Math.Max(Epoch + 1, SqlTypes.ToMicros(clock.GetUtcNow())), 0, true);
        }

        inMemory = true;
        return new SpooledBatch(++formed, lane, results);
    }

    private long Insert(Tx tx, Lane lane, IReadOnlyList<CheckResult> results, long? sequence = null) =>
        SpoolStore.Insert(tx, run, lane, SpoolRules.Chunks(results, options), sequence);

    private SpooledBatch? Form(Tx tx, Lane lane)
    {
        var all = SpoolStore.Waiting(tx, lane, 500);
        var rows = SpoolRules.FirstBatch(all, options);
        if (rows.Count == 0)
        {
            return null;
        }

        var sequence = formed + 1;
        SpoolStore.Form(tx, lane, rows[^1].Id, sequence);
        return Batch(SpoolStore.InDoubt(tx), sequence, lane) with { Followed = lane == Lane.Live && rows.Count < all.Count };
    }

    private SpooledBatch Batch(IReadOnlyList<ChunkRow> rows, long sequence, Lane lane) =>
        new(sequence, lane, rows.SelectMany(r => r.Unpack(run)).ToList());

    private void TakeOut(SpooledBatch batch, long given)
    {
        if (inMemory)
        {
            inMemory = false;
        }
        else
        {
            settledOwed = true;
            waiting -= batch.Results.Count;
        }

        _ = given > 0 && TryWrite(tx => { SpoolStore.CountDropped(tx, given); return 0; }, out _);

        Drop(given);
        inDoubt = null;
        cursors.Emptied(waiting + unkept.Count, work => TryWrite(work, out _));
    }

    private void Drop(long results)
    {
        Interlocked.Add(ref dropped, results);
        cursors.Lost(results);
    }

    private void BeginEpochAfter(long other)
    {
        var epoch = Math.Max(other + 1, SqlTypes.ToMicros(clock.GetUtcNow()));
        if (!TryWrite(tx => { SpoolStore.Renew(tx, epoch); return 0; }, out _))
        {
            // The batch from memory is numbered anew; one from disk is, with the rest of the file, when the disk takes that.
            if (inMemory)
            {
                unkept.PutBack(inDoubt!);
            }

            (renewOwed, ownEpoch, inMemory) = (true, true, false);
        }

        (Epoch, formed, formedOwed, inDoubt) = (epoch, 0, false, null);
    }

    private readonly record struct CaughtUp(long Results, long Bytes, bool Done);
}
