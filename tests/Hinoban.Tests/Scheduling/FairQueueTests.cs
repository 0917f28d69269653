using Hinoban.Basics;
using Hinoban.Scheduling;

namespace Hinoban.Tests.Scheduling;

public sealed class FairQueueTests
{
    private readonly FairQueue queue = new(room: 100);
    private long ticket;

    [Fact]
    public async Task Customers_take_turns()
    {
        Put("a", 5);
        Put("b", 2);
        Put("c", 1);
        Assert.Equal("a b c a b a a a", string.Join(' ', (await TakeAsync(8)).Select(l => l.Item.Customer)));
    }

    [Fact]
    public async Task One_that_hangs_leaves_room_for_all_others()
    {
        Put("a", 500);
        var held = await TakeAsync(50);
        Assert.All(held, l => Assert.Equal("a", l.Item.Customer.Value));
        var next = queue.TakeAsync(default);
        Assert.False(next.IsCompleted); // half the room is the most one may hold
        Put("b", 1);
        Assert.Equal("b", (await next).Item.Customer.Value);
        Put("b", 500);
        var more = await TakeAsync(15);
        Assert.All(more, l => Assert.Equal("b", l.Item.Customer.Value));
        Put("c", 1);
        Assert.Contains(await TakeAsync(2), l => l.Item.Customer.Value == "c");
    }

    [Fact]
    public async Task What_was_asked_for_goes_first_and_has_a_reserve()
    {
        Put("a", 500);
        await TakeAsync(50);
        var waiting = queue.TakeAsync(default);
        Put("a", FairQueue.Reserve, DueCause.Request);
        Assert.Equal(DueCause.Request, (await waiting).Cause);
        Assert.All(await TakeAsync(FairQueue.Reserve - 1), l => Assert.Equal(DueCause.Request, l.Cause));
    }

    [Fact]
    public async Task Released_room_is_used_at_once()
    {
        Put("a", 51);
        await TakeAsync(50);
        var waiting = queue.TakeAsync(default);
        queue.Release(new CustomerId("a"));
        await waiting;
        Assert.Equal(0, queue.Waiting);
    }

    [Fact]
    public async Task A_cancelled_taker_takes_nothing()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = queue.TakeAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Put("a", 1);
        Assert.Equal("a", (await queue.TakeAsync(default)).Item.Customer.Value);
    }

    private void Put(string customer, int count, DueCause cause = DueCause.Slot)
    {
        for (var i = 0; i < count; i++)
        {
            var item = ScheduleScene.Item(i + 1, customer).Item;
            queue.Put(new DueLook(i, ++ticket, item, cause, 0, item.Timeout, TimeSpan.Zero));
        }
    }

    private async Task<List<DueLook>> TakeAsync(int count)
    {
        var taken = new List<DueLook>();
        for (var i = 0; i < count; i++)
        {
            var take = queue.TakeAsync(default);
            Assert.True(take.IsCompleted, $"only {i} of {count}");
            taken.Add(await take);
        }

        return taken;
    }
}
