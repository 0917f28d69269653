using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hinoban.Lab.Servers;

/// <summary>A real daemon run in the foreground, with its port on loopback; it can be stood still, as one that hangs, and goes away with its children.</summary>
internal sealed class LabDaemon : IDisposable
{
    private const int SigTerm = 15;
    private const int SigContinue = 18;
    private const int SigStop = 19;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process process;
    private readonly string log;

    private LabDaemon(Process process, string log, int port) => (this.process, this.log, Port) = (process, log, port);

    internal int Port { get; }

    /// <summary>Starts it and returns when its TCP port takes connections. What it prints goes to a file in its folder.</summary>
    internal static LabDaemon Start(string folder, int port, string program, params string[] arguments)
    {
        var log = Path.Combine(folder, $"{Path.GetFileName(program)}.out");
        var shell = new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" > \"$out\" 2>&1 < /dev/null", "sh", log, program, .. arguments]);
        var daemon = new LabDaemon(Process.Start(shell) ?? throw new InvalidOperationException($"{program} did not start"), log, port);
        return daemon.IsUp() ? daemon : throw new InvalidOperationException($"{program} does not listen on {port}: {daemon.Said()}");
    }

    /// <summary>It and all its children stand still: the kernel goes on taking connections for it.</summary>
    internal void Freeze() => Signal(SigStop);

    internal void Thaw() => Signal(SigContinue);

    public void Dispose()
    {
        var all = Tree();
        Thaw();
        _ = kill(process.Id, SigTerm);
        if (!process.WaitForExit(2000))
        {
            process.Kill(entireProcessTree: true);
        }

        all.ForEach(pid => Pids.WaitGone(pid, TimeSpan.FromSeconds(2)));
        process.Dispose();
    }

    private string Said() => File.Exists(log) ? File.ReadAllText(log) : "";

    private bool IsUp() => Pids.WaitUntil(() => process.HasExited || Ports.Listens(Port), Patience) && !process.HasExited;

    private void Signal(int signal) => Tree().ForEach(pid => _ = kill(pid, signal));

    private List<int> Tree()
    {
        List<int> all = [process.Id];
        for (var i = 0; i < all.Count; i++)
        {
            all.AddRange(Pids.Children(all[i]));
        }

        return all;
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}
