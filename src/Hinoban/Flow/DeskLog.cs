using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Specs;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>What the desk logs.</summary>
internal static partial class DeskLog
{
    [LoggerMessage(5001, LogLevel.Warning, "Site {Site} holds no stream of orders: it is asked to look at {Item} when it has one")]
    internal static partial void NoStream(ILogger log, SiteName site, string item);

    [LoggerMessage(5002, LogLevel.Error, "The desk's review failed; it runs again in a second")]
    internal static partial void ReviewFailed(ILogger log, Exception error);

    [LoggerMessage(5003, LogLevel.Information, "Revision {Revision} is running: {Customers}, {Items}")]
    private static partial void PlanRunning(ILogger log, int revision, string customers, string items);

    /// <summary>What of it is the customers'.</summary>
    internal static void PlanRunning(ILogger log, DeskPlan plan) => PlanRunning(
        log,
        plan.Revision,
        Counted.Of(plan.Customers.Count(c => !c.IsProvider), "customer"),
        Counted.Of(plan.Items.Count(i => i.Customer != ProviderPlan.Customer), "item"));

    [LoggerMessage(5004, LogLevel.Warning, "A step of incident {Incident} was under way when the desk stopped: its outcome is unknown, a person must settle it")]
    internal static partial void StepUnknown(ILogger log, string incident);

    [LoggerMessage(5005, LogLevel.Error, "Site {Site} cannot keep results, since {Since:u}: its disk takes none ({Count} so far). They come from its memory; what it has not sent when its process ends is lost")]
    internal static partial void SiteCannotKeep(ILogger log, SiteName site, DateTimeOffset? since, long count);

    [LoggerMessage(5006, LogLevel.Information, "Site {Site} keeps results again; {Count} of its run came from memory")]
    internal static partial void SiteKeepsAgain(ILogger log, SiteName site, long count);

    internal static void HandedBack(ILogger log, HandBack back)
    {
        if (back.Episodes.Count > 0)
        {
            HandedBack(log, back.Site, Counted.Of(back.Episodes.Count, "episode"));
        }
    }

    [LoggerMessage(5008, LogLevel.Information, "Site {Site} hands back what it did while the desk was away: {Episodes}")]
    private static partial void HandedBack(ILogger log, SiteName site, string episodes);

    [LoggerMessage(5007, LogLevel.Error, "Site {Site} found its spool broken at {At:u}, set it aside and began a new one; results in it that had not come are lost")]
    internal static partial void SiteSpoolBroken(ILogger log, SiteName site, DateTimeOffset? at);

    /// <summary>What a site says of its own disk, when it changes.</summary>
    internal static void SiteTurned(ILogger log, SiteLine line, SiteHealth? before)
    {
        var now = line.Health;
        if (now?.NotKeptFor is not null && before?.NotKeptFor is null)
        {
            SiteCannotKeep(log, line.Site, line.Ago(now.NotKeptFor), now.NotKept);
        }
        else if (now?.NotKeptFor is null && before?.NotKeptFor is not null)
        {
            SiteKeepsAgain(log, line.Site, now?.NotKept ?? 0);
        }

        // A new run's is told anew: its span begins again from nothing.
        if (now?.SpoolBrokenFor is { } ago && (before?.SpoolBrokenFor is not { } known || ago < known))
        {
            SiteSpoolBroken(log, line.Site, line.Ago(ago));
        }
    }
}
