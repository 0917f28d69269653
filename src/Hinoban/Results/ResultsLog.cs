using Hinoban.Basics;
using Microsoft.Extensions.Logging;

namespace Hinoban.Results;

/// <summary>What the results room records.</summary>
internal static partial class ResultsLog
{
    [LoggerMessage(4001, LogLevel.Warning, "{Site}: the desk does not take results ({Why}); they wait in the spool")]
    internal static partial void PostFailed(ILogger log, SiteName site, string why);

    [LoggerMessage(4016, LogLevel.Error, "{Site}: the desk does not take results for {Seconds:0} s now ({Why}): this site looks on, and the desk learns nothing of what it sees")]
    internal static partial void DeskAway(ILogger log, SiteName site, double seconds, string why);

    [LoggerMessage(4002, LogLevel.Information, "{Site}: the desk takes results again after {Seconds:0.0} s; {Waiting} wait")]
    internal static partial void DeskBack(ILogger log, SiteName site, double seconds, int waiting);

    [LoggerMessage(4003, LogLevel.Warning, "{Site}: the desk has results of this site up to {Epoch}/{Sequence}, more than this spool gave out; it was lost or rolled back, or two processes run as this site. New epoch {NewEpoch}")]
    internal static partial void SpoolWasLost(ILogger log, SiteName site, long epoch, long sequence, long newEpoch);

    [LoggerMessage(4004, LogLevel.Error, "{Site}: the desk refuses batch {Sequence} with {Results} results for good and it was dropped: {Why}")]
    internal static partial void BatchGivenUp(ILogger log, SiteName site, long sequence, int results, string why);

    [LoggerMessage(4005, LogLevel.Error, "{Site}: the spool could not be written")]
    internal static partial void SpoolFailed(ILogger log, SiteName site, Exception failure);

    [LoggerMessage(4006, LogLevel.Warning, "{Site}: no orders from the desk ({Why}); the last plan stays active")]
    internal static partial void OrdersBroken(ILogger log, SiteName site, string why);

    [LoggerMessage(4007, LogLevel.Information, "{Site}: orders from the desk again")]
    internal static partial void OrdersBack(ILogger log, SiteName site);

    [LoggerMessage(4008, LogLevel.Error, "{Site}: an order ({Order}) could not be carried out")]
    internal static partial void OrderFailed(ILogger log, SiteName site, string order, Exception failure);

    [LoggerMessage(4009, LogLevel.Warning, "{Site}: this clock is {Seconds:0.0} s ahead of the desk's (behind if negative); requests are stamped with the desk's time")]
    internal static partial void ClockSkew(ILogger log, SiteName site, double seconds);

    [LoggerMessage(4010, LogLevel.Error, "{Site}: the disk does not take results; they are sent from memory, and what is not at the desk when this process ends is lost")]
    internal static partial void CannotKeep(ILogger log, SiteName site, Exception failure);

    [LoggerMessage(4011, LogLevel.Information, "{Site}: the disk takes results again")]
    internal static partial void KeepsAgain(ILogger log, SiteName site);

    [LoggerMessage(4012, LogLevel.Error, "{Site}: {Results} results that the disk did not take and the desk does not have are lost with this process")]
    internal static partial void UnkeptLost(ILogger log, SiteName site, int results);

    [LoggerMessage(4013, LogLevel.Critical, "{Site}: the spool {File} is broken ({Why}); it was set aside as {Aside} and a new one begun. Results in it that the desk does not have are lost")]
    internal static partial void SpoolBroken(ILogger log, SiteName site, string file, string aside, string why);

    [LoggerMessage(4014, LogLevel.Critical, "{Site}: the spool {File} cannot be opened ({Why}). Results are sent from memory until this process is started again on a disk that takes them; what is not at the desk when it ends is lost")]
    internal static partial void SpoolInMemory(ILogger log, SiteName site, string file, string why);

    [LoggerMessage(4015, LogLevel.Warning, "{Site}: the desk is at {Desk} now")]
    internal static partial void OtherDesk(ILogger log, SiteName site, Uri desk);
}
