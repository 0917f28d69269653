extern alias agent;

using System.Buffers.Binary;
using System.Text;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Checks.Nrpe;
using Hinoban.Checks.Via;
using Hinoban.Results;
using Hinoban.Specs;
using Batch = agent::Hinoban.Agent.Serving.Batch;

namespace Hinoban.Fuzz.Targets;

/// <summary>What plugins and agents say: packets, batches, first lines, performance data, ranges.</summary>
internal static class PluginTargets
{
    private const string Unit = "%";
    private const int Header = 16;

    internal static IReadOnlyList<Target> All { get; } =
    [
        new("nrpe", Nrpe, "src/Hinoban/Checks/Nrpe/NrpeCodec.cs")
        {
            Tokens = [[0, 2, 0, 1], [0, 3, 0, 2], [0, 4, 0, 1], [0, 4, 0, 2], [0, 0, 0, 1], [0, 16, 0, 0], [0, 15, 255, 255], [0x80, 0, 0, 0], .. Target.Words("_NRPE_CHECK", "hinoban_batch!1!", "\0")],
        },
        new("agent-batch", AgentBatch, "src/Hinoban/Checks/Via/AgentAnswer.cs")
        {
            Tokens = Target.Words("{\"v\":1,\"items\":[", "{\"name\":\"", "\"status\":", "\"output\":", "\"long\":", "\"perf\":", "]}", "},{", "null", "\\ud800", "\\u0000", "1e9", "[[[[[[[[", "\ufeff", "//", "\"v\":2"),
        },
        new("perfdata", Perfdata, "src/Hinoban/Results/PerfReader.cs")
        {
            Tokens = Target.Words("'", "''", "=", ";", "U", "e", "E+", "-", ".", "s", "%", "KB", "|", "\t", "1e308", "1e-324", "label=1.5s;2;3;0;10"),
        },
        new("plugin-output", Output, "src/Hinoban/Checks/PluginOutput.cs")
        {
            Tokens = [.. Target.Words("|", "\n", "\r\n", " | ", "|a=1", "\n|", "OK - ", "\0", "\t", "あ", "😀"), [0xe3, 0x81], [0xf0, 0x9f, 0x98], [0xff]],
        },
        new("range", Range, "src/Hinoban/Basics/NagiosRange.cs") { Tokens = Target.Words("@", "~", ":", "~:", "%", "-", "+", ".", "e5", "∞", "Infinity", "NaN", "(1)", "1,000", " ", "٣") },
        new("used-words", Used, "src/Hinoban/Specs/UsedWords.cs") { Tokens = Target.Words("used", "free", "%", "@", "~:", ":", " ", "80% used", "20% free", "100%", "-0%", "1e2%") },
    ];

    // As it is, and with the checksum that it should have: a bent packet has nearly never the right one.
    private static void Nrpe(ReadOnlyMemory<byte> input)
    {
        Packet(input);
        if (WithItsSum(input.Span) is { } mended)
        {
            Packet(mended);
        }
    }

