using System.Globalization;
using System.Net.Sockets;
using Hinoban.Agent.Setup;
using Hinoban.Checks;

namespace Hinoban.Agent.Measures;

/// <summary>A TCP connection from this machine to another.</summary>
internal static class Dial
{
    /// <summary>Connects; what fails is told by <see cref="Why"/>.</summary>
    internal static async Task<NetworkStream> ConnectAsync(string host, int port, CancellationToken cancel)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await client.ConnectAsync(host, port, cancel);
            return new NetworkStream(client, ownsSocket: true);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    internal static async Task<Answer> TakeAsync(TcpPlan plan, TimeProvider clock, CancellationToken cancel)
    {
        var started = clock.GetTimestamp();
        var place = string.Create(CultureInfo.InvariantCulture, $"{plan.Host} port {plan.Port}");
        using var limit = new Checks.LookLimit(plan.Timeout, clock, cancel);
        try
        {
            await using var stream = await ConnectAsync(plan.Host, plan.Port, limit.Token);
        }
        catch (Exception failure) when (Why(failure, limit) is { } why)
        {
            return new Answer(CheckStatus.Critical, $"TCP CRITICAL - {place}: {why}");
        }

        return Timed("TCP", $"response time on {place}", clock.GetElapsedTime(started), plan.Limits, plan.Timeout);
    }

    internal static Answer Timed(string word, string what, TimeSpan took, Limits limits, TimeSpan timeout, string more = "")
    {
        var status = limits.Judge(took.TotalSeconds);
        return new Answer(
            status,
            $"{word} {Answer.Word(status)} - {PerfText.Number(took.TotalSeconds, "0.000")} second {what}",
            more,
            PerfText.Of("time", $"{PerfText.Number(took.TotalSeconds, "0.000000")}s", limits, "0", PerfText.Number(timeout.TotalSeconds, "0.000000")));
    }

    /// <summary>What went wrong on the way, in words; null for what is no matter of connections.</summary>
    internal static string? Why(Exception failure, Checks.LookLimit limit) => failure switch
    {
        OperationCanceledException when limit.TimedOut => string.Create(CultureInfo.InvariantCulture, $"no answer within {limit.Timeout.TotalSeconds:0.###} seconds"),
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException socket => socket.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.NoData => "there is no such host name",
            SocketError.TryAgain => "the name server does not answer",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => "there is no route to it",
            SocketError.AccessDenied => "a firewall, there or here, forbids it",
            _ => socket.Message,
        },
        EndOfStreamException => "it closed the connection before it answered",
        IOException { InnerException: SocketException inner } => inner.Message,
        IOException io => io.Message,
        System.Security.Authentication.AuthenticationException tls => $"TLS failed: {tls.Message}",
        _ => null,
    };
}
