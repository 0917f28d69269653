using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Lab;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Storage;
using Hinoban.Tests.Storage;

namespace Hinoban.Tests.Flow;

/// <summary>A desk over a real database file and a clock of our own, with two sites whose looks the test tells. It can be stopped and started again.</summary>
internal sealed class DeskBench : IDisposable
{
    internal static readonly SiteName Tokyo = new("tokyo");
    internal static readonly SiteName Osaka = new("osaka");

    private readonly DeskDatabase? database;
    private readonly Func<Db> open;
    private readonly Dictionary<SiteName, long> sequences = [];
    private readonly Dictionary<SiteName, long> missed = [];
    private readonly Dictionary<SiteName, Func<SiteHealth, SiteHealth>> tells = [];
    private PlanDesk desk;

    internal DeskBench(DeskPlan plan, Engine engine = Storage.Engine.File)
    {
        database = new DeskDatabase(engine);
        open = database.Open;
        Plan = plan;
        desk = null!;
        Start();
    }

    /// <summary>Over a database of somebody else's.</summary>
    internal DeskBench(DeskPlan plan, Func<Db> open)
    {
        this.open = open;
        Plan = plan;
        desk = null!;
        Start();
    }

    internal LabClock Clock { get; } = new();

    internal DeskPlan Plan { get; private set; }

    internal DeskEngine Engine => desk.Engine;

    internal DeskStores Stores => desk.Stores;

    internal DeskQueries Queries { get; private set; } = null!;

    internal int Signals { get; private set; }

    internal static Scope All { get; } = Scope.Across("test");

    internal Db Db => desk.Db;

    /// <summary>Ends the process' memory and starts anew from the file.</summary>
    internal void Restart(DeskPlan? plan = null)
    {
        desk.Dispose();
        Plan = plan ?? Plan;
        Start();
    }

    internal void Swap(DeskPlan plan)
    {
        Plan = plan;
        Engine.Swap(plan);
    }

    /// <summary>A site posts one look at an item that started just now.</summary>
    internal ResultBatch Post(SiteName site, ItemId item, LookAnswer answer, long? sequence = null)
    {
        var now = Moment.Of(Clock);
        var number = sequence ?? (sequences[site] = sequences.GetValueOrDefault(site) + 1);
        var result = new CheckResult(item, Plan.Revision, LookCause.Scheduled, 0, 1, now.Utc, now.Mono, TimeSpan.FromMilliseconds(20), answer);
        var batch = new ResultBatch(site, 1, number, Lane.Live, now.Utc, now.Mono, [result], [], HealthOf(site));
        Accept(batch);
        return batch;
    }

    internal void Accept(ResultBatch batch) => Engine.AcceptAsync(batch, CancellationToken.None).GetAwaiter().GetResult();

    internal void Beat(params IEnumerable<SiteName> sites)
    {
        var now = Moment.Of(Clock);
        foreach (var site in sites)
        {
            Accept(new ResultBatch(site, 1, 0, Lane.Live, now.Utc, now.Mono, [], [], HealthOf(site)));
        }
    }

    /// <summary>The site has skipped a look; its next heartbeat tells.</summary>
    internal void Miss(SiteName site) => missed[site] = missed.GetValueOrDefault(site) + 1;

    /// <summary>What the site says of itself from now on.</summary>
    internal void Tell(SiteName site, Func<SiteHealth, SiteHealth> how) => tells[site] = how;

    /// <summary>Time passes, with heartbeats of the given sites every 5 s and the desk's review every second.</summary>
    internal void Pass(TimeSpan time, params SiteName[] alive)
    {
        for (var second = 0; second < (int)time.TotalSeconds; second++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            if (second % 5 == 0)
            {
                Beat(alive.Length == 0 ? [Tokyo, Osaka] : alive);
            }

            Engine.Review();
        }
    }

    /// <summary>Both sites see the same, twice each at the retry pace: what makes a failure hard.</summary>
    internal void BothSee(ItemId item, LookAnswer answer, int looks = 2)
    {
        for (var look = 0; look < looks; look++)
        {
            Post(Tokyo, item, answer);
            Pass(TimeSpan.FromSeconds(1));
            Post(Osaka, item, answer);
            if (!Plan.Item(item)!.IsHostCheck)
            {
                // The desk asks after the host when a service fails; the host is well.
                var host = Plan.Items.Single(i => i.IsHostCheck).Id;
                Post(Tokyo, host, Ok);
                Post(Osaka, host, Ok);
            }

            Pass(TimeSpan.FromSeconds(14));
        }
    }

    internal IReadOnlyList<Incident> Incidents(bool open = true) => Db.Read(tx => Stores.Incidents.List(tx, All, open, 1000));

    internal IReadOnlyList<MailRow> Mails() => Db.Read(tx => Stores.Outbox.Latest(tx, All, 1000));

    internal IEnumerable<string> MailKinds() => Mails().OrderBy(m => m.Mail.DateUtc).Select(m => $"{m.Mail.Kind} {m.Mail.Subject}");

    public void Dispose()
    {
        desk.Dispose();
        database?.Dispose();
    }

    internal static LookAnswer Ok { get; } = new(CheckStatus.Ok, Reply.Answer, NoValue.None, "TCP OK - 0.001 second response time", "", "time=0.001s");

    internal static LookAnswer Dead { get; } = new(CheckStatus.Critical, Reply.Transport, NoValue.TimedOut, "CRITICAL - Socket timeout after 10 seconds");

    internal static LookAnswer Refused { get; } = new(CheckStatus.Critical, Reply.Transport, NoValue.Refused, "connect to address 192.0.2.10 and port 80: Connection refused");

    internal static LookAnswer Says(CheckStatus status, string output) => new(status, Reply.Answer, NoValue.None, output);

    private SiteHealth HealthOf(SiteName site) =>
        new SiteHealth(1, 1, 0, 1, missed.GetValueOrDefault(site), TimeSpan.Zero, TimeSpan.Zero, 0) is var health && tells.TryGetValue(site, out var told) ? told(health) : health;

    private void Start()
    {
        var mail = new MailOptions(
            "127.0.0.1", 25, SmtpTls.None, null, null, "hinoban.example.jp", "desk@hinoban.example.jp", Text.Same("Hinoban"), null, TimeSpan.FromDays(2), TimeSpan.FromSeconds(30));
        desk = new PlanDesk(open(), Plan, mail, Clock, () => Signals++);
        Queries = new DeskQueries(Engine, Db, Stores, Clock);
        Beat(Tokyo, Osaka);
    }
}
