using System.Collections.Concurrent;
using System.Text;
using Hinoban.Checks.Ssh;
using Hinoban.Specs;

namespace Hinoban.Checks.Via;

/// <summary>
/// Runs a plugin that lies on the host, over its sshd: for hosts where nothing may be installed. The looks of one round share a log-in. What the plugin ends
/// with is the host's own answer; that there was no log-in is not.
/// </summary>
internal sealed class SshLook(ShellOptions? options, TimeProvider clock) : ILook
{
    /// <summary>A server takes ten sessions on one connection unless it is told otherwise.</summary>
    private const int AtOnce = 8;

    private readonly OpenSshShell? shell = options is null ? null : new OpenSshShell(options with { WithErrors = false }, clock);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> gates = new();

    public async Task<LookAnswer> LookAsync(ItemPlan item, TimeSpan timeout, CancellationToken cancel)
    {
        var look = (InsideLookPlan)item.Look;
        if (shell is null || look.Way.Ssh is not { } ssh)
        {
            return LookFailures.Engine(ViaFailures.Prefix(look), "this site has no key for SSH: set ssh.identity");
        }

        var words = PluginLine.Of(look).Select(w => PluginCommand.Expand(w, item)).ToList();
        using var limit = new LookLimit(timeout, clock, cancel);
        var gate = gates.GetOrAdd($"{item.Customer}/{look.Way.Host}", _ => new SemaphoreSlim(AtOnce));
        try
        {
            await gate.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.TimedOut)
        {
            return ViaFailures.TimedOut(look, timeout);
        }

        try
        {
            var target = new ShellTarget(item.Customer, look.Way.Host, look.Way.Address, ssh);
            var left = timeout - limit.Elapsed;
            return Answer(look, await shell.RunAsync(target, PluginLine.Quoted(words), left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1), cancel), timeout);
        }
        finally
        {
            gate.Release();
        }
    }

    internal static LookAnswer Answer(InsideLookPlan look, ShellOutcome run, TimeSpan timeout) => run switch
    {
        { TimedOut: true } => ViaFailures.TimedOut(look, timeout),
        { Connected: false, Reason: var why } when why == ShellText.NoProgram || why == ShellText.KeyFileOpen => LookFailures.Engine(ViaFailures.Prefix(look), why.En),
        { Connected: false } => LookFailures.Transport(ViaFailures.Prefix(look), WhyOf(run), $"no log-in at {ViaFailures.Who(look)}: {run.Reason?.En}"),
        { ExitCode: { } code } => PluginLook.Answer(
            new PluginLookPlan([], true), new PluginRunEnd(new ChildEnd(code, null), false, Encoding.UTF8.GetBytes(run.Transcript), 0, []), timeout) with
        {
            Reply = Reply.Answer,
        },
        _ => LookFailures.Transport(ViaFailures.Prefix(look), NoValue.Refused, $"the connection to {ViaFailures.Who(look)} was cut while the plugin ran"),
    };

    private static NoValue WhyOf(ShellOutcome run) =>
        run.Reason == ShellText.Unreachable ? NoValue.Unreachable
        : run.Reason == ShellText.NameUnresolved ? NoValue.NameUnresolved
        : run.Reason == ShellText.NoAnswer ? NoValue.TimedOut
        : NoValue.Refused;
}
