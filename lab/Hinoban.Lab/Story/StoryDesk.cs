using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Hinoban.People;
using Hinoban.States;
using Hinoban.Storage;

namespace Hinoban.Lab.Story;

/// <summary>The desk: its machine with data folder and specification, and the process that runs on it now, if any.</summary>
internal sealed class StoryDesk : IDisposable
{
    private static readonly Scope All = Scope.Across("story");

    private readonly StoryWorld world;
    private readonly Dictionary<ItemId, Verdict> verdicts = [];
    private readonly Dictionary<IncidentId, int> told = [];
    private readonly List<Action> calls = [];
    private readonly IncidentStore incidents = new();
    private readonly LabDisk disk = new(SchemaKind.Desk);
    private Process? process;
    private TimeSpan wallAhead;

    internal StoryDesk(StoryWorld world)
    {
        this.world = world;
        SpecFile = Path.Combine(Directory.CreateDirectory(Path.Combine(world.Folder, "specs")).FullName, "spec.yaml");
        Mail = new MailOptions(
            "relay", 25, SmtpTls.None, null, null, "hinoban.example.jp", "desk@hinoban.example.jp", Text.Same("Hinoban"), world.RelayLog, TimeSpan.FromDays(2), TimeSpan.FromSeconds(30));
        Mail = world.Second is null ? Mail : Mail with { Second = Mail with { RelayLog = null } };
    }

    internal string SpecFile { get; }

    internal LabDisk Disk => disk;

    internal MailOptions Mail { get; }

    internal bool Runs => process is not null;

    internal LabNode? Node => process?.Node;

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

    internal DeskParts Parts => process?.Parts ?? throw new InvalidOperationException("The desk does not run.");

    /// <summary>Who did what, the latest first.</summary>
    internal IReadOnlyList<AuditEntry> Audit() => process?.Db.Read(tx => AuditStore.Latest(tx, All, 1000)) ?? [];

    internal void Start()
    {
        var node = new LabNode(world.Loop, world.Clock, "desk", TimeSpan.FromDays(1)) { WallAhead = wallAhead };
        var db = disk.Open();
        var log = new StoryLog(node, world.Book);
        var parts = world.In(node, () => DeskWiring.Wire(new DeskGround(
            db, [SpecFile], [.. world.Sites.Select(s => s.Name)], Mail, world.Relay, world.Shell, node.Clock, log)
        {
            Language = Language.En,
            SecondRelay = world.Second,
            Inbound = world.Inbound ? new InboundOptions("", 0, null) : null,
            Peers = world.Away ? world.Sites.ToDictionary(s => s.Name, s => new Uri($"https://{s.Name}.example.jp:8443")) : new Dictionary<SiteName, Uri>(),
        }));
        var stop = new CancellationTokenSource();
        var ended = parts.Runners.Where(r => !world.Without.Contains(r.Name)).Select(r => Run(node, r, stop.Token)).ToList();
        process = new Process(node, db, parts, stop, Task.WhenAll(ended));
        world.Door.Opens(node, parts.Door);
        node.Post(() => _ = WatchAsync(parts));
    }

    /// <summary>As kill -9.</summary>
    internal void Kill()
    {
        if (process is { } killed)
        {
            process = null;
            killed.Node.Kill();
            killed.Db.Dispose();
            world.Door.Closes();
            var cut = calls.ToList();
            calls.Clear();
            cut.ForEach(call => call());
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
            world.Door.Closes();
            stopping.Node.Post(stopping.Stop.Cancel);
            await stopping.Ended;
            Kill();
        }
    }

    /// <summary>Has the desk do something in its own process; fails with <see cref="NodeKilledException"/> if it dies over it.</summary>
    internal Task<T> DoAsync<T>(Func<DeskParts, Task<T>> work)
    {
        var (node, parts) = (process!.Node, Parts);
        var result = new TaskCompletionSource<T>();
        void Cut() => result.TrySetException(new NodeKilledException());
        calls.Add(Cut);
        node.Post(() => _ = Do());
        return result.Task;

        async Task Do()
        {
            try
            {
                result.TrySetResult(await work(parts));
            }
            catch (Exception error)
            {
                result.TrySetException(error);
            }

            calls.Remove(Cut);
        }
    }

