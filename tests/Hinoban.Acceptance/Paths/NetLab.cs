using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Hinoban.Lab;

namespace Hinoban.Acceptance.Paths;

/// <summary>
/// Networks of our own on this machine: two sites, a target, a desk and the sites' anchor, each a network namespace, joined by a router whose rules break
/// paths. Nothing leaves it, nothing outside can reach in. All of it goes when it is disposed.
/// </summary>
internal sealed class NetLab : IAsyncDisposable
{
    internal const string Tokyo = "tokyo";
    internal const string Osaka = "osaka";
    internal const string Target = "target";
    internal const string Desk = "desk";
    internal const string Anchor = "anchor";
    private const string Router = "router";
    private const int NewNetwork = 0x40000000;

    private static readonly string[] Places = [Tokyo, Osaka, Target, Desk, Anchor];
    private static int made;
    private readonly string prefix = string.Create(CultureInfo.InvariantCulture, $"hb{Environment.ProcessId:x}.{Interlocked.Increment(ref made)}-");
    private readonly Dictionary<string, LabDelay> delays = [];

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
            lab.DisposeAsync().AsTask().GetAwaiter().GetResult();
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

    /// <summary>The place's questions to the name server get no answer.</summary>
    internal void NoNames(string from) => Rule("iifname", $"to-{from}", "udp", "dport", "53", "drop");

    /// <summary>TCP from the one place to the other is answered with a reset by the router, as by a firewall.</summary>
    internal void Reset(string from, string to) =>
        Rule("iifname", $"to-{from}", "oifname", $"to-{to}", "meta", "l4proto", "tcp", "reject", "with", "tcp", "reset");

    /// <summary>Of what passes from the one place to the other, so many of a hundred packets are lost; and as many back.</summary>
    internal void Lose(string from, string to, int percent)
    {
        foreach (var (a, b) in new[] { (from, to), (to, from) })
        {
            Rule("iifname", $"to-{a}", "oifname", $"to-{b}", "numgen", "random", "mod", "100", "<", percent.ToString(CultureInfo.InvariantCulture), "drop");
        }
    }

    /// <summary>A firewall before the place answers what comes for a port with "administratively prohibited".</summary>
    internal void Filter(string from, string to, int port) => Rule(
        "iifname", $"to-{from}", "oifname", $"to-{to}", "tcp", "dport", port.ToString(CultureInfo.InvariantCulture), "reject", "with", "icmp", "type", "admin-prohibited");

    /// <summary>What goes to the place passes a narrow link.</summary>
    internal void Narrow(string place, string rate) =>
        Run("ip", "netns", "exec", Name(Router), "tc", "qdisc", "replace", "dev", $"to-{place}", "root", "tbf", "rate", rate, "burst", "4k", "latency", "2s");

    /// <summary>All that the place sends and gets takes so much longer, each way.</summary>
    internal void Slow(string place, TimeSpan delay)
    {
        const string device = "slow";
        delays[place] = new LabDelay((name, open) => Within(name, open), [(Name(place), device), (Name(Router), $"slow-{place}")], delay);
        Run("ip", "-n", Name(place), "route", "replace", "default", "dev", device, "src", AddressOf(place));
        Run("ip", "-n", Name(Router), "route", "replace", $"{AddressOf(place)}/32", "dev", $"slow-{place}");
    }

    /// <summary>The place's link is as wide and as fast as the others again.</summary>
    internal async Task QuickAsync(string place)
    {
        if (delays.Remove(place, out var delay))
        {
            Run("ip", "-n", Name(place), "route", "replace", "default", "via", $"{AddressOf(place)[..^1]}1");
            Run("ip", "-n", Name(Router), "route", "del", $"{AddressOf(place)}/32");
            await delay.DisposeAsync();
        }
        else
        {
            Run("ip", "netns", "exec", Name(Router), "tc", "qdisc", "del", "dev", $"to-{place}", "root");
        }
    }

    /// <summary>The place's own route to another is a black hole.</summary>
    internal void BlackHole(string place, string to) => Run("ip", "-n", Name(place), "route", "add", "blackhole", $"{AddressOf(to)}/32");

    internal void NoBlackHole(string place, string to) => Run("ip", "-n", Name(place), "route", "del", "blackhole", $"{AddressOf(to)}/32");

    /// <summary>Every path is whole again.</summary>
    internal void Clear() => Nft("flush", "chain", "ip", "lab", "path");

    /// <summary>Runs code in a place's network. Sockets made and programs started there stay there, whoever uses them later.</summary>
    internal T Inside<T>(string place, Func<T> call) => Within(Name(place), call);

    private static T Within<T>(string name, Func<T> call)
    {
        var done = new TaskCompletionSource<T>();
        var thread = new Thread(() =>
        {
            try
            {
                Enter(name);
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

    /// <summary>Programs started in the place ask this name server.</summary>
    internal void NamesFrom(string place, string server)
    {
        Directory.CreateDirectory(Resolver(place));
        File.WriteAllText(Path.Combine(Resolver(place), "resolv.conf"), $"nameserver {AddressOf(server)}\noptions timeout:1 attempts:2\n");
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

    // Where ip netns exec looks for it.
    private string Resolver(string place) => $"/etc/netns/{Name(place)}";

    public async ValueTask DisposeAsync()
    {
        foreach (var place in delays.Keys.ToList())
        {
            await QuickAsync(place);
        }

        foreach (var place in Places.Append(Router))
        {
            if (Directory.Exists(Resolver(place)))
            {
                Directory.Delete(Resolver(place), recursive: true);
            }

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

    private static void Enter(string name)
    {
        using var network = File.OpenHandle($"/run/netns/{name}");
        if (setns((int)network.DangerousGetHandle(), NewNetwork) != 0)
        {
            throw new InvalidOperationException($"cannot enter {name}: {Marshal.GetLastPInvokeErrorMessage()}");
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
