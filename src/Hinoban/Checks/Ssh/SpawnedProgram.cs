using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Hinoban.Checks.Ssh;

/// <summary>A child process with both outputs in one stream, so that they keep their order: a socket, whose reads can be given up.</summary>
internal sealed partial class SpawnedProgram : IDisposable
{
    private const int UnixStream = 1;
    private const int StreamCloexec = 1 | Libc.OpenCloseOnExec;

    private readonly int pid;

    private SpawnedProgram(int pid, Socket output)
    {
        this.pid = pid;
        Output = output;
        Ended = ChildWatch.Instance.Watch(pid);
    }

    /// <summary>Standard output and standard error.</summary>
    internal Socket Output { get; }

    internal Task<ChildEnd> Ended { get; }

    /// <summary>Starts a program. Null if it cannot be started. What it complains of is dropped unless it comes <paramref name="withErrors"/>.</summary>
    internal static async Task<SpawnedProgram?> StartAsync(ChildOrder order, bool withErrors, CancellationToken cancel)
    {
        if (Pair() is not var (ours, theirs))
        {
            return null;
        }

        var output = new Socket(new SafeSocketHandle(ours, ownsHandle: true));
        var started = false;
        try
        {
            var (pid, error) = await ChildStart.StartAsync(order, theirs, withErrors ? theirs : -1, cancel);
            started = error == 0;
            return started ? new SpawnedProgram(pid, output) : null;
        }
        finally
        {
            _ = Libc.close(theirs);
            if (!started)
            {
                output.Dispose();
            }
        }
    }

    /// <summary>Ends the program and everything in its process group. Before it is reaped, its number belongs to nobody else.</summary>
    internal void KillGroup() => _ = Libc.kill(-pid, Libc.SigKill);

    public void Dispose()
    {
        Output.Dispose();
        _ = Ended.ContinueWith(_ => ChildWatch.Instance.Reap(pid), TaskContinuationOptions.ExecuteSynchronously);
    }

    private static unsafe (int Ours, int Theirs)? Pair()
    {
        var pair = stackalloc int[2];
        return socketpair(UnixStream, StreamCloexec, 0, pair) == 0 ? (pair[0], pair[1]) : null;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int socketpair(int domain, int type, int protocol, int* pair);
}
