using System.Collections.Concurrent;
using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Checks.Via;

/// <summary>Asks a host's own agent. An agent that cannot be reached says nothing about the item; what it answers is the host's word.</summary>
internal sealed class AgentLook(Connector connector, ViaOptions? via, TimeProvider clock) : ILook, IDisposable
{
    private static readonly TimeSpan TidyEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<InsideWay, AgentLine> lines = new();
    private readonly AgentKeep keep = new();
    private long tidied;

    public async Task<LookAnswer> LookAsync(ItemPlan item, TimeSpan timeout, CancellationToken cancel)
    {
        var look = (InsideLookPlan)item.Look;
        Tidy();
        using var limit = new LookLimit(timeout, clock, cancel);
        try
        {
            if (look is LogLookPlan log)
            {
                return await LogAsync(item, log, timeout, limit.Token);
            }

            var said = await Line(look.Way).AskAsync(look.Way.Command, look.IsQuick, timeout).WaitAsync(limit.Token);
            return said is null ? ViaFailures.NoItem(look, $"its answer has no '{look.Way.Command}'") : Answer(look, said);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // The look's own time, or that of the query that it shared.
            return ViaFailures.TimedOut(look, timeout);
        }
        catch (Exception fault) when (ViaFailures.Of(look, fault) is { } failure)
        {
            return failure;
        }
    }

    // What was read goes with the answer; where to go on is known by it, and kept with it.
    private async Task<LookAnswer> LogAsync(ItemPlan item, LogLookPlan look, TimeSpan timeout, CancellationToken cancel)
    {
        var cursor = via?.LogCursor(item.Id) ?? "";
        var said = await Line(look.Way).ReadLogAsync(look.Way.Command, cursor, timeout, cancel);
        return Answer(look, said.Item) with
        {
            LongOutput = said.Lost == 0 ? "" : LogLost.Words(said.Lost).En,
            Log = said.Next.Length == 0 || (said.Next == cursor && said.Hits.Count == 0 && said.Lost == 0)
                ? null
                : new LogReading(said.Next, said.Lost == 0 ? said.Hits : [LogLost.Hit(cursor, said.Lost, clock.GetUtcNow()), .. said.Hits]) { From = cursor },
        };
    }

    private static LookAnswer Answer(InsideLookPlan look, AgentItem said) =>
        said.Status != CheckStatus.Unknown ? Of(said)
        : said.Output == AgentAnswer.NotDefined(look.Way.Command)
        ? ViaFailures.NoItem(look, $"its configuration is older than the specification, it does not know '{look.Way.Command}' (hinoban spec agent {look.Way.Host} writes it)")
        : said.Output.StartsWith("NRPE: Command 'hinoban_log", StringComparison.Ordinal) ? ViaFailures.NoItem(look, "it is of a version that reads no logs")
        : Of(said);

    private static LookAnswer Of(AgentItem said) => new(said.Status, Reply.Answer, NoValue.None, said.Output, said.Long, said.Perfdata);

    public void Dispose()
    {
        foreach (var line in lines.Values)
        {
            line.Dispose();
        }
    }

    // One line per agent, whatever is asked of it.
    private AgentLine Line(InsideWay way) =>
        lines.GetOrAdd(way with { Command = "", Host = "", Plugins = "" }, door => new AgentLine(door, connector, via?.Certificate, keep, clock));

    /// <summary>Hosts that left the plan leave connections behind.</summary>
    private void Tidy()
    {
        var now = Moment.MonoOf(clock);
        var last = Interlocked.Read(ref tidied);
        if (now.Ticks - last < TidyEvery.Ticks || Interlocked.CompareExchange(ref tidied, now.Ticks, last) != last)
        {
            return;
        }

        foreach (var line in lines.Values)
        {
            line.Tidy(now);
        }
    }
}
