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
    private readonly ConcurrentDictionary<int, TaskCompletionSource<ChildEnd>> watched = new();
    private static readonly TimeSpan StrangerAge = TimeSpan.FromSeconds(1);
    private readonly PosixSignalRegistration signal;
    private int sweeping;

    private ChildWatch()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Plugins need Linux.");
        }

        // Orphans of a plugin (a daemon it left behind) become our children instead of init's: so they can be found, killed and reaped.
        _ = Libc.prctl(Libc.PrSetChildSubreaper, 1, 0, 0, 0);
        signal = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => Look());
    }

    internal static ChildWatch Instance { get; } = new();

    internal bool Knows(int pid) => watched.ContainsKey(pid);

    /// <summary>Ends when the child has ended; the child is not reaped yet.</summary>
    internal Task<ChildEnd> Watch(int pid)
    {
        var end = new TaskCompletionSource<ChildEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        watched[pid] = end;
        Look(pid, end); // it may have ended before it was watched
        return end.Task;
    }

    internal void Reap(int pid)
    {
        // First out of the list: once reaped, its id may be another child's at once.
        watched.TryRemove(pid, out _);
        _ = Libc.waitpid(pid, out _, Libc.WaitNoHang);
    }

    private void Look()
    {
        foreach (var (pid, end) in watched)
        {
            Look(pid, end);
        }

        ReapStrangers();
    }

    /// <summary>
    /// Adopted orphans of others (an ssh master, say) that ended: nobody else will reap them. The framework reaps the children of its
    /// own Process class at this same signal, so one that is still a zombie a second later is not one of those.
    /// </summary>
    private void ReapStrangers()
    {
        if (Descendants.Adopted().Any(pid => !Knows(pid) && Descendants.Of(pid) is { Zombie: true }) && Interlocked.Exchange(ref sweeping, 1) == 0)
        {
            _ = SweepAsync();
        }
    }

    private async Task SweepAsync()
    {
        var before = Zombies();
        await Task.Delay(StrangerAge, TimeProvider.System);
        foreach (var pid in Zombies().Intersect(before))
        {
            _ = Libc.waitpid(pid, out _, Libc.WaitNoHang);
        }

        Interlocked.Exchange(ref sweeping, 0);
        ReapStrangers();

        List<int> Zombies() => Descendants.Adopted().Where(pid => !Knows(pid) && Descendants.Of(pid) is { Zombie: true }).ToList();
    }

    private static unsafe void Look(int pid, TaskCompletionSource<ChildEnd> end)
    {
        const int byPid = 1;
        const int infoSize = 128;
        var info = stackalloc byte[infoSize];
        new Span<byte>(info, infoSize).Clear();
        if (Libc.waitid(byPid, pid, info, Libc.WaitExited | Libc.WaitNoHang | Libc.WaitNoReap) != 0)
        {
            end.TrySetResult(new ChildEnd(null, null)); // somebody else reaped it (SIGCHLD was ignored when we were started)
            return;
        }

        // siginfo_t on Linux: si_code at 8, si_pid at 16, si_status at 24, for 64-bit machines.
        if (*(int*)(info + 16) == pid)
        {
            var status = *(int*)(info + 24);
            end.TrySetResult(*(int*)(info + 8) == Libc.CodeExited ? new ChildEnd(status, null) : new ChildEnd(null, status));
        }
    }
}

/// <summary>How a child ended: by an exit code, by a signal, or (both null) in a way that nobody can know any more.</summary>
internal readonly record struct ChildEnd(int? ExitCode, int? Signal);
