using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Storage;

namespace Hinoban.Tests.Results;

/// <summary>What a batch holds arrives as it was sent, and what is no batch is refused without harm.</summary>
public sealed class CodecTests
{
    [Fact]
    public void Any_batch_comes_back_the_same()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var batch = Wild(random);
            var back = BatchCodec.Read(BatchCodec.Write(batch));
            Assert.True(batch.Results.SequenceEqual(back.Results), $"seed {seed}");
            Assert.True(batch.Unanswered.SequenceEqual(back.Unanswered), $"seed {seed}");
            Assert.Equal(batch with { Results = back.Results, Unanswered = back.Unanswered }, back);
        }
    }

    [Fact]
    public void Any_damage_is_refused_as_garbage_or_is_another_sane_batch()
    {
        var refused = 0;
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var body = seed % 3 == 0 ? RandomBytes(random) : Damaged(random, BatchCodec.Write(Wild(random, 3)));
            try
            {
                var batch = BatchCodec.Read(body);
                Assert.All(batch.Results, r => _ = batch.AgeOf(r));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1500, 3000);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var random = new Random(5);
        foreach (var body in new[] { BatchCodec.Write(Wild(random, 1)), BatchCodec.Write(Some.Batch(1, new Moment(DateTimeOffset.UnixEpoch, default), Some.Wild(random))) })
        {
            for (var length = 0; length < Math.Min(body.Length, 3000); length++)
            {
                Assert.Throws<InvalidDataException>(() => BatchCodec.Read(body.AsSpan(0, length)));
            }
        }
    }

    [Fact]
    public void A_bomb_is_refused_by_its_promise()
    {
        var bomb = Packing.Pack(new byte[BatchCodec.MaxUnpacked + 1], quality: 9);
        Assert.InRange(bomb.Length, 1, 10_000);
        Assert.Throws<InvalidDataException>(() => BatchCodec.Read(bomb));
    }

    [Fact]
    public void An_order_that_unpacks_to_more_than_any_plan_is_refused()
    {
        Assert.Equal(new BeatOrder().GetType(), OrderCodec.Read(Packed(OrderCodec.MaxUnpacked - 100))!.GetType());
        Assert.Throws<InvalidDataException>(() => OrderCodec.Read(Packed(OrderCodec.MaxUnpacked + 1)));

        static byte[] Packed(int spaces)
        {
            using var packed = new MemoryStream();
            using (var brotli = new System.IO.Compression.BrotliStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            {
                brotli.Write("{\"order\":\"beat\""u8);
                var block = new byte[1024 * 1024];
                block.AsSpan().Fill((byte)' ');
                for (var left = spaces; left > 0; left -= block.Length)
                {
                    brotli.Write(block, 0, Math.Min(left, block.Length));
                }

                brotli.Write("}"u8);
            }

            return System.Text.Encoding.ASCII.GetBytes($"{{\"order\":\"packed\",\"data\":\"{Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length)}\"}}");
        }
    }

    [Fact]
    public void A_forged_length_or_count_gets_no_memory()
    {
        byte[] promise = [1, 0xff, 0xff, 0xff, 0x0f, 0x21, 0x00, 0x00, 0x04, 0x61, 0x03];
        var writer = new ByteWriter();
        writer.Unsigned(50_001);
        writer.Raw(new byte[50_001]);
        var many = writer.ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => Packing.Unpack(promise, BatchCodec.MaxUnpacked));
        Assert.Throws<InvalidDataException>(() =>
        {
            var reader = new ByteReader(many);
            return ResultCodec.Read(ref reader, most: 50_000);
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void What_is_longer_than_the_first_room_is_unpacked_whole()
    {
        var plain = Enumerable.Range(0, 300_000).Select(i => (byte)(i / 1000)).ToArray();
        var packed = Packing.Pack(plain);
        Assert.InRange(packed.Length, 1, 10_000);
        Assert.Equal(plain, Packing.Unpack(packed, plain.Length));
        Assert.Throws<InvalidDataException>(() => Packing.Unpack(packed, plain.Length - 1));
        Assert.Throws<InvalidDataException>(() => Packing.Unpack(packed.AsSpan(0, packed.Length / 2), plain.Length));
    }

    [Fact]
    public void Samples_whose_item_overflows_are_garbage() =>
        Assert.Throws<InvalidDataException>(() => SampleBatch.Read([1, 1, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0], _ => true));

    [Theory]
    [InlineData("""{"order":"episodes"}""")]
    [InlineData("""{"order":"episodes","notes":[null]}""")]
    [InlineData("""{"order":"episodes","notes":[{"item":3,"episode":1}]}""")]
    public void An_order_with_something_left_out_is_garbage(string line) => Assert.Throws<InvalidDataException>(() => OrderCodec.Read(System.Text.Encoding.UTF8.GetBytes(line)));

    [Theory]
    [InlineData("""{"site":"tokyo","pin":""}""")]
    [InlineData("""{"site":"tokyo","pin":"","notes":[null],"episodes":[]}""")]
    [InlineData("""{"site":"tokyo","pin":"","notes":[],"episodes":[{"item":3,"episode":1,"from":0}]}""")]
    [InlineData("""{"site":"tokyo","pin":"","notes":[{"item":3,"episode":1,"number":"x"}],"episodes":[]}""")]
    public void A_word_with_something_left_out_is_garbage(string word)
    {
        Assert.Throws<InvalidDataException>(() => AwayCodec.Read<HandBack>(System.Text.Encoding.UTF8.GetBytes(word)));
        Assert.Throws<InvalidDataException>(() => AwayCodec.Read<PeerWord>(System.Text.Encoding.UTF8.GetBytes(word.Replace("[]", "null", StringComparison.Ordinal))));
    }

    [Fact]
    public void Batches_that_contradict_themselves_are_refused()
    {
        var now = new Moment(DateTimeOffset.UnixEpoch, TimeSpan.FromDays(1));
        var good = Some.Batch(1, now, Some.Result(1, now));
        Assert.Equal(1, BatchCodec.Read(BatchCodec.Write(good)).Sequence);
        ResultBatch[] wrong =
        [
            good with { Sequence = 0 },
            good with { Results = [] },
            good with { Sequence = -1 },
            good with { Epoch = 0 },
            good with { Results = [good.Results[0] with { StartedMono = TimeSpan.MinValue }] },
            good with { Results = [good.Results[0] with { Took = TimeSpan.FromTicks(-1) }] },
            good with { SentMono = TimeSpan.MaxValue },
            good with { Unanswered = [new UnansweredLook(new ItemId(1), TimeSpan.MinValue)] },
        ];
        Assert.All(wrong, w => Assert.Throws<InvalidDataException>(() => BatchCodec.Read(BatchCodec.Write(w))));
    }

    [Fact]
    public void Plain_OKs_travel_in_a_few_bytes()
    {
        var start = new Moment(new DateTimeOffset(2026, 4, 14, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(3));
        var results = Enumerable.Range(1, 500).Select(i => Some.Result(i * 7, start + TimeSpan.FromMilliseconds(i * 18))).ToArray();
        var body = BatchCodec.Write(Some.Batch(1, start + TimeSpan.FromSeconds(10), results));
        Assert.InRange(body.Length, 1, 500 * 12);
    }

    private static ResultBatch Wild(Random random, int most = 20)
    {
        var sequence = random.Next(4) == 0 ? 0 : random.NextInt64(1, long.MaxValue);
        var results = sequence == 0 ? [] : Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => Some.Wild(random)).ToList();
        return new ResultBatch(
            new SiteName("tokyo"),
            random.NextInt64(1, long.MaxValue),
            sequence,
            sequence == 0 ? Lane.Live : (Lane)random.Next(2),
            new DateTimeOffset(random.NextInt64(DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero),
            new TimeSpan(random.NextInt64(TimeSpan.TicksPerDay * 50_000)),
            results,
            [.. Enumerable.Range(0, random.Next(4)).Select(i => new UnansweredLook(new ItemId(i), new TimeSpan(random.Next())))],
            new SiteHealth(random.Next(), random.Next(), random.Next(), random.NextInt64(), random.NextInt64(), new TimeSpan(random.NextInt64()), default, random.Next(), random.Next(),
                random.Next(3) * random.NextInt64(1_000_000), Perhaps(random), Perhaps(random))
            {
                Place = (PlaceState)random.Next(3),
                Anchors = random.Next(2) == 0 ? null : new AnchorHealth(random.Next(5), random.Next(1, 5), random.Next(1, 5)),
            });
    }

    private static TimeSpan? Perhaps(Random random) => random.Next(2) == 0 ? null : new TimeSpan(random.NextInt64(1, TimeSpan.TicksPerDay * 50_000));

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(300)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Damaged(Random random, byte[] body)
    {
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            body[random.Next(body.Length)] = (byte)random.Next(256);
        }

        return random.Next(2) == 0 ? body : body[..random.Next(body.Length)];
    }
}
