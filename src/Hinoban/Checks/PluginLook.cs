using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>
/// Runs a Nagios plugin as a child process: bare name from the provider's folders, arguments as a list, nothing of our environment,
/// its own session, time and output limits. What it means follows the Nagios Plugin API and what Nagios 4 makes of broken plugins.
/// </summary>
internal sealed class PluginLook(PluginOptions options, TimeProvider clock) : ILook
{
    /// <summary>What Nagios says of a plugin that printed nothing but complaints.</summary>
    internal const string OnlyErrors = "(No output on stdout)";

    private const int NotFound = 2; // ENOENT
    private const int TooLong = 7; // E2BIG
    private const int NotAProgram = 8; // ENOEXEC
    private const int Denied = 13; // EACCES

    /// <summary>A process is far more than a socket: what is beyond waits.</summary>
    private const int MostAtOnce = 2000;

    // Waiting is no part of a plugin's own time: killed for it, none would end where many are late. Less than what a site gives a look beyond its time-out.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private static readonly SemaphoreSlim Places = new(MostAtOnce, MostAtOnce);

    private static long runs;

    public async Task<LookAnswer> LookAsync(ItemPlan item, TimeSpan timeout, CancellationToken cancel)
    {
        var plan = (PluginLookPlan)item.Look;
        var (path, whyNot) = PluginFolders.Find(options, plan.Command.Count > 0 ? plan.Command[0] : "");
        if (path is null)
        {
            return LookFailures.Engine("", whyNot);
        }

        var arguments = plan.Command.Skip(1).Select(a => PluginCommand.Expand(a, item)).Prepend(path).ToArray();
        if (arguments.Any(a => a.Contains('\0')))
        {
            return LookFailures.Engine("", "an argument contains a NUL character, which no program can receive");
        }

        if (PluginUser.Prefix(options.User, out var noUser) is not { } user)
        {
            return LookFailures.Engine("", noUser);
        }

        var number = Interlocked.Increment(ref runs);
        if (options.Limits.Of(path, timeout, ownUser: user.Length > 0, number, out var noLimits) is not var (limits, limiter))
        {
            return LookFailures.Engine("", noLimits);
        }

        var mark = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}.{number}");
        string[] argv = [.. user, .. limiter, .. arguments];
        var order = new ChildOrder(argv[0], argv, ["PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C", $"{Descendants.MarkName}={mark}"])
        {
            Number = Descendants.CanNumber ? number : null,
            Limits = limits,
        };
        Descendants.Running[number] = true;
        try
        {
            return await RunAsync(plan, order, mark, number, timeout, cancel);
        }
        finally
        {
            Descendants.Running.TryRemove(number, out _);
        }
    }

    private async Task<LookAnswer> RunAsync(PluginLookPlan plan, ChildOrder order, string mark, long number, TimeSpan timeout, CancellationToken cancel)
    {
        using var patience = new LookLimit(Patience, clock, cancel);
        var placed = false;
        try
        {
            await Places.WaitAsync(patience.Token);
            placed = true;
            var (process, error) = await PluginProcess.StartAsync(order, patience.Token);
            using (process)
            {
                using var limit = new LookLimit(timeout, clock, cancel);
                return process is null ? NotStarted(order.Program, error) : Answer(plan, await PluginRun.RunAsync(process, mark, number, limit, clock, cancel), timeout);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return LookFailures.Engine("", $"cannot start {order.Program}: so many programs run or were to be started before it, or its file does not answer");
        }
        finally
        {
            if (placed)
            {
                Places.Release();
            }
        }
    }

    private static LookAnswer NotStarted(string program, int error) =>
        error == TooLong ? Failed("its arguments are too long", "")
            : LookFailures.Engine("", $"cannot start {program}: {Marshal.GetPInvokeErrorMessage(error)}{(error is NotFound or NotAProgram or Denied ? " (is its interpreter there?)" : "")}");

    internal static LookAnswer Answer(PluginLookPlan plan, PluginRunEnd run, TimeSpan timeout)
    {
        var output = PluginOutput.Parse(run.Output, run.Dropped);
        if (run.TimedOut)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"(Plugin timed out after {timeout.TotalSeconds:0.###} seconds)");
            return new LookAnswer(CheckStatus.Critical, Reply.Transport, NoValue.TimedOut, text, Printed(output));
        }

        return run.End switch
        {
            { ExitCode: >= 0 and <= 3 and var code } => Value(plan, (CheckStatus)code, output, run),
            { ExitCode: 126 } => Missing("Return code of 126 is out of bounds - plugin may not be executable", Printed(output)),
            { ExitCode: 127 } => Missing("Return code of 127 is out of bounds - plugin may be missing", Printed(output)),
            { ExitCode: { } code } => Failed(string.Create(CultureInfo.InvariantCulture, $"Return code of {code} is out of bounds{SignalNames.OfExitCode(code)}"), Printed(output)),
            { Signal: { } signal } => Failed($"Plugin was ended by {SignalNames.Of(signal)}", Printed(output)),
            _ => Failed("Plugin ended, but its return code was lost", Printed(output)),
        };
    }

    private static LookAnswer Value(PluginLookPlan plan, CheckStatus status, PluginOutput output, PluginRunEnd run)
    {
        var speaks = status == CheckStatus.Ok || plan.Answers ? Reply.Answer : Reply.Transport;
        var first = output.First.Length > 0 || run.Output.Length > 0 ? output.First : NoOutput(run.Errors);
        return new LookAnswer(status, speaks, NoValue.None, first, output.Long, output.Perfdata);
    }

    // Nagios' words; what the plugin complained of helps whoever has to mend it.
    private static string NoOutput(byte[] errors) =>
        errors.Length == 0 ? "(No output returned from plugin)" : $"{OnlyErrors} stderr: {Encoding.UTF8.GetString(errors).Trim()}";

    private static string Printed(PluginOutput output) => output.Long.Length == 0 ? output.First : $"{output.First}\n{output.Long}";

    private static LookAnswer Missing(string why, string printed = "") =>
        new(CheckStatus.Critical, Reply.Transport, NoValue.PluginMissing, $"({why})", printed);

    private static LookAnswer Failed(string why, string printed) =>
        new(CheckStatus.Critical, Reply.Transport, NoValue.PluginFailed, $"({why})", printed);
}
