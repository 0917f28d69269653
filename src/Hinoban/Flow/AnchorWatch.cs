using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Results;
using Hinoban.Specs;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>
/// Whether this site's own way out works: looks at its anchors every 10 s, and after every look that found no way to its target.
/// </summary>
internal sealed partial class AnchorWatch
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly SiteName site;
    private readonly ILook eye;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly IReadOnlyList<ItemPlan> items;
    private readonly Lock gate = new();
    private Task under = Task.CompletedTask;
    private Task<bool>? waiting;

    internal AnchorWatch(SiteName site, AnchorPlan plan, ILook eye, TimeProvider clock, ILogger log)
    {
        (this.site, this.eye, this.clock, this.log) = (site, eye, clock, log);
        items = [.. plan.Anchors.Select((anchor, i) => Item(site, anchor, i))];

        // Until the first pass has ended nothing speaks against the site.
        Health = new AnchorHealth(items.Count, items.Count, plan.Quorum);
    }

    /// <summary>As the last pass over the anchors found it.</summary>
    internal AnchorHealth Health { get; private set; }

    internal async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            do
            {
                await PassAsync();
            }
            while (await timer.WaitForNextTickAsync(cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
    }

    /// <summary>
    /// A look that found no way to its target is evidence only if the anchors answer after it: otherwise the site could not look. An answer of
    /// the target itself needs no voucher.
    /// </summary>
    internal async Task<LookAnswer> VouchAsync(LookAnswer answer)
    {
        if (answer.Status == CheckStatus.Ok || answer.Reply == Reply.Answer || answer.NoValue == NoValue.EngineFault)
        {
            return answer;
        }

        // Known to be isolated: the next pass, at most 10 s away, tells when it is over.
        return !Health.Isolated && await PassAsync()
            ? answer
            : LookFailures.Engine("", $"this site is isolated, its anchors do not answer; it saw: {answer.Output}");
    }

    /// <summary>A pass over the anchors that begins now or later; shared by all who ask before it begins. True if enough of them answer.</summary>
    private Task<bool> PassAsync()
    {
        lock (gate)
        {
            return waiting ??= NextPassAsync(under);
        }
    }

    private async Task<bool> NextPassAsync(Task before)
    {
        await Task.Yield();
        await before;
        lock (gate)
        {
            (under, waiting) = (waiting!, null);
        }

        var answers = new List<bool>();
        foreach (var look in items.Select(LookAsync).ToList())
        {
            answers.Add(await look);
        }

        return Note(Health with { Answering = answers.Count(a => a) });
    }

    private bool Note(AnchorHealth after)
    {
        if (after.Isolated && !Health.Isolated)
        {
            Lost(log, site, after.Answering, after.Configured, after.Quorum);
        }
        else if (!after.Isolated && Health.Isolated)
        {
            Back(log, site, after.Answering, after.Configured);
        }

        Health = after;
        return !after.Isolated;
    }

    private async Task<bool> LookAsync(ItemPlan anchor)
    {
        try
        {
            // A look that our own machine could not make says nothing against the way out.
            var answer = await eye.LookAsync(anchor, Patience, CancellationToken.None);
            return answer.Status == CheckStatus.Ok || answer.NoValue == NoValue.EngineFault;
        }
        catch (Exception fault)
        {
            LookFailed(log, site, anchor.Service, fault);
            return true;
        }
    }

    private static ItemPlan Item(SiteName site, Anchor anchor, int number) => new(
        new ItemId(-1 - number),
        ProviderPlan.Customer,
        "anchor",
        anchor.ToString(),
        anchor.Host,
        anchor.Port is { } port ? new TcpLookPlan(port, null, null) : new PingLookPlan(2, null, null, null, 100),
        Every,
        Patience,
        1,
        Every,
        [site],
        null,
        0,
        0);

    [LoggerMessage(5121, LogLevel.Warning, "Site {Site} is isolated: {Answering} of {Anchors} anchors answer, {Quorum} must; what it cannot reach is no evidence until they do")]
    private static partial void Lost(ILogger log, SiteName site, int answering, int anchors, int quorum);

    [LoggerMessage(5122, LogLevel.Warning, "Site {Site} is no longer isolated: {Answering} of {Anchors} anchors answer")]
    private static partial void Back(ILogger log, SiteName site, int answering, int anchors);

    [LoggerMessage(5123, LogLevel.Error, "Site {Site}: the look at anchor {Anchor} failed in our own code")]
    private static partial void LookFailed(ILogger log, SiteName site, string anchor, Exception fault);
}
