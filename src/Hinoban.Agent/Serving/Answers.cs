using System.Globalization;
using System.Reflection;
using System.Text;
using Hinoban.Agent.Measures;
using Hinoban.Agent.Setup;
using Hinoban.Checks;
using Hinoban.Checks.Nrpe;

namespace Hinoban.Agent.Serving;

/// <summary>What the agent answers to a query's text: one command by its name, a batch, or which program it is.</summary>
internal sealed class Answers(Commands commands, int together)
{
    private const string Hello = "_NRPE_CHECK";
    private const int LongestName = 256;
    private readonly SemaphoreSlim busy = new(together);

    internal static string Version { get; } = typeof(Answers).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>The response, and whether its connection stays open, as a batch's or a log's does.</summary>
    internal async Task<(NrpePacket Response, bool Batch)> ToAsync(NrpePacket query, AgentPlan plan, CancellationToken cancel)
    {
        var asked = commands.Now;
        if (query.Version == NrpeVersion.V4 && Batch.Names(query.Text) is { } names)
        {
            return names.Count > AgentPlan.MostCommands || names.Any(n => n.Length > LongestName)
                ? (new NrpePacket(query.Version, NrpeKind.Response, (short)CheckStatus.Unknown, $"NRPE: a batch asks for up to {AgentPlan.MostCommands} names of up to {LongestName} characters"), false)
                : (new NrpePacket(query.Version, NrpeKind.Response, 0, await BatchAsync(names, plan, asked, cancel)), true);
        }

        if (query.Version == NrpeVersion.V4 && LogQuery.Is(query.Text, out var log))
        {
            var (status, text) = await LogAsync(log, plan, cancel);
            return (new NrpePacket(query.Version, NrpeKind.Response, (short)status, text), log is not null);
        }

        var answer = query.Text == Hello ? new Answer(CheckStatus.Ok, $"NRPE v4, hinoban-agent {Version}") : (await OneAsync(query.Text, plan, asked, cancel)).Answer;
        return (new NrpePacket(query.Version, NrpeKind.Response, (short)answer.Status, Fit(answer, query.Version)), false);
    }

    /// <summary>One command by its name.</summary>
    internal Task<(Answer Answer, TimeSpan Took)> OneAsync(string name, AgentPlan plan, CancellationToken cancel) => OneAsync(name, plan, commands.Now, cancel);

    private async Task<(Answer Answer, TimeSpan Took)> OneAsync(string name, AgentPlan plan, long asked, CancellationToken cancel)
    {
        if (!plan.Commands.TryGetValue(name, out var command))
        {
            return (new Answer(CheckStatus.Unknown, name.Contains('!') ? "NRPE: this agent takes no arguments: they stand in its configuration" : $"NRPE: Command '{Shown(name)}' not defined"), TimeSpan.Zero);
        }

        if (command is ActionPlan && plan.Tls.Anybody)
        {
            return (new Answer(CheckStatus.Unknown, "NRPE: actions are carried out only for sites whose certificate is named in the configuration"), TimeSpan.Zero);
        }

        if (command is not (RunPlan or ActionPlan or TcpPlan or DatabasePlan))
        {
            return await commands.TakeAsync(name, command, asked, cancel);
        }

        await busy.WaitAsync(cancel);
        try
        {
            return await commands.TakeAsync(name, command, asked, cancel);
        }
        finally
        {
            busy.Release();
        }
    }

    private async Task<(CheckStatus Status, string Text)> LogAsync(LogQuery? query, AgentPlan plan, CancellationToken cancel)
    {
        if (query is null)
        {
            return (CheckStatus.Unknown, $"NRPE: a log is asked for by {LogQuery.Query}NAME!CURSOR!MOST");
        }

        if (!plan.Commands.TryGetValue(query.Name, out var command) || command is not LogPlan)
        {
            return (CheckStatus.Unknown, $"NRPE: Command '{Shown(query.Name)}' not defined");
        }

        return await commands.LogAsync(query.Name, cancel) is { } follower ? (CheckStatus.Ok, query.Answer(follower)) : (CheckStatus.Unknown, "NRPE: the log has not been read yet");
    }

    private async Task<string> BatchAsync(IReadOnlyList<string> names, AgentPlan plan, long asked, CancellationToken cancel)
    {
        var wanted = names.Count > 0 ? names.Distinct().ToList() : [.. plan.Commands.Where(c => c.Value is not ActionPlan).Select(c => c.Key)];
        return Batch.Write(await Task.WhenAll(wanted.Select(ItemAsync)));

        async Task<(string, Answer, TimeSpan)> ItemAsync(string name)
        {
            var (answer, took) = await OneAsync(name, plan, asked, cancel);
            return (name, Batch.Fit(answer, wanted.Count), took);
        }
    }

    // The first line and its performance data stand first: what a version has no room for is the long text's end.
    private static string Fit(Answer answer, NrpeVersion version)
    {
        var most = version == NrpeVersion.V2 ? 1000 : NrpeCodec.StockText - 64;
        var printed = answer.Printed;
        return Encoding.UTF8.GetByteCount(printed) <= most ? printed : CutTo(printed, most);
    }

    private static string CutTo(string text, int most)
    {
        var (end, bytes) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > most)
            {
                break;
            }

            bytes += rune.Utf8SequenceLength;
            end += rune.Utf16SequenceLength;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{text[..end]} [cut]");
    }

    private static string Shown(string name) => string.Concat(name.Take(100).Select(c => char.IsControl(c) || c == '|' ? '?' : c));
}
