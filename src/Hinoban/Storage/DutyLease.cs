using System.Data.Common;
using Hinoban.Basics;

namespace Hinoban.Storage;

/// <summary>A node that can have the desk. <see cref="Holder"/> is its name and the mark of its data folder: the same after a restart, never that of another machine.</summary>
internal sealed record DeskNode(string Holder, string Address)
{
    /// <summary>The name alone.</summary>
    internal string Name => NameOf(Holder);

    internal static string NameOf(string holder) => holder.Split('/')[0];
}

/// <summary>
/// That this node, and no other, has the desk. It lasts for seconds and is renewed. What fences is not the time but the <see cref="Epoch"/>: every change of the desk
/// asks in its own transaction whether the epoch is still this one, so that a holder that was paused changes nothing afterwards,
/// whatever its clock says. A desk on a file has no lease: the file's lock is enough.
/// </summary>
internal sealed class DutyLease : IDisposable
{
    internal static readonly TimeSpan Lasts = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);
    private const int RenewPatience = 3;

    private readonly Dialect dialect;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource lost = new();
    private volatile bool over;
    private ITimer? telling;
    private long untilTicks;

    private DutyLease(Dialect dialect, DeskNode node, long epoch, TimeSpan taken, TimeProvider clock)
    {
        (this.dialect, Node, Epoch, this.clock) = (dialect, node, epoch, clock);
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
        if (LeaseStore.Take(transaction, dialect, node, Lasts, now) is not { } epoch)
        {
            return null;
        }

        transaction.Commit();
        return new DutyLease(dialect, node, epoch, asked, clock);
    }

    /// <summary>Throws if the desk is another's: nothing of the transaction may be kept then.</summary>
    internal void Verify(Tx tx)
    {
        if (LeaseStore.Epoch(tx) is var now && now != Epoch)
        {
            // Whoever waits for it is told by the clock, not here: he may need the gate that this transaction holds.
            over = true;
            telling ??= Tell(lost);
            throw new OffDutyException($"Another node has the desk: epoch {now}, ours was {Epoch}.");
        }
    }

    /// <summary>Renews it until cancelled or lost.</summary>
    internal async Task KeepAsync(Action<Exception> failed, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(RenewEvery, clock);
        while (!over && await timer.WaitForNextTickAsync(cancel))
        {
            try
            {
                if (!Renew())
                {
                    Lose();
                }
            }
            catch (DbException away)
            {
                failed(away);
            }

            if (!Holds)
            {
                Lose();
            }
        }
    }

    /// <summary>At an orderly end: the next node need not wait. Nothing may be changed any more.</summary>
    internal void Release()
    {
        Lose();
        using var connection = dialect.Connect();
        LeaseStore.Release(connection, Epoch);
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

    private void Lose()
    {
        over = true;
        lost.Cancel();
    }

    private bool Renew()
    {
        // From before it was asked: the database may have counted from then.
        var asked = Moment.MonoOf(clock);
        using var connection = dialect.Connect();
        if (!LeaseStore.Renew(connection, dialect, Epoch, Lasts, clock.GetUtcNow(), RenewPatience))
        {
            return false;
        }

        Extend(asked);
        return true;
    }

    private void Extend(TimeSpan from) => Interlocked.Exchange(ref untilTicks, (from + Lasts - Margin).Ticks);
}
