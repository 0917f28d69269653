using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>Asks a name server a question: over UDP, and again over TCP where the answer does not fit.</summary>
internal sealed class DnsLook(Connector connector, TimeProvider clock) : ILook
{
    public async Task<LookAnswer> LookAsync(ItemPlan item, TimeSpan timeout, CancellationToken cancel)
    {
        var plan = (DnsLookPlan)item.Look;
        using var limit = new LookLimit(timeout, clock, cancel);
        var sight = new WireSight();
        var outcome = await WireRun.RunAsync(sight, limit, () => AskAsync(plan, item.Address, sight, limit));
        return new WireRules("DNS", item.Address, plan.Port, timeout, clock.GetUtcNow()) { Warn = plan.Warn, Crit = plan.Crit }.Judge(outcome, sight);
    }

    private async Task<WireOutcome> AskAsync(DnsLookPlan plan, string address, WireSight sight, LookLimit limit)
    {
        var asked = new Asked(plan, (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1));
        var over = new Datagram(connector, address, plan.Port, clock);
        DnsReading? reading = null;
        var outcome = await over.AskAsync(asked.Question, d => Take(reading = asked.Read(d.Span), asked, sight), sight, limit);
        return reading is { Ours: true, Truncated: true } ? await OverTcpAsync(plan, address, asked, sight, limit) : outcome;
    }

    private async Task<WireOutcome> OverTcpAsync(DnsLookPlan plan, string address, Asked asked, WireSight sight, LookLimit limit)
    {
        // The answer over UDP was none: what TCP does is told by itself.
        (sight.Bytes, sight.FirstByte, sight.Banner) = (0, null, "");
        await using var wire = await Wire.OpenAsync(connector, address, plan.Port, sight, limit);
        sight.Stage = "truncated over UDP, no answer over TCP";
        var question = new byte[asked.Question.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(question, (ushort)asked.Question.Length);
        asked.Question.CopyTo(question, 2);
        await wire.SendAsync(question);
        var answer = new List<byte>();
        while (answer.Count < 2 || answer.Count < 2 + ((answer[0] << 8) | answer[1]))
        {
            var some = await wire.SomeAsync();
            if (some.Length == 0)
            {
                return new WireOutcome(WireFate.Closed);
            }

            answer.AddRange(some);
        }

        byte[] message = [.. answer.Skip(2).Take((answer[0] << 8) | answer[1])];
        return Take(asked.Read(message) with { Truncated = false }, asked, sight) ?? new WireOutcome(WireFate.Garbage, "an answer to another question");
    }

    /// <summary>Null: no answer to this question.</summary>
    private static WireOutcome? Take(DnsReading reading, Asked asked, WireSight sight)
    {
        if (!reading.Ours)
        {
            return reading.Why.Length > 0 ? new WireOutcome(WireFate.Garbage, $"not DNS: {reading.Why}") : null;
        }

        var (name, type) = (asked.Plan.Name, asked.Plan.Type);
        string[] found = [.. reading.Answers.Where(r => r.Type == DnsCodec.TypeOf(type)).Select(r => r.Data)];
        sight.Banner = $"{name} {type} {string.Join(", ", found)}".TrimEnd();
        return reading.Truncated ? WireOutcome.Done
            : reading.Code != 0 ? new WireOutcome(WireFate.Denied, $"{DnsCodec.CodeWord(reading.Code)} for {name} {type}")
            : found.Length == 0 ? new WireOutcome(WireFate.Denied, $"no {type} record of {name}")
            : asked.Plan.Expect.FirstOrDefault(e => !Array.Exists(found, f => Same(f, e))) is { } missing
                ? new WireOutcome(WireFate.Denied, $"'{missing}' is not among {sight.Banner}")
            : WireOutcome.Done;
    }

    private static bool Same(string found, string wanted) =>
        IPAddress.TryParse(found, out var a) && IPAddress.TryParse(wanted, out var b) ? a.Equals(b)
            : string.Equals(found.TrimEnd('.'), wanted.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);

    private sealed record Asked(DnsLookPlan Plan, ushort Id)
    {
        private readonly string name = DnsCodec.Reverse(Plan.Name);

        internal byte[] Question { get; } = DnsCodec.Question(Id, DnsCodec.Reverse(Plan.Name), DnsCodec.TypeOf(Plan.Type));

        internal DnsReading Read(ReadOnlySpan<byte> message) => DnsCodec.Read(message, Id, name, DnsCodec.TypeOf(Plan.Type));
    }
}
