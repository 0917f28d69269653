using System.Globalization;
using System.Text;

namespace Hinoban.Agent.Measures;

/// <summary>A process as /proc/PID/stat tells. The kernel keeps 15 bytes of a name.</summary>
internal readonly record struct ProcessLine(int Id, int Parent, char State, string Name);

/// <summary>All processes at one moment, read once for all that one query asks.</summary>
internal sealed class ProcessTable(Roots roots, TimeProvider clock)
{
    private readonly Lock gate = new();
    private IReadOnlyList<ProcessLine> last = [];
    private long read;

    /// <summary>The processes as they were at <paramref name="asked"/> or later: a look upon a failure is of what came after it.</summary>
    internal IReadOnlyList<ProcessLine> Since(long asked)
    {
        lock (gate)
        {
            if (last.Count == 0 || read < asked)
            {
                var begun = clock.GetTimestamp();
                last = Read(roots.Proc);
                read = begun;
            }

            return last;
        }
    }

    internal static List<ProcessLine> Read(string proc)
    {
        var lines = new List<ProcessLine>();
        Span<byte> buffer = stackalloc byte[1024];
        foreach (var folder in Directory.EnumerateDirectories(proc))
        {
            var name = folder.AsSpan(folder.LastIndexOf('/') + 1);
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Parse(id, Kernel.Read(Encoding.UTF8.GetBytes($"{folder}/stat\0"), buffer)) is { } line)
            {
                lines.Add(line);
            }
        }

        // Process 1 never ends. Without it a count of none would be an untruth.
        return lines.Exists(l => l.Id == 1) ? lines : throw new IOException($"other users' processes are hidden ({proc} is mounted with hidepid)");
    }

    /// <summary>Null for what is no such line. The name stands in brackets and may hold anything, brackets too.</summary>
    internal static ProcessLine? Parse(int id, ReadOnlySpan<byte> stat)
    {
        var (open, close) = (stat.IndexOf((byte)'('), stat.LastIndexOf((byte)')'));
        if (open < 0 || close < open || close + 4 >= stat.Length)
        {
            return null;
        }

        var after = stat[(close + 4)..]; // ") S " and then the parent
        var end = after.IndexOf((byte)' ');
        return int.TryParse(end < 0 ? after : after[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var parent)
            ? new ProcessLine(id, parent, (char)stat[close + 2], Encoding.UTF8.GetString(stat[(open + 1)..close]))
            : null;
    }
}