    private Task Run(LabNode node, Runner runner, CancellationToken stop)
    {
        var ended = new TaskCompletionSource();
        node.Post(() => _ = world.RunAsync(node, runner.RunAsync, stop, ended));
        return ended.Task;
    }

    // As a page in a browser does: told what changed, it looks.
    private async Task WatchAsync(DeskParts parts)
    {
        Verdicts((DeskEngine)parts.Door);
        foreach (var row in parts.Queries.Incidents(All).Concat(parts.Queries.Incidents(All, closed: true)).OrderBy(i => i.Id.Value))
        {
            Events(parts, row.Id);
        }

        await foreach (var what in ((DeskChanges)parts.Changes).WatchAsync(All, static what => what == "hosts" || what.StartsWith("incident/", StringComparison.Ordinal), CancellationToken.None))
        {
            if (what == "hosts")
            {
                Verdicts((DeskEngine)parts.Door);
            }
            else if (what.Split('/') is ["incident", var id])
            {
                Events(parts, new IncidentId(long.Parse(id, System.Globalization.CultureInfo.InvariantCulture)));
            }
        }
    }

    private void Verdicts(DeskEngine engine) => engine.Look((board, _, _) =>
    {
        foreach (var entry in board.Items)
        {
            var before = verdicts.GetValueOrDefault(entry.Plan.Id, Verdict.None);
            if (ReferenceEquals(before, entry.Verdict))
            {
                continue;
            }

            verdicts[entry.Plan.Id] = entry.Verdict;
            if (!entry.Verdict.SaysSameAs(before))
            {
                world.Watch.Judged(entry);
            }

            if (!entry.Verdict.SaysSameAs(before) && (before != Verdict.None || entry.Verdict.Judgement != Judgement.Working))
            {
                world.Book.Note("desk", EntryKind.Verdict, $"{entry.Plan.Title}: {Words(entry.Verdict)}");
            }
        }

        return 0;
    });

    private void Events(DeskParts parts, IncidentId id)
    {
        if (parts.Db.Read(tx => incidents.Load(tx, All, id)) is not { } incident)
        {
            return;
        }

        var known = told.GetValueOrDefault(id);
        foreach (var happened in incident.Events.Skip(known))
        {
            world.Watch.Happened(id, known++, happened);
            world.Book.Note("desk", EntryKind.Event, $"{incident.Facts.Number} {incident.Facts.Title}: {Words(happened)}");
        }

        told[id] = incident.Events.Count;
    }

    private static string Words(Verdict verdict) =>
        $"{verdict.Judgement} {verdict.Reach}{(verdict.SingleSite ? " single-site" : "")} {verdict.Severity} [{string.Join(", ", verdict.Evidence.Select(e => $"{e.Site} {e.Vote}"))}]";

    private static string Words(IncidentEvent happened) => happened switch
    {
        NoticeDecided n => $"NoticeDecided {n.Kind} {n.Reason}{(n.Told ? $" {n.MailKey}" : ", nobody is told")}",
        DeliverySettled d => $"DeliverySettled {d.Kind} {d.Recipient} {d.Outcome}{(d.PossiblyTwice ? " possibly twice" : "")}{(d.LookedUp ? " looked up" : "")}",
        StepStarted s => $"StepStarted {s.Step}.{s.Run} {s.Kind} {s.Command} by {s.By}",
        StepEnded s => $"StepEnded {s.Step}.{s.Run} {s.Outcome}",
        ServiceAttached a => $"ServiceAttached {a.Service}",
        HostAttached a => $"HostAttached {a.Host}",
        SpokenAway s => $"SpokenAway {s.Site}{(s.Alone ? " alone" : $" with {string.Join(", ", s.Lookers)}")}",
        Recovered r => $"Recovered {r.Reason}",
        _ => $"{happened.GetType().Name} by {happened.By}",
    };

    private sealed record Process(LabNode Node, Db Db, DeskParts Parts, CancellationTokenSource Stop, Task Ended);
}
