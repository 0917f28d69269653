using System.Text;
using System.Text.Json;
using Hinoban.Results;
using Hinoban.Specs;

namespace Hinoban.Fuzz.Targets;

/// <summary>What sites, desks and peers tell each other, and what customers' programs post.</summary>
internal static class LinkTargets
{
    private const string Customer = """
        customer: acme
        mailing_list: { address: acme@lists.example.jp, members: [{ desk: true }] }
        hosts:
          web01:
            address: web01.example.jp
            checks:
              http: {}
              backup: { kind: passive, freshness: 25h }
        """;

    private const int LongestLine = 8192;

    private static readonly DateTimeOffset Now = new(2026, 4, 14, 3, 0, 0, TimeSpan.Zero);
    private static readonly CustomerPlan Plan = PlanBuilder.Preview(SpecReader.ReadText("acme.yaml", Customer).Customers[0], []);

    internal static IReadOnlyList<Target> All { get; } =
    [
        new("batch", Batch, "src/Hinoban/Results/BatchCodec.cs", "src/Hinoban/Results/ResultCodec.cs", "src/Hinoban/Results/LogCodec.cs", "src/Hinoban/Results/ByteReader.cs", "src/Hinoban/Results/Packing.cs")
        {
            Tokens = [[0x80, 0x80, 0x80, 0x80, 0x10], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], [1], [0, 1], [6, .. "tokyo"u8], [0, 1, 6, .. "tok"u8], [3, 0xd8, 0], [0, 0, 0, 2, 2, 2]],
            // What was packed may be so many times longer; read and written back it is held a few times.
            Asked = input => 6 * Unpacked(input.Span),
        },
        new("order", Order, "src/Hinoban/Results/OrderCodec.cs")
        {
            Tokens = Target.Words("{\"order\":\"", "packed\",\"data\":\"", "look-now\"", "plan\"", "trace\"", "away\"", "episodes\"", "beat\"", "\"plan\":", "\"items\":[", "\"notes\":[", "null", "{}", "[]", "\\ud800", "\"item\":", "\"timeout\":\"00:00:03\"", "[[[[[["),
            Constant = 1024 * 1024,
        },
        new("away-word", Away, "src/Hinoban/Results/HandBack.cs")
        {
            Tokens = Target.Words("{\"site\":\"", "\"pin\":", "\"notes\":[", "\"episodes\":[", "\"events\":[", "\"item\":", "\"episode\":", "null", "{}", "[]", "\\udfff", "\"deskAge\":\"00:00:05\"", "1e3"),
            Constant = 1024 * 1024,
        },
        new("order-lines", Lines, "src/Hinoban/Results/LineReader.cs") { Tokens = Target.Words("\n", "\n\n", "{\"order\":\"beat\"}\n"), Constant = 256 * 1024, Factor = 400, Short = 5_000 },
        new("samples", Samples, "src/Hinoban/Results/SampleBatch.cs", "src/Hinoban/Results/SampleChunk.cs")
        {
            Tokens = [[1], [12], [0xff, 0xff, 0xff, 0xff, 0x0f], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], [255, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f], [8, 2, 255], [9]],
            // A chunk of samples that are all as expected takes next to nothing; its own limit bounds what it becomes.
            Asked = input => input.Span is [SampleChunk.Version, ..] ? 250L * SampleChunk.MostNumbers : 0,
        },
        new("posted", Posted, "src/Hinoban/Results/PostedReader.cs")
        {
            Tokens = Target.Words("{\"item\":\"web01/backup\"", ",\"time\":\"2026-04-14T12:00:00+09:00\"", ",\"state\":2", ",\"output\":\"", ",\"perfdata\":\"", ",\"id\":\"", "}", "{", "[", "]", ",", "null", "\\ud800", "\\u0000", "web01/http", "0001-01-01T00:00:00-14:00", "9999-12-31T23:59:60Z", "1e0"),
            Factor = 1000,
        },
    ];

    private static void Batch(ReadOnlyMemory<byte> input)
    {
        try
        {
            var batch = BatchCodec.Read(input.Span);
            _ = batch.Results.Select(batch.AgeOf).ToList();
            _ = batch.Aged(TimeSpan.FromDays(1));
            var written = BatchCodec.Write(batch);
            Hold.SameBytes(BatchCodec.Write(BatchCodec.Read(written)), written, "written and read it is another batch");
        }
        catch (InvalidDataException)
        {
            // What is not exactly a batch ends so.
        }
    }

    private static long Unpacked(ReadOnlySpan<byte> body)
    {
        try
        {
            return Packing.Unpack(body, BatchCodec.MaxUnpacked).LongLength;
        }
        catch (InvalidDataException)
        {
            return 0;
        }
    }

    private static void Order(ReadOnlyMemory<byte> input)
    {
        try
        {
            if (OrderCodec.Read(input.Span) is { } order)
            {
                var line = OrderCodec.Line(order);
                Hold.That(line.AsSpan().IndexOf((byte)'\n') == line.Length - 1, "an order of several lines");
                // What was left out is written as nothing, and from then on stays.
                line = OrderCodec.Line(OrderCodec.Read(line)!);
                Hold.SameBytes(OrderCodec.Line(OrderCodec.Read(line)!), line, "written and read it is another order");
            }
        }
        catch (InvalidDataException)
        {
            // Garbage ends so.
        }
    }

    private static void Away(ReadOnlyMemory<byte> input)
    {
        Word<HandBack>(input);
        Word<PeerWord>(input);
    }

    private static void Word<T>(ReadOnlyMemory<byte> input)
        where T : class
    {
        try
        {
            // What was left out is written as nothing, and from then on stays.
            var written = AwayCodec.Write(AwayCodec.Read<T>(AwayCodec.Write(AwayCodec.Read<T>(input.Span))));
            Hold.SameBytes(AwayCodec.Write(AwayCodec.Read<T>(written)), written, "written and read it is another word");
        }
        catch (InvalidDataException)
        {
            // What is none ends so.
        }
    }

    private static void Lines(ReadOnlyMemory<byte> input)
    {
        var whole = LinesOf(new ReadStream(input));
        var tooLong = Encoding.Latin1.GetString(input.Span).Split('\n').Any(l => l.Length > LongestLine);
        Hold.That(tooLong || whole.SequenceEqual(LinesOf(new ReadStream(input, 7))), "in pieces they are other lines");
        Hold.That(whole.Count <= input.Span.Count((byte)'\n') + 1, "more lines than there are");
    }

    private static List<string> LinesOf(ReadStream stream)
    {
        var reader = new LineReader(stream, LongestLine, () => { });
        var lines = new List<string>();
        try
        {
            while (reader.NextAsync(CancellationToken.None).GetAwaiter().GetResult() is { } line)
            {
                lines.Add(Encoding.Latin1.GetString(line));
            }
        }
        catch (InvalidDataException)
        {
            // A line beyond the limit ends so; how far beyond it that is seen depends on the pieces.
        }

        return lines;
    }

    private static void Samples(ReadOnlyMemory<byte> input)
    {
        var body = input.ToArray();
        try
        {
            var (all, even) = (SampleBatch.Read(body, _ => true), SampleBatch.Read(body, i => i % 2 == 0));
            Hold.That(even.Select(s => (s.Item, s.AtMicros)).SequenceEqual(all.Where(s => s.Item % 2 == 0).Select(s => (s.Item, s.AtMicros))), "some items read alone are other samples");
        }
        catch (InvalidDataException)
        {
            // What was not written by us ends so.
        }

        try
        {
            Hold.That(SampleChunk.Read(body, 7).All(s => s.Item == 7), "another item's samples");
        }
        catch (InvalidDataException)
        {
            // Likewise.
        }
    }

    private static void Posted(ReadOnlyMemory<byte> input)
    {
        List<JsonElement> written;
        try
        {
            using var document = JsonDocument.Parse(input);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                return;
            }

            written = [.. document.RootElement.EnumerateArray().Take(PostedReader.Most + 1).Select(e => e.Clone())];
        }
        catch (JsonException)
        {
            return; // refused before the reader sees it
        }

        var titles = written.Select(PostedReader.TitleOf).ToList();
        var (results, problems) = PostedReader.Read(Plan, written, Now);
        Hold.That(results.All(r => titles.Contains(r.Title)), "a result of an item that nothing names");
        Hold.That(results.Count + problems.Select(p => p.Result).Distinct().Count() >= Math.Min(written.Count, 1), "neither a result nor a problem");
        Hold.That(results.All(r => r.Output.Length + r.LongOutput.Length <= PostedReader.LongestOutput && r.Id.Length <= PostedReader.LongestId && r.TimeUtc <= Now + PostedReader.MostAhead && r.TimeUtc >= Now - PostedReader.MostBehind), "a result beyond its limits");
        _ = results.Select(r => r.Mark).ToList();
    }
}
