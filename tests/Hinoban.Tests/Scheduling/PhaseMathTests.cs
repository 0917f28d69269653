using FsCheck;
using FsCheck.Fluent;
using Hinoban.Basics;
using Hinoban.Scheduling;

namespace Hinoban.Tests.Scheduling;

public sealed class PhaseMathTests
{
    private static readonly DateTimeOffset Utc = new(2026, 4, 14, 1, 2, 3, TimeSpan.Zero);

    [Fact]
    public void The_hash_never_changes()
    {
        // Written down once: sites of different versions must agree.
        Assert.Equal([16294208416658607535UL, 10451216379200822465UL, 10905525725756348110UL], new[] { 0, 1, 2 }.Select(PhaseMath.Hash));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Sites_look_in_turn_an_equal_part_of_the_interval_apart(int sites)
    {
        foreach (var id in Enumerable.Range(1, 200))
        {
            var starts = Enumerable.Range(0, sites).Select(rank => PhaseMath.UntilNext(ScheduleScene.Item(id, rank: rank, sites: sites), Utc)).Order().ToList();
            Assert.All(starts.Zip(starts.Skip(1)), pair => Assert.Equal(ScheduleScene.Interval / sites, pair.Second - pair.First));
        }
    }

    [Fact]
    public void The_sites_follow_each_other_in_the_order_of_their_ranks() => Assert.All(Enumerable.Range(1, 50), id =>
    {
        var offsets = Enumerable.Range(0, 3).Select(rank => PhaseMath.OffsetOf(id, ScheduleScene.Interval, rank, 3)).ToList();
        Assert.All(offsets, o => Assert.InRange(o, TimeSpan.Zero, ScheduleScene.Interval - TimeSpan.FromTicks(1)));
        Assert.Equal(TimeSpan.FromMinutes(1), After(offsets[0], offsets[1]));
        Assert.Equal(TimeSpan.FromMinutes(1), After(offsets[1], offsets[2]));
    });

    private static TimeSpan After(TimeSpan one, TimeSpan other) => other > one ? other - one : other + ScheduleScene.Interval - one;

    [Fact]
    public void Slots_lie_at_the_offset_from_whole_intervals_since_1970() => Assert.All(Enumerable.Range(1, 20), id =>
    {
        var item = ScheduleScene.Item(id, interval: TimeSpan.FromSeconds(7)); // no part of a day: another epoch would have other slots
        var slot = Utc + PhaseMath.UntilNext(item, Utc) - DateTimeOffset.UnixEpoch;
        Assert.Equal(PhaseMath.OffsetOf(id, TimeSpan.FromSeconds(7), 0, 2).Ticks, slot.Ticks % TimeSpan.FromSeconds(7).Ticks);
    });

    [Fact]
    public void A_site_alone_looks_where_the_hash_says() => Assert.All(Enumerable.Range(1, 20), id =>
        Assert.Equal((long)(PhaseMath.Hash(id) % (ulong)ScheduleScene.Interval.Ticks), PhaseMath.OffsetOf(id, ScheduleScene.Interval, 0, 1).Ticks));

    [Fact]
    public void Before_1970_slots_are_an_interval_apart_too() => Assert.All(Enumerable.Range(1, 50), id =>
    {
        var (item, longAgo) = (ScheduleScene.Item(id), DateTimeOffset.UnixEpoch.AddSeconds(-1000));
        var until = PhaseMath.UntilNext(item, longAgo);
        Assert.InRange(until, TimeSpan.FromTicks(1), ScheduleScene.Interval);
        Assert.Equal(ScheduleScene.Interval, PhaseMath.UntilNext(item, longAgo + until));
    });

    [Theory]
    [InlineData(60, 198)] // the wall clock was set back: the slot is further away
    [InlineData(-60, 162)]
    [InlineData(18, 198)]
    [InlineData(-18, 162)]
    [InlineData(10, 190)]
    [InlineData(-10, 170)]
    [InlineData(90, 198)] // half-way it is the one ahead
    [InlineData(91, 162)] // the nearest slot is the one before
    [InlineData(-91, 198)]
    public void The_next_look_moves_to_the_nearest_slot_by_a_tenth_at_most(int slotAfter, int seconds)
    {
        var item = ScheduleScene.Item(7);
        var due = TimeSpan.FromHours(1);
        var onSlot = Utc + PhaseMath.UntilNext(item, Utc);
        Assert.Equal(due + TimeSpan.FromSeconds(seconds), PhaseMath.After(item, due, new Moment(onSlot.AddSeconds(-slotAfter), due), out _));
    }

    [Theory]
    [InlineData(170, -18, 180)] // moved it would be due already
    [InlineData(162, -18, 180)]
    [InlineData(161, -18, 162)]
    public void A_look_is_never_moved_into_the_past(int late, int slotAfter, int seconds)
    {
        var item = ScheduleScene.Item(7);
        var due = TimeSpan.FromHours(1);
        var onSlot = Utc + PhaseMath.UntilNext(item, Utc);
        var now = new Moment(onSlot.AddSeconds(late - slotAfter), due + TimeSpan.FromSeconds(late));
        Assert.Equal(due + TimeSpan.FromSeconds(seconds), PhaseMath.After(item, due, now, out var missed));
        Assert.Equal(0, missed);
    }

    [Fact]
    public void Items_are_spread_evenly()
    {
        var perSecond = new int[180];
        for (var id = 1; id <= 18_000; id++)
        {
            perSecond[(int)PhaseMath.OffsetOf(id, ScheduleScene.Interval, 0, 2).TotalSeconds]++;
        }

        Assert.InRange(perSecond.Min(), 60, 100); // mean 100, standard deviation 10
        Assert.InRange(perSecond.Max(), 100, 140);
    }

    [Fact]
    public void The_next_slot_is_ahead_within_one_interval_and_every_interval_from_there() => Prop.ForAll<PositiveInt, PositiveInt, bool>((id, seconds, first) =>
    {
        var item = ScheduleScene.Item(id.Get, interval: TimeSpan.FromSeconds(seconds.Get), rank: first ? 0 : 1);
        var until = PhaseMath.UntilNext(item, Utc);
        return until > TimeSpan.Zero && until <= item.Item.Interval
            && PhaseMath.UntilNext(item, Utc + until) == item.Item.Interval
            && PhaseMath.UntilNext(item, Utc + until - TimeSpan.FromTicks(1)) == TimeSpan.FromTicks(1);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_stepped_wall_clock_is_followed_a_tenth_at_a_time() => Prop.ForAll<int, PositiveInt>((stepSeconds, id) =>
    {
        var item = ScheduleScene.Item(id.Get);
        var now = new Moment(Utc, TimeSpan.FromHours(1));
        var due = now.Mono + PhaseMath.UntilNext(item, now.Utc);
        var offset = Utc - now.Mono + TimeSpan.FromSeconds(stepSeconds); // the wall clock from now on, against the monotonic one
        for (var cycle = 0; cycle < 6; cycle++)
        {
            var next = PhaseMath.After(item, due, new Moment(offset + due, due), out var missed);
            var gap = next - due;
            if (missed != 0 || gap < ScheduleScene.Interval * 0.9 || gap > ScheduleScene.Interval * 1.1)
            {
                return false;
            }

            due = next;
        }

        return PhaseMath.UntilNext(item, offset + due) == ScheduleScene.Interval; // on its slot again
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(-400, 0)] // before it is due nothing has passed
    [InlineData(0, 0)]
    [InlineData(179, 0)]
    [InlineData(180, 1)]
    [InlineData(181, 1)]
    [InlineData(1000, 5)]
    public void Slots_that_passed_are_skipped_and_counted(int lateSeconds, int missed)
    {
        var item = ScheduleScene.Item(7);
        var due = TimeSpan.FromHours(1);
        var utc = Utc + PhaseMath.UntilNext(item, Utc);
        var late = TimeSpan.FromSeconds(lateSeconds);
        Assert.Equal(due + (ScheduleScene.Interval * (missed + 1)), PhaseMath.After(item, due, new Moment(utc + late, due + late), out var counted));
        Assert.Equal(missed, counted);
    }
}
