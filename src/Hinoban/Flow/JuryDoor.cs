using Hinoban.Basics;
using Hinoban.Results;

namespace Hinoban.Flow;

/// <summary>
/// Where a speaking site's results come in. A feed brings what it knows to an engine that has just begun, and may have brought a part of it before: each look
/// counts once, whatever batch it comes in.
/// </summary>
internal sealed class JuryDoor(IResultDoor engine) : IResultDoor
{
    // More than a feed brings of one item at once.
    private const int Remembered = 32;

    private readonly Lock gate = new();
    private readonly Dictionary<(SiteName Site, ItemId Item), Queue<TimeSpan>> seen = [];

    public async Task<BatchReceipt> AcceptAsync(ResultBatch batch, CancellationToken cancel)
    {
        IReadOnlyList<CheckResult> fresh;
        lock (gate)
        {
            fresh = [.. batch.Results.Where(r => !(seen.TryGetValue((batch.Site, r.Item), out var looks) && looks.Contains(r.StartedMono)))];
        }

        var receipt = await engine.AcceptAsync(fresh.Count == batch.Results.Count ? batch : batch with { Results = fresh }, cancel);
        lock (gate)
        {
            fresh.ToList().ForEach(r => Remember((batch.Site, r.Item), r.StartedMono));
        }

        return receipt;
    }

    public IAsyncEnumerable<SiteOrder> OrdersAsync(SiteName site, CancellationToken cancel) => engine.OrdersAsync(site, cancel);

    private void Remember((SiteName, ItemId) of, TimeSpan started)
    {
        if (!seen.TryGetValue(of, out var looks))
        {
            seen[of] = looks = new Queue<TimeSpan>();
        }

        looks.Enqueue(started);
        if (looks.Count > Remembered)
        {
            looks.Dequeue();
        }
    }
}
