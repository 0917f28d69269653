using Hinoban.Basics;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>What a site's engine logs.</summary>
internal static partial class SiteEngineLog
{
    [LoggerMessage(5101, LogLevel.Information, "Site {Site} runs plan {Revision}: {Items}")]
    internal static partial void PlanRuns(ILogger log, SiteName site, int revision, string items);

    [LoggerMessage(5102, LogLevel.Error, "Site {Site}: the look at {Item} failed in our own code; its result is UNKNOWN")]
    internal static partial void LookThrew(ILogger log, SiteName site, string item, Exception fault);

    [LoggerMessage(5103, LogLevel.Error, "Site {Site}: the result of {Item} could not be kept and is lost")]
    internal static partial void ResultLost(ILogger log, SiteName site, string item, Exception fault);

    [LoggerMessage(5104, LogLevel.Warning, "Site {Site} was asked to look at item {Item}, which is not in its plan {Revision}")]
    internal static partial void NotMine(ILogger log, SiteName site, int item, int revision);

    [LoggerMessage(5105, LogLevel.Warning, "Site {Site} stopped with {Looks} unfinished")]
    internal static partial void Unfinished(ILogger log, SiteName site, string looks);

    [LoggerMessage(5106, LogLevel.Warning, "Site {Site}: the schedule was not served for {Seconds:0.0} s; {Missed} cycles have been missed so far")]
    internal static partial void Stalled(ILogger log, SiteName site, double seconds, long missed);
}
