using Hinoban.Basics;
using Hinoban.Results;

namespace Hinoban.Tests.Results;

/// <summary>After a long silence of the desk the newest look at each item is live, everything before is history.</summary>
public sealed class LaneTests
{
    private static readonly Moment Start = new(DateTimeOffset.UnixEpoch, TimeSpan.FromHours(1));

    [Fact]
    public void Nothing_is_lost_and_the_newest_of_each_item_stays_live()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var waiting = Enumerable.Range(0, random.Next(100)).Select(i => Some.Result(random.Next(1, 12), Start + TimeSpan.FromSeconds(random.Next(60)))).ToList();
            var (live, backlog) = SpoolRules.Split(waiting);
            Assert.Equal(waiting.Count, live.Count + backlog.Count);
            Assert.True(waiting.ToHashSet(ReferenceEqualityComparer.Instance).SetEquals(live.Concat(backlog)), $"seed {seed}");
            Assert.Equal(waiting.Select(r => r.Item).Distinct().Count(), live.Count);
            Assert.All(live, l => Assert.DoesNotContain(waiting, w => w.Item == l.Item && w.StartedMono > l.StartedMono));
            Assert.Equal(waiting.Where(w => live.Contains(w, ReferenceEqualityComparer.Instance)).Select(r => r.Item), live.Select(r => r.Item));
        }
    }

    [Theory]
    [InlineData(new[] { 1, 2 }, new int[0], true)]
    [InlineData(new[] { 1, 2 }, new[] { 1 }, true)]
    [InlineData(new[] { 1, 2 }, new[] { 2, 1, 3 }, false)]
    public void A_batch_in_doubt_is_live_while_it_holds_the_newest_look_at_something(int[] inDoubt, int[] waiting, bool live) =>
        Check(inDoubt, waiting, live ? Lane.Live : Lane.Backlog);

    [Fact]
    public void A_backlog_batch_in_doubt_stays_backlog() => Assert.Equal(
        Lane.Backlog, SpoolRules.LaneOf(new SpooledBatch(1, Lane.Backlog, [Some.Result(1, Start)]), []));

    [Fact]
    public async Task Folding_moves_what_was_overtaken_and_live_goes_first()
    {
        var clock = new HandClock();
        await using var site = new SpoolFile(clock, new SpoolOptions { CommitEvery = TimeSpan.Zero });
        foreach (var item in new[] { 9, 1, 2, 1, 3, 2, 1 })
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await site.Spool.AddAsync(Some.Result(item, Moment.Of(clock)));
            _ = item == 9 ? site.Spool.Next() : null;
        }

        site.Spool.Fold();
        site.Spool.Fold();
        List<(Lane, string)> order = [];
        while (site.Spool.Next() is { } batch)
        {
            order.Add((batch.Lane, string.Join(',', batch.Results.Select(r => r.Item))));
            site.Spool.Note(new BatchReceipt(site.Spool.Epoch, batch.Sequence));
        }

        Assert.Equal([(Lane.Live, "9"), (Lane.Live, "3,2,1"), (Lane.Backlog, "1,2,1")], order);
        Assert.Equal(0, site.Spool.Waiting);
    }

    private static void Check(int[] inDoubt, int[] waiting, Lane lane)
    {
        var batch = new SpooledBatch(1, Lane.Live, [.. inDoubt.Select(i => Some.Result(i, Start))]);
        Assert.Equal(lane, SpoolRules.LaneOf(batch, [.. waiting.Select(i => Some.Result(i, Start))]));
    }
}
