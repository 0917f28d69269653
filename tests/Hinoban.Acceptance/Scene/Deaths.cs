using System.Globalization;
using Hinoban.Basics;

namespace Hinoban.Acceptance.Scene;

/// <summary>What dies in a story, and when: armed at its beginning, told when the alert and when the mending begins.</summary>
internal interface IDeaths
{
    /// <summary>Before anything breaks.</summary>
    Task ArmAsync();

    /// <summary>The web server is about to be stopped.</summary>
    void AlertBegins();

    /// <summary>The change step is about to be run.</summary>
    void MendingBegins();

    /// <summary>The story is told: whatever is still to be killed lives on, whatever is dead is started again.</summary>
    Task EndAsync();
}

/// <summary>
/// Kills the process that passes a milestone, at the moment it passes it: once during the alert, once more during the mending. After each
/// death it is started again at once, as a supervisor would.
/// </summary>
internal sealed class MilestoneDeaths(RealTown town, Milestone point, int[] counts) : IDeaths
{
    // Where a milestone is passed; everything else happens at the desk.
    private static readonly Milestone[] AtSites = [Milestone.LookEnded, Milestone.ResultSpooled, Milestone.BatchPosted];

    private readonly CancellationTokenSource over = new();
    private Task watching = Task.CompletedTask;
    private int phase;

    /// <summary>How often the process died exactly there.</summary>
    internal int Hits { get; private set; }

    private TownProcess Victim => AtSites.Contains(point) ? town.Sites[0] : town.Desk;

    private static string Hook { get; } = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "Hinoban.CrashHook", "debug", "Hinoban.CrashHook.dll"));

    public async Task ArmAsync()
    {
        Assert.True(File.Exists(Hook), $"{Hook} is not built");
        await Victim.StopAsync();
        Victim.Start(Environment(0));
        await town.QuietAsync();
        watching = WatchAsync();
    }

    public void AlertBegins() => File.WriteAllText(Trigger(0), "");

    public void MendingBegins()
    {
        for (var later = 1; later < counts.Length; later++)
        {
            File.WriteAllText(Trigger(later), "");
        }
    }

    public async Task EndAsync()
    {
        await over.CancelAsync();
        await watching;
        over.Dispose();
        if (Victim.Running)
        {
            await Victim.StopAsync();
        }

        Victim.Start();
    }

    private async Task WatchAsync()
    {
        for (phase = 0; phase < counts.Length; phase++)
        {
            var ended = Victim.EndedAsync();
            await Task.WhenAny(ended, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, over.Token));
            if (!ended.IsCompleted)
            {
                return;
            }

            Hits += File.ReadLines(Log(phase)).LastOrDefault() == $"killed {point}" ? 1 : 0;
            Victim.Start(phase + 1 < counts.Length ? Environment(phase + 1) : null);
        }
    }

    private Dictionary<string, string> Environment(int at)
    {
        File.Delete(Log(at));
        if (at == 0)
        {
            Enumerable.Range(0, counts.Length).ToList().ForEach(i => File.Delete(Trigger(i)));
        }

        return new Dictionary<string, string>
        {
            ["DOTNET_STARTUP_HOOKS"] = Hook,
            ["HINOBAN_CRASH_AT"] = string.Create(CultureInfo.InvariantCulture, $"{point}:{counts[at]}"),
            ["HINOBAN_CRASH_LOG"] = Log(at),
            ["HINOBAN_CRASH_WHEN"] = Trigger(at),
        };
    }

    private string Log(int at) => town.In($"crash-{at}.log");

    private string Trigger(int at) => town.In($"crash-{at}.armed");
}
