using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hinoban.Lab;

/// <summary>
/// A network of its own inside this process: a thread that moved into a fresh network namespace. Sockets made and programs started
/// by code run here belong to it for ever, whichever thread uses them later. Needs root.
/// </summary>
internal sealed class LabNet : IDisposable
{
    private const int NewNetwork = 0x40000000;
    private readonly BlockingCollection<Action> work = [];
    private readonly Thread thread;

    private LabNet()
    {
        thread = new Thread(Work) { IsBackground = true, Name = "lab network" };
        thread.Start();
    }

    /// <summary>A network with loopback up; null with the reason where that is not allowed.</summary>
    internal static LabNet? Create(out string whyNot)
    {
        var net = new LabNet();
        whyNot = net.Run(() => unshare(NewNetwork) == 0 ? "" : $"no network namespace: {Marshal.GetLastPInvokeErrorMessage()} (needs root)");
        if (whyNot.Length > 0)
        {
            net.Dispose();
            return null;
        }

        net.Ip("link set lo up");
        return net;
    }

    /// <summary>
    /// An address that never answers, without any firewall: one end of a wire whose neighbour has a link address that nobody owns.
    /// </summary>
    internal void BlackHole(string network, string own)
    {
        Ip("link add hole type veth peer name hole-end");
        Ip($"addr add {own} dev hole");
        Ip("link set hole up");
        Ip("link set hole-end up");
        Ip($"neigh add {network} lladdr 02:00:00:00:00:99 dev hole nud permanent");
    }

    /// <summary><c>ip</c> inside this network.</summary>
    internal void Ip(string arguments) => Command("ip", arguments);

    internal void Command(string program, string arguments) => Run(() =>
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? 0 : throw new InvalidOperationException($"{program} {arguments}: {errors}");
    });

    /// <summary>Code run here may no longer open raw sockets, as a program without CAP_NET_RAW (capabilities are a thread's own).</summary>
    internal void ForbidRawSockets() => Run(() =>
    {
        const uint version3 = 0x20080522;
        const int netRaw = 13;
        uint[] header = [version3, 0];
        var sets = new uint[6]; // effective, permitted, inheritable of 0–31, then of 32–63
        if (capget(header, sets) != 0)
        {
            throw new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage());
        }

        sets[0] &= ~(1u << netRaw);
        sets[1] &= ~(1u << netRaw);
        return capset(header, sets) == 0 ? 0 : throw new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage());
    });

    /// <summary>Runs on the network's thread; asynchronous code belongs to the network up to its first await.</summary>
    internal T Run<T>(Func<T> call)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            try
            {
                done.SetResult(call());
            }
            catch (Exception fault)
            {
                done.SetException(fault);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        work.CompleteAdding();
        thread.Join();
        work.Dispose();
    }

    private void Work()
    {
        foreach (var call in work.GetConsumingEnumerable())
        {
            call();
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int capget(uint[] header, [In, Out] uint[] sets);

    [DllImport("libc", SetLastError = true)]
    private static extern int capset(uint[] header, uint[] sets);

    [DllImport("libc", SetLastError = true)]
    private static extern int unshare(int flags);
}
