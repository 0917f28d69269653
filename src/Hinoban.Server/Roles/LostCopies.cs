using Hinoban.Storage;

namespace Hinoban.Server.Roles;

/// <summary>At a start: a database that was lost under the process before is the copy that this made.</summary>
internal static partial class LostCopies
{
    internal static void Take(string path, TimeProvider clock, ILogger log)
    {
        try
        {
            switch (FileGuard.TakeCopy(path, clock.GetUtcNow()))
            {
                case CopyFate.Taken:
                    Taken(log, path);
                    break;
                case CopyFate.SetAside:
                    Aside(log, path);
                    break;
            }
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            Left(log, path, wrong.Message);
        }
    }

    [LoggerMessage(11, LogLevel.Warning, "{File} was lost under the process before; this one goes on with the copy that it made")]
    private static partial void Taken(ILogger log, string file);

    [LoggerMessage(12, LogLevel.Warning, "{File} is there, so the copy that an earlier process made of a lost one is not used: it lies beside it as .rescued-unused-, with the time of this start; delete it when you have seen it")]
    private static partial void Aside(ILogger log, string file);

    [LoggerMessage(13, LogLevel.Error, "The copy that an earlier process made of {File} could not be taken: {Why}")]
    private static partial void Left(ILogger log, string file, string why);
}
