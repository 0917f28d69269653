using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Lab;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Tests.Scheduling;
using Microsoft.Extensions.Logging;

namespace Hinoban.Tests.Flow;

/// <summary>A site's engine under virtual time, with simulated targets and everything it kept and logged.</summary>
internal sealed class EngineScene
{
    private readonly LabLoop loop;

    internal EngineScene(SiteEngineOptions? options = null)
    {
        loop = new LabLoop(Clock);
        Eye = new LabEye(Clock);
        Engine = new SiteEngine(
            new SiteName("tokyo"),
            Eye,
            result =>
            {
                Kept.Add(result);
                return Keeping(result);
            },
            Clock,
            Log,
            options ?? new SiteEngineOptions { Room = 1000 });
    }

    internal LabClock Clock { get; } = new();

    internal LabEye Eye { get; }

    internal SiteEngine Engine { get; }

    internal List<CheckResult> Kept { get; } = [];

    internal Func<CheckResult, ValueTask> Keeping { get; set; } = _ => ValueTask.CompletedTask;

    internal ListLog Log { get; } = new();

    internal static SitePlan Plan(int count, Func<int, string>? customer = null) =>
        ScheduleScene.Plan(Enumerable.Range(1, count).Select(id => ScheduleScene.Item(id, customer?.Invoke(id) ?? "a")));

    /// <summary>Runs the engine while the story lasts, then stops it and waits for its end.</summary>
    internal void Run(Func<Task> story) => loop.Run(async () =>
    {
        using var stop = new CancellationTokenSource();
        var running = Engine.RunAsync(stop.Token);
        await story();
        stop.Cancel();
        await running;
    });

    internal Task Pass(TimeSpan time) => Task.Delay(time, Clock);

    internal Task Pass(double seconds) => Pass(TimeSpan.FromSeconds(seconds));
}

/// <summary>A log that keeps its lines.</summary>
internal sealed class ListLog : ILogger
{
    internal List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Lines)
        {
            Lines.Add($"{eventId.Id} {formatter(state, exception)}");
        }
    }
}
