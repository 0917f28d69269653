using Hinoban.Checks.Ssh;
using Hinoban.Responding;

namespace Hinoban.Lab.Story;

/// <summary>What a command does on a customer's host.</summary>
internal sealed record LabCommand(int Exit, string Says, Action Then);

/// <summary>
/// The way into customers' hosts. A host knows the commands that the story gave it; any other is not found there. What runs is told before it
/// has an effect, and takes effect even if nobody lives to hear its end.
/// </summary>
internal sealed class LabShell(LabClock clock, Action<string> ran) : IShell
{
    private static readonly TimeSpan LogIn = TimeSpan.FromMilliseconds(300);

    private readonly Dictionary<(string Host, string Command), LabCommand> known = [];
    private readonly HashSet<string> away = [];

    /// <summary>How long a command takes, log-in not counted.</summary>
    internal TimeSpan Takes { get; set; } = TimeSpan.FromSeconds(1);

    internal void Knows(string host, string command, LabCommand does) => known[(host, command)] = does;

    /// <summary>Nobody can log in there now.</summary>
    internal void Away(string host, bool gone)
    {
        if (gone)
        {
            away.Add(host);
        }
        else
        {
            away.Remove(host);
        }
    }

    public async Task<ShellOutcome> RunAsync(ShellTarget target, string command, TimeSpan timeout, CancellationToken cancel)
    {
        await Task.Delay(LogIn, clock, cancel);
        if (away.Contains(target.Host))
        {
            return new ShellOutcome(false, null, "ssh: connection refused\n", false, LogIn);
        }

        ran($"[{target.Host}] $ {command}");
        var does = known.GetValueOrDefault((target.Host, command)) ?? new LabCommand(127, "command not found\n", () => { });
        if (Takes >= timeout)
        {
            await Task.Delay(timeout, clock, cancel);
            return new ShellOutcome(true, null, "", true, timeout);
        }

        // The host carries it out, whatever becomes of the one who asked.
        var done = new TaskCompletionSource();
        clock.CreateTimer(
            _ =>
            {
                does.Then();
                done.SetResult();
            },
            null, Takes, Timeout.InfiniteTimeSpan);
        await done.Task.WaitAsync(cancel);
        return new ShellOutcome(true, does.Exit, does.Says, false, Takes + LogIn);
    }
}
