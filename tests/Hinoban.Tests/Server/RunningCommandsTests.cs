using Hinoban.Basics;
using Hinoban.Checks.Ssh;
using Hinoban.Lab;
using Hinoban.Responding;
using Hinoban.Server.Roles;
using Hinoban.Specs;

namespace Hinoban.Tests.Server;

/// <summary>Commands on hosts while the desk stops: those that run may end, those that come are not started.</summary>
public sealed class RunningCommandsTests : IShell, IDisposable
{
    private static readonly ShellTarget Target = new(new CustomerId("sample-trading"), "web01", "192.0.2.10", new SshPlan("ops", 22, []));

    private readonly LabClock clock = new();
    private readonly CancellationTokenSource stop = new();
    private readonly RunningCommands commands;
    private readonly Dictionary<string, TaskCompletionSource<ShellOutcome>> started = [];
    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource startGate = new();
    private bool holdStarts;

    public RunningCommandsTests() => commands = new RunningCommands(this, clock);

    public void Dispose()
    {
        commands.Dispose();
        stop.Dispose();
    }

    [Fact]
    public async Task A_stop_waits_for_what_runs_and_starts_nothing_more()
    {
        var first = RunAsync("first");
        var drain = commands.DrainAsync(stop.Token);
        await stop.CancelAsync();
        var late = await RunAsync("late");
        Assert.Equal((false, null, true), (late.Connected, late.ExitCode, late.Stopping));
        Assert.DoesNotContain("late", started.Keys);
        Assert.False(drain.IsCompleted);

        End("first");
        Assert.Equal(0, (await first).ExitCode);
        await drain.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        Assert.True(commands.Cut.IsCancellationRequested);
    }

    [Fact]
    public async Task One_that_is_just_being_started_is_waited_for()
    {
        // Let in before the stop, and still on its way into the shell when it comes.
        holdStarts = true;
        var first = Task.Run(() => RunAsync("first"), TestContext.Current.CancellationToken);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        var drain = commands.DrainAsync(stop.Token);
        await stop.CancelAsync();
        Assert.False(drain.IsCompleted);

        startGate.SetResult();
        Assert.Equal(0, (await first.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken)).ExitCode);
        await drain.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_does_not_end_in_time_is_cut()
    {
        var run = RunAsync("endless");
        var drain = commands.DrainAsync(stop.Token);
        await stop.CancelAsync();
        using (var late = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System))
        {
            while (clock.NextTimer is null)
            {
                late.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        clock.Advance(TimeSpan.FromSeconds(7.9));
        Assert.False(commands.Cut.IsCancellationRequested);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await drain.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(commands.Cut.IsCancellationRequested);
        End("endless");
        await run;
    }

    async Task<ShellOutcome> IShell.RunAsync(ShellTarget target, string command, TimeSpan timeout, CancellationToken cancel)
    {
        entered.TrySetResult();
        if (holdStarts)
        {
            await startGate.Task;
            return new ShellOutcome(true, 0, "", false, TimeSpan.Zero);
        }

        return await (started[command] = new TaskCompletionSource<ShellOutcome>()).Task;
    }

    private Task<ShellOutcome> RunAsync(string command) => commands.RunAsync(Target, command, TimeSpan.FromSeconds(60), commands.Cut);

    private void End(string command) => started[command].SetResult(new ShellOutcome(true, 0, "", false, TimeSpan.Zero));
}
