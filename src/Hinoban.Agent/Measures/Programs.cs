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
            || PluginLimits.Default.Of(plan.Command[0], plan.Timeout, ownUser: user.Length > 0, number, out whyNot) is not var (limits, limiter))
        {
            return Unable(whyNot);
        }

        var mark = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}.{number}");
        string[] argv = [.. user, .. limiter, .. plan.Command];
        var order = new ChildOrder(argv[0], argv, [Path, "LC_ALL=C", $"{Descendants.MarkName}={mark}"])
        {
            Number = Descendants.CanNumber ? number : null,
            Limits = limits,
        };
        await Apart();
        using var limit = new LookLimit(plan.Timeout, clock, cancel);
        Descendants.Running[number] = true;
        try
        {
            var (process, error) = await PluginProcess.StartAsync(order, limit.Token);
            using (process)
            {
                return process is null
                    ? Unable($"{plan.Command[0]} cannot be started: {Marshal.GetPInvokeErrorMessage(error)}")
                    : Tell(await PluginRun.RunAsync(process, mark, number, limit, clock, cancel), plan.Timeout, "plugin");
            }
        }
        catch (OperationCanceledException) when (limit.TimedOut)
        {
            return Unable(Late(plan.Command[0]));
        }
        finally
        {
            Descendants.Running.TryRemove(number, out _);
        }
    }

    internal async Task<Answer> ActAsync(ActionPlan plan, CancellationToken cancel)
    {
        await Apart();
        using var limit = new LookLimit(plan.Timeout, clock, cancel);
        try
        {
            var (started, error) = await PluginProcess.StartAsync(new ChildOrder(plan.Command[0], plan.Command, [Path, "LC_ALL=C"]), limit.Token);
            return started is null ? Unable($"{plan.Command[0]} cannot be started: {Marshal.GetPInvokeErrorMessage(error)}") : await ActAsync(plan, started, limit);
        }
        catch (OperationCanceledException) when (limit.TimedOut)
        {
            return Unable(Late(plan.Command[0]));
        }
    }

    private async Task<Answer> ActAsync(ActionPlan plan, PluginProcess process, LookLimit limit)
    {
        using var held = process;
        var inTime = await EndsAsync(process.Ended, limit.Token);
        if (!inTime)
        {
            _ = Libc.kill(-process.Pid, Libc.SigTerm);
            using var grace = new CancellationTokenSource(Grace, clock);
            await EndsAsync(process.Ended, grace.Token);
            _ = Libc.kill(-process.Pid, Libc.SigKill);
        }

        // A daemon that it started may hold its outputs open: what it said itself is there by now.
        using var rest = new CancellationTokenSource(Grace, clock);
        await EndsAsync(process.ListenAsync(), rest.Token);
        var end = inTime ? await process.Ended : default;
        _ = process.Ended.ContinueWith(_ => ChildWatch.Instance.Reap(process.Pid), TaskScheduler.Default);
        var (kept, dropped) = process.Output.Take();
        return Tell(new PluginRunEnd(end, !inTime, kept, dropped, process.Errors.Take().Kept), plan.Timeout, "action");
    }

    // A start that hangs keeps its thread: not that of a batch, whose other items wait for nobody.
    private static System.Runtime.CompilerServices.ConfiguredTaskAwaitable Apart() => Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

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
            { ExitCode: >= 0 and <= 3 and var code } => run.Output.Length > 0 ? new Answer((CheckStatus)code, output.First, output.Long, output.Perfdata) : Silent((CheckStatus)code, run),
            { ExitCode: 126 } => Failed($"the {what} is not executable (exit code 126)", run, output),
            { ExitCode: 127 } => Failed($"the {what} or its interpreter is missing (exit code 127)", run, output),
            { ExitCode: { } code } => Failed(string.Create(CultureInfo.InvariantCulture, $"the {what} ended with exit code {code}, which is none of 0 to 3{SignalNames.OfExitCode(code)}"), run, output),
            { Signal: { } signal } => Failed($"the {what} was ended by {SignalNames.Of(signal)}", run, output),
            _ => Failed($"the {what} ended, but its exit code was lost", run, output),
        };
    }

    private static Answer Failed(string why, PluginRunEnd run, PluginOutput output) =>
        new(CheckStatus.Unknown, $"NRPE: {why}", run.Output.Length > 0 ? Printed(output) : Complaint(run));

    // Of what it complained of the first line stands where a line is wanted.
    private static Answer Silent(CheckStatus status, PluginRunEnd run)
    {
        var said = Complaint(run);
        var end = said.IndexOf('\n');
        return said.Length == 0 ? new Answer(status, "(no output)")
            : end < 0 ? new Answer(status, $"(no output; on stderr: {said})")
            : new Answer(status, $"(no output; on stderr: {said[..end].Trim()})", said[(end + 1)..]);
    }

    // A bar would begin performance data.
    private static string Complaint(PluginRunEnd run)
    {
        var cut = run.Errors.Length == PluginProcess.ErrorsLimit;
        var said = Encoding.UTF8.GetString(run.Errors).Replace('|', '?').Trim();
        return cut ? $"{said.TrimEnd('\uFFFD')} [cut]" : said;
    }

    private static string Printed(PluginOutput output) => output.Long.Length == 0 ? output.First : $"{output.First}\n{output.Long}";

    private static string Late(string program) => $"{program} was not started in time: others came before it, or its file does not answer";

    private static Answer Unable(string why) => new(CheckStatus.Unknown, $"NRPE: {why}");
}
