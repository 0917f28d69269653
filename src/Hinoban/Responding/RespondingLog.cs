using Microsoft.Extensions.Logging;

namespace Hinoban.Responding;

/// <summary>What first response logs.</summary>
internal static partial class RespondingLog
{
    [LoggerMessage(7001, LogLevel.Error, "Incident {Incident}: how step {Step} ended could not be written; trying again")]
    internal static partial void FinishFailed(ILogger log, string incident, int step, Exception error);
}
