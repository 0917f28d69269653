using Dapper;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Lab.Story;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;

namespace Hinoban.Lab.Sim;

/// <summary>Plays a script in a company of its own and keeps what the judge needs. One thread, virtual time: the same script is the same record.</summary>
internal sealed class SimRun : IDisposable
{
    private static readonly Scope All = Scope.Across("simulation");

    // A requested look that is out when the slot comes stands for it, and may be out for its time-out of 10 s.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(15);

    private readonly SimScript script;
    private readonly StoryWorld world;
    private readonly SimDoings doings;
    private readonly List<SimMail> mails = [];
    private readonly Dictionary<(long Incident, int Event), TimeSpan> seen = [];
    private readonly Dictionary<(string Site, string Item), TimeSpan> looked = [];
    private readonly Dictionary<(Reach, Judgement, bool), int> verdicts = [];
    private readonly List<SimLull> lulls = [];
    private readonly List<SimLook> looks = [];

    private SimRun(SimScript script, string folder)
    {
        this.script = script;
        world = new StoryWorld(SimSpec.Text(script, 1, []), new StoryOptions
        {
            Sites = script.Sites,
            Seed = script.Seed,
            Paired = script.Paired,
            Folder = folder,
            Start = script.Start,
            Anchors = script.Anchored ? [new Anchor("192.0.2.201", null), new Anchor("192.0.2.202", 443)] : [],
            // A person asks for each reload (SIGHUP): the look at the files every two seconds has its own tests.
            Without = ["specifications"],
        })
        {
            Watch = new StoryWatch { Looking = Looking, Judged = Judged, Happened = Happened, Mailed = Mailed },
        };
        doings = new SimDoings(world, script);
    }

    internal static SimRecord Play(SimScript script, string folder)
    {
        using var run = new SimRun(script, folder);
        run.world.Loop.Run(run.PlayAsync, script.Length + TimeSpan.FromHours(1));
        return run.Record();
    }

    public void Dispose()
    {
        doings.Dispose();
        world.Dispose();
    }

    private async Task PlayAsync()
    {
        foreach (var host in SimSpec.Hosts.Where(_ => script.Packed))
        {
            world.Shell.Knows(host, SimSpec.Restart, new LabCommand(0, "started\n", () => { }));
        }

        world.Desk.Start();
        foreach (var site in world.Sites)
        {
            site.Start();
        }

        var operators = new SimOperator(world, script).WorkAsync();
        var posts = new SimPosts(world, script).PostAsync();
        await doings.DoAsync();
        await Task.Delay(script.Length - world.Clock.Elapsed, world.Clock);
        await operators;
        await posts;
    }

    private void Looking(SiteName site, ItemPlan item)
    {
        if (item.Customer == ProviderPlan.Customer)
        {
            return;
        }

        var now = world.Clock.Elapsed;
        doings.Cues.Looking(site, item);
        looks.Add(new SimLook(site.Value, item.Title, now));
        if (looked.TryGetValue((site.Value, item.Title), out var last) && now - last > item.Interval + Slack)
        {
            lulls.Add(new SimLull(site.Value, item.Title, new SimSpan(last, now)));
        }

        looked[(site.Value, item.Title)] = now;
    }

    private void Judged(ItemEntry entry)
    {
        var key = (entry.Verdict.Reach, entry.Verdict.Judgement, entry.Verdict.SingleSite);
        verdicts[key] = verdicts.GetValueOrDefault(key) + 1;
    }

    // What a desk wrote and died over is read by the next one: it happened when the first died.
    private void Happened(IncidentId incident, int number, IncidentEvent what)
    {
        seen[(incident.Value, number)] = doings.DeskStarting ?? world.Clock.Elapsed;
        if (what is NoticeDecided { Told: true, Kind: NoticeKind.Alert or NoticeKind.Recovery } notice)
        {
            doings.Cues.Decided(notice.Kind);
        }
    }

    private void Mailed(MailEnvelope envelope) =>
        mails.Add(new SimMail(world.Clock.Elapsed, envelope.About, envelope.Recipient, world.Clock.GetUtcNow() + ((SynchronizationContext.Current as LabNode)?.WallAhead ?? world.Desk.WallAhead)));

    private SimRecord Record()
    {
        var end = world.Clock.Elapsed;
        foreach (var ((site, item), last) in looked.Where(l => end - l.Value > script.IntervalOf(l.Key.Item) + Slack))
        {
            lulls.Add(new SimLull(site, item, new SimSpan(last, end)));
        }

        if (!world.Desk.Runs)
        {
            throw new InvalidOperationException("Nobody has the desk at the end.");
        }

        var parts = world.Desk.Parts;
        var store = new IncidentStore();

        // What the provider tells itself of its own sites and lines is no customer's, and follows no script's promise.
        var incidents = parts.Db.Read(tx => store.List(tx, All, open: true, 100_000).Concat(store.List(tx, All, open: false, 100_000))
            .Where(i => i.Facts.Customer != ProviderPlan.Customer).ToList());
        var outbox = parts.Db.Read(tx => tx.Connection.Query<(string, long)>("select state, count(*) from outbox_deliveries group by state", null, tx.Transaction).ToList());
        var rows = world.In(world.Desk.Node!, () => parts.Queries.Incidents(All, limit: 100_000).Concat(parts.Queries.Incidents(All, closed: true, limit: 100_000)).ToList());
        return new SimRecord(
            script,
            doings.Cues.Script,
            [.. mails.Where(m => !m.Key.StartsWith(ProviderPlan.Customer.Value + ".", StringComparison.Ordinal))],
            [.. incidents.OrderBy(i => i.Id.Value).Select(i => new SimIncident(
                i.Id.Value, i.Facts, [.. i.Events.Select((e, n) => new SimEvent(seen.GetValueOrDefault((i.Id.Value, n), end), e))]))],
            lulls,
            looks,
            outbox,
            [.. rows.Where(r => r.Customer != ProviderPlan.Customer).Select(r => (r.Id.Value, r.Slo.StartedUtc))],
            [.. world.Book.Entries],
            doings.Deaths,
            verdicts,
            doings.Mutes);
    }
}
