using System.Text;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>Greets a service in its own protocol and takes leave: POP, IMAP, SMTP, FTP, SSH, telnet. Logs in nowhere, sends no mail.</summary>
internal sealed class ServiceLook(Connector connector, TimeProvider clock) : ILook
{
    /// <summary>So much of what was heard is for texts, which show less of it.</summary>
    private const int Told = 1024;

    public async Task<LookAnswer> LookAsync(ItemPlan item, TimeSpan timeout, CancellationToken cancel)
    {
        var plan = (ServiceLookPlan)item.Look;
        using var limit = new LookLimit(timeout, clock, cancel);
        var sight = new WireSight();
        var outcome = await WireRun.RunAsync(sight, limit, () => RunAsync(plan, item.Address, sight, limit));
        return new WireRules(plan.Service.ToUpperInvariant(), item.Address, plan.Port, timeout, clock.GetUtcNow())
        {
            Warn = plan.Warn,
            Crit = plan.Crit,
            Tls = plan.Tls,
        }.Judge(outcome, sight);
    }

    private async Task<WireOutcome> RunAsync(ServiceLookPlan plan, string address, WireSight sight, LookLimit limit)
    {
        await using var wire = await Wire.OpenAsync(connector, address, plan.Port, sight, limit);
        if (plan.Tls.Mode == WireTls.Direct && await wire.SecureAsync(plan.Tls) is { } whyNot)
        {
            return whyNot;
        }

        return plan.Service == "telnet"
            ? await TelnetAsync(wire, plan, sight)
            : await TalkAsync(wire, plan, Talk.Of(plan.Service, plan.Tls.Mode == WireTls.StartTls), sight);
    }

    private async Task<WireOutcome> TalkAsync(Wire wire, ServiceLookPlan plan, Talk talk, WireSight sight)
    {
        for (var step = TalkStep.Hear; ;)
        {
            switch (step.Act)
            {
                case TalkAct.Say:
                    await wire.SayAsync(step.Words);
                    goto case TalkAct.Hear;
                case TalkAct.Hear:
                    var line = await wire.LineAsync();
                    if (line.End != WireEnd.Line)
                    {
                        return line.End == WireEnd.Closed ? new WireOutcome(WireFate.Closed, talk.Waits) : new WireOutcome(WireFate.Garbage, $"more than {talk.Protocol} would say");
                    }

                    step = talk.Heard(line.Text);
                    sight.Banner = talk.Greeting.Length > 0 ? talk.Greeting : line.Text;
                    sight.Stage = $"waiting for {talk.Waits}";
                    break;
                case TalkAct.Secure:
                    if (await wire.SecureAsync(plan.Tls) is { } whyNot)
                    {
                        return whyNot;
                    }

                    step = talk.Secured();
                    break;
                case TalkAct.Done:
                    await wire.FarewellAsync(talk.Quit.Length == 0 ? default : Encoding.ASCII.GetBytes(talk.Quit + "\r\n"), clock);
                    return Expected(plan, talk.Greeting);
                case TalkAct.Denied:
                    return new WireOutcome(WireFate.Denied, step.Words);
                default:
                    return new WireOutcome(WireFate.Garbage, $"not {talk.Protocol}: '{WireRules.Short(step.Words)}'");
            }
        }
    }

    private async Task<WireOutcome> TelnetAsync(Wire wire, ServiceLookPlan plan, WireSight sight)
    {
        var (ear, expect) = (new TelnetEar(), plan.Expect is null ? null : Encoding.UTF8.GetBytes(plan.Expect));
        while (await wire.SomeAsync() is { Length: > 0 } some)
        {
            var before = ear.Heard.Length;
            var answer = ear.Take(some);
            if (before < Told)
            {
                sight.Banner = ear.Text(Told).Trim();
            }

            sight.Stage = "waiting for what is expected";
            if (expect is null || ear.Heard[Math.Max(before - expect.Length, 0)..].IndexOf(expect) >= 0)
            {
                await wire.FarewellAsync(default, clock);
                return WireOutcome.Done;
            }

            await wire.SendAsync(answer);
        }

        return sight.Bytes >= Wire.MostBytes ? Expected(plan, ear.Text()) : new WireOutcome(WireFate.Closed, "what is expected");
    }

    private static WireOutcome Expected(ServiceLookPlan plan, string greeting) =>
        plan.Expect is null || greeting.Contains(plan.Expect, StringComparison.Ordinal) ? WireOutcome.Done
            : new WireOutcome(WireFate.Denied, $"'{plan.Expect}' is not in its greeting '{WireRules.Short(greeting)}'");
}
