using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Hinoban.Lab.Servers;

/// <summary>A real daemon run in the foreground, with its port on loopback; it can be stood still, as one that hangs, and goes away with its children.</summary>
internal sealed class LabDaemon : IDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process process;
    private readonly string log;

    private LabDaemon(Process process, string log, IPEndPoint end) => (this.process, this.log, End) = (process, log, end);

    internal int Port => End.Port;

    internal int Pid => process.Id;

    private IPEndPoint End { get; }

    /// <summary>Starts it and returns when its TCP port takes connections. What it prints goes to a file in its folder.</summary>
    internal static LabDaemon Start(string folder, int port, string program, params string[] arguments) =>
        Start(folder, new IPEndPoint(IPAddress.Loopback, port), program, arguments);

    internal static LabDaemon Start(string folder, IPEndPoint end, string program, params string[] arguments)
    {
        var log = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(program)}.{end.Port}.out"));
        var shell = new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" > \"$out\" 2>&1 < /dev/null", "sh", log, program, .. arguments]);
        var daemon = new LabDaemon(Process.Start(shell) ?? throw new InvalidOperationException($"{program} did not start"), log, end);
        return daemon.IsUp() ? daemon : throw new InvalidOperationException($"{program} does not listen on {end}: {daemon.Said()}");
    }

    /// <summary>It and all its children stand still: the kernel goes on taking connections for it.</summary>
    internal void Freeze() => Standstill.Stop(Pids.Tree(Pid));

    internal void Thaw() => Standstill.Go(Pids.Tree(Pid));

    public void Dispose()
    {
        var all = Pids.Tree(Pid);
        Thaw();
        Pids.Signal([Pid], SigTerm);
        if (!process.WaitForExit(2000))
        {
            process.Kill(entireProcessTree: true);
        }

        foreach (var pid in all)
        {
            Pids.WaitGone(pid, TimeSpan.FromSeconds(2));
        }

        process.Dispose();
    }

    private string Said() => File.Exists(log) ? File.ReadAllText(log) : "";

    private bool IsUp() => Pids.WaitUntil(() => process.HasExited || Answers(), Patience) && !process.HasExited;

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

    private bool Answers()
    {
        using var socket = new Socket(End.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(End);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}
