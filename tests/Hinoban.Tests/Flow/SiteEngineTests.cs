using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Lab;
using Hinoban.Results;
using Hinoban.Tests.Scheduling;

namespace Hinoban.Tests.Flow;

public sealed class SiteEngineTests
{
    private static readonly TimeSpan Interval = ScheduleScene.Interval;
    // What is due within so much begins together, and a timer has whole milliseconds.
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(11);
    private readonly EngineScene scene = new();

    [Fact]
    public void Looks_at_everything_once_an_interval_and_keeps_every_result()
    {
        scene.Engine.Apply(new PlanOrder(EngineScene.Plan(1000)));
        scene.Run(() => scene.Pass(Interval * 3));
        Assert.Equal(3000, scene.Kept.Count);
        Assert.All(scene.Kept.GroupBy(r => r.Item), g => Assert.Equal(3, g.Count()));
        Assert.All(scene.Kept, r => Assert.Equal((LookCause.Scheduled, 1, 0L, TimeSpan.FromMilliseconds(20)), (r.Cause, r.Attempt, r.Request, r.Took)));
        var health = scene.Engine.Health();
        Assert.Equal((1, 1000, 0, 3000L, 0L), (health.PlanRevision, health.Items, health.LooksOut, health.LooksDone, health.MissedCycles));
        Assert.True(health.LatenessMax <= Together, $"{health.LatenessMax}");
        Assert.Equal(0, scene.Eye.Overlaps);
        Assert.All(scene.Kept, r => Assert.Equal(new DateTimeOffset(2026, 4, 14, 0, 0, 0, TimeSpan.Zero) + r.StartedMono, r.StartedUtc));
    }

    [Fact]
    public void The_same_story_runs_the_same_twice()
    {
        Assert.Equal(Story(), Story());

        static List<(ItemId, TimeSpan, int)> Story()
        {
            var s = new EngineScene();
            s.Eye.Finds = item => (TimeSpan.FromMilliseconds((item.Id.Value % 7) * 900), item.Id.Value % 5 == 0 ? LabEye.Refused : LabEye.Fine);
            s.Engine.Apply(new PlanOrder(EngineScene.Plan(200)));
            s.Run(() => s.Pass(Interval * 2));
            return [.. s.Kept.Select(r => (r.Item, r.StartedMono, r.Attempt))];
        }
    }

    [Fact]
    public void A_failure_is_retried_from_its_start_until_it_is_hard()
    {
        scene.Eye.Finds = _ => (TimeSpan.FromSeconds(4), LabEye.Refused);
        scene.Engine.Apply(new PlanOrder(EngineScene.Plan(1)));
        scene.Run(() => scene.Pass(Interval * 2));
        Assert.Equal([(LookCause.Scheduled, 1), (LookCause.Retry, 2), (LookCause.Scheduled, 2)], scene.Kept.Take(3).Select(r => (r.Cause, r.Attempt)));
        Assert.InRange(scene.Kept[1].StartedMono - scene.Kept[0].StartedMono, ScheduleScene.Retry, ScheduleScene.Retry + TimeSpan.FromMilliseconds(1));
        Assert.InRange(scene.Kept[2].StartedMono - scene.Kept[0].StartedMono, Interval, Interval + TimeSpan.FromMilliseconds(1));
    }

