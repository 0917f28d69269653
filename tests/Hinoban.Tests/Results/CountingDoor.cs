using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Storage;
using Hinoban.Tests.Storage;

namespace Hinoban.Tests.Results;

/// <summary>A desk that only counts: cursor and samples in one transaction per batch, as the real one does, and what it saw in order.</summary>
internal sealed class CountingDoor : IResultDoor, IDisposable
{
    private readonly DeskDatabase database;
    private readonly Lock gate = new();
    private readonly List<ResultBatch> counted = [];
    private readonly List<ResultBatch> arrived = [];
    private Channel<SiteOrder> orders = Channel.CreateUnbounded<SiteOrder>();

    internal CountingDoor(Engine engine = Engine.File)
    {
        database = new DeskDatabase(engine);
        Db = database.Open();
    }

    internal Db Db { get; }

    internal CursorStore Cursors { get; } = new();

    internal SampleStore Samples { get; } = new();

    internal IReadOnlyList<ResultBatch> Counted
    {
        get
        {
            lock (gate)
            {
                return [.. counted];
            }
        }
    }

    /// <summary>Everything that came, heartbeats and repeats included.</summary>
    internal IReadOnlyList<ResultBatch> Arrived
    {
        get
        {
            lock (gate)
            {
                return [.. arrived];
            }
        }
    }

    internal IEnumerable<CheckResult> Results => Counted.SelectMany(b => b.Results);

    public Task<BatchReceipt> AcceptAsync(ResultBatch batch, CancellationToken cancel)
    {
        lock (gate)
        {
            arrived.Add(batch);
            return Task.FromResult(Db.Write(tx =>
            {
                if (batch.Sequence == 0 || !Cursors.Advance(tx, batch))
                {
                    return Cursors.Receipt(tx, batch.Site);
                }

                Samples.Append(tx, batch);
                counted.Add(batch);
                return new BatchReceipt(batch.Epoch, batch.Sequence);
            }));
        }
    }

    internal void Order(SiteOrder order) => orders.Writer.TryWrite(order);

    internal void EndOrders()
    {
        var ended = orders;
        orders = Channel.CreateUnbounded<SiteOrder>();
        ended.Writer.Complete();
    }

    public async IAsyncEnumerable<SiteOrder> OrdersAsync(SiteName site, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var order in orders.Reader.ReadAllAsync(cancel))
        {
            yield return order;
        }
    }

    public void Dispose()
    {
        Db.Dispose();
        database.Dispose();
    }
}