    private static byte[]? WithItsSum(ReadOnlySpan<byte> input)
    {
        if (input.Length < Header || BinaryPrimitives.ReadInt16BigEndian(input) is not (>= 2 and <= 4 and var version))
        {
            return null;
        }

        var length = version == 2 ? NrpeCodec.FixedLength : Header + (long)BinaryPrimitives.ReadInt32BigEndian(input[12..]);
        if (length < Header || length > input.Length)
        {
            return null;
        }

        var mended = input.ToArray();
        var packet = mended.AsSpan(0, (int)length);
        packet[4..8].Clear();
        if (version != 2)
        {
            packet[10..12].Clear();
        }

        var sum = Crc32.AddZeros(Crc32.Add(Crc32.Start, packet), version == 3 ? 3 : 0);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], Crc32.End(sum));
        return mended;
    }

    // What is read of the beginning must agree with what is read of the whole, and a packet written again is the same packet.
    private static void Packet(ReadOnlyMemory<byte> input)
    {
        var whole = NrpeCodec.Read(input.Span);
        switch (whole.State)
        {
            case NrpeState.Wanting:
                Hold.That(whole.Needs > input.Length, "wants no more than there is");
                Hold.That(whole.Needs <= 16 + NrpeCodec.MostText, "wants more than a packet can have");
                break;
            case NrpeState.Whole:
                Hold.That(whole.Used <= input.Length && whole.Used > 0, "takes more than there is");
                Rewritten(whole.Packet!);
                break;
        }

        foreach (var length in (ReadOnlySpan<int>)[1, 3, 7, 15, 16, input.Length / 2, input.Length - 1, whole.Used - 4])
        {
            if (length > 0 && length < input.Length)
            {
                var part = NrpeCodec.Read(input.Span[..length]);
                Hold.That(part.State == NrpeState.Wanting || (part.State == whole.State && part.Why == whole.Why && part.Packet == whole.Packet), "a beginning says something else than the whole");
            }
        }
    }

    private static void Rewritten(NrpePacket packet)
    {
        var bytes = NrpeCodec.Write(packet);
        var again = NrpeCodec.Read(bytes);
        Hold.That(again.State == NrpeState.Whole && again.Used == bytes.Length, "cannot be read as it was written");
        Hold.That(packet with { Text = "" } == again.Packet! with { Text = "" }, "written and read it is another packet");
        Hold.That(packet.Text == again.Packet!.Text || (packet.Version == NrpeVersion.V2 && packet.Text.StartsWith(again.Packet.Text, StringComparison.Ordinal)) || Encoding.UTF8.GetByteCount(packet.Text) >= NrpeCodec.StockText, "written and read it has another text");
        Hold.SameBytes(NrpeCodec.Write(again.Packet), bytes, "written twice it differs");
    }

    // Read by the site; written by the agent and read again it is the same. With an exclamation mark in front it is a refusal.
    private static void AgentBatch(ReadOnlyMemory<byte> input)
    {
        var refused = input.Span is [(byte)'!', ..];
        var text = Encoding.UTF8.GetString(input.Span[(refused ? 1 : 0)..]);
        _ = Batch.Names(text);
        try
        {
            var items = AgentAnswer.Read(new NrpePacket(NrpeVersion.V4, NrpeKind.Response, (short)(refused ? 3 : 0), text));
            var written = Batch.Write([.. items.Select(i => (i.Key, new agent::Hinoban.Agent.Answer((agent::Hinoban.Checks.CheckStatus)i.Value.Status, i.Value.Output, i.Value.Long, i.Value.Perfdata), TimeSpan.FromMilliseconds(3)))]);
            var again = AgentAnswer.Read(new NrpePacket(NrpeVersion.V4, NrpeKind.Response, 0, written));
            Hold.That(again.Count == items.Count && items.All(i => again[i.Key] == i.Value), "the agent's own answer reads as another");
        }
        catch (NrpeBrokenException)
        {
            // What is no answer to a batch ends so.
        }
    }

    private static void Perfdata(ReadOnlyMemory<byte> input)
    {
        var text = Encoding.UTF8.GetString(input.Span);
        Hold.That(Metrics(text).SequenceEqual(Metrics($"  {text}")), "blanks before it change the values");
        Hold.That(Metrics(text).All(m => double.IsFinite(m.Value)), "no finite number");
    }

    private static List<(string Label, double Value, string Unit)> Metrics(string text)
    {
        var reader = new PerfReader(text);
        var all = new List<(string, double, string)>();
        while (reader.Next())
        {
            all.Add((PerfReader.Clean(reader.Label), reader.Value, reader.Unit.ToString()));
        }

        return all;
    }

    // Put together as a plugin prints it, and taken apart again.
    private static void Output(ReadOnlyMemory<byte> input)
    {
        var dropped = input.Span is [(byte)'!', ..] ? 17 : 0;
        var parts = PluginOutput.Parse(input.Span, dropped);
        Hold.That(!parts.First.Contains('\n', StringComparison.Ordinal), "a first line of two lines");
        Hold.That(parts.First.Length + parts.Long.Length + parts.Perfdata.Length <= input.Length + 64, "more comes out than went in");
        // With nothing in it the first line is one of those that are passed over.
        if (dropped == 0 && parts.First.Length + parts.Perfdata.Length > 0)
        {
            var printed = $"{parts.First}{(parts.Perfdata.Length > 0 ? "|" : "")}{parts.Perfdata}\n{parts.Long}";
            Hold.Same(parts, PluginOutput.Parse(Encoding.UTF8.GetBytes(printed), 0), "printed and read again it differs");
        }
    }

    private static void Range(ReadOnlyMemory<byte> input)
    {
        var text = Encoding.UTF8.GetString(input.Span);
        foreach (var unit in (string[])["", Unit])
        {
            if (NagiosRange.TryParse(text, out var range, unit) == RangeFault.None)
            {
                Hold.That(range.Start <= range.End && !double.IsNaN(range.Start), "a range that is none");
                Hold.That(NagiosRange.TryParse(range.ToString(), out var again) == RangeFault.None && again == range, "written and read it is another range");
                Hold.Same(range.Alerts(range.Start), range.Inside, "its own end is on the other side");
                Hold.Same(range.Alerts(double.NaN), (double.IsNegativeInfinity(range.Start) && double.IsPositiveInfinity(range.End)) == range.Inside, "no number is inside it");
            }
        }
    }

    private static void Used(ReadOnlyMemory<byte> input)
    {
        var text = Encoding.UTF8.GetString(input.Span);
        if (UsedWords.Read(text) is { } range)
        {
            Hold.Same(range, UsedWords.Read(UsedWords.Written(range)!), "written and read it is another threshold");
            Hold.That(UsedWords.BothForms(range)!.Contains(range, StringComparison.Ordinal), "its print leaves it out");
        }

        _ = UsedWords.UpperOf(text);
    }
}
