using System.Globalization;
using System.Net.Sockets;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>Opens a TCP connection, measures how long that took and closes it, as check_tcp does.</summary>
internal sealed class TcpLook(Connector connector, TimeProvider clock) : ILook
{
    private const string Prefix = "TCP ";

    public async Task<LookAnswer> LookAsync(ItemPlan item, TimeSpan timeout, CancellationToken cancel)
    {
        var plan = (TcpLookPlan)item.Look;
        using var limit = new LookLimit(timeout, clock, cancel);
        try
        {
            var addresses = await connector.FindAsync(item.Address, limit.Token);
            using var socket = await connector.ConnectAsync(addresses, plan.Port, limit.Token);
            return Answer(item, plan, limit.Elapsed, timeout);
        }
        catch (OperationCanceledException) when (limit.TimedOut)
        {
            return LookFailures.Transport(
                Prefix, NoValue.TimedOut, string.Create(CultureInfo.InvariantCulture, $"no answer from {LookFailures.Place(item.Address, plan.Port)} within {timeout.TotalSeconds:0.###} seconds"));
        }
        catch (SocketException fault)
        {
            return LookFailures.Of(Prefix, fault.SocketErrorCode, LookFailures.Place(item.Address, plan.Port));
        }
    }

    private static LookAnswer Answer(ItemPlan item, TcpLookPlan plan, TimeSpan took, TimeSpan timeout)
    {
        var status = Perf.Judge(took, plan.Warn, plan.Crit);
        return new LookAnswer(
            status,
            Reply.Answer,
            NoValue.None,
            string.Create(CultureInfo.InvariantCulture, $"TCP {Perf.Word(status)} - {took.TotalSeconds:0.000} second response time on {item.Address} port {plan.Port}"),
            Perfdata: Perf.Time(took, plan.Warn, plan.Crit, timeout));
    }
}