    /// <summary>
    /// The host may be dead for this site only, and then the desk's view of the service is soft: a retry that is spared here is an alert that waits for
    /// the next cycle.
    /// </summary>
    [Fact]
    public void A_service_on_a_host_that_looks_dead_from_here_is_retried_all_the_same()
    {
        var host = ScheduleScene.Item(1);
        var service = ScheduleScene.Item(2);
        var hostCheck = host with { Item = host.Item with { Host = "web01", Service = "" } };
        var onHost = service with { Item = service.Item with { Host = "web01" } };
        scene.Eye.Finds = _ => (TimeSpan.Zero, LabEye.Refused);
        scene.Engine.Apply(new PlanOrder(ScheduleScene.Plan([hostCheck, onHost])));
        scene.Run(async () =>
        {
            scene.Engine.Apply(new LookNowOrder(1, new ItemId(1), TimeSpan.FromSeconds(5)));
            await scene.Pass(0.5);
            Assert.Equal((new ItemId(1), CheckStatus.Critical), (scene.Kept[^1].Item, scene.Kept[^1].Answer.Status));
            scene.Engine.Apply(new LookNowOrder(2, new ItemId(2), TimeSpan.FromSeconds(5)));
            await scene.Pass(ScheduleScene.Retry + TimeSpan.FromSeconds(1));
        });
        var looks = scene.Kept.Where(r => r.Item.Value == 2).Take(2).ToList();
        Assert.Equal([(LookCause.CheckNow, 1), (LookCause.Retry, 2)], looks.Select(r => (r.Cause, r.Attempt)));
        Assert.InRange(looks[1].StartedMono - looks[0].StartedMono, ScheduleScene.Retry, ScheduleScene.Retry + TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void A_look_that_throws_is_UNKNOWN_and_the_item_goes_on()
    {
        scene.Eye.Finds = item => item.Id.Value == 1 ? throw new FormatException("bug") : (TimeSpan.Zero, LabEye.Fine);
        scene.Engine.Apply(new PlanOrder(EngineScene.Plan(2)));
        scene.Run(() => scene.Pass(Interval * 3));
        var broken = scene.Kept.Where(r => r.Item.Value == 1).ToList();
        Assert.Equal(3, broken.Count);
        Assert.All(broken, r => Assert.Equal((CheckStatus.Unknown, NoValue.EngineFault, 1), (r.Answer.Status, r.Answer.NoValue, r.Attempt)));
        Assert.Equal(3, scene.Log.Lines.Count(l => l.StartsWith("5102 ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_result_that_cannot_be_kept_is_logged_and_the_item_goes_on()
    {
        scene.Keeping = _ => ValueTask.FromException(new IOException("disk full"));
        scene.Engine.Apply(new PlanOrder(EngineScene.Plan(1)));
        scene.Run(() => scene.Pass(Interval * 3));
        Assert.Equal(3, scene.Kept.Count);
        Assert.Equal(3, scene.Log.Lines.Count(l => l.StartsWith("5103 ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_look_that_never_returns_is_given_up()
    {
        var options = new SiteEngineOptions { Room = 10 };
        var s = new EngineScene(options);
        var kept = new List<CheckResult>();
        var engine = new SiteEngine(new SiteName("tokyo"), new DeadEye(), r => { kept.Add(r); return ValueTask.CompletedTask; }, s.Clock, s.Log, options);
        engine.Apply(new PlanOrder(EngineScene.Plan(1)));
        new LabLoop(s.Clock).Run(async () =>
        {
            using var stop = new CancellationTokenSource();
            var running = engine.RunAsync(stop.Token);
            await s.Pass(Interval * 3);
            stop.Cancel();
            await running;
        });
        Assert.Equal([NoValue.EngineFault], kept.Select(r => r.Answer.NoValue).Distinct());
        Assert.Equal(3, kept.Count);
        Assert.All(kept, r => Assert.Equal(TimeSpan.FromSeconds(20), r.Took));
    }

    [Fact]
    public void Check_now_starts_at_once_and_carries_its_request_and_time_out()
    {
        scene.Engine.Apply(new PlanOrder(EngineScene.Plan(100)));
        scene.Run(async () =>
        {
            await scene.Pass(10);
            var at = scene.Clock.Elapsed;
            scene.Engine.Apply(new LookNowOrder(77, new ItemId(5), TimeSpan.FromSeconds(5)));
            await scene.Pass(1);
            var result = Assert.Single(scene.Kept, r => r.Request == 77);
            Assert.Equal((LookCause.CheckNow, at), (result.Cause, result.StartedMono));
            Assert.Contains((new ItemId(5), at, TimeSpan.FromSeconds(5)), scene.Eye.Looks);
            scene.Engine.Apply(new LookNowOrder(78, new ItemId(4711), TimeSpan.FromSeconds(5)));
        });
        Assert.Contains(scene.Log.Lines, l => l.StartsWith("5104 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_now_of_an_item_that_is_out_starts_right_after_it_ends()
    {
        scene.Eye.Finds = _ => (TimeSpan.FromHours(1), LabEye.Fine);
        scene.Engine.Apply(new PlanOrder(EngineScene.Plan(1)));
        scene.Run(async () =>
        {
            await scene.Pass(Interval); // its look is out some time in here, for 10 s
            while (scene.Engine.Health().LooksOut == 0)
            {
                await scene.Pass(1);
            }

            var before = scene.Eye.Looks[^1].At;
            scene.Engine.Apply(new LookNowOrder(77, new ItemId(1), TimeSpan.FromSeconds(5)));
            await scene.Pass(20);
            var asked = Assert.Single(scene.Kept, r => r.Request == 77);
            Assert.Equal((before + TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5)), (asked.StartedMono, asked.Took));
        });
        Assert.Equal(0, scene.Eye.Overlaps);
    }

    [Fact]
    public void Looks_out_for_three_seconds_are_reported()
    {
        scene.Eye.Finds = _ => (TimeSpan.FromHours(1), LabEye.Fine);
        scene.Engine.Apply(new PlanOrder(EngineScene.Plan(1)));
        scene.Run(async () =>
        {
            scene.Engine.Apply(new LookNowOrder(1, new ItemId(1), TimeSpan.FromSeconds(5)));
            var started = scene.Clock.Elapsed;
            await scene.Pass(2.9);
            Assert.Empty(scene.Engine.Unanswered());
            await scene.Pass(0.1);
            Assert.Equal([new UnansweredLook(new ItemId(1), started)], scene.Engine.Unanswered());
            await scene.Pass(2.1);
            Assert.Empty(scene.Engine.Unanswered());
        });
    }

    [Fact]
    public void Thousands_of_hanging_hosts_of_one_customer_delay_nobody_else()
    {
        // 3,000 hanging items at 10 s each want 166 looks out at any time, and with retries more; the room is 100.
        var s = new EngineScene(new SiteEngineOptions { Room = 100 });
        s.Eye.Finds = item => item.Customer.Value == "dark" ? (TimeSpan.FromHours(1), LabEye.Fine) : (TimeSpan.FromMilliseconds(50), LabEye.Fine);
        s.Engine.Apply(new PlanOrder(EngineScene.Plan(4000, id => id <= 3000 ? "dark" : "bright")));
        var worst = TimeSpan.Zero;
        s.Run(async () =>
        {
            await s.Pass(Interval * 3);
            s.Engine.Apply(new LookNowOrder(9, new ItemId(4000), TimeSpan.FromSeconds(5)));
            await s.Pass(1);
            Assert.Single(s.Kept, r => r.Request == 9);
        });
        foreach (var looks in s.Kept.Where(r => r.Item.Value > 3000 && r.Cause == LookCause.Scheduled).GroupBy(r => r.Item))
        {
            var at = looks.Select(r => r.StartedMono).ToList();
            Assert.True(at.Count >= 3);
            worst = at.Zip(at.Skip(1)).Select(p => p.Second - p.First - Interval).Append(worst).Max();
        }

        Assert.True(worst < TimeSpan.FromSeconds(1), $"late by {worst}");
        Assert.True(s.Engine.Health().LatenessMax > TimeSpan.FromSeconds(5)); // and the other customer's lateness is seen
        Assert.True(s.Engine.Health().MissedCycles > 0);
    }

    [Fact]
    public void A_reload_leaves_no_gap_and_makes_no_burst()
    {
        scene.Engine.Apply(new PlanOrder(EngineScene.Plan(900)));
        scene.Run(async () =>
        {
            await scene.Pass(Interval);
            for (var revision = 2; revision < 30; revision++)
            {
                await scene.Pass(7);
                scene.Engine.Apply(new PlanOrder(EngineScene.Plan(900 + (revision % 3)) with { Revision = revision }));
            }

            await scene.Pass(Interval);
        });
        Assert.Equal(29, scene.Engine.Health().PlanRevision);
        foreach (var looks in scene.Kept.Where(r => r.Item.Value <= 900).GroupBy(r => r.Item))
        {
            var at = looks.Select(r => r.StartedMono).ToList();
            Assert.All(at.Zip(at.Skip(1)), p => Assert.InRange(p.Second - p.First, Interval - Together, Interval + Together));
        }

        Assert.True(scene.Kept.GroupBy(r => (long)r.StartedMono.TotalSeconds).Max(g => g.Count()) < 25);
    }

    [Fact]
    public void A_stepped_wall_clock_changes_neither_pace_nor_count()
    {
        scene.Engine.Apply(new PlanOrder(EngineScene.Plan(500)));
        scene.Run(async () =>
        {
            await scene.Pass(Interval);
            scene.Clock.StepWall(TimeSpan.FromHours(-3) + TimeSpan.FromSeconds(71));
            await scene.Pass(Interval * 8);
        });
        foreach (var looks in scene.Kept.GroupBy(r => r.Item))
        {
            var at = looks.Select(r => r.StartedMono).ToList();
            Assert.All(at.Zip(at.Skip(1)), p => Assert.InRange(p.Second - p.First, Interval * 0.9 - TimeSpan.FromMilliseconds(1), Interval * 1.1 + TimeSpan.FromMilliseconds(1)));
        }

        Assert.Equal(0, scene.Engine.Health().MissedCycles);
    }

    [Fact]
    public void Stopping_lets_looks_end_and_cuts_what_hangs()
    {
        scene.Eye.Finds = item => (TimeSpan.FromSeconds(item.Id.Value == 1 ? 2 : 9), LabEye.Fine);
        scene.Engine.Apply(new PlanOrder(EngineScene.Plan(2)));
        var stopped = TimeSpan.Zero;
        scene.Run(async () =>
        {
            scene.Engine.Apply(new LookNowOrder(1, new ItemId(1), TimeSpan.FromSeconds(10)));
            scene.Engine.Apply(new LookNowOrder(2, new ItemId(2), TimeSpan.FromSeconds(10)));
            await scene.Pass(0.1);
            stopped = scene.Clock.Elapsed;
        });
        Assert.Equal([1L], scene.Kept.Select(r => r.Request));
        Assert.Equal(TimeSpan.FromSeconds(3), scene.Clock.Elapsed - stopped);
        Assert.Contains("5105 Site tokyo stopped with 1 look unfinished", scene.Log.Lines);
    }

    /// <summary>A look that breaks its promise to return.</summary>
    private sealed class DeadEye : ILook
    {
        public Task<LookAnswer> LookAsync(Hinoban.Specs.ItemPlan item, TimeSpan timeout, CancellationToken cancel) => new TaskCompletionSource<LookAnswer>().Task;
    }
}
