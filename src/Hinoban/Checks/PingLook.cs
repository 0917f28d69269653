using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>ICMP echo: some packets a fifth of a second apart, their mean round-trip time and loss, as check_ping.</summary>
internal sealed class PingLook(Connector connector, TimeProvider clock) : ILook, IDisposable
{
    private const string Prefix = "PING ";

    // Close enough for a quick look, far enough that one full queue on the way does not take all of them.
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(200);

    // After the last packet, once some came back: longer than this is loss.
    private static readonly TimeSpan Straggler = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<AddressFamily, EchoSocket> sockets = [];

    public async Task<LookAnswer> LookAsync(ItemPlan item, TimeSpan timeout, CancellationToken cancel)
    {
        var plan = (PingLookPlan)item.Look;
        using var limit = new LookLimit(timeout, clock, cancel);
        try
        {
            var target = (await connector.FindAsync(item.Address, limit.Token))[0];
            if (Socket(target.AddressFamily, out var error) is not { } socket)
            {
                return NoPermission(error);
            }

            var run = new EchoRun(target, plan.Packets, clock);
            try
            {
                await SendAsync(socket, run, plan, limit);
            }
            finally
            {
                socket.Forget(run);
            }

            cancel.ThrowIfCancellationRequested();
            return Judge(plan, run, item.Address, timeout);
        }
        catch (OperationCanceledException) when (limit.TimedOut)
        {
            return LookFailures.Transport(Prefix, NoValue.TimedOut, $"name not resolved in time: {item.Address}");
        }
        catch (SocketException fault)
        {
            return LookFailures.Of(Prefix, fault.SocketErrorCode, item.Address);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var socket in sockets.Values)
            {
                socket.Dispose();
            }

            sockets.Clear();
        }
    }

    internal static LookAnswer Judge(PingLookPlan plan, EchoRun run, string address, TimeSpan timeout)
    {
        var trips = run.Trips;
        var loss = (plan.Packets - trips.Count) * 100 / plan.Packets;
        var lossPerf = string.Create(CultureInfo.InvariantCulture, $"pl={loss}%;{plan.WarnLoss};{plan.CritLoss};0");
        if (trips.Count == 0)
        {
            return run.Unreachable > 0
                ? LookFailures.Transport(Prefix, NoValue.Unreachable, $"host unreachable ({address})", lossPerf)
                : LookFailures.Transport(Prefix, NoValue.TimedOut, string.Create(CultureInfo.InvariantCulture, $"Packet loss = 100%, no answer from {address} within {timeout.TotalSeconds:0.###} seconds"), lossPerf);
        }

        var mean = TimeSpan.FromTicks((long)trips.Average(t => t.Ticks));
        var status = loss >= plan.CritLoss || mean >= plan.CritRtt ? CheckStatus.Critical
            : loss >= plan.WarnLoss || mean >= plan.WarnRtt ? CheckStatus.Warning
            : CheckStatus.Ok;
        return new LookAnswer(
            status,
            Reply.Answer,
            NoValue.None,
            string.Create(CultureInfo.InvariantCulture, $"PING {Perf.Word(status)} - Packet loss = {loss}%, RTA = {mean.TotalMilliseconds:0.00} ms"),
            Perfdata: string.Create(CultureInfo.InvariantCulture, $"rta={mean.TotalMilliseconds:0.000}ms;{plan.WarnRtt?.TotalMilliseconds};{plan.CritRtt?.TotalMilliseconds};0 {lossPerf}"));
    }

    private static LookAnswer NoPermission(SocketError error) => LookFailures.Engine(
        Prefix,
        error == SocketError.AccessDenied
            ? "this program may not send ICMP: give it the capability CAP_NET_RAW (setcap cap_net_raw+ep FILE, or AmbientCapabilities= of its systemd unit)"
            : $"no ICMP on this machine: {LookFailures.Words(error)}");

    private EchoSocket? Socket(AddressFamily family, out SocketError error)
    {
        lock (gate)
        {
            error = SocketError.Success;
            if (!sockets.TryGetValue(family, out var socket) && (socket = EchoSocket.Open(family, clock, out error)) is not null)
            {
                sockets[family] = socket;
            }

            return socket;
        }
    }

    private async Task SendAsync(EchoSocket socket, EchoRun run, PingLookPlan plan, LookLimit limit)
    {
        for (var packet = 0; packet < plan.Packets; packet++)
        {
            if (packet > 0 && !await PauseAsync(Gap, limit))
            {
                return;
            }

            socket.Send(run, packet);
        }

        if (plan.Packets == 1)
        {
            await AnsweredAsync(run.All, limit);
            return;
        }

        // None back yet: the whole time-out is theirs. Some back: the rest have a little more.
        if (await FirstAsync(run.All, run.First, limit))
        {
            await SettledAsync(run, Straggler > plan.CritRtt ? Straggler : Straggler + (plan.CritRtt ?? TimeSpan.Zero), limit);
        }
    }

    private static async Task<bool> FirstAsync(Task all, Task first, LookLimit limit) => await AnsweredAsync(Task.WhenAny(all, first), limit) && !all.IsCompleted;

    private static async Task<bool> AnsweredAsync(Task answers, LookLimit limit)
    {
        try
        {
            await answers.WaitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task SettledAsync(EchoRun run, TimeSpan straggler, LookLimit limit)
    {
        try
        {
            await run.All.WaitAsync(straggler, clock, limit.Token);
        }
        catch (Exception over) when (over is TimeoutException or OperationCanceledException)
        {
            // The rest is lost.
        }
    }

    private async Task<bool> PauseAsync(TimeSpan gap, LookLimit limit)
    {
        try
        {
            await Task.Delay(gap, clock, limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
