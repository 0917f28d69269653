using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Hinoban.Agent.Setup;
using Hinoban.Checks;

namespace Hinoban.Agent.Measures;

/// <summary>
/// Runs plugins and actions: a fixed list of arguments, no shell, a session of their own, limits of time and output. A plugin leaves
/// nothing behind; what an action started (a daemon, say) stays, unless the action itself runs out of time.
/// </summary>
internal sealed class Programs(TimeProvider clock)
{
    private const string Path = "PATH=/usr/bin:/bin:/usr/sbin:/sbin";
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    // One count for the process: children belong to it.
    private static long runs;

    internal async Task<Answer> RunAsync(RunPlan plan, CancellationToken cancel)
    {
        var number = Interlocked.Increment(ref runs);
        if (PluginUser.Prefix(plan.User, out var whyNot) is not { } user
            || PluginLimits.Default.Prefix(plan.Timeout, ownUser: user.Length > 0, number, out whyNot) is not { } limits)
        {
            return Unable(whyNot);
        }

        Descendants.Running[number] = true;
        try
        {
            var mark = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}.{number}");
            using var process = Start([.. user, .. limits, .. plan.Command], [Path, "LC_ALL=C", $"{Descendants.MarkName}={mark}"], out var error);
            return process is null
                ? Unable($"{plan.Command[0]} cannot be started: {Marshal.GetPInvokeErrorMessage(error)}")
                : Tell(await PluginRun.RunAsync(process, mark, number, plan.Timeout, clock, cancel), plan.Timeout, "plugin");
        }
        finally
        {
            Descendants.Running.TryRemove(number, out _);
        }
    }

    internal async Task<Answer> ActAsync(ActionPlan plan, CancellationToken cancel)
    {
        using var process = Start(plan.Command, [Path, "LC_ALL=C"], out var error);
        if (process is null)
        {
            return Unable($"{plan.Command[0]} cannot be started: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        var ended = ChildWatch.Instance.Watch(process.Pid);
        using var reading = new CancellationTokenSource();
        var output = ProgramOutput.DrainAsync(process.Output, reading.Token);
        var errors = ProgramOutput.DrainAsync(process.Errors, reading.Token);
        using var limit = new LookLimit(plan.Timeout, clock, cancel);
        var inTime = await EndsAsync(ended, limit.Token);
        if (!inTime)
        {
            _ = Libc.kill(-process.Pid, Libc.SigTerm);
            using var grace = new CancellationTokenSource(Grace, clock);
            await EndsAsync(ended, grace.Token);
            _ = Libc.kill(-process.Pid, Libc.SigKill);
        }

        // A daemon that it started may hold its outputs open: what it said itself is there by now.
        using var rest = new CancellationTokenSource(Grace, clock);
        await EndsAsync(Task.WhenAll(output, errors), rest.Token);
        await reading.CancelAsync();
        var end = inTime ? await ended : default;
        _ = ended.ContinueWith(_ => ChildWatch.Instance.Reap(process.Pid), TaskScheduler.Default);
        return Tell(new PluginRunEnd(end, !inTime, (await output).Kept, (await output).Dropped, (await errors).Kept), plan.Timeout, "action");
    }

    private static PluginProcess? Start(IReadOnlyList<string> argv, IReadOnlyList<string> environment, out int error)
    {
        _ = ChildWatch.Instance; // must be watching before the first child can end
        return PluginProcess.Start(argv[0], argv, environment, out error);
    }

    private static async Task<bool> EndsAsync(Task task, CancellationToken limit)
    {
        try
        {
            await task.WaitAsync(limit);
            return true;
        }
        catch (OperationCanceledException)
        {
            return task.IsCompleted;
        }
    }

    private static Answer Tell(PluginRunEnd run, TimeSpan timeout, string what)
    {
        var output = PluginOutput.Parse(run.Output, run.Dropped);
        if (run.TimedOut)
        {
            return new Answer(
                CheckStatus.Unknown, string.Create(CultureInfo.InvariantCulture, $"NRPE: the {what} did not end within {timeout.TotalSeconds:0} s and was killed"), Printed(output));
        }

        return run.End switch
        {
            { ExitCode: >= 0 and <= 3 and var code } => new Answer((CheckStatus)code, First(output, run), output.Long, output.Perfdata),
            { ExitCode: 126 } => Failed($"the {what} is not executable (exit code 126)", run, output),
            { ExitCode: 127 } => Failed($"the {what} or its interpreter is missing (exit code 127)", run, output),
            { ExitCode: { } code } => Failed(string.Create(CultureInfo.InvariantCulture, $"the {what} ended with exit code {code}, which is none of 0 to 3"), run, output),
            { Signal: { } signal } => Failed(string.Create(CultureInfo.InvariantCulture, $"the {what} was ended by signal {signal}"), run, output),
            _ => Failed($"the {what} ended, but its exit code was lost", run, output),
        };
    }

    private static Answer Failed(string why, PluginRunEnd run, PluginOutput output) =>
        new(CheckStatus.Unknown, $"NRPE: {why}", run.Output.Length > 0 ? Printed(output) : Complaint(run));

    private static string First(PluginOutput output, PluginRunEnd run) =>
        run.Output.Length > 0 ? output.First : run.Errors.Length > 0 ? $"(no output; on stderr: {Complaint(run)})" : "(no output)";

    private static string Complaint(PluginRunEnd run) => Encoding.UTF8.GetString(run.Errors).Trim();

    private static string Printed(PluginOutput output) => output.Long.Length == 0 ? output.First : $"{output.First}\n{output.Long}";

    private static Answer Unable(string why) => new(CheckStatus.Unknown, $"NRPE: {why}");
}
