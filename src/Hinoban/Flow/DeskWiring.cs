using Hinoban.Basics;
using Hinoban.Checks.Ssh;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Hinoban.People;
using Hinoban.Responding;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>What a desk stands on: its database, its specifications, and the ways out to the relay and to customers' hosts.</summary>
internal sealed record DeskGround(
    Db Db,
    IReadOnlyList<string> Specs,
    IReadOnlyList<SiteName> Sites,
    MailOptions Mail,
    IMailSubmitter Relay,
    IShell Shell,
    TimeProvider Clock,
    ILoggerFactory Logs,
    Reserve? Reserve = null)
{
    /// <summary>The provider's name, as its own alarms give it.</summary>
    internal Text Provider { get; init; } = Text.Same("Hinoban");

    /// <summary>The language of the provider's own alarms.</summary>
    internal Language Language { get; init; } = Language.Ja;

    /// <summary>Room where the data folder is; null where there is no folder.</summary>
    internal Func<DiskRoom?>? Disk { get; init; }

    /// <summary>How the data folder stands; null where there is none.</summary>
    internal Func<PlaceView>? Place { get; init; }

    /// <summary>Whose network each site goes out by, where that is written.</summary>
    internal IReadOnlyDictionary<SiteName, string> Carriers { get; init; } = new Dictionary<SiteName, string>();

    /// <summary>The way to the second relay; null where there is none.</summary>
    internal IMailSubmitter? SecondRelay { get; init; }

    /// <summary>How mail comes in; null where none does.</summary>
    internal InboundOptions? Inbound { get; init; }

    /// <summary>Where sites listen for each other; empty where they do not, and nobody speaks when the desk is away.</summary>
    internal IReadOnlyDictionary<SiteName, Uri> Peers { get; init; } = new Dictionary<SiteName, Uri>();

    /// <summary>Whom to tell each minute that the desk is well; null for nobody.</summary>
    internal HeartbeatOptions? Heartbeat { get; init; }

    /// <summary>What would take over, as the database knows it; null where the desk has one node.</summary>
    internal Func<PairView>? Pair { get; init; }

    /// <summary>How long samples are kept.</summary>
    internal SampleTerms Samples { get; init; } = SampleTerms.Usual;

    /// <summary>Who gets all samples; null for nobody.</summary>
    internal RemoteWriteOptions? RemoteWrite { get; init; }
}

