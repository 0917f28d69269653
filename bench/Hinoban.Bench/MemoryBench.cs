using System.Globalization;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Lab;
using Hinoban.Notifying;
using Hinoban.Results;
using Hinoban.Specs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Bench;

/// <summary>What a service costs in bytes of living objects, at the desk and at a site, stage by stage. <c>memory [SERVICES]</c>.</summary>
internal static class MemoryBench
{
    private const int Batch = 500;
    private static readonly SiteName Tokyo = new("tokyo");

    internal static int Run(string[] args)
    {
        var services = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        var folder = Directory.CreateTempSubdirectory("hinoban-bench-").FullName;
        try
        {
            Desk(folder, services);
            Site(PackedPlan(folder), services);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Desk(string folder, int services)
    {
        var specs = Directory.CreateDirectory(Path.Combine(folder, "specs")).FullName;
        BenchSpecs.Write(specs, new BenchLoad(services, "3m", "kind: tcp, port: 40000"));
        var count = new Count("desk", services);
        var plan = Plan(specs);
        count.Say("plan");
        var clock = new LabClock();
        var mail = new MailOptions("127.0.0.1", 25, SmtpTls.None, null, null, "bench.example", "", Text.Same("Hinoban"), null, TimeSpan.FromDays(1), TimeSpan.FromSeconds(30));
        using var desk = new PlanDesk(folder, plan, mail, clock, () => { });
        count.Say("engine");
        long sequence = 0;
        foreach (var round in new[] { "first look", "second look" })
        {
            foreach (var some in plan.Items.Chunk(Batch))
            {
                var now = Moment.Of(clock);
                var results = some.Select(i => new CheckResult(i.Id, 1, LookCause.Scheduled, 0, 1, now.Utc, now.Mono, TimeSpan.FromMilliseconds(1), Answer(i))).ToList();
                desk.Engine.AcceptAsync(new ResultBatch(Tokyo, 1, ++sequence, Lane.Live, now.Utc, now.Mono, results, [], new SiteHealth(1, 1, 0, 1, 0, TimeSpan.Zero, TimeSpan.Zero, 0)), CancellationToken.None).GetAwaiter().GetResult();
            }

            clock.Advance(TimeSpan.FromSeconds(10));
            count.Say(round);
        }

        File.WriteAllBytes(Path.Combine(folder, "plan"), OrderCodec.PackPlan(SitePlans.For(plan, Tokyo)));
        GC.KeepAlive(desk);
    }

    private static byte[] PackedPlan(string folder) => File.ReadAllBytes(Path.Combine(folder, "plan"));

    private static void Site(byte[] packed, int services)
    {
        var count = new Count("site", services);
        var plan = OrderCodec.UnpackPlan(packed)!;
        count.Say("plan");
        var engine = new SiteEngine(Tokyo, new Never(), _ => ValueTask.CompletedTask, TimeProvider.System, NullLogger.Instance);
        engine.Apply(new PlanOrder(plan));
        count.Say("engine");
        GC.KeepAlive(engine);
    }

    private static DeskPlan Plan(string specs)
    {
        var next = 0;
        var read = SpecReader.Read([specs], SpecOptions.AnySite);
        return new DeskPlan(1, [.. read.Customers.Select(c => PlanBuilder.Build(c, new PlanTerms([Tokyo], 1, (_, _) => new ItemId(++next))))]);
    }

    // Every text of its own, as it comes over the link.
    private static LookAnswer Answer(ItemPlan item) => new(
        CheckStatus.Ok, Reply.Answer, NoValue.None, string.Create(CultureInfo.InvariantCulture, $"TCP OK - 0.000 second response time on {item.Address} port 40000"), "",
        string.Create(CultureInfo.InvariantCulture, $"time=0.000{item.Id.Value % 1000:000}s;;;0;10"));

    private sealed class Never : ILook
    {
        public Task<LookAnswer> LookAsync(ItemPlan item, TimeSpan timeout, CancellationToken cancel) => Task.FromResult(new LookAnswer(CheckStatus.Ok, Reply.Answer, NoValue.None, ""));
    }

    private sealed class Count(string where, int services)
    {
        private long before = GC.GetTotalMemory(forceFullCollection: true);

        internal void Say(string what)
        {
            var now = GC.GetTotalMemory(forceFullCollection: true);
            System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory {where} {what}: {(now - before) / (double)services:0} bytes a service"));
            before = now;
        }
    }
}
