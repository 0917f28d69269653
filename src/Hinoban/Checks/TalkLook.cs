using System.Text;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>A TCP connection over which something is sent and something is expected.</summary>
internal sealed class TalkLook(Connector connector, TimeProvider clock) : ILook
{
    /// <summary>So much of what was heard is for texts, which show less of it.</summary>
    private const int Told = 1024;

    public async Task<LookAnswer> LookAsync(ItemPlan item, TimeSpan timeout, CancellationToken cancel)
    {
        var plan = (TcpLookPlan)item.Look;
        using var limit = new LookLimit(timeout, clock, cancel);
        var sight = new WireSight();
        var outcome = await WireRun.RunAsync(sight, limit, () => RunAsync(plan, plan.Talk!, item.Address, sight, limit));
        return new WireRules("TCP", item.Address, plan.Port, timeout, clock.GetUtcNow())
        {
            Warn = plan.Warn,
            Crit = plan.Crit,
            Tls = plan.Talk!.Tls,
        }.Judge(outcome, sight);
    }

    private async Task<WireOutcome> RunAsync(TcpLookPlan plan, TalkPlan talk, string address, WireSight sight, LookLimit limit)
    {
        await using var wire = await Wire.OpenAsync(connector, address, plan.Port, sight, limit);
        if (talk.Tls.Mode == WireTls.Direct && await wire.SecureAsync(talk.Tls) is { } whyNot)
        {
            return whyNot;
        }

        if (WireText.Bytes(talk.Send) is { Length: > 0 } send)
        {
            await wire.SendAsync(send);
        }

        var heard = talk.Expect.Count == 0 ? WireOutcome.Done : await ExpectAsync(wire, [.. talk.Expect.Select(e => WireText.Bytes(e)!)], sight);
        if (heard.Fate == WireFate.Done)
        {
            await wire.FarewellAsync(WireText.Bytes(talk.Quit), clock);
        }

        return heard;
    }

    private static async Task<WireOutcome> ExpectAsync(Wire wire, byte[][] expect, WireSight sight)
    {
        var (heard, longest) = (new MemoryStream(), expect.Max(e => e.Length));
        while (await wire.SomeAsync() is { Length: > 0 } some)
        {
            var before = (int)heard.Length;
            heard.Write(some);
            if (before < Told)
            {
                sight.Banner = Encoding.UTF8.GetString(heard.GetBuffer(), 0, (int)Math.Min(heard.Length, Told)).Trim();
            }

            sight.Stage = "waiting for what is expected";
            // A service may speak byte by byte: what was searched is not searched again, but for a beginning at its end.
            var from = Math.Max(before - longest, 0);
            if (Array.Exists(expect, e => heard.GetBuffer().AsSpan(from, (int)heard.Length - from).IndexOf(e) >= 0))
            {
                return WireOutcome.Done;
            }
        }

        return sight.Bytes == 0 ? new WireOutcome(WireFate.Closed)
            : new WireOutcome(WireFate.Denied, $"what is expected is not in its answer '{WireRules.Short(sight.Banner)}'");
    }
}
