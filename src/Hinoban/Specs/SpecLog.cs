using Microsoft.Extensions.Logging;

namespace Hinoban.Specs;

/// <summary>Log messages of the room.</summary>
internal static partial class SpecLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "Specifications taken: revision {Revision}, {Changes} customers changed, {Notes} notes")]
    internal static partial void Taken(ILogger log, int revision, int changes, int notes);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "Specifications refused: {Errors} errors, first {First}; revision {Revision} keeps running")]
    internal static partial void Refused(ILogger log, int errors, string first, int revision);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Error, Message = "Specifications could not be reloaded; tried again at the next look")]
    internal static partial void Failed(ILogger log, Exception exception);
}
