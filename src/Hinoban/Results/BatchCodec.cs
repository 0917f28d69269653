using Hinoban.Basics;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>A posted batch as bytes (docs/reference/site-link.md). What is not exactly a batch ends in <see cref="InvalidDataException"/>.</summary>
internal static class BatchCodec
{
    internal const string ContentType = "application/vnd.hinoban.batch";

    /// <summary>A body longer than this is refused before it is read.</summary>
    internal const int MaxBody = 8 * 1024 * 1024;

    /// <summary>And one that unpacks to more than this.</summary>
    internal const int MaxUnpacked = 32 * 1024 * 1024;

    private const byte Version = 1;
    private const int MaxResults = 50_000;

    internal static byte[] Write(ResultBatch batch)
    {
        var writer = new ByteWriter();
        writer.Byte(Version);
        writer.Text(batch.Site.Value);
        writer.Signed(batch.Epoch);
        writer.Signed(batch.Sequence);
        writer.Byte((byte)batch.Lane);
        writer.Signed(batch.SentUtc.UtcTicks);
        writer.Signed(batch.SentMono.Ticks);
        WriteHealth(writer, batch.Health);
        writer.Unsigned((ulong)batch.Unanswered.Count);
        foreach (var look in batch.Unanswered)
        {
            writer.Signed(look.Item.Value);
            writer.Signed(look.StartedMono.Ticks);
        }

        ResultCodec.Write(writer, batch.Results);
        return Packing.Pack(writer.Written);
    }

    internal static ResultBatch Read(ReadOnlySpan<byte> body)
    {
        var reader = new ByteReader(Packing.Unpack(body, MaxUnpacked));
        if (reader.Byte() is var version && version != Version)
        {
            throw new InvalidDataException($"Batch format {version} is not known here; this desk reads format {Version}.");
        }

        var site = new SiteName(reader.Text());
        var epoch = reader.Signed();
        var sequence = reader.Signed();
        var lane = reader.Byte() is var l && l <= (byte)Lane.Backlog ? (Lane)l : throw new InvalidDataException("Unknown lane.");
        var utc = ResultCodec.Instant(reader.Signed());
        var mono = new TimeSpan(reader.Signed());
        var health = ReadHealth(ref reader);
        var unanswered = ReadUnanswered(ref reader);
        var results = ResultCodec.Read(ref reader, MaxResults);
        var batch = new ResultBatch(site, epoch, sequence, lane, utc, mono, results, unanswered, health);
        return reader.Left == 0 && Makes(batch) ? batch : throw new InvalidDataException("The batch contradicts itself.");
    }

    // Ages are differences of what a site sends: they must not overflow where they are used.
    private static bool Makes(ResultBatch batch) =>
        batch.Epoch > 0
        && (batch.Sequence > 0 ? batch.Results.Count > 0 : batch is { Sequence: 0, Results.Count: 0, Lane: Lane.Live })
        && IsSane(batch.SentMono)
        && batch.Results.All(r => IsSane(r.StartedMono) && IsSane(r.Took) && r.Took >= TimeSpan.Zero)
        && batch.Unanswered.All(u => IsSane(u.StartedMono));

    private static bool IsSane(TimeSpan mono) => Math.Abs(mono.TotalDays) < 100_000;

    // Counted, so that a later version can add numbers that this one passes over.
    private static void WriteHealth(ByteWriter writer, SiteHealth health)
    {
        ReadOnlySpan<long> numbers =
        [
            health.PlanRevision, health.Items, health.LooksOut, health.LooksDone, health.MissedCycles,
            health.LatenessP99.Ticks, health.LatenessMax.Ticks, health.SpoolBacklog, health.SpoolDropped,
            health.NotKept, Ticks(health.NotKeptFor), Ticks(health.SpoolBrokenFor),
            health.Anchors?.Answering ?? 0, health.Anchors?.Configured ?? 0, health.Anchors?.Quorum ?? 0,
            health.Peers?.Known ?? 0, health.Peers?.Silent ?? 0, (health.Peers?.CarriedBy ?? -1) + 1, (long)health.Place,
        ];
        writer.Unsigned((ulong)numbers.Length);
        foreach (var number in numbers)
        {
            writer.Signed(number);
        }
    }

    private static SiteHealth ReadHealth(ref ByteReader reader)
    {
        var count = reader.Count();
        Span<long> n = stackalloc long[19];
        for (var i = 0; i < count; i++)
        {
            var number = reader.Signed();
            if (i < n.Length)
            {
                n[i] = number;
            }
        }

        return new SiteHealth(Int(n[0]), Int(n[1]), Int(n[2]), n[3], n[4], new TimeSpan(n[5]), new TimeSpan(n[6]), Int(n[7]), n[8], n[9], Span(n[10]), Span(n[11]))
        {
            Anchors = n[13] > 0 ? new AnchorHealth(Int(n[12]), Int(n[13]), Int(n[14])) : null,
            Place = n[18] is (long)PlaceState.Lost or (long)PlaceState.Shut ? (PlaceState)n[18] : PlaceState.Whole,
            Peers = n[15] > 0 ? new PeerHealth(Int(n[15]), n[16], n[17] > 0 ? Int(n[17] - 1) : null) : null,
        };
    }

    private static List<UnansweredLook> ReadUnanswered(ref ByteReader reader)
    {
        var count = reader.Count(MaxResults);
        var looks = new List<UnansweredLook>(Math.Min(count, 4096));
        for (var i = 0; i < count; i++)
        {
            looks.Add(new UnansweredLook(new ItemId(reader.Int32()), new TimeSpan(reader.Signed())));
        }

        return looks;
    }

    // 0 says that there is none, as a site does that does not tell the number at all.
    private static long Ticks(TimeSpan? span) => span is { } s ? Math.Max(1, s.Ticks) : 0;

    private static TimeSpan? Span(long ticks) => ticks > 0 ? new TimeSpan(Math.Min(ticks, TimeSpan.FromDays(100_000).Ticks)) : null;

    private static int Int(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);
}
