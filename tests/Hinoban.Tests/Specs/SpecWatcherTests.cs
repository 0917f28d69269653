using System.Collections.Concurrent;
using System.Threading.Channels;
using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Specs;

/// <summary>The watcher reloads what has changed and stood still, and says so each time.</summary>
public sealed class SpecWatcherTests : IDisposable
{
    private readonly SpecFolderOnDisk folder = new();
    private readonly HandClock clock = new();
    private readonly Channel<SpecReload> reloads = Channel.CreateUnbounded<SpecReload>();
    private readonly CancellationTokenSource end = new();
    private readonly Db db;
    private readonly SpecWatcher watcher;
    private bool fail;

    public SpecWatcherTests()
    {
        db = Db.OpenFile(Path.Combine(folder.Path, "desk.db"), SchemaKind.Desk);
        watcher = new SpecWatcher(
            new EditionDesk(db, SpecSamples.Both), [Path.Combine(folder.Path, "specs")], Take, clock, NullLogger<SpecWatcher>.Instance);
    }

    public void Dispose()
    {
        end.Dispose();
        db.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_change_is_loaded_once_it_stands_still()
    {
        Write("a.jp");
        Assert.Equal(1, watcher.ReloadNow().Plan.Revision);
        Assert.True(reloads.Reader.TryRead(out _));

        Ticks(3);
        Assert.False(reloads.Reader.TryRead(out _));

        Write("b.jp");
        Ticks(1);
        Write("c.jp");
        Ticks(1);
        Assert.False(reloads.Reader.TryRead(out _));

        Ticks(1);
        Assert.True(reloads.Reader.TryRead(out var changed));
        Assert.Equal((2, "c.jp"), (changed.Plan.Revision, changed.Plan.Items.Single().Address));
        Ticks(2);
        Assert.False(reloads.Reader.TryRead(out _));
    }

    // SIGHUP comes on a thread of its own: what it throws ends the process.
    [Fact]
    public void A_reload_that_somebody_asked_for_and_that_fails_is_tried_again_at_the_next_look()
    {
        Write("a.jp");
        watcher.ReloadNow();
        reloads.Reader.TryRead(out _);
        fail = true;
        Write("b.jp");
        watcher.TryReload();
        Assert.False(reloads.Reader.TryRead(out _));

        fail = false;
        Ticks(2);
        Assert.True(reloads.Reader.TryRead(out var again));
        Assert.Equal("b.jp", again.Plan.Items.Single().Address);
    }

    [Fact]
    public void A_change_that_keeps_size_and_time_is_seen()
    {
        var path = Write("a.jp");
        watcher.ReloadNow();
        reloads.Reader.TryRead(out _);
        var time = File.GetLastWriteTimeUtc(path);
        Write("b.jp");
        File.SetLastWriteTimeUtc(path, time);
        Ticks(2);
        Assert.True(reloads.Reader.TryRead(out var changed));
        Assert.Equal("b.jp", changed.Plan.Items.Single().Address);
    }

    [Fact]
    public void Mistakes_are_told_once_and_keep_the_running_plan()
    {
        Write("a.jp");
        var first = watcher.ReloadNow().Plan;
        reloads.Reader.TryRead(out _);
        Write("not an address");
        Ticks(4);
        Assert.True(reloads.Reader.TryRead(out var refused));
        Assert.False(refused.Accepted);
        Assert.Same(first, refused.Plan);
        Assert.False(reloads.Reader.TryRead(out _));

        Write("a.jp");
        Ticks(2);
        Assert.True(reloads.Reader.TryRead(out var back));
        Assert.True(back is { Accepted: true, Changed: false });
    }

    [Fact]
    public void Files_that_come_and_go_are_seen()
    {
        var path = Write("a.jp");
        watcher.ReloadNow();
        reloads.Reader.TryRead(out _);
        File.Delete(path);
        Ticks(2);
        Assert.True(reloads.Reader.TryRead(out var gone));
        Assert.False(gone.Accepted);
        Assert.Single(gone.Plan.Items);
    }

    [Fact]
    public void A_plan_that_could_not_be_handed_on_is_handed_on_again()
    {
        Write("a.jp");
        var first = watcher.ReloadNow().Plan;
        reloads.Reader.TryRead(out _);
        fail = true;
        Write("b.jp");
        Ticks(2);
        Assert.False(reloads.Reader.TryRead(out _));

        fail = false;
        Ticks(1);
        Assert.True(reloads.Reader.TryRead(out var again));
        Assert.True(again is { Accepted: true, Changed: true });
        Assert.Same(first, again.Before);
        Assert.Equal("b.jp", again.Plan.Items.Single().Address);
        Ticks(2);
        Assert.False(reloads.Reader.TryRead(out _));
    }

    [Fact]
    public async Task The_loop_looks_at_every_tick_until_it_is_stopped()
    {
        Write("a.jp");
        var running = watcher.RunAsync(end.Token);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (!reloads.Reader.TryPeek(out _))
        {
            clock.Tick();
            await Task.Yield();
            deadline.Token.ThrowIfCancellationRequested();
        }

        Assert.True((await reloads.Reader.ReadAsync(deadline.Token)).Accepted);
        await end.CancelAsync();
        await running.WaitAsync(deadline.Token);
    }

    private void Take(SpecReload reload)
    {
        if (fail)
        {
            throw new InvalidOperationException("the engine is busy falling over");
        }

        reloads.Writer.TryWrite(reload);
    }

    private string Write(string address) => folder.Write(
        "specs/a.yaml", SpecSamples.Head + $"hosts: {{ web01: {{ address: {address} }} }}\n");

    private void Ticks(int count)
    {
        for (var i = 0; i < count; i++)
        {
            watcher.Look();
        }
    }

    /// <summary>A clock whose timers fire by hand.</summary>
    private sealed class HandClock : TimeProvider
    {
        private readonly ConcurrentBag<HandTimer> timers = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(SpecWatcher.Pace, period);
            var timer = new HandTimer(callback, state);
            timers.Add(timer);
            return timer;
        }

        internal void Tick()
        {
            foreach (var timer in timers)
            {
                timer.Fire();
            }
        }

        private sealed class HandTimer(TimerCallback callback, object? state) : ITimer
        {
            internal void Fire() => callback(state);

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
