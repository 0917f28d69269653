using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Flow;

/// <summary>
/// What this site sees, to whoever judges while the desk is away: the same pump as to the desk over a spool in memory, for what the desk is owed lies
/// in the site's own spool all the while.
/// </summary>
internal sealed class JuryFeed : IAsyncDisposable
{
    private readonly Db db;
    private readonly SiteSpool spool;
    private readonly CancellationTokenSource stop;
    private readonly Task running;

    internal JuryFeed(string name, SiteName site, ISiteLink link, PumpFeeds feeds, IReadOnlyList<CheckResult> known, Random random, TimeProvider clock, CancellationToken cancel)
    {
        db = Db.InMemory(name, SchemaKind.Site);
        spool = new SiteSpool(db, clock, SpoolOptions.InMemory);
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        foreach (var result in known)
        {
            _ = Add(result);
        }

        running = new SitePump(site, spool, link, feeds, clock, random, NullLogger.Instance, new PumpOptions { DrainFor = TimeSpan.Zero }).RunAsync(stop.Token);
    }

    internal Task Add(CheckResult result) => spool.AddAsync(result).AsTask();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        await spool.DisposeAsync();
        db.Dispose();
        stop.Dispose();
    }
}
