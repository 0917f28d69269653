using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Flow;

/// <summary>
/// What this site sees, to whoever judges while the desk is away: the same pump as to the desk over a spool in memory, for what the desk is owed lies
/// in the site's own spool all the while. An engine that has just begun to judge gets what is known.
/// </summary>
internal sealed class JuryFeed : IAsyncDisposable
{
    // In memory, as a spool beside the one that is kept: it is not worth a word that it keeps nothing.
    private static readonly SpoolOptions Beside = new() { MaxBytes = 64L * 1024 * 1024 };

    private readonly Db db;
    private readonly SiteSpool spool;
    private readonly CancellationTokenSource stop;
    private readonly Task running;
    private readonly Lock gate = new();
    private readonly HashSet<(ItemId Item, TimeSpan Started)> seeds = [];
    private long seeded;

    internal JuryFeed(string name, SiteName site, ISiteLink link, PumpFeeds feeds, Func<IReadOnlyList<CheckResult>> known, Random random, TimeProvider clock, CancellationToken cancel)
    {
        db = Db.InMemory(name, SchemaKind.Site);
        spool = new SiteSpool(db, clock, Beside);
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var seeding = feeds with { Order = order => Take(order, feeds, known) };
        running = new SitePump(site, spool, link, seeding, clock, random, NullLogger.Instance, new PumpOptions { DrainFor = TimeSpan.Zero }).RunAsync(stop.Token);
    }

    /// <summary>
    /// A look that is known already. Before the engine has begun it waits, for what is known then goes as a whole, oldest first. One that comes when the feed
    /// has just ended is for nobody.
    /// </summary>
    internal async Task AddAsync(CheckResult result)
    {
        Task adding;
        lock (gate)
        {
            adding = seeded == 0 || seeds.Contains((result.Item, result.StartedMono)) ? Task.CompletedTask : spool.AddAsync(result).AsTask();
        }

        await adding;
    }

    public async ValueTask DisposeAsync()
    {
        stop.Cancel();
        await running;
        await spool.DisposeAsync();
        db.Dispose();
        stop.Dispose();
    }

    private void Take(SiteOrder order, PumpFeeds feeds, Func<IReadOnlyList<CheckResult>> known)
    {
        if (order is EpisodesOrder { Run: > 0 and var began })
        {
            lock (gate)
            {
                if (began != seeded)
                {
                    seeded = began;
                    seeds.Clear();
                    foreach (var result in known())
                    {
                        seeds.Add((result.Item, result.StartedMono));
                        _ = spool.AddAsync(result);
                    }
                }
            }
        }

        feeds.Order(order);
    }
}
