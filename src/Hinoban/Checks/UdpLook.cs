using System.Text;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>A datagram, and its answer.</summary>
internal sealed class UdpLook(Connector connector, TimeProvider clock) : ILook
{
    public async Task<LookAnswer> LookAsync(ItemPlan item, TimeSpan timeout, CancellationToken cancel)
    {
        var plan = (UdpLookPlan)item.Look;
        using var limit = new LookLimit(timeout, clock, cancel);
        var sight = new WireSight();
        byte[][] expect = [.. plan.Expect.Select(e => WireText.Bytes(e)!)];
        var question = new Datagram(connector, item.Address, plan.Port, clock);
        var outcome = await WireRun.RunAsync(sight, limit, () => question.AskAsync(WireText.Bytes(plan.Send)!, d => Judge(d.Span, expect, sight), sight, limit));
        return new WireRules("UDP", item.Address, plan.Port, timeout, clock.GetUtcNow()) { Warn = plan.Warn, Crit = plan.Crit }.Judge(outcome, sight);
    }

    private static WireOutcome Judge(ReadOnlySpan<byte> answer, byte[][] expect, WireSight sight)
    {
        sight.Banner = Encoding.UTF8.GetString(answer).Trim();
        foreach (var e in expect)
        {
            if (answer.IndexOf(e) >= 0)
            {
                return WireOutcome.Done;
            }
        }

        return expect.Length == 0 ? WireOutcome.Done
            : new WireOutcome(WireFate.Denied, $"what is expected is not in its answer '{WireRules.Short(sight.Banner)}'");
    }
}
