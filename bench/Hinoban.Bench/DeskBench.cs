using System.Globalization;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Lab;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Specs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Bench;

/// <summary>
/// The desk alone, over its real database file: allocations and CPU per result of quiet batches, and the time from a posted result to the
/// relay's acceptance of the alert it causes.
/// </summary>
internal static class DeskBench
{
    private const int Items = 1_000;
    private const int Alerts = 2_000;
    private const int Warm = 50;
    private static readonly SiteName Tokyo = new("tokyo");
    private static readonly SiteName Osaka = new("osaka");
    private static readonly SiteHealth Health = new(1, 1, 0, 1, 0, TimeSpan.Zero, TimeSpan.Zero, 0);
    private static readonly LookAnswer Ok = new(CheckStatus.Ok, Reply.Answer, NoValue.None, "TCP OK - 0.001 second response time on 127.0.0.1 port 80", "", "time=0.001s;;;0;10");
    private static readonly LookAnswer Bad = new(CheckStatus.Critical, Reply.Answer, NoValue.None, "HTTP CRITICAL: HTTP/1.1 503 Service Unavailable");

    internal static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("hinoban-bench-").FullName;
        try
        {
            await using var sink = MailSink.Start();
            var mail = new MailOptions(
                "127.0.0.1", sink.Port, SmtpTls.None, null, null, "bench.example", "", Text.Same("Hinoban"), null, TimeSpan.FromDays(1), TimeSpan.FromSeconds(30));
            OutboxPump? pump = null;
            using var desk = new PlanDesk(folder, Plan(), mail, TimeProvider.System, () => pump?.Signal());
            var relay = NotifyingSetup.Relay(mail, TimeProvider.System, NullLoggerFactory.Instance);
            pump = NotifyingSetup.Pump(desk.Db, relay, mail, TimeProvider.System, desk.Engine.Settled, NullLoggerFactory.Instance);
            using var stop = new CancellationTokenSource();
            var pumping = pump.RunAsync(stop.Token);

            Quiet(desk.Engine);
            var synced = SyncedWrite(folder);
            Say($"a synced write of 4 KiB in the same folder: median {synced:0.00} ms");
            await AlertsAsync(desk.Engine, sink, synced);
            await stop.CancelAsync();
            await pumping.WaitAsync(TimeSpan.FromSeconds(15));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Quiet(DeskEngine engine)
    {
        var sequence = 0L;
        for (var warm = 0; warm < 5; warm++)
        {
            Post(engine, Tokyo, ++sequence, Ok, Items);
            Post(engine, Osaka, sequence, Ok, Items);
        }

        const int batches = 40;
        var cpu = Environment.CpuUsage.TotalTime;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < batches; i++)
        {
            Post(engine, Tokyo, ++sequence, Ok, Items);
        }

        var results = (double)batches * Items;
        Say($"desk, quiet OK results in batches of {Items}: {(GC.GetAllocatedBytesForCurrentThread() - before) / results:0} bytes and {(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / results:0.0} us CPU per result");
    }

    private static async Task AlertsAsync(DeskEngine engine, MailSink sink, double synced)
    {
        var took = new List<double>();
        var sequence = 1_000L;
        for (var i = 1; i <= Warm + Alerts; i++)
        {
            var item = new ItemId(i);
            Post(engine, Tokyo, ++sequence, Bad, 1, item);
            Post(engine, Osaka, sequence, Bad, 1, item);
            Post(engine, Tokyo, ++sequence, Bad, 1, item);
            var start = TimeProvider.System.GetTimestamp();
            Post(engine, Osaka, sequence, Bad, 1, item);
            await sink.UntilAsync(_ => sink.Mails.Count >= i, TimeSpan.FromSeconds(10));
            took.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }

        took.RemoveRange(0, Warm);
        took.Sort();
        Say($"result posted to alert accepted by the relay, {Alerts} alerts after {Warm} to warm up: median {took[Alerts / 2]:0.0} ms, p99 {took[Alerts * 99 / 100]:0.0} ms, worst {took[^1]:0.0} ms; median {took[Alerts / 2] / synced:0.0} synced writes");
    }

    /// <summary>What the disk takes at least for what a transaction must do: milliseconds, median of 500.</summary>
    private static double SyncedWrite(string folder)
    {
        using var file = new FileStream(Path.Combine(folder, "synced"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var (block, took) = (new byte[4096], new List<double>());
        for (var i = 0; i < 500; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            file.Write(block);
            file.Flush(flushToDisk: true);
            took.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }

        took.Sort();
        return took[took.Count / 2];
    }

    private static void Post(DeskEngine engine, SiteName site, long sequence, LookAnswer answer, int count, ItemId? only = null)
    {
        var now = Moment.Of(TimeProvider.System);
        var results = Enumerable.Range(1, count)
            .Select(i => new CheckResult(only ?? new ItemId(i), 1, LookCause.Scheduled, 0, 1, now.Utc, now.Mono, TimeSpan.FromMilliseconds(1), answer))
            .ToList();
        engine.AcceptAsync(new ResultBatch(site, 1, sequence, Lane.Live, now.Utc, now.Mono, results, [], Health), CancellationToken.None).GetAwaiter().GetResult();
    }

    private static DeskPlan Plan()
    {
        var customer = new CustomerId("bench");
        var services = Enumerable.Range(1, Warm + Alerts).Select(i => new ItemPlan(
            new ItemId(i), customer, "host", $"tcp{i}", "127.0.0.1", new TcpLookPlan(80, null, null), TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(10), 2, TimeSpan.FromSeconds(15), [Tokyo, Osaka], null, 1, 1)).ToList();
        var host = new HostPlan("host", Text.Same("host"), "127.0.0.1", MachineKind.Virtual, [], null, null, services);
        var list = new MailingListPlan("list@bench.example", "utf-8", [new MemberPlan("one", "one@bench.example", false, false)]);
        return new DeskPlan(1, [new CustomerPlan(customer, Text.Same("Bench"), "B-1", Language.Ja, "Asia/Tokyo", 1, "", list, [], [Tokyo, Osaka], [host], [], TimeSpan.FromMinutes(10))]);
    }

    private static void Say(FormattableString text) => System.Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
