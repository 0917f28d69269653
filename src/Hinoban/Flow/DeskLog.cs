using Hinoban.Basics;
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
    internal static partial void PlanRunning(ILogger log, int revision, string customers, string items);

    [LoggerMessage(5004, LogLevel.Warning, "A step of incident {Incident} was under way when the desk stopped: its outcome is unknown, a person must settle it")]
    internal static partial void StepUnknown(ILogger log, string incident);
}
