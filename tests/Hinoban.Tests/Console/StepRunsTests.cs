using Hinoban.Basics;
using Hinoban.Console.Incidents;
using Hinoban.Flow;
using Hinoban.People;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Console;

/// <summary>A page waits for a step's start, and for nothing that comes after it.</summary>
public sealed class StepRunsTests
{
    private static readonly Actor Sato = Actor.Engine;

    [Fact]
    public async Task A_step_that_has_begun_is_answered_however_long_it_takes()
    {
        var end = new TaskCompletionSource<CommandOutcome>();
        using var going = new ManualResetEventSlim();
        var runs = Runs(begun =>
        {
            begun();

            // As where what follows the start stands before the desk's gate.
            going.Wait(TimeSpan.FromSeconds(60));
            return end.Task;
        });

        var answer = await runs.RunAsync(Sato, new IncidentId(1), 1, null, null).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Null(answer);
        going.Set();
        end.SetResult(CommandOutcome.Done);
    }

    [Fact]
    public async Task A_step_that_does_not_begin_is_answered_with_what_refused_it()
    {
        var refused = new CommandOutcome(Refusal.Conflict, Text.Same("runs already"));

        Assert.Same(refused, await Runs(_ => Task.FromResult(refused)).RunAsync(Sato, new IncidentId(1), 1, null, null));
    }

    [Fact]
    public async Task A_start_that_could_not_be_written_is_no_start() =>
        await Assert.ThrowsAsync<IOException>(() => Runs(_ => throw new IOException("disk full")).RunAsync(Sato, new IncidentId(1), 1, null, null));

    private static StepRuns Runs(Func<Action, Task<CommandOutcome>> steps) => new(new SampleDesk(new SampleClock()) { Steps = steps }, new Life(), NullLogger<StepRuns>.Instance);

    private sealed class Life : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
