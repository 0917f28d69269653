using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Hinoban.Basics;
using Hinoban.Results;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Results;

/// <summary>The pump's paces and its patience, under a clock that the test moves.</summary>
public sealed class PumpTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_result_is_posted_at_once_and_silence_is_filled_with_heartbeats()
    {
        await using var site = await RunningSite.StartAsync();
        await site.AddAsync(1);
        await site.Clock.UntilAsync(() => site.Door.Counted.Count == 1, Soon);
        var before = site.Door.Arrived.Count;
        for (var beat = 1; beat <= 4; beat++)
        {
            await site.Clock.UntilAsync(() => site.Door.Arrived.Count == before + beat, TimeSpan.FromSeconds(5.1));
        }

        var beats = site.Door.Arrived.Skip(before).ToList();
        Assert.Equal(4, beats.Count);
        Assert.All(beats, b => Assert.Equal((0, 0, Lane.Live), (b.Sequence, b.Results.Count, b.Lane)));
    }

    [Fact]
    public async Task Results_that_come_thick_share_posts_and_none_waits_long()
    {
        await using var site = await RunningSite.StartAsync();
        var adding = new List<Task>();
        for (var i = 1; i <= 200; i++)
        {
            adding.Add(site.Spool.Spool.AddAsync(Some.Result(i, Moment.Of(site.Clock))).AsTask());
            await site.Clock.PassAsync(TimeSpan.FromMilliseconds(10));
        }

        await Task.WhenAll(adding);
        await site.Clock.UntilAsync(() => site.Door.Results.Count() == 200, Soon);
        Assert.Equal(Enumerable.Range(1, 200), site.Door.Results.Select(r => r.Item.Value));
        Assert.InRange(site.Door.Counted.Count, 10, 25);
        Assert.All(site.Door.Counted.SelectMany(b => b.Results.Select(b.AgeOf)), age => Assert.InRange(age, TimeSpan.Zero, Soon));
    }

    [Fact]
    public async Task A_look_that_stays_unanswered_is_reported_within_a_second_and_said_once()
    {
        await using var site = await RunningSite.StartAsync();
        await site.Clock.UntilAsync(() => site.Door.Arrived.Count == 1, Soon);
        site.Unanswered = [new UnansweredLook(new ItemId(5), Moment.MonoOf(site.Clock))];
        await site.Clock.UntilAsync(() => site.Door.Arrived.Any(b => b.Unanswered.Count == 1), TimeSpan.FromSeconds(1.1));
        var said = site.Door.Arrived.Count;
        await site.Clock.PassAsync(TimeSpan.FromSeconds(4));
        Assert.Equal(said, site.Door.Arrived.Count);
        site.Unanswered = [site.Unanswered[0], new UnansweredLook(new ItemId(6), Moment.MonoOf(site.Clock))];
        await site.Clock.UntilAsync(() => site.Door.Arrived.Any(b => b.Unanswered.Count == 2), TimeSpan.FromSeconds(1.1));
    }

    [Fact]
    public async Task A_desk_that_is_away_shortly_gets_everything_live_and_in_order()
    {
        await using var site = await RunningSite.StartAsync();
        site.Link.Fails = () => new SiteLinkException("away");
        for (var i = 1; i <= 10; i++)
        {
            await site.AddAsync(1 + (i % 3));
            await site.Clock.PassAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Empty(site.Door.Counted);
        site.Link.Fails = null;
        await site.Clock.UntilAsync(() => site.Door.Results.Count() == 10, TimeSpan.FromSeconds(6));
        Assert.All(site.Door.Counted, b => Assert.Equal(Lane.Live, b.Lane));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => 1 + (i % 3)), site.Door.Results.Select(r => r.Item.Value));
    }

    [Fact]
    public async Task More_than_one_batch_takes_does_not_wait_for_company()
    {
        await using var site = await RunningSite.StartAsync();
        site.Link.Fails = () => new SiteLinkException("away");
        var adding = Enumerable.Range(1, 10_000).Select(i => site.Spool.Spool.AddAsync(Some.Result(i, Moment.Of(site.Clock))).AsTask()).ToList();
        await site.Clock.UntilAsync(() => adding.TrueForAll(a => a.IsCompleted), TimeSpan.FromSeconds(1));
        site.Link.Fails = null;
        await site.Clock.UntilAsync(() => site.Door.Results.Count() == 10_000, TimeSpan.FromSeconds(6));
        Assert.InRange(site.Door.Counted[^1].SentUtc - site.Door.Counted[1].SentUtc, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_desk_that_was_away_long_gets_the_newest_live_and_the_rest_as_history()
    {
        await using var site = await RunningSite.StartAsync();
        site.Link.Fails = () => new SiteLinkException("away");
        for (var i = 0; i < 60; i++)
        {
            await site.AddAsync(1 + (i % 3));
            await site.Clock.PassAsync(TimeSpan.FromSeconds(1));
        }

        site.Link.Fails = null;
        await site.Clock.UntilAsync(() => site.Door.Results.Count() == 60, TimeSpan.FromSeconds(6));
        var live = site.Door.Counted.Where(b => b.Lane == Lane.Live).ToList();
        Assert.Equal([1, 2, 3], live.SelectMany(b => b.Results).Select(r => r.Item.Value));
        Assert.All(live.SelectMany(b => b.Results.Select(b.AgeOf)), age => Assert.InRange(age, TimeSpan.Zero, TimeSpan.FromSeconds(9)));
        Assert.True(site.Door.Counted.ToList().FindLastIndex(b => b.Lane == Lane.Live) < site.Door.Counted.ToList().FindLastIndex(b => b.Lane == Lane.Backlog));
    }

    [Fact]
    public async Task Whether_request_or_answer_is_lost_every_result_counts_once()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            await using var site = await RunningSite.StartAsync();
            site.Link.Fails = () => random.Next(3) == 0 ? new SiteLinkException("lost request") : null;
            site.Link.FailsAfter = () => random.Next(3) == 0 ? new SiteLinkException("lost answer") : null;
            for (var i = 1; i <= 40; i++)
            {
                await site.AddAsync(i);
                await site.Clock.PassAsync(TimeSpan.FromMilliseconds(random.Next(400)));
            }

            (site.Link.Fails, site.Link.FailsAfter) = (null, null);
            await site.Clock.UntilAsync(() => site.Spool.Spool.Waiting == 0, TimeSpan.FromSeconds(12));
            Assert.Equal(Enumerable.Range(1, 40), site.Door.Results.Select(r => r.Item.Value).Order());
            Assert.True(site.Door.Arrived.Count(b => b.Sequence > 0) > site.Door.Counted.Count, "nothing was ever repeated");
        }
    }

    [Fact]
    public async Task Retries_slow_down_to_a_heartbeats_pace()
    {
        await using var site = await RunningSite.StartAsync();
        site.Link.Fails = () => new SiteLinkException("away");
        await site.Clock.PassAsync(TimeSpan.FromSeconds(20));
        var tries = site.Link.Posts;
        await site.Clock.PassAsync(TimeSpan.FromSeconds(60));
        Assert.InRange(site.Link.Posts - tries, 11, 25);
    }

    [Fact]
    public async Task A_batch_that_the_desk_refuses_for_good_does_not_hold_up_the_next()
    {
        await using var site = await RunningSite.StartAsync();
        site.Link.Fails = () => new SiteLinkException("garbage") { Fault = SiteLinkFault.BadBatch };
        await site.AddAsync(1);
        await site.Clock.UntilAsync(() => site.Spool.Spool.Dropped == 1, TimeSpan.FromSeconds(5));
        site.Link.Fails = null;
        await site.AddAsync(2);
        await site.Clock.UntilAsync(() => site.Door.Counted.Count == 1, TimeSpan.FromSeconds(6));
        Assert.Equal([2], site.Door.Results.Select(r => r.Item.Value));
        Assert.Equal(1, site.Door.Arrived[^1].Health.SpoolDropped);
    }

    [Fact]
    public async Task Orders_reach_the_engine_and_a_broken_stream_is_opened_again()
    {
        await using var site = await RunningSite.StartAsync();
        site.Door.Order(new PlanOrder(Some.Plan(3, 2)));
        site.Door.Order(new LookNowOrder(77, new ItemId(1), TimeSpan.FromSeconds(5)));
        await site.Clock.UntilAsync(() => site.Orders.Count == 2, Soon);
        site.Throws = true;
        site.Door.EndOrders();
        site.Door.Order(new PlanOrder(Some.Plan(4, 2)));
        site.Door.Order(new BeatOrder());
        await site.Clock.UntilAsync(() => site.Orders.Count == 4, TimeSpan.FromSeconds(2));
        Assert.Equal(["PlanOrder", "LookNowOrder", "PlanOrder", "BeatOrder"], site.Orders.Select(o => o.GetType().Name));
        await site.Clock.UntilAsync(() => site.Spool.Spool.Plan.Load()?.Revision == 4, Soon);
    }

    [Fact]
    public async Task Stopping_posts_what_is_spooled()
    {
        var site = await RunningSite.StartAsync();
        var held = new TaskCompletionSource();
        site.Link.Before = () => held.Task;
        await site.AddAsync(1);
        await site.Clock.PassAsync(Soon);
        await site.AddAsync(2);
        var stopping = site.StopAsync();
        site.Link.Before = null;
        held.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal([1, 2], site.Door.Results.Select(r => r.Item.Value));
        await site.DisposeAsync();
    }

    [Fact]
    public async Task Health_tells_what_waits_beyond_the_batch_under_way()
    {
        await using var site = await RunningSite.StartAsync();
        var held = new TaskCompletionSource();
        site.Link.Before = () => held.Task;
        await site.AddAsync(1);
        await site.Clock.UntilAsync(() => site.Link.Posts == 2, TimeSpan.FromSeconds(6));
        await site.AddAsync(2);
        await site.AddAsync(3);

        // The first post was made up before the others came; it is made up anew when it is tried again.
        site.Link.Fails = () => new SiteLinkException("away");
        held.SetResult();
        site.Link.Before = null;
        await site.Clock.UntilAsync(() => site.Link.Posts >= 3, TimeSpan.FromSeconds(6));
        site.Link.Fails = null;
        await site.Clock.UntilAsync(() => site.Door.Counted.Count == 2, TimeSpan.FromSeconds(20));
        Assert.Equal([Some.Health with { SpoolBacklog = 2 }, Some.Health with { SpoolBacklog = 0 }], site.Door.Counted.Select(b => b.Health));
        Assert.Equal([1, 2], site.Door.Counted.Select(b => b.Results.Count));

        // Idle: the heartbeat says so, and so does the batch of a single result.
        await site.AddAsync(4);
        await site.Clock.UntilAsync(() => site.Door.Counted.Count == 3 && site.Door.Arrived[^1].Sequence == 0, TimeSpan.FromSeconds(12));
        Assert.Equal([0, 0], site.Door.Arrived.TakeLast(2).Select(b => b.Health.SpoolBacklog));
    }

    private sealed class RunningSite : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private Task running = Task.CompletedTask;

        private RunningSite()
        {
            Spool = new SpoolFile(Clock);
            Link = new ShakyLink(new InProcessLink(Door, Some.Tokyo));
        }

        internal HandClock Clock { get; } = new();

        internal SpoolFile Spool { get; }

        internal CountingDoor Door { get; } = new();

        internal ShakyLink Link { get; }

        internal ConcurrentQueue<SiteOrder> Orders { get; } = [];

        internal IReadOnlyList<UnansweredLook> Unanswered { get; set; } = [];

        internal bool Throws { get; set; }

        /// <summary>A site whose first heartbeat is through.</summary>
        internal static async Task<RunningSite> StartAsync()
        {
            var site = new RunningSite();
            var feeds = new PumpFeeds(site.Take, () => site.Unanswered, () => Some.Health);
            var pump = new SitePump(Some.Tokyo, site.Spool.Spool, site.Link, feeds, site.Clock, new Random(1), NullLogger.Instance);
            site.running = Task.Run(() => pump.RunAsync(site.stop.Token));
            await site.Clock.UntilAsync(() => site.Door.Arrived.Count == 1, TimeSpan.FromSeconds(1));
            return site;
        }

        internal async Task AddAsync(int item)
        {
            var adding = Spool.Spool.AddAsync(Some.Result(item, Moment.Of(Clock))).AsTask();
            if (!adding.IsCompleted)
            {
                await Clock.UntilAsync(() => adding.IsCompleted, TimeSpan.FromMilliseconds(100));
            }

            await adding;
        }

        internal async Task StopAsync()
        {
            await stop.CancelAsync();
            await running;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
            await Spool.DisposeAsync();
            Door.Dispose();
        }

        private void Take(SiteOrder order)
        {
            Orders.Enqueue(order);
            if (Throws)
            {
                throw new InvalidOperationException("the engine stumbled");
            }
        }
    }

    private sealed class ShakyLink(ISiteLink inner) : ISiteLink
    {
        private int posts;

        internal int Posts => Volatile.Read(ref posts);

        internal Func<Task>? Before { get; set; }

        internal Func<SiteLinkException?>? Fails { get; set; }

        internal Func<SiteLinkException?>? FailsAfter { get; set; }

        public async Task<BatchReceipt> PostAsync(ResultBatch batch, CancellationToken cancel)
        {
            Interlocked.Increment(ref posts);
            await (Before?.Invoke() ?? Task.CompletedTask).WaitAsync(cancel);
            if (Fails?.Invoke() is { } failure)
            {
                throw failure;
            }

            var receipt = await inner.PostAsync(batch, cancel);
            return FailsAfter?.Invoke() is { } late ? throw late : receipt;
        }

        public async IAsyncEnumerable<SiteOrder> OrdersAsync([EnumeratorCancellation] CancellationToken cancel)
        {
            await foreach (var order in inner.OrdersAsync(cancel))
            {
                yield return order;
            }
        }
    }
}
