using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;

namespace Hinoban.Lab.Story;

/// <summary>A site: its machine with the data folder and the line to the desk, and the process that runs on it now, if any.</summary>
internal sealed class StorySite : IDisposable
{
    private static readonly LookAnswer NoSockets = LookFailures.Engine("", "out of sockets");

    private readonly StoryWorld world;
    private readonly TimeSpan monoOrigin;
    private readonly Dictionary<ItemId, LookAnswer> seen = [];
    private readonly LabDisk disk = new(SchemaKind.Site);
    private readonly LabDisk awayDisk = new(SchemaKind.Desk);
    private Process? process;
    private int starts;
    private TimeSpan wallAhead;
    private Func<ItemId, string> logCursor = _ => "";

    internal StorySite(StoryWorld world, string name, int number)
    {
        (this.world, Name) = (world, new SiteName(name));
        monoOrigin = TimeSpan.FromDays(10 * number);
        Link = new LabLink(
            Name, new LabWay(world.Clock), new LabWay(world.Clock), world.Door, order => world.Book.Note(name, EntryKind.Order, Words(order)));
    }

    internal SiteName Name { get; }

    internal LabLink Link { get; }

    internal LabDisk Disk => disk;

    /// <summary>What the process does for its peers.</summary>
    internal LabPeerDoor PeerDoor { get; } = new();

    /// <summary>What it is while the desk is away; null without peers.</summary>
    internal AwayRole? Role => (PeerDoor.Open?.Door as AwaySite)?.Role;

    internal bool Runs => process is not null;

    internal LabNode? Node => process?.Node;

    /// <summary>Whatever it tries to look at, it has no socket for it.</summary>
    internal bool CannotLook { get; set; }

    /// <summary>What is wrong with its following ways; having no means to holds from its next start.</summary>
    internal TraceFault Trace { get; set; }

    /// <summary>How much the machine's wall clock is ahead.</summary>
    internal TimeSpan WallAhead
    {
        get => wallAhead;
        set
        {
            wallAhead = value;
            Node?.WallAhead = value;
        }
    }

    internal void Start()
    {
        var node = new LabNode(world.Loop, world.Clock, Name.Value, monoOrigin) { WallAhead = wallAhead };
        var db = disk.Open();
        var eye = new LabEye(node.Clock, notes: false) { Finds = Find, Saw = Saw };
        var stop = new CancellationTokenSource();
        var away = world.Away ? new AwayGround(
            awayDisk.Open(),
            world.Desk.Mail,
            world.Relay,
            $"pin-of-{Name}",
            peer => world.Peers.Dial(world, this, peer.Name, node))
        {
            SecondRelay = world.Second,
            Opens = door => PeerDoor.Opens(node, door, world),
        } : null;
        var (link, random, logs) = (Link.For(node), new Random(world.Seed + (1000 * ++starts)), new StoryLog(node, world.Book));
        var ended = new TaskCompletionSource();
        node.Post(() => _ = world.RunAsync(node, RunAsync, stop.Token, ended));
        async Task RunAsync(CancellationToken cancel)
        {
            await using var spool = new SiteSpool(db, node.Clock);
            logCursor = spool.LogCursor;
            await SiteWiring.RunAsync(new SiteGround(Name, spool, null, eye, link, random, node.Clock, logs)
            {
                Anchors = world.Anchors,
                Away = away,
                Trace = Trace == TraceFault.NoMeans ? null : (address, give) => TraceAsync(node, address, give),
            }, cancel);
        }

        process = new Process(node, db, away?.Db, stop, ended.Task);
    }

    /// <summary>As kill -9.</summary>
    internal void Kill()
    {
        if (process is { } killed)
        {
            process = null;
            killed.Node.Kill();
            killed.Db.Dispose();
            killed.Away?.Dispose();
            PeerDoor.Closes();
            Link.SiteGone();
        }
    }

    public void Dispose()
    {
        Kill();
        disk.Dispose();
    }

    /// <summary>As SIGTERM: what is under way ends.</summary>
    internal async Task StopAsync()
    {
        if (process is { } stopping)
        {
            stopping.Node.Post(stopping.Stop.Cancel);
            await stopping.Ended;
            Kill();
        }
    }

    private (TimeSpan Took, LookAnswer Answer) Find(ItemPlan item)
    {
        if (CannotLook)
        {
            return (TimeSpan.Zero, NoSockets);
        }

        world.Watch.Looking(Name, item);
        var found = world.Targets.Find(Name, item);
        return item.Look is LogLookPlan && found.Answer.Reply == Reply.Answer && world.Targets.Logs.Read(item, logCursor(item.Id)) is { } log
            ? (found.Took, found.Answer with { Log = log })
            : found;
    }

    // The first router is always there; what is behind it answers no more than the targets do.
    private async Task<string> TraceAsync(LabNode node, string address, CancellationToken cancel)
    {
        await Task.Delay(TimeSpan.FromSeconds(2), node.Clock, cancel);
        if (Trace != TraceFault.None)
        {
            await (Trace == TraceFault.Hangs ? Task.Delay(Timeout.InfiniteTimeSpan, node.Clock, cancel) : Task.FromException(new IOException("ping: Operation not permitted")));
        }

        return $" 1  203.0.113.1\n 2  * (no answer from here on, on the way to {address})";
    }

    private void Saw(ItemPlan item, LookAnswer answer)
    {
        var before = seen.GetValueOrDefault(item.Id);
        if (ReferenceEquals(before, answer))
        {
            return;
        }

        seen[item.Id] = answer;
        if (before is null ? answer.Status != CheckStatus.Ok : (before.Status, before.Output) != (answer.Status, answer.Output))
        {
            world.Book.Note(Name.Value, EntryKind.Look, $"{item.Title}: {answer.Output}");
        }
    }

    private static string Words(SiteOrder order) => order switch
    {
        PlanOrder plan => $"plan {plan.Plan.Revision}, {plan.Plan.Items.Count} items",
        LookNowOrder now => $"look now at item {now.Item}, at most {now.Timeout.TotalSeconds:0.#} s",
        _ => order.GetType().Name,
    };

    private sealed record Process(LabNode Node, Db Db, Db? Away, CancellationTokenSource Stop, Task Ended);
}

/// <summary>What may be wrong with a site's following ways.</summary>
internal enum TraceFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its program fails.</summary>
    Fails,

    /// <summary>Its program does not end.</summary>
    Hangs,

    /// <summary>There is no program.</summary>
    NoMeans,
}
