using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Authentication;
using System.Text;
using Hinoban.Basics;
using Hinoban.Checks.Nrpe;
using Hinoban.Specs;

namespace Hinoban.Checks.Via;

/// <summary>
/// Asks a stock NRPE daemon, in the newest version of the protocol that it takes (4, 3, 2), one connection per query as the protocol has it. A daemon without
/// a certificate speaks anonymous TLS, which the framework does not offer: for it the <c>check_nrpe</c> program is run.
/// </summary>
internal sealed class NrpeLook(Connector connector, PluginLook plugins, TimeProvider clock) : ILook
{
    private const string Program = "check_nrpe";

    private static readonly NrpeVersion[] Newest = [NrpeVersion.V4, NrpeVersion.V3, NrpeVersion.V2];

    private readonly ConcurrentDictionary<(string Address, int Port), NrpeManner> manners = new();

    public async Task<LookAnswer> LookAsync(ItemPlan item, TimeSpan timeout, CancellationToken cancel)
    {
        var look = (InsideLookPlan)item.Look;
        using var limit = new LookLimit(timeout, clock, cancel);
        var manner = manners.GetValueOrDefault((look.Way.Address, look.Way.Port));
        if (look.Way.Tls == NrpeTls.Anonymous || (look.Way.Tls == NrpeTls.Auto && manner is { Anonymous: true }))
        {
            return await ProgramAsync(item, look, limit, cancel);
        }

        try
        {
            return Answer(look, await AskAsync(look, manner, limit.Token));
        }
        catch (OperationCanceledException) when (limit.TimedOut)
        {
            return ViaFailures.TimedOut(look, timeout);
        }
        catch (AuthenticationException) when (look.Way.Tls == NrpeTls.Auto)
        {
            return await ProgramAsync(item, look, limit, cancel);
        }
        catch (Exception fault) when (ViaFailures.Of(look, fault) is { } failure)
        {
            return failure;
        }
    }

    internal static LookAnswer Answer(InsideLookPlan look, NrpePacket packet)
    {
        var output = PluginOutput.Parse(Encoding.UTF8.GetBytes(packet.Text), 0);
        return packet.Result is >= 0 and <= 3
            ? new LookAnswer((CheckStatus)packet.Result, Reply.Answer, NoValue.None, output.First, output.Long, output.Perfdata)
            : new LookAnswer(
                CheckStatus.Critical,
                Reply.Answer,
                NoValue.PluginFailed,
                string.Create(CultureInfo.InvariantCulture, $"{ViaFailures.Prefix(look)}CRITICAL - return code of {packet.Result} is out of bounds: {output.First}"),
                output.Long);
    }

    /// <summary>A daemon of an older version closes the connection, or answers what cannot be read; it is then asked in the version before.</summary>
    private async Task<NrpePacket> AskAsync(InsideLookPlan look, NrpeManner? manner, CancellationToken cancel)
    {
        var versions = manner is { Version: var known } ? Newest.SkipWhile(v => v != known).ToArray() : Newest;
        for (var i = 0; ; i++)
        {
            var taken = false;
            try
            {
                using var connection = await NrpeConnection.OpenAsync(connector, look.Way, null, Moment.MonoOf(clock), cancel);
                taken = true;
                var packet = await connection.AskAsync(versions[i], look.Way.Command, cancel);
                manners[(look.Way.Address, look.Way.Port)] = new NrpeManner(versions[i], Anonymous: false);
                return packet;
            }
            catch (Exception older) when (older is IOException or NrpeBrokenException && taken && i + 1 < versions.Length)
            {
                manners.TryRemove((look.Way.Address, look.Way.Port), out _);
            }
        }
    }

    private async Task<LookAnswer> ProgramAsync(ItemPlan item, InsideLookPlan look, LookLimit limit, CancellationToken cancel)
    {
        var left = limit.Timeout - limit.Elapsed;
        var seconds = Math.Max(1, (int)Math.Ceiling(left.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var (command, arguments) = look.Way.Command.Split('!') is [var name, .. var rest] ? (name, rest) : ("", []);
        string[] argv =
        [
            Program, "-H", look.Way.Address, "-p", look.Way.Port.ToString(CultureInfo.InvariantCulture), "-t", seconds, "-c", command,
            .. arguments.Length > 0 ? arguments.Prepend("-a") : [],
        ];

        // The arguments are the specification's, macros and all: a dollar sign is written twice so that it arrives once.
        var run = await plugins.LookAsync(
            item with { Look = new PluginLookPlan([.. argv.Select(a => a.Replace("$", "$$", StringComparison.Ordinal))], true) }, left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1), cancel);
        var answer = FromProgram(look, run, limit.Timeout);
        if (answer.Reply == Reply.Answer && look.Way.Tls == NrpeTls.Auto)
        {
            manners[(look.Way.Address, look.Way.Port)] = new NrpeManner(NrpeVersion.V4, Anonymous: true);
        }
        else
        {
            manners.TryRemove((look.Way.Address, look.Way.Port), out _);
        }

        return answer;
    }

    /// <summary>The program prints its own troubles like a plugin's output; they are none of the host's answers.</summary>
    internal static LookAnswer FromProgram(InsideLookPlan look, LookAnswer run, TimeSpan timeout) => run switch
    {
        { NoValue: NoValue.TimedOut } => ViaFailures.TimedOut(look, timeout),
        { NoValue: NoValue.PluginMissing } => LookFailures.Engine(
            ViaFailures.Prefix(look), $"{ViaFailures.Who(look)} offers anonymous TLS only, for which the site needs the program {Program}: {run.Output}"),
        { Output: var said } when said.Contains("Connection refused", StringComparison.Ordinal) && IsTrouble(said) =>
            LookFailures.Transport(ViaFailures.Prefix(look), NoValue.Refused, $"{ViaFailures.Who(look)} does not answer: {said}"),
        { Output: var said } when said.Contains("imeout", StringComparison.Ordinal) && IsTrouble(said) => ViaFailures.TimedOut(look, timeout),
        { Output: var said } when IsTrouble(said) => LookFailures.Transport(ViaFailures.Prefix(look), NoValue.TlsCut, $"{ViaFailures.Who(look)} does not answer: {said}"),
        _ => run,
    };

    private static bool IsTrouble(string said) =>
        said.StartsWith("CHECK_NRPE", StringComparison.Ordinal) || said.StartsWith(PluginLook.OnlyErrors, StringComparison.Ordinal);

    /// <summary>How a daemon was spoken with last.</summary>
    private sealed record NrpeManner(NrpeVersion Version, bool Anonymous);
}
