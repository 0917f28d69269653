using Hinoban.Agent.Setup;
using Hinoban.Checks;

namespace Hinoban.Agent.Logs;

/// <summary>Whether a command's logs can be read at all, told by a look of its own: for the program's own check, while another process keeps the journal.</summary>
internal static class LogSight
{
    internal static Answer Take(LogPlan plan)
    {
        if (plan.Journal is not null)
        {
            var program = JournalSource.Standard[0];
            return File.Exists(program) ? new Answer(CheckStatus.Ok, "LOG OK: reads systemd's journal") : new Answer(CheckStatus.Unknown, $"LOG UNKNOWN: {program} is missing");
        }

        var (read, wrong) = (0, new List<string>());
        foreach (var pattern in plan.Files)
        {
            try
            {
                var files = RotatedNames.Expand(pattern).Where(p => FileFacts.Of(p) is { Sort: FileSort.Plain }).ToList();
                files.ForEach(f => PlainBytes.Open(f).Dispose());
                read += files.Count;
                if (files.Count == 0)
                {
                    wrong.Add($"{pattern}: no such file");
                }
            }
            catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
            {
                wrong.Add($"{pattern}: {unread.Message}");
            }
        }

        return wrong.Count > 0 ? new Answer(CheckStatus.Unknown, $"LOG UNKNOWN: {string.Join("; ", wrong)}") : new Answer(CheckStatus.Ok, $"LOG OK: reads {read} {(read == 1 ? "file" : "files")}");
    }
}
