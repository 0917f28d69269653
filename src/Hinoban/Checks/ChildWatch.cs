using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Hinoban.Checks;

/// <summary>
/// Knows when the children that we spawned ourselves have ended. One for the process, because children belong to the process.
/// A child that ended stays a zombie until <see cref="Reap"/>: as long as it is one, its id, which is also the id of its session and
/// process group, cannot be given to another process, so signals sent to the group meet nobody else.
/// </summary>
internal sealed class ChildWatch
{
    private static readonly TimeSpan StrangersEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<int, Watched> watched = new();
    private readonly Lock sign = new();
    private readonly bool byDescriptor;
    private readonly ITimer strangers;
    private PosixSignalRegistration? signal;
    private HashSet<int> deadStrangers = [];
    private int signs;
    private int sweeping;

    /// <param name="byDescriptor">Each child has a descriptor that tells of its end; otherwise SIGCHLD does, at which every child is looked at.</param>
    internal ChildWatch(bool byDescriptor)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Plugins need Linux.");
        }

        // Orphans of a plugin (a daemon it left behind) become our children instead of init's: so they can be found, killed and reaped.
        _ = Libc.prctl(Libc.PrSetChildSubreaper, 1, 0, 0, 0);
        this.byDescriptor = byDescriptor;
        strangers = TimeProvider.System.CreateTimer(_ => ReapStrangers(), null, StrangersEvery, StrangersEvery);
    }

    internal static ChildWatch Instance { get; } = new(byDescriptor: true);

    internal bool Knows(int pid) => watched.ContainsKey(pid);

    /// <summary>Ends when the child has ended; the child is not reaped yet.</summary>
    internal Task<ChildEnd> Watch(int pid)
    {
        var child = new Watched();
        watched[pid] = child;

        // Linux before 5.3 has no such descriptors, and no more may be had where the limit of open ones is reached.
        var descriptor = byDescriptor ? Libc.pidfd_open(pid) : -1;
        child.Descriptor = descriptor;
        if (descriptor < 0 || !DescriptorWatch.Instance.AddOnce(descriptor, () => Look(pid, child)))
        {
            BySignal();
            Look(pid, child); // it may have ended before
        }

        return child.End.Task;
    }

    internal void Reap(int pid)
    {
        // First out of the list: once reaped, its id may be another child's at once.
        if (watched.TryRemove(pid, out var child))
        {
            child.Close();
        }

        _ = Libc.waitpid(pid, out _, Libc.WaitNoHang);
    }

    private void BySignal()
    {
        lock (sign)
        {
            signal ??= PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => LookAtAll());
        }
    }

    // Signs that come while all are being looked at ask for one more round together, not for one each.
    private void LookAtAll()
    {
        if (Interlocked.Increment(ref signs) > 1)
        {
            return;
        }

        int seen;
        do
        {
            seen = Volatile.Read(ref signs);
            foreach (var (pid, child) in watched)
            {
                Look(pid, child);
            }
        }
        while (Interlocked.CompareExchange(ref signs, 0, seen) != seen);
    }

    /// <summary>
    /// Adopted orphans of others (an ssh master, say) that ended: nobody else will reap them. The framework reaps the children of its
    /// own Process class at once, so one that is still a zombie a second later is not one of those.
    /// </summary>
    private void ReapStrangers()
    {
        if (Interlocked.Exchange(ref sweeping, 1) != 0)
        {
            return;
        }

        var dead = Descendants.Adopted().Where(pid => !Knows(pid) && Descendants.Of(pid) is { Zombie: true }).ToHashSet();
        foreach (var pid in dead.Where(deadStrangers.Contains))
        {
            _ = Libc.waitpid(pid, out _, Libc.WaitNoHang);
        }

        deadStrangers = dead;
        Interlocked.Exchange(ref sweeping, 0);
    }

    private static unsafe void Look(int pid, Watched child)
    {
        const int byPid = 1;
        const int infoSize = 128;
        var info = stackalloc byte[infoSize];
        new Span<byte>(info, infoSize).Clear();
        if (Libc.waitid(byPid, pid, info, Libc.WaitExited | Libc.WaitNoHang | Libc.WaitNoReap) != 0)
        {
            child.Ends(new ChildEnd(null, null)); // somebody else reaped it (SIGCHLD was ignored when we were started)
            return;
        }

        // siginfo_t on Linux: si_code at 8, si_pid at 16, si_status at 24, for 64-bit machines.
        if (*(int*)(info + 16) == pid)
        {
            var status = *(int*)(info + 24);
            child.Ends(*(int*)(info + 8) == Libc.CodeExited ? new ChildEnd(status, null) : new ChildEnd(null, status));
        }
    }

    /// <summary>A child, and the descriptor that tells of its end.</summary>
    private sealed class Watched
    {
        private int descriptor = -1;

        internal TaskCompletionSource<ChildEnd> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal int Descriptor { set => descriptor = value; }

        internal void Ends(ChildEnd end)
        {
            Close();
            End.TrySetResult(end);
        }

        internal void Close()
        {
            if (Interlocked.Exchange(ref descriptor, -1) is >= 0 and var old)
            {
                DescriptorWatch.Instance.Forget(old);
                _ = Libc.close(old);
            }
        }
    }
}

/// <summary>How a child ended: by an exit code, by a signal, or (both null) in a way that nobody can know any more.</summary>
internal readonly record struct ChildEnd(int? ExitCode, int? Signal);
