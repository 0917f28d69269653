using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Results;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>A site's answers to the desk's wish to see a way, hop by hop. One at a time: the desk asks for evidence, not for measurements.</summary>
internal sealed partial class SiteTraces(
    SiteName site, Func<string, CancellationToken, Task<string>>? trace, Func<CheckResult, ValueTask> keep, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private Task running = Task.CompletedTask;

    internal void Start(TraceOrder order)
    {
        if (trace is not null && running.IsCompleted)
        {
            running = RunAsync(order, trace);
        }
    }

    private async Task RunAsync(TraceOrder order, Func<string, CancellationToken, Task<string>> follow)
    {
        try
        {
            var started = Moment.Of(clock);
            var found = await FollowAsync(order.Address, follow);
            await keep(new CheckResult(order.Item, 0, LookCause.CheckNow, order.Request, 1, started.Utc, started.Mono, Moment.MonoOf(clock) - started.Mono, found));
        }
#pragma warning disable CA1031 // A runner's end: without an answer the desk asks again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Failed(log, site, order.Address, fault);
        }
    }

    /// <summary>The hops as long output; without any, the output is why.</summary>
    private async Task<LookAnswer> FollowAsync(string address, Func<string, CancellationToken, Task<string>> follow)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        try
        {
            return new LookAnswer(CheckStatus.Ok, Reply.Answer, NoValue.None, $"the way from {site} to {address}", await follow(address, limit.Token));
        }
#pragma warning disable CA1031 // Whatever it was, the desk is told.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Failed(log, site, address, fault);
            return new LookAnswer(CheckStatus.Unknown, Reply.Answer, NoValue.None, limit.IsCancellationRequested ? $"no end within {Limit.TotalSeconds:0} s" : fault.Message);
        }
    }

    [LoggerMessage(5141, LogLevel.Warning, "Site {Site}: the way to {Address} could not be followed")]
    private static partial void Failed(ILogger log, SiteName site, string address, Exception fault);
}
