using System.Data.Common;
using System.Security.Cryptography;
using Hinoban.Basics;

namespace Hinoban.Storage;

/// <summary>A node that can have the desk. <see cref="Holder"/> is its name and the mark of its data folder: the same after a restart, never that of another machine.</summary>
internal sealed record DeskNode(string Holder, string Address)
{
    /// <summary>The name alone.</summary>
    internal string Name => NameOf(Holder);

    internal static string NameOf(string holder) => holder.Split('/')[0];
}

/// <summary>What would go on if the node that has the desk, or the database's machine, were lost.</summary>
/// <param name="StoodByAgo">Since another node said last that it waits; null if none ever did.</param>
/// <param name="Wrong">Why the database would lose something, in its own words; empty if it would not.</param>
internal sealed record PairView(TimeSpan? StoodByAgo, IReadOnlyList<string> Wrong);

/// <summary>
/// That this node, and no other, has the desk. It lasts for seconds and is renewed. What fences is not the time but the <see cref="Epoch"/>, with the mark of this one
/// holding: every change of the desk asks in its own transaction whether they are still these, so that a holder that was paused changes nothing afterwards,
/// whatever its clock says, nor does one whose taking was lost with the server that had it. A desk on a file has no lease: the file's lock is enough.
/// </summary>
internal sealed class DutyLease : IDisposable
{
    internal static readonly TimeSpan Lasts = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(2);
    internal static readonly TimeSpan StandByEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);
    private const int RenewPatience = 3;

    private readonly Dialect dialect;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource lost = new();
    private readonly string marked;
    private volatile bool over;
    private ITimer? telling;
    private long untilTicks;

    private DutyLease(Dialect dialect, DeskNode node, string mark, long epoch, TimeSpan taken, TimeProvider clock)
    {
        (this.dialect, Node, Epoch, this.clock) = (dialect, node, epoch, clock);
        marked = LeaseStore.Marked(node.Holder, mark);
        Extend(taken);
    }

    internal DeskNode Node { get; }

    /// <summary>How often the desk has been taken, by whomever; this holding's own number.</summary>
    internal long Epoch { get; }

    /// <summary>Cancelled once the desk is another's, or could be.</summary>
    internal CancellationToken Lost => lost.Token;

    /// <summary>By the monotonic clock, which goes on while a process is paused, and on the safe side.</summary>
    internal bool Holds => !over && Moment.MonoOf(clock).Ticks < Interlocked.Read(ref untilTicks);

    /// <summary>Null, and who has it, if another node has the desk. Throws what the database throws, and if a newer version has the database.</summary>
    internal static DutyLease? Take(Dialect dialect, DeskNode node, TimeProvider clock, out LeaseView? holder)
    {
        var asked = Moment.MonoOf(clock);
        using var transaction = dialect.Write();
        var now = clock.GetUtcNow();
        holder = LeaseStore.Look(transaction, dialect, now);
        if (holder is { Left.Ticks: > 0 } other && other.Holder != node.Holder)
        {
            return null;
        }

        Migrations.RefuseNewer(transaction, dialect);
        var mark = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        if (LeaseStore.Take(transaction, dialect, node, mark, Lasts, now) is not { } epoch)
        {
            return null;
        }

        transaction.Commit();

        // What may be lost with this server is not ours; it is taken anew with the next question.
        return dialect.Doubted ? null : new DutyLease(dialect, node, mark, epoch, asked, clock);
    }

    /// <summary>Says that the node waits for the desk. To be said every <see cref="StandByEvery"/>, while another has it. Throws what the database throws.</summary>
    internal static void StandBy(Dialect dialect, DeskNode node, TimeProvider clock)
    {
        using var connection = dialect.Connect();
        LeaseStore.StandBy(connection, dialect, node, clock.GetUtcNow(), RenewPatience);
    }

    /// <summary>Who would take over, and from which copy. Throws what the database throws.</summary>
    internal PairView Survey() => new(Other(), ServerSurvey.Of(dialect));

    /// <summary>How long ago another node said last that it waits; null if none ever did.</summary>
    internal TimeSpan? Other()
    {
        using var connection = dialect.Connect();
        return LeaseStore.StoodByAgo(connection, dialect, Node, clock.GetUtcNow(), RenewPatience);
    }

    /// <summary>Throws if the desk is another's: nothing of the transaction may be kept then.</summary>
    internal void Verify(Tx tx)
    {
        if (LeaseStore.Holding(tx) is var now && now != (Epoch, marked))
        {
            Lose();
            throw new OffDutyException($"Another node has the desk: epoch {now.Epoch}, ours was {Epoch}.");
        }
    }

    /// <summary>Renews it, once in <see cref="RenewEvery"/>. False once it is lost.</summary>
    internal bool Keep(Action<Exception> failed)
    {
        try
        {
            if (!Renew())
            {
                Lose();
            }
        }
#pragma warning disable CA1031 // On a thread of its own nothing else catches: whatever it is, the lease runs out by time and the process goes on.
        catch (Exception away)
#pragma warning restore CA1031
        {
            failed(away);
        }

        if (!Holds)
        {
            Lose();
        }

        return !over;
    }

    /// <summary>
    /// Keeps it on a thread of its own until it is lost or what is given back is disposed of; then the thread has ended. A desk whose pool has no thread to spare is
    /// busy, not gone.
    /// </summary>
    internal IDisposable KeepApart(Action<Exception> failed) => new Keeper(this, failed);

    /// <summary>At an orderly end: the next node need not wait. Nothing may be changed any more.</summary>
    internal void Release()
    {
        over = true;
        lost.Cancel();
        using var connection = dialect.Connect();
        LeaseStore.Release(connection, Epoch, marked);
    }

    /// <summary>Cancels it outside of whatever is going on now; to be kept until then.</summary>
    internal ITimer Tell(CancellationTokenSource waiting) => clock.CreateTimer(
        static waiting =>
        {
            try
            {
                ((CancellationTokenSource)waiting!).Cancel();
            }
            catch (ObjectDisposedException)
            {
                // Nobody waits any more.
            }
        },
        waiting,
        TimeSpan.Zero,
        Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        telling?.Dispose();
        lost.Dispose();
    }

    // Whoever waits for it is told by the clock, not here: he may need the gate that is held, or the thread that renews.
    private void Lose()
    {
        over = true;
        telling ??= Tell(lost);
    }

    private bool Renew()
    {
        // From before it was asked: the database may have counted from then.
        var asked = Moment.MonoOf(clock);
        using var connection = dialect.Connect();
        if (!LeaseStore.Renew(connection, dialect, Epoch, marked, Lasts, clock.GetUtcNow(), RenewPatience))
        {
            return false;
        }

        Extend(asked);
        return true;
    }

    /// <summary>The thread that renews, for as long as it is wanted.</summary>
    private sealed class Keeper : IDisposable
    {
        private readonly ManualResetEventSlim enough = new();
        private readonly Thread thread;

        internal Keeper(DutyLease lease, Action<Exception> failed)
        {
            thread = new Thread(() => Run(lease, failed)) { Name = "lease", IsBackground = true };
            thread.Start();
        }

        private void Run(DutyLease lease, Action<Exception> failed)
        {
            while (!enough.Wait(RenewEvery) && lease.Keep(failed))
            {
            }
        }

        public void Dispose()
        {
            enough.Set();
            thread.Join();
            enough.Dispose();
        }
    }

    private void Extend(TimeSpan from) => Interlocked.Exchange(ref untilTicks, (from + Lasts - Margin).Ticks);
}
