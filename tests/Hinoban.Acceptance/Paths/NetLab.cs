using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Hinoban.Acceptance.Paths;

/// <summary>
/// Networks of our own on this machine: two sites, a target, a desk and the sites' anchor, each a network namespace, joined by a router whose rules break
/// paths. Nothing leaves it, nothing outside can reach in. All of it goes when it is disposed.
/// </summary>
internal sealed class NetLab : IDisposable
{
    internal const string Tokyo = "tokyo";
    internal const string Osaka = "osaka";
    internal const string Target = "target";
    internal const string Desk = "desk";
    internal const string Anchor = "anchor";
    private const string Router = "router";
    private const int NewNetwork = 0x40000000;

    private static readonly string[] Places = [Tokyo, Osaka, Target, Desk, Anchor];
    private readonly string prefix = $"hb{Environment.ProcessId.ToString("x", CultureInfo.InvariantCulture)}-";

    private NetLab()
    {
    }

    /// <summary>The networks, up; null with the reason where they cannot be had.</summary>
    internal static NetLab? Create(out string whyNot)
    {
        var lab = new NetLab();
        whyNot = new[] { "ip", "nft", "sysctl" }.FirstOrDefault(p => !OnPath(p)) is { } missing ? $"{missing} is not installed: ./dev test installs it" : "";
        if (whyNot.Length > 0)
        {
            return null;
        }

        try
        {
            Run("ip", "netns", "add", lab.Name(Router));
        }
        catch (InvalidOperationException denied)
        {
            whyNot = $"no network namespaces here (needs root): {denied.Message}";
            return null;
        }

        try
        {
            lab.Build();
            return lab;
        }
        catch
        {
            lab.Dispose();
            throw;
        }
    }

    /// <summary>The namespace of a place, for <c>ip netns exec</c>.</summary>
    internal string Name(string place) => prefix + place;

    internal static string AddressOf(string place) => $"10.77.{Array.IndexOf(Places, place) + 1}.2";

    /// <summary>From now on nothing passes from the one place to the other; no answer tells it.</summary>
    internal void Drop(string from, string to) => Rule("iifname", $"to-{from}", "oifname", $"to-{to}", "drop");

    /// <summary>Nothing passes to or from the place, whatever the peer.</summary>
    internal void CutOff(string place)
    {
        Rule("iifname", $"to-{place}", "drop");
        Rule("oifname", $"to-{place}", "drop");
    }

    /// <summary>TCP from the one place to the other is answered with a reset by the router, as by a firewall.</summary>
    internal void Reset(string from, string to) =>
        Rule("iifname", $"to-{from}", "oifname", $"to-{to}", "meta", "l4proto", "tcp", "reject", "with", "tcp", "reset");

    /// <summary>Every path is whole again.</summary>
    internal void Clear() => Nft("flush", "chain", "ip", "lab", "path");

    /// <summary>Runs code in a place's network. Sockets made and programs started there stay there, whoever uses them later.</summary>
    internal T Inside<T>(string place, Func<T> call)
    {
        var done = new TaskCompletionSource<T>();
        var thread = new Thread(() =>
        {
            try
            {
                Enter(place);
                done.SetResult(call());
            }
            catch (Exception fault)
            {
                done.SetException(fault);
            }
        });
        thread.Start();
        thread.Join(); // the thread ends here, and with it the only thing that was in the other network
        return done.Task.GetAwaiter().GetResult();
    }

    /// <summary>A connection made inside a place's network, for an HTTP client outside of it.</summary>
    internal async ValueTask<Stream> ConnectAsync(string place, EndPoint to, CancellationToken cancel)
    {
        var socket = Inside(place, () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        try
        {
            await socket.ConnectAsync(to, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var place in Places.Append(Router))
        {
            if (File.Exists($"/run/netns/{Name(place)}"))
            {
                Run("ip", "netns", "del", Name(place));
            }
        }
    }

    private void Build()
    {
        Run("ip", "-n", Name(Router), "link", "set", "lo", "up");
        Run("ip", "netns", "exec", Name(Router), "sysctl", "-qw", "net.ipv4.ip_forward=1");
        for (var at = 1; at <= Places.Length; at++)
        {
            var (place, net) = (Places[at - 1], string.Create(CultureInfo.InvariantCulture, $"10.77.{at}"));
            Run("ip", "netns", "add", Name(place));
            Run("ip", "-n", Name(Router), "link", "add", $"to-{place}", "type", "veth", "peer", "name", "eth0", "netns", Name(place));
            Run("ip", "-n", Name(place), "link", "set", "lo", "up");
            Run("ip", "-n", Name(place), "addr", "add", $"{net}.2/24", "dev", "eth0");
            Run("ip", "-n", Name(place), "link", "set", "eth0", "up");
            Run("ip", "-n", Name(Router), "addr", "add", $"{net}.1/24", "dev", $"to-{place}");
            Run("ip", "-n", Name(Router), "link", "set", $"to-{place}", "up");
            Run("ip", "-n", Name(place), "route", "add", "default", "via", $"{net}.1");
        }

        Nft("add", "table", "ip", "lab");
        Nft("add", "chain", "ip", "lab", "path", "{", "type", "filter", "hook", "forward", "priority", "0", ";", "}");
    }

    private void Rule(params string[] rule) => Nft(["add", "rule", "ip", "lab", "path", .. rule]);

    private void Nft(params string[] command) => Run("ip", ["netns", "exec", Name(Router), "nft", .. command]);

    private void Enter(string place)
    {
        using var network = File.OpenHandle($"/run/netns/{Name(place)}");
        if (setns((int)network.DangerousGetHandle(), NewNetwork) != 0)
        {
            throw new InvalidOperationException($"cannot enter {Name(place)}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Any(folder => File.Exists(Path.Combine(folder, program)));

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors.Trim()}");
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int setns(int fd, int kind);
}
