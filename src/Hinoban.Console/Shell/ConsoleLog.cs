using Microsoft.Extensions.Logging;

namespace Hinoban.Console.Shell;

/// <summary>What the console writes to the log.</summary>
internal static partial class ConsoleLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    internal static partial void PageFailed(ILogger log, string method, string path, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} was not carried out, the database is in trouble: {Why}. Others are not told for half a minute")]
    internal static partial void TakesNothing(ILogger log, string method, string path, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Step {Step} of incident {Incident} failed after its page was answered")]
    internal static partial void StepFailed(ILogger log, int step, long incident, Exception exception);
}
