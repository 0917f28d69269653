using Microsoft.Extensions.Logging;

namespace Hinoban.Notifying;

/// <summary>What the outbox writes to the log.</summary>
internal static partial class OutboxLog
{
    [LoggerMessage(6001, LogLevel.Warning, "{Count} deliveries were under way when the desk ended; their outcome is unknown")]
    internal static partial void Revived(ILogger log, int count);

    [LoggerMessage(6002, LogLevel.Warning, "Mail {Key} to {Recipient}: outcome unknown, the relay's records say {Knows} {QueueId}")]
    internal static partial void LookedUp(ILogger log, string key, string recipient, RelayKnows knows, string queueId);

    [LoggerMessage(6003, LogLevel.Warning, "Mail {Key} to {Recipient} was refused: {Reason} {Reply}")]
    internal static partial void Refused(ILogger log, string key, string recipient, SubmitReason reason, string reply);

    [LoggerMessage(6004, LogLevel.Warning, "Mail {Key} to {Recipient} is tried again later: {Reason} {Reply}")]
    internal static partial void Postponed(ILogger log, string key, string recipient, SubmitReason reason, string reply);

    [LoggerMessage(6005, LogLevel.Warning, "The mail relay {Host}:{Port} gives no line: {Reason} {Reply}")]
    internal static partial void RelayAway(ILogger log, string host, int port, SubmitReason reason, string reply);

    [LoggerMessage(6006, LogLevel.Information, "The mail relay {Host} is back")]
    internal static partial void RelayBack(ILogger log, string host);

    [LoggerMessage(6007, LogLevel.Error, "Mail {Key} to {Recipient}: the outcome could not be written; trying again")]
    internal static partial void SettleFailed(ILogger log, string key, string recipient, Exception error);

    [LoggerMessage(6008, LogLevel.Error, "Mail {Key} to {Recipient}: the attempt failed")]
    internal static partial void DeliveryFailed(ILogger log, string key, string recipient, Exception error);

    [LoggerMessage(6010, LogLevel.Warning, "Mail {Key} to {Recipient} goes by the other relay {Host}")]
    internal static partial void OtherRelay(ILogger log, string key, string recipient, string host);

    [LoggerMessage(6009, LogLevel.Error, "The outbox could not be read")]
    internal static partial void TurnFailed(ILogger log, Exception error);
}
