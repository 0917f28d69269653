using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Hinoban.People;
using Hinoban.States;
using Hinoban.Storage;

namespace Hinoban.Lab.Story;

/// <summary>The desk: its machine, or the two that share a database; data, specification, and what a page in a browser would show.</summary>
internal sealed class StoryDesk : IDisposable
{
    private static readonly Scope All = Scope.Across("story");

    private readonly StoryWorld world;
    private readonly Dictionary<ItemId, Verdict> verdicts = [];
    private readonly Dictionary<IncidentId, int> told = [];
    private readonly IncidentStore incidents = new();
    private readonly LabDisk disk = new(SchemaKind.Desk);
    private readonly DeskMachine[] machines;
    private TaskCompletionSource givenUp = new();

    internal StoryDesk(StoryWorld world, bool paired)
    {
        this.world = world;
        machines = [.. (paired ? ["desk-a", "desk-b"] : new[] { "desk" }).Select((name, i) => new DeskMachine(world, this, name, TimeSpan.FromDays(i + 1)))];
        SpecFile = Path.Combine(Directory.CreateDirectory(Path.Combine(world.Folder, "specs")).FullName, "spec.yaml");
        Mail = new MailOptions(
            "relay", 25, SmtpTls.None, null, null, "hinoban.example.jp", "desk@hinoban.example.jp", Text.Same("Hinoban"), world.RelayLog, TimeSpan.FromDays(2), TimeSpan.FromSeconds(30));
        Mail = world.Second is null ? Mail : Mail with { Second = Mail with { RelayLog = null } };
    }

    internal string SpecFile { get; }

    internal LabDisk Disk => disk;

    internal MailOptions Mail { get; }

    /// <summary>Somebody has the desk, or believes so.</summary>
    internal bool Runs => Holder is not null;

    /// <summary>A machine has no process.</summary>
    internal bool IsShort => machines.Any(m => m.Node is null);

    internal LabNode? Node => Holder?.Node;

    /// <summary>When the one that has it began to have it.</summary>
    internal TimeSpan? BegunAt { get; private set; }

    /// <summary>When the one before did.</summary>
    internal TimeSpan? BegunBefore { get; private set; }

    /// <summary>Ends when the one that has it gives it up.</summary>
    internal Task GivenUp => givenUp.Task;

    /// <summary>Whoever stands by learns of it.</summary>
    internal void GivesUp()
    {
        var before = givenUp;
        givenUp = new TaskCompletionSource();
        before.SetResult();
    }

    /// <summary>How much the wall clock of the machine that has it is ahead.</summary>
    internal TimeSpan WallAhead
    {
        get => (Holder ?? machines[0]).WallAhead;
        set => (Holder ?? machines[0]).WallAhead = value;
    }

    internal DeskParts Parts => Holder?.Parts ?? throw new InvalidOperationException("The desk does not run.");

    // Of two that believe it, the one that was given it last.
    private DeskMachine? Holder => machines.Where(m => m.Serves).MaxBy(m => m.Epoch);

    /// <summary>Who did what, the latest first.</summary>
    internal IReadOnlyList<AuditEntry> Audit() => Holder?.Db!.Read(tx => AuditStore.Latest(tx, All, 1000)) ?? [];

    internal void Start()
    {
        foreach (var machine in machines.Where(m => m.Node is null))
        {
            machine.Start(alone: machines.Length == 1);
        }
    }

    /// <summary>As kill -9, of whoever has it.</summary>
    internal void Kill() => (Holder ?? machines[0]).Kill();

    /// <summary>All clocks are right again.</summary>
    internal void SetClocks() => machines.ToList().ForEach(m => m.WallAhead = TimeSpan.Zero);

    public void Dispose()
    {
        machines.ToList().ForEach(m => m.Kill());
        disk.Dispose();
    }

    /// <summary>As SIGTERM: what is under way ends.</summary>
    internal Task StopAsync() => Holder?.StopAsync() ?? Task.CompletedTask;

    /// <summary>Has the desk do something in its own process; fails with <see cref="NodeKilledException"/> if it dies over it.</summary>
    internal Task<T> DoAsync<T>(Func<DeskParts, Task<T>> work) => Holder!.DoAsync(work);

    internal DeskGround Ground(LabNode node, Db db) => new(
        db, [SpecFile], [.. world.Sites.Select(s => s.Name)], Mail, world.Relay, world.Shell, node.Clock, new StoryLog(node, world.Book))
    {
        Language = Language.En,
        SecondRelay = world.Second,
        Inbound = world.Inbound ? new InboundOptions("", 0, null) : null,
        Peers = world.Away ? world.Sites.ToDictionary(s => s.Name, s => new Uri($"https://{s.Name}.example.jp:8443")) : new Dictionary<SiteName, Uri>(),
    };

    internal void Begins(LabNode node, DeskParts parts)
    {
        (BegunBefore, BegunAt) = (BegunAt, world.Clock.Elapsed);
        node.Post(() => _ = WatchAsync(parts));
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
}
