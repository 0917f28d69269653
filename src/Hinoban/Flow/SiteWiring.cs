using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Results;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>What a site stands on: its spool (and when it was found broken), how it looks, and its link to the desk.</summary>
internal sealed record SiteGround(SiteName Site, SiteSpool Spool, Moment? SpoolBroken, ILook Eye, ISiteLink Link, Random Random, TimeProvider Clock, ILoggerFactory Logs);

/// <summary>Puts a site together: spool, engine, pump. The spool is the caller's to close.</summary>
internal static class SiteWiring
{
    /// <summary>Runs the site until cancelled.</summary>
    internal static async Task RunAsync(SiteGround ground, CancellationToken cancel)
    {
        var (site, spool, broken, eye, link, random, clock, logs) = ground;
        var engine = new SiteEngine(site, eye, spool.AddAsync, clock, logs.CreateLogger<SiteEngine>());
        var feeds = new PumpFeeds(engine.Apply, engine.Unanswered, () => engine.Health() with { SpoolBrokenFor = Moment.MonoOf(clock) - broken?.Mono });
        var pump = new SitePump(site, spool, link, feeds, clock, random, logs.CreateLogger<SitePump>());

        // Without the desk the site goes on with what it was told last.
        if (spool.LoadPlan() is { } plan)
        {
            engine.Apply(new PlanOrder(plan));
        }

        await RunAsync(engine, pump, cancel);
    }

    /// <summary>The pump outlives the engine: what the last looks found still goes to the desk.</summary>
    private static async Task RunAsync(SiteEngine engine, SitePump pump, CancellationToken cancel)
    {
        using var stopEngine = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var stopPump = new CancellationTokenSource();
        var looking = engine.RunAsync(stopEngine.Token);
        var posting = pump.RunAsync(stopPump.Token);
        await Task.WhenAny(looking, posting);
        stopEngine.Cancel();
        await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        stopPump.Cancel();
        await Task.WhenAll(looking, posting);
    }
}
