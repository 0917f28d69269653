using FsCheck;
using FsCheck.Fluent;
using Hinoban.Basics;
using Hinoban.Scheduling;
using Hinoban.Specs;

namespace Hinoban.Tests.Scheduling;

public sealed class ScheduleTests
{
    private readonly ScheduleScene scene = new();

    [Fact]
    public void Every_item_is_looked_at_once_an_interval_on_its_slot()
    {
        scene.Apply(ScheduleScene.Plan(500));
        var looks = scene.Run(ScheduleScene.Interval * 4, took: TimeSpan.FromSeconds(1));
        Assert.Equal(2000, looks.Count);
        Assert.All(looks.GroupBy(l => l.Look.Item.Id), item =>
        {
            var at = item.Select(l => l.At).ToList();
            Assert.Equal(4, at.Count);
            Assert.All(at.Zip(at.Skip(1)), pair => Assert.Equal(ScheduleScene.Interval, pair.Second - pair.First));
        });
        Assert.Equal((0L, TimeSpan.Zero), (scene.Schedule.MissedCycles, scene.Schedule.LatenessAt(scene.Now.Mono).Max));
    }

    [Fact]
    public void A_look_that_is_out_is_not_started_again_and_its_cycles_are_counted()
    {
        scene.Apply(ScheduleScene.Plan(1));
        scene.Now += scene.Schedule.NextDue(scene.Now.Mono)!.Value - scene.Now.Mono;
        var look = Assert.Single(scene.Take());
        var started = scene.Now.Mono;
        Assert.NotNull(scene.Schedule.Begin(look, scene.Now));
        Assert.Null(scene.Schedule.NextDue(scene.Now.Mono));
        scene.Now += ScheduleScene.Interval * 2.5;
        Assert.Empty(scene.Take());
        Assert.Null(scene.Schedule.End(look, started, retry: false, scene.Now));
        Assert.Equal(2, scene.Schedule.MissedCycles);
        Assert.Equal(started + (ScheduleScene.Interval * 3), scene.Schedule.NextDue(scene.Now.Mono));
    }

    [Fact]
    public void Retries_count_from_the_start_of_the_look_and_then_the_slot_comes_back()
    {
        scene.Apply(ScheduleScene.Plan(1));
        var failing = true;
        var looks = scene.Run(ScheduleScene.Interval, l => failing && l.Cause == DueCause.Slot, took: TimeSpan.FromSeconds(10));
        Assert.Equal([DueCause.Slot, DueCause.Retry], looks.Select(l => l.Look.Cause).Take(2));
        Assert.Equal(ScheduleScene.Retry, looks[1].At - looks[0].At);
        failing = false;
        var after = scene.Run(ScheduleScene.Interval);
        Assert.Equal(0, (after[0].At - looks[0].At).Ticks % ScheduleScene.Interval.Ticks);
        Assert.Equal(DueCause.Slot, after[0].Look.Cause);
    }

    [Fact]
    public void A_retry_whose_time_has_passed_is_due_at_once()
    {
        scene.Apply(ScheduleScene.Plan(1));
        scene.Now += scene.Schedule.NextDue(scene.Now.Mono)!.Value - scene.Now.Mono;
        var look = Assert.Single(scene.Take());
        var started = scene.Now.Mono;
        scene.Schedule.Begin(look, scene.Now);
        scene.Now += TimeSpan.FromSeconds(60);
        scene.Schedule.End(look, started, retry: true, scene.Now);
        Assert.Equal(DueCause.Retry, Assert.Single(scene.Take()).Cause);
    }

    [Fact]
    public void A_reload_keeps_slots_retries_and_looks_that_are_out()
    {
        var undisturbed = LooksOf(reload: false);
        var reloaded = LooksOf(reload: true);
        Assert.Equal(undisturbed, reloaded.Where(l => l.Id != 101));
        Assert.Contains(reloaded, l => l.Id == 101);
        Assert.Contains(reloaded, l => l.Cause == DueCause.Retry);

        static List<(int Id, DueCause Cause, TimeSpan At)> LooksOf(bool reload)
        {
            var s = new ScheduleScene();
            s.Apply(ScheduleScene.Plan(100));
            s.Run(ScheduleScene.Interval);
            var first = s.Run(ScheduleScene.Interval / 3, l => l.Item.Id.Value % 3 == 0); // some are between retries now
            if (reload)
            {
                s.Apply(ScheduleScene.Plan(Enumerable.Range(1, 101).Select(id => ScheduleScene.Item(id)), 2));
            }

            return [.. first.Concat(s.Run(ScheduleScene.Interval * 2)).Select(l => (l.Look.Item.Id.Value, l.Look.Cause, l.At))];
        }
    }

