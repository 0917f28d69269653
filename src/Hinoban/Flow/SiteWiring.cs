using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>What a site stands on: its spool (and when it was found broken), how it looks, and its link to the desk.</summary>
internal sealed record SiteGround(SiteName Site, SiteSpool Spool, Moment? SpoolBroken, ILook Eye, ISiteLink Link, Random Random, TimeProvider Clock, ILoggerFactory Logs)
{
    /// <summary>What the site looks at to know whether its own way out works.</summary>
    internal AnchorPlan Anchors { get; init; } = AnchorPlan.None;

    /// <summary>What it stands on when the desk is away; null for a site that then only keeps what it sees.</summary>
    internal AwayGround? Away { get; init; }

    /// <summary>How the site's folder stands; null where it has none.</summary>
    internal Func<PlaceState>? Place { get; init; }

    /// <summary>Follows the way to an address; null where the site has no means to.</summary>
    internal Func<string, CancellationToken, Task<string>>? Trace { get; init; }
}

/// <summary>Puts a site together: spool, engine, pump. The spool is the caller's to close.</summary>
internal static class SiteWiring
{
    /// <summary>Runs the site until cancelled.</summary>
    internal static async Task RunAsync(SiteGround ground, CancellationToken cancel)
    {
        var (site, spool, broken, eye, link, random, clock, logs) = ground;
        var anchors = ground.Anchors.Anchors.Count == 0 ? null : new AnchorWatch(site, ground.Anchors, eye, clock, logs.CreateLogger<AnchorWatch>());
        AwaySite? away = null;
        var engine = new SiteEngine(site, eye, result => KeepAsync(result, spool, away), clock, logs.CreateLogger<SiteEngine>(), anchors: anchors);
        away = ground.Away is { } stands ? new AwaySite(stands, ground, engine, anchors) : null;
        var traces = new SiteTraces(site, ground.Trace, spool.AddAsync, clock, logs.CreateLogger<SiteTraces>());
        var feeds = new PumpFeeds(
            order => Take(order, engine, traces, away),
            engine.Unanswered,
            () => engine.Health() with { SpoolBrokenFor = Moment.MonoOf(clock) - broken?.Mono, Peers = away?.Health(), Place = ground.Place?.Invoke() ?? PlaceState.Whole })
        {
            NextUnanswered = engine.NextUnanswered,
        };
        var pump = new SitePump(site, spool, away?.Link ?? link, feeds, clock, random, logs.CreateLogger<SitePump>());

        engine.LookBegan = pump.LookBegan;

        // Without the desk the site goes on with what it was told last.
        if (spool.Plan.Load() is { } plan)
        {
            engine.Apply(new PlanOrder(plan));
        }

        await RunAsync(engine, pump, anchors, away, cancel);
    }

    private static async ValueTask KeepAsync(CheckResult result, SiteSpool spool, AwaySite? away)
    {
        await spool.AddAsync(result);
        if (away is not null)
        {
            await away.NoteAsync(result);
        }
    }

    private static void Take(SiteOrder order, SiteEngine engine, SiteTraces traces, AwaySite? away)
    {
        away?.Take(order);
        if (order is TraceOrder trace)
        {
            traces.Start(trace);
        }
        else
        {
            engine.Apply(order);
        }
    }

    /// <summary>The pump outlives the engine: what the last looks found still goes to the desk.</summary>
    private static async Task RunAsync(SiteEngine engine, SitePump pump, AnchorWatch? anchors, AwaySite? away, CancellationToken cancel)
    {
        using var stopEngine = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var stopPump = new CancellationTokenSource();
        var looking = engine.RunAsync(stopEngine.Token);
        var anchored = anchors?.RunAsync(stopEngine.Token) ?? Task.CompletedTask;
        var standing = away?.RunAsync(stopEngine.Token) ?? Task.CompletedTask;
        var posting = pump.RunAsync(stopPump.Token);
        await Task.WhenAny(looking, posting);
        stopEngine.Cancel();
        await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        stopPump.Cancel();
        await Task.WhenAll(looking, posting, anchored, standing);
    }
}
