using Hinoban.Checks;
using Hinoban.Lab;
using Hinoban.Lab.Servers;

namespace Hinoban.Tests.Checks;

/// <summary>A program whose start hangs holds up nothing but itself.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ChildStarterTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly LabClock clock = new();
    private readonly ManualResetEventSlim mended = new();
    private readonly SemaphoreSlim inside = new(0);
    private readonly List<string> started = [];
    private readonly ChildStarter starter;

    public ChildStarterTests() => starter = new(Spawn, clock);

    public void Dispose()
    {
        mended.Set();
        mended.Dispose();
        inside.Dispose();
    }

    [Fact]
    public async Task Others_go_on_and_those_of_the_same_program_wait_for_it()
    {
        var hung = StartAsync("/away/a");
        await inside.WaitAsync(Patience, TestContext.Current.CancellationToken);
        var (same, other) = (StartAsync("/away/a"), StartAsync("/bin/b"));
        clock.Advance(ChildStarter.Hangs - TimeSpan.FromTicks(1));
        Assert.False(other.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal((7, 0), await other.WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Equal((7, 0), await StartAsync("/bin/c").WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.False(hung.IsCompleted || same.IsCompleted);
        mended.Set();
        Assert.Equal([(7, 0), (7, 0)], await Task.WhenAll(hung, same).WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Equal(["/away/a", "/bin/b", "/bin/c", "/away/a"], started);
    }

    [Fact]
    public async Task Two_programs_may_hang_at_once()
    {
        var first = StartAsync("/away/a");
        await inside.WaitAsync(Patience, TestContext.Current.CancellationToken);
        var second = StartAsync("/away/b");
        clock.Advance(ChildStarter.Hangs);
        await inside.WaitAsync(Patience, TestContext.Current.CancellationToken);
        var third = StartAsync("/bin/c");
        clock.Advance(ChildStarter.Hangs);
        Assert.Equal((7, 0), await third.WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.False(first.IsCompleted || second.IsCompleted);
    }

    [Fact]
    public async Task What_is_given_up_before_its_turn_is_not_started()
    {
        var hung = StartAsync("/away/a");
        await inside.WaitAsync(Patience, TestContext.Current.CancellationToken);
        using var cancel = new CancellationTokenSource();
        var waits = starter.StartAsync(new ChildOrder("/bin/b", [], []), -1, -1, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        mended.Set();
        await hung;
        await StartAsync("/bin/c");
        Assert.Equal(["/away/a", "/bin/c"], started);
    }

    [Fact]
    public async Task What_comes_of_a_start_that_was_given_up_is_killed()
    {
        using var first = new ManualResetEventSlim();
        var pid = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var late = new ChildStarter(
            (order, _, _) =>
            {
                inside.Release();
                if (order.Program == "/bin/first")
                {
                    first.Wait();
                    return (7, 0);
                }

                mended.Wait();
                var sleeper = ChildStart.StartAsync(new ChildOrder("/bin/sleep", ["sleep", "300"], []), -1, -1, default).GetAwaiter().GetResult();
                pid.SetResult(sleeper.Pid);
                return sleeper;
            },
            clock);
        using var cancel = new CancellationTokenSource();
        var before = Task.Run(() => late.StartAsync(new ChildOrder("/bin/first", [], []), -1, -1, default));
        await inside.WaitAsync(Patience, TestContext.Current.CancellationToken);
        var hung = late.StartAsync(new ChildOrder("/away/a", [], []), -1, -1, cancel.Token);
        first.Set();
        await before;
        await inside.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hung);
        mended.Set();
        var killed = await pid.Task;
        Assert.True(Pids.WaitUntil(() => !Pids.IsAlive(killed), Patience));
    }

    [Fact]
    public async Task A_fault_is_told_to_whoever_wanted_it_and_to_nobody_else()
    {
        var broken = new ChildStarter((order, _, _) => order.Program == "/bad" ? throw new InvalidOperationException("bad") : (7, 0), clock);
        await Assert.ThrowsAsync<InvalidOperationException>(() => broken.StartAsync(new ChildOrder("/bad", [], []), -1, -1, default));
        Assert.Equal((7, 0), await broken.StartAsync(new ChildOrder("/good", [], []), -1, -1, default));
    }

    private Task<(int Pid, int Error)> StartAsync(string program) => Task.Run(() => starter.StartAsync(new ChildOrder(program, [], []), -1, -1, default));

    private (int Pid, int Error) Spawn(ChildOrder order, int output, int errors)
    {
        lock (started)
        {
            started.Add(order.Program);
        }

        if (order.Program.StartsWith("/away/", StringComparison.Ordinal))
        {
            inside.Release();
            mended.Wait();
        }

        return (7, 0);
    }
}