    [Fact]
    public void A_removed_item_whose_look_is_out_comes_back_without_a_second_look()
    {
        scene.Apply(ScheduleScene.Plan(1));
        scene.Now += scene.Schedule.NextDue(scene.Now.Mono)!.Value - scene.Now.Mono;
        var look = Assert.Single(scene.Take());
        var started = scene.Now.Mono;
        scene.Schedule.Begin(look, scene.Now);
        scene.Apply(ScheduleScene.Plan(0));
        Assert.False(scene.Schedule.Knows(new ItemId(1)));
        scene.Apply(ScheduleScene.Plan(1));
        Assert.Null(scene.Schedule.NextDue(scene.Now.Mono));
        scene.Now += TimeSpan.FromSeconds(5);
        scene.Schedule.End(look, started, retry: false, scene.Now);
        Assert.Equal(started + ScheduleScene.Interval, scene.Schedule.NextDue(scene.Now.Mono));
        scene.Apply(ScheduleScene.Plan(0));
        Assert.Null(scene.Schedule.NextDue(scene.Now.Mono));
    }

    [Fact]
    public void A_removed_item_that_is_queued_does_not_start()
    {
        scene.Apply(ScheduleScene.Plan(1));
        scene.Now += scene.Schedule.NextDue(scene.Now.Mono)!.Value - scene.Now.Mono;
        var look = Assert.Single(scene.Take());
        scene.Apply(ScheduleScene.Plan([ScheduleScene.Item(2)], 2));
        Assert.Null(scene.Schedule.Begin(look, scene.Now));
        scene.Apply(ScheduleScene.Plan([ScheduleScene.Item(3), ScheduleScene.Item(2)], 3));
        Assert.Null(scene.Schedule.Begin(look, scene.Now)); // nor may it start in the name of the slot's new owner
    }

    [Fact]
    public void A_new_interval_holds_from_its_next_slot_on()
    {
        scene.Apply(ScheduleScene.Plan(50));
        scene.Run(ScheduleScene.Interval);
        scene.Apply(ScheduleScene.Plan(Enumerable.Range(1, 50).Select(id => ScheduleScene.Item(id, interval: TimeSpan.FromMinutes(1))), 2));
        Assert.Equal(150, scene.Run(ScheduleScene.Interval).Count);
    }

    [Fact]
    public void A_request_overtakes_what_is_queued_and_waits_for_what_is_out()
    {
        scene.Apply(ScheduleScene.Plan(1));
        var id = new ItemId(1);
        Assert.Null(scene.Schedule.Ask(1, new ItemId(99), TimeSpan.FromSeconds(5), scene.Now));
        scene.Now += scene.Schedule.NextDue(scene.Now.Mono)!.Value - scene.Now.Mono;
        var queued = Assert.Single(scene.Take());
        var asked = scene.Schedule.Ask(7, id, TimeSpan.FromSeconds(5), scene.Now)!.Value;
        Assert.Null(scene.Schedule.Ask(8, id, TimeSpan.FromSeconds(6), scene.Now)); // one look answers both
        Assert.Null(scene.Schedule.Begin(queued, scene.Now));
        var first = scene.Schedule.Begin(asked, scene.Now)!.Value;
        Assert.Equal((DueCause.Request, 8L, TimeSpan.FromSeconds(6)), (first.Cause, first.Request, first.Timeout));
        Assert.Null(scene.Schedule.Ask(9, id, TimeSpan.FromSeconds(4), scene.Now)); // it started before this request
        var started = scene.Now.Mono;
        scene.Now += TimeSpan.FromSeconds(2);
        var next = scene.Schedule.End(first, started, retry: false, scene.Now)!.Value;
        var second = scene.Schedule.Begin(next, scene.Now)!.Value;
        Assert.Equal((9L, TimeSpan.FromSeconds(4)), (second.Request, second.Timeout));
        Assert.Null(scene.Schedule.End(second, scene.Now.Mono, retry: true, scene.Now));
        Assert.Equal(scene.Now.Mono + ScheduleScene.Retry, scene.Schedule.NextDue(scene.Now.Mono));
        Assert.Equal(0, scene.Schedule.MissedCycles);
    }

    [Fact]
    public void A_request_does_not_move_the_slot()
    {
        scene.Apply(ScheduleScene.Plan(1));
        var due = scene.Schedule.NextDue(scene.Now.Mono);
        var asked = scene.Schedule.Ask(7, new ItemId(1), TimeSpan.FromSeconds(5), scene.Now)!.Value;
        Assert.Null(scene.Schedule.NextDue(scene.Now.Mono));
        scene.Schedule.Begin(asked, scene.Now);
        scene.Schedule.End(asked, scene.Now.Mono, retry: false, scene.Now);
        Assert.Equal(due, scene.Schedule.NextDue(scene.Now.Mono));
    }

