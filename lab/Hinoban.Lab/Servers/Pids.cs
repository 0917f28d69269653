using System.Globalization;
using System.Runtime.InteropServices;

namespace Hinoban.Lab.Servers;

/// <summary>Waits for processes that are not our children: daemons that tests started.</summary>
internal static class Pids
{
    private const int PidfdOpen = 434; // the same number on every architecture
    private const short PollIn = 1;

    /// <summary>True once the process has ended, a zombie included: PID 1 of a container may reap late or never.</summary>
    internal static bool WaitGone(int pid, TimeSpan patience)
    {
        var fd = (int)syscall(PidfdOpen, pid, 0);
        if (fd < 0)
        {
            return true;
        }

        try
        {
            var wanted = new PollFd { Fd = fd, Events = PollIn };
            return poll(ref wanted, 1, (int)patience.TotalMilliseconds) > 0;
        }
        finally
        {
            _ = close(fd);
        }
    }

    /// <summary>True once the condition holds: for what /proc shows and no event tells.</summary>
    internal static bool WaitUntil(Func<bool> holds, TimeSpan patience)
    {
        var started = TimeProvider.System.GetTimestamp();
        var nothing = default(PollFd);
        while (!holds())
        {
            if (TimeProvider.System.GetElapsedTime(started) > patience)
            {
                return false;
            }

            _ = poll(ref nothing, 0, 2);
        }

        return true;
    }

    /// <summary>There is such a process and it is no zombie.</summary>
    internal static bool IsAlive(int pid) => StateOf(pid) is not ('Z' or 'X');

    /// <summary>It has stopped with all its threads, or is gone.</summary>
    internal static bool IsStill(int pid)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/task").All(t => StateOf(Path.Combine(t, "stat")) is 'T' or 't' or 'Z' or 'X');
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static char StateOf(int pid) => StateOf($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");

    // The kernel's letter for what it is doing; X once it is gone.
    private static char StateOf(string file)
    {
        try
        {
            var stat = File.ReadAllText(file);
            return stat[(stat.LastIndexOf(')') + 2)..][0];
        }
        catch (IOException)
        {
            return 'X';
        }
    }

    /// <summary>A process and all that it started, as far as it is still their parent.</summary>
    internal static IReadOnlyList<int> Tree(int pid)
    {
        List<int> all = [pid];
        for (var i = 0; i < all.Count; i++)
        {
            all.AddRange(IsAlive(all[i]) ? Children(all[i]) : []);
        }

        return all;
    }

    internal static void Signal(IEnumerable<int> pids, int signal)
    {
        foreach (var pid in pids)
        {
            _ = kill(pid, signal);
        }
    }

    internal static IReadOnlyList<int> Children(int pid)
    {
        var id = pid.ToString(CultureInfo.InvariantCulture);
        return [.. File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => int.Parse(c, CultureInfo.InvariantCulture))];
    }

    [DllImport("libc")]
    private static extern long syscall(long number, long a, long b);

    [DllImport("libc")]
    private static extern int poll(ref PollFd wanted, ulong count, int milliseconds);

    [DllImport("libc")]
    private static extern int close(int fd);

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        internal int Fd;
        internal short Events;
        internal short Returned;
    }
}
