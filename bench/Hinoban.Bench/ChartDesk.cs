using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Bench;

/// <summary>A desk with one host of 20 services that two sites have looked at every 3 minutes for 13 months: their hours and days, and the samples of the last week.</summary>
internal sealed class ChartDesk : IDisposable
{
    private const int Services = 20;
    private static readonly SiteName[] Sites = [new("tokyo"), new("osaka")];
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(3);

    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-charts-").FullName;

    internal ChartDesk()
    {
        Db = Db.OpenFile(Path.Combine(folder, "desk.db"), SchemaKind.Desk);
        var mail = new MailOptions("127.0.0.1", 25, SmtpTls.None, null, null, "bench.example", "desk@bench.example", Text.Same("desk"), null, TimeSpan.FromDays(1), TimeSpan.FromSeconds(1));
        var stores = new DeskStores(new IncidentStore(), new StateStore(), new CursorStore(), new SampleStore(), new OutboxStore(), mail);
        var engine = new DeskEngine(Db, TimeProvider.System, stores, new DeskChanges(), () => { }, NullLogger<DeskEngine>.Instance);
        engine.Start(Plan());
        Queries = new DeskQueries(engine, Db, stores, TimeProvider.System);
        Fill();
    }

    internal Db Db { get; }

    internal DeskQueries Queries { get; }

    public void Dispose()
    {
        Db.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    // One series' rows stand for all: what is read is as long and as varied as any.
    private void Fill()
    {
        var random = new Random(1);
        var end = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 21_600 * 21_600;
        var hours = Enumerable.Range(0, 400 * 24).Select(h => end - (400 * 86_400) + (h * 3600L))
            .Select(start => RollupMath.Hour(start, [.. Enumerable.Range(0, 20).Select(i => Look(random, start + (i * 180)))], Interval)).ToList();
        foreach (var day in hours.GroupBy(h => SampleStore.RollupBlock(RollupStep.Hour, h.Start)))
        {
            var body = RollupCodec.Write([.. day]);
            Each((tx, item, site) => tx.Run("insert into sample_rollups (item, site, step, block, body) values (@p0, @p1, 1, @p2, @p3)", item, site, day.Key, body));
        }

        for (var block = end - (8 * 86_400); block < end; block += 21_600)
        {
            var body = SampleChunk.Write([.. Enumerable.Range(0, 120).Select(i => Look(random, block + (i * 180)))]);
            Each((tx, item, site) => tx.Run("insert into sample_chunks (item, site, block, samples, body) values (@p0, @p1, @p2, 120, @p3)", item, site, block / 21_600, body));
        }
    }

    private void Each(Action<Tx, int, string> insert) => Db.Write(tx =>
    {
        foreach (var site in Sites)
        {
            for (var item = 1; item <= Services + 1; item++)
            {
                insert(tx, item, site.Value);
            }
        }
    });

    private static readonly SampleShape Shape = SampleShape.Of((new Metric("time", "s"), "3", "8"));

    private static Sample Look(Random random, long second)
    {
        var took = SignificantDigits.Round(random.Next(20_000, 90_000));
        return new Sample(1, (second * 1_000_000) + (random.Next(5) * 1000), random.Next(300) == 0 ? CheckStatus.Warning : CheckStatus.Ok, took, Shape, [(took + random.Next(99)) / 1e6]);
    }

    private static DeskPlan Plan()
    {
        ItemPlan Item(int id, string service) => new(
            new ItemId(id), new CustomerId("bench"), "h1", service, "192.0.2.1", new TcpLookPlan(80, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(8)), Interval, TimeSpan.FromSeconds(10), 2, TimeSpan.FromSeconds(15), Sites, null, 1, 1);
        var host = new HostPlan("h1", Text.Same("h1"), "192.0.2.1", MachineKind.Cloud, [], null, Item(Services + 1, ""), [.. Enumerable.Range(1, Services).Select(i => Item(i, $"s{i}"))]);
        return new DeskPlan(1, [new CustomerPlan(new CustomerId("bench"), Text.Same("Bench"), "B-1", Language.En, "Asia/Tokyo", 1, "hash", MailingListPlan.Nobody, [], Sites, [host], [], TimeSpan.FromMinutes(10))]);
    }
}
