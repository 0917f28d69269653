using Microsoft.Extensions.Logging;

namespace Hinoban.Specs;

/// <summary>Log messages of the room. Whoever is handed the reload logs each of its problems.</summary>
internal static partial class SpecLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "Specifications taken: revision {Revision}, {Changes} changed, {Notes}")]
    internal static partial void Taken(ILogger log, int revision, string changes, string notes);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "The specifications are refused because of {Errors}; revision {Revision} keeps running")]
    internal static partial void Refused(ILogger log, string errors, int revision);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Error, Message = "Specifications could not be reloaded; tried again at the next look")]
    internal static partial void Failed(ILogger log, Exception exception);
}
