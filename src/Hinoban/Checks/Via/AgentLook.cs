using System.Collections.Concurrent;
using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Checks.Via;

/// <summary>Asks a host's own agent. An agent that cannot be reached says nothing about the item; what it answers is the host's word.</summary>
internal sealed class AgentLook(Connector connector, SiteCertificate? own, TimeProvider clock) : ILook, IDisposable
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
            var said = await Line(look.Way).AskAsync(look.Way.Command, look.IsQuick, timeout).WaitAsync(limit.Token);
            return said is null ? ViaFailures.NoItem(look, $"its answer has no '{look.Way.Command}'")
                : said.Status == CheckStatus.Unknown && said.Output == AgentAnswer.NotDefined(look.Way.Command)
                ? ViaFailures.NoItem(look, $"its configuration is older than the specification, it does not know '{look.Way.Command}' (hinoban spec agent {look.Way.Host} writes it)")
                : new LookAnswer(said.Status, Reply.Answer, NoValue.None, said.Output, said.Long, said.Perfdata);
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

    public void Dispose()
    {
        foreach (var line in lines.Values)
        {
            line.Dispose();
        }
    }

    // One line per agent, whatever is asked of it.
    private AgentLine Line(InsideWay way) =>
        lines.GetOrAdd(way with { Command = "", Host = "", Plugins = "" }, door => new AgentLine(door, connector, own, keep, clock));

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