    [Theory]
    [InlineData(30, 18_000)]
    [InlineData(600, 18_000)]
    [InlineData(100_000, 18_000)]
    public void After_a_stall_looks_catch_up_without_a_burst(int stalledSeconds, int items)
    {
        scene.Apply(ScheduleScene.Plan(items));
        scene.Run(ScheduleScene.Interval);
        scene.Now += TimeSpan.FromSeconds(stalledSeconds);
        var back = scene.Now.Mono;
        var looks = scene.Run(ScheduleScene.Interval * 2);
        var perSecond = looks.GroupBy(l => (long)(l.At - back).TotalSeconds).Max(g => g.Count());
        Assert.InRange(perSecond, 90, 420); // 100 a second is the plan's own rate; twice that, after a second's worth at once
        var late = looks.GroupBy(l => l.Look.Item.Id).Select(i => i.Min(l => l.At) - back).ToList();
        Assert.Equal(items, late.Count);
        Assert.True(late.Max() <= ScheduleScene.Interval * 1.02, $"{late.Max()}");
        Assert.Equal(stalledSeconds > 90, scene.Schedule.MissedCycles > 0);
        Assert.Equal(items, looks.Count(l => l.At > back + ScheduleScene.Interval)); // and then it is in step again
    }

    [Fact]
    public void Retries_do_not_wait_behind_a_backlog()
    {
        scene.Apply(ScheduleScene.Plan(18_000));
        scene.Run(ScheduleScene.Interval);
        var soft = scene.Run(TimeSpan.FromSeconds(1), _ => true).Where(l => l.Look.Cause == DueCause.Slot).ToList();
        Assert.NotEmpty(soft);
        scene.Now += TimeSpan.FromSeconds(40);
        var back = scene.Now.Mono;
        var looks = scene.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(soft.Count, looks.Count(l => l.Look.Cause == DueCause.Retry && l.At == back));
    }

    [Fact]
    public void Whatever_happens_no_item_is_lost_or_out_twice() => Prop.ForAll<(byte What, byte Id, byte Seconds)[]>(steps =>
    {
        var s = new ScheduleScene();
        var outLooks = new Dictionary<int, (DueLook Look, TimeSpan Started)>();
        var queued = new Queue<DueLook>();
        var present = Enumerable.Range(1, 8).ToHashSet();
        s.Apply(ScheduleScene.Plan(present.Select(id => ScheduleScene.Item(id))));
        foreach (var (what, number, seconds) in steps)
        {
            var id = (number % 8) + 1;
            s.Now += TimeSpan.FromSeconds(seconds);
            switch (what % 5)
            {
                case 0:
                    s.Take().ForEach(queued.Enqueue);
                    break;
                case 1 when queued.TryDequeue(out var look):
                    if (s.Schedule.Begin(look, s.Now) is { } begun && !outLooks.TryAdd(begun.Item.Id.Value, (begun, s.Now.Mono)))
                    {
                        return false; // out twice
                    }

                    break;
                case 2 when outLooks.Remove(id, out var one):
                    if (s.Schedule.End(one.Look, one.Started, seconds % 2 == 0, s.Now) is { } next)
                    {
                        queued.Enqueue(next);
                    }

                    break;
                case 3 when s.Schedule.Ask(seconds, new ItemId(id), TimeSpan.FromSeconds(5), s.Now) is { } asked:
                    queued.Enqueue(asked);
                    break;
                case 4:
                    present.SymmetricExceptWith([id]);
                    s.Apply(ScheduleScene.Plan(present.Select(p => ScheduleScene.Item(p))));
                    break;
            }
        }

        // Everything ends, then each item of the plan is looked at within an interval.
        while (queued.TryDequeue(out var look))
        {
            if (s.Schedule.Begin(look, s.Now) is { } begun)
            {
                outLooks.Add(begun.Item.Id.Value, (begun, s.Now.Mono));
            }
        }

        foreach (var (look, started) in outLooks.Values)
        {
            for (DueLook? next = s.Schedule.End(look, started, false, s.Now); next is { } n; next = s.Schedule.End(n, s.Now.Mono, false, s.Now))
            {
                s.Schedule.Begin(n, s.Now);
            }
        }

        var looked = s.Run(ScheduleScene.Interval * 1.2).Select(l => l.Look.Item.Id.Value).ToHashSet();
        return looked.SetEquals(present) && s.Schedule.Taken == 0;
    }).QuickCheckThrowOnFailure();
}
