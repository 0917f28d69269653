using System.Globalization;
using System.IO.Compression;
using Dapper;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Storage;

namespace Hinoban.Bench;

/// <summary>
/// What a sample takes on the disk, against the forms that were weighed (rows of variable-length integers, the same packed, columns packed), and what moving and reading it costs.
/// The series is that of native checks: three minutes, some milliseconds of lateness, a time that jitters by a tenth, the same time as its one metric.
/// </summary>
internal static class SamplesBench
{
    private const int Items = 500;
    private static readonly DateTimeOffset Start = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(3);

    internal static int Run(string[] rest)
    {
        var days = rest is [var first, ..] ? int.Parse(first, CultureInfo.InvariantCulture) : 2;
        var folder = Directory.CreateTempSubdirectory("hinoban-samples-").FullName;
        using (var db = Db.OpenFile(Path.Combine(folder, "desk.db"), SchemaKind.Desk))
        {
            var empty = Pages(db);
            var store = new SampleStore();
            var samples = 0;
            var append = Cpu(() => samples = Fill(db, store, days));
            var raw = Pages(db) - empty;
            var moving = Cpu(() => Array.ForEach([.. new SampleMoving(db, _ => Interval).Steps(Start.AddDays(days + 1), Start, stays: false)], _ => { }));
            var rollups = db.Read(tx => tx.Connection.ExecuteScalar<long>("select sum(length(body)) from sample_rollups"));
            var chunks = db.Read(tx => tx.Connection.ExecuteScalar<long>("select sum(length(body)) from sample_chunks"));
            var all = Pages(db) - empty;
            db.Write(tx => tx.Connection.Execute("delete from sample_rollups", null, tx.Transaction));
            var disk = Pages(db) - empty;
            Say($"{samples} samples; as they come {raw / (double)samples:0.00} bytes each");
            Say($"moved: {disk / (double)samples:0.00} bytes each on the disk ({chunks / (double)samples:0.00} without rows, index and page ends); rollups besides {(all - disk) / (double)samples:0.00} ({rollups / (double)samples:0.00})");
            Say($"CPU per million samples: append {append / samples * 1e6:0.00} s, move and sum up {moving / samples * 1e6:0.00} s");
            Forms(db);
            Read(db, store, days);
        }

        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static int Fill(Db db, SampleStore store, int days)
    {
        var random = new Random(3);
        var (samples, sequence) = (0, 0L);
        for (var at = TimeSpan.Zero; at < TimeSpan.FromDays(days); at += Interval)
        {
            foreach (var some in Enumerable.Range(1, Items).Chunk(100))
            {
                var batch = new ResultBatch(
                    new SiteName("tokyo"), 1, ++sequence, Lane.Live, Start + at, at, [.. some.Select(i => Look(random, i, Start + at))], [], new SiteHealth(1, 0, 0, 0, 0, TimeSpan.Zero, TimeSpan.Zero, 0));
                db.Write(tx => store.Append(tx, batch));
                samples += some.Length;
            }
        }

        return samples;
    }

    private static CheckResult Look(Random random, int item, DateTimeOffset slot)
    {
        double Bell() => Enumerable.Range(0, 6).Sum(_ => random.NextDouble() - 0.5);
        var took = TimeSpan.FromMilliseconds((5 + (item % 35)) * (1 + (0.1 * Bell())));
        var started = slot + TimeSpan.FromSeconds(item % 170) + TimeSpan.FromMilliseconds(Math.Abs(Bell()) * 2);
        var perfdata = FormattableString.Invariant($"time={(took + TimeSpan.FromMicroseconds(40 + random.Next(30))).TotalSeconds:0.000000}s;3;8;0;10");
        return new CheckResult(new ItemId(item), 1, LookCause.Scheduled, 0, 1, started, TimeSpan.Zero, took, new LookAnswer(CheckStatus.Ok, Reply.Answer, NoValue.None, "TCP OK", "", perfdata));
    }

    private static void Forms(Db db)
    {
        var chunks = db.Read(tx => tx.Connection.Query<(long Item, byte[] Body)>("select item, body from sample_chunks limit 400").Select(c => SampleChunk.Read(c.Body, (int)c.Item)).ToList());
        var samples = chunks.Sum(c => c.Count);
        Say("forms, bytes a sample without rows and index:");
        foreach (var (name, form) in new (string, Func<List<Sample>, int>)[]
        {
            ("rows of variable-length integers", c => Rows(c).Length),
            ("the same, Brotli 5", c => Packed(Rows(c))),
            ("columns of variable-length integers, Brotli 5", c => Packed(Columns(c))),
            ("columns, Golomb-Rice (kept)", c => SampleChunk.Write(c).Length),
            ("the same, Brotli 5", c => Packed(SampleChunk.Write(c))),
        })
        {
            var bytes = 0L;
            var cpu = Cpu(() => bytes = chunks.Sum(c => (long)form(c)));
            Say($"  {name,-48} {bytes / (double)samples,5:0.00}   {cpu / samples * 1e6,5:0.00} s CPU per million");
        }
    }

    private static byte[] Rows(List<Sample> chunk)
    {
        var writer = new ByteWriter();
        var before = 0L;
        foreach (var sample in chunk)
        {
            writer.Byte((byte)sample.Status);
            writer.Signed((sample.AtMicros - before) / 1000);
            writer.Unsigned((ulong)sample.TookMicros!.Value);
            writer.Unsigned((ulong)Math.Round(sample.Values[0] * 1e6));
            before = sample.AtMicros;
        }

        return writer.ToArray();
    }

    private static byte[] Columns(List<Sample> chunk)
    {
        var writer = new ByteWriter();
        chunk.ForEach(s => writer.Byte((byte)s.Status));
        foreach (var column in new Func<Sample, long>[] { s => (s.AtMicros / 1000) % 180_000, s => SignificantDigits.Place(s.TookMicros!.Value), s => (long)Math.Round(s.Values[0] * 1e6) - s.TookMicros!.Value })
        {
            var before = 0L;
            foreach (var sample in chunk)
            {
                writer.Signed(column(sample) - before);
                before = column(sample);
            }
        }

        return writer.ToArray();
    }

    private static int Packed(byte[] plain)
    {
        var room = new byte[BrotliEncoder.GetMaxCompressedLength(plain.Length)];
        return BrotliEncoder.TryCompress(plain, room, out var written, 5, 18) ? written : plain.Length;
    }

    private static void Read(Db db, SampleStore store, int days)
    {
        var wish = new SampleWish(People.Scope.Across("bench"), new CustomerId("bench"), [.. Enumerable.Range(1, 20).Select(i => new ItemId(i))], Start.AddDays(days - 1), Start.AddDays(days));
        var cpu = Cpu(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                db.Read(tx => store.Raw(tx, wish));
            }
        });
        Say($"reading a day of 20 items: {cpu / 20 * 1000:0.0} ms CPU");
    }

    private static long Pages(Db db) => db.Read(tx => tx.Connection.ExecuteScalar<long>("pragma page_count") - tx.Connection.ExecuteScalar<long>("pragma freelist_count")) * 4096;

    private static double Cpu(Action act)
    {
        var before = Environment.CpuUsage.TotalTime;
        act();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    private static void Say(FormattableString line) => System.Console.WriteLine(FormattableString.Invariant(line));

    private static void Say(string line) => System.Console.WriteLine(line);
}