/// <summary>Puts the desk together: to be read from top to bottom.</summary>
internal static class DeskWiring
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Throws <see cref="SpecificationsWrongException"/> if there is nothing right to run: neither in the files nor agreed before.</summary>
    internal static DeskParts Wire(DeskGround ground)
    {
        var (db, paths, sites, sending, relay, shell, clock, logs, reserve) = ground;
        var mail = Sealed(sending, MailSeal.Load(db), sites);
        var stores = new DeskStores(new IncidentStore(), new StateStore(), new CursorStore(), new SampleStore(), new OutboxStore(), mail) { Archive = new ArchiveRoom(ground.Inbound?.Archive ?? new ArchiveTerms()) };
        var (changes, keys) = (new DeskChanges(), new SiteKeyStore(db, clock));
        OutboxPump? pump = null;
        var engine = new DeskEngine(db, clock, stores, changes, () => pump?.Signal(), logs.CreateLogger<DeskEngine>());
        engine.Away.Terms = ground.Peers.Count == 0 ? null : new AwayTerms(sites, ground.Peers, keys, mail);
        keys.Changed = engine.Away.SendPlans;
        pump = NotifyingSetup.Pump(db, relay, mail, clock, engine.Settled, logs, ground.SecondRelay);

        var commands = new RunningCommands(shell, clock, () => db.OnDuty);
        var steps = new StepFlow(engine, commands, clock, logs.CreateLogger<StepFlow>(), commands.Cut);
        IReadOnlyList<SiteName> peers = [.. sites.Where(ground.Peers.ContainsKey)];

        // Made after the first specification was taken: customers' items have the first ids.
        ProviderItems? own = null;
        var specs = new SpecDuty(new EditionDesk(db, sites, mail.DeskMailbox.Length > 0), paths, plan => engine.Swap(WithOwn(plan)), clock, logs) { Noted = () => changes.Announce("specs", null) };
        var agreed = specs.Start();
        own = new ProviderItems(db, Terms(ground, peers));
        engine.Start(WithOwn(agreed));
        steps.SettleInterrupted();
        var hold = MailHold.After(db, stores, engine, ground, clock);

        var arrivals = ground.Inbound is { ArrivalEvery: not null } inbound ? new ArrivalWatch(engine, stores, inbound, clock, logs.CreateLogger<ArrivalWatch>()) : null;
        var pair = ground.Pair is { } survey ? new PairWatch(survey, clock, logs.CreateLogger<PairWatch>()) : null;
        var watchman = new Watchman(
            engine, db, stores, new OwnWatch(sites, ground.Language, ground.Disk) { Peers = peers, Place = ground.Place, Standby = pair is null ? null : () => pair.Latest }, pump.WayOut, () => arrivals?.Trouble, clock, logs.CreateLogger<Watchman>());
        var heartbeat = ground.Heartbeat is { } to ? new Heartbeat(to, () => watchman.Latest, clock, logs.CreateLogger<Heartbeat>()) : null;
        var samples = SampleLoops.Of(ground, engine);
        return new DeskParts(
            db,
            new Accounts(db, logs.CreateLogger<Accounts>()),
            new DeskQueries(engine, db, stores, clock, reserve) { Carriers = ground.Carriers, Ranks = sites, Heartbeat = () => heartbeat?.View, Refused = () => specs.Refused, Place = ground.Place },
            new DeskCommands(engine, db, stores, steps),
            changes,
            engine,
            keys,
            [
                new Runner("mail", cancel => hold.ThenAsync(pump.RunAsync, cancel)),
                new Runner("review", new DeskDuty(engine, clock, logs.CreateLogger<DeskDuty>()).RunAsync),
                new Runner("specifications", specs.RunAsync),
                .. samples.Runners,
                new Runner("logs", new LogDuty(db, stores.Logs, clock, logs.CreateLogger<LogDuty>()).RunAsync),
                .. db.WantsTidying ? [new Runner("tidy", new TidyDuty(db, clock, logs.CreateLogger<TidyDuty>()).RunAsync)] : Array.Empty<Runner>(),
                .. ground.Inbound is null ? Array.Empty<Runner>() : [new Runner("archive", new ArchiveDuty(db, stores.Archive, clock, logs.CreateLogger<ArchiveDuty>()).RunAsync)],
                new Runner("watchman", watchman.RunAsync),
                .. Wanted(("pair", pair is null ? null : pair.RunAsync), ("arrival", arrivals is null ? null : arrivals.RunAsync), ("heartbeat", heartbeat is null ? null : heartbeat.RunAsync)),
                new Runner("commands", commands.DrainAsync) { First = true },
            ])
        {
            Ailment = _ => Ailment(db),
            Reload = specs.Reload,
            MailTrouble = pump.Trouble,
            RemoteWrite = samples.Sending is { } pumped ? () => pumped.View : null,
            Inbound = ground.Inbound is null ? null : new InboundDesk(engine, stores, arrivals, logs.CreateLogger<InboundDesk>()),
        };

        DeskPlan WithOwn(DeskPlan plan) => own?.With(plan) ?? plan;
    }

    private static IEnumerable<Runner> Wanted(params (string Name, Func<CancellationToken, Task>? Run)[] runners) =>
        runners.Where(r => r.Run is not null).Select(r => new Runner(r.Name, r.Run!));

    private static MailOptions Sealed(MailOptions mail, MailSeal seal, IReadOnlyList<SiteName> sites) => mail with { Seal = seal, SiteSeals = [.. sites.Select(seal.For)] };

    private static ProviderTerms Terms(DeskGround ground, IReadOnlyList<SiteName> peers) =>
        new(ground.Provider, ground.Language, ground.Mail.DeskMailbox, ground.Sites) { Peers = peers, Pair = ground.Pair is not null, Arrival = ground.Inbound?.ArrivalEvery is not null };

    // Everything the desk does passes the writer's gate: whoever cannot get it in this time will not see the desk do anything.
    private static string? Ailment(Db db)
    {
        if (!db.Gate.TryEnter(Patience))
        {
            return $"The engine has been busy for more than {Patience.TotalSeconds:0} s.";
        }

        db.Gate.Exit();
        return null;
    }
}
