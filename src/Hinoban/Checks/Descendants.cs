using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Hinoban.Checks;

/// <summary>
/// The processes that a plugin left behind. Its process group and session are not enough: a daemon makes a session of its own. But as
/// we are a subreaper every orphan becomes our child, and it still carries the look's number, which its plugin got as its limit of file
/// locks (<see cref="ChildStart"/>): it goes through fork, setsid and an execve with an empty environment, and nobody but root can raise it.
/// So an orphan whose limit is not our own is a plugin's; if its number is no running look's, it is a leak whichever look it came from, and
/// the next burial ends it. A number lowered to a running look's is that look's to bury. Only plugins run as root can raise theirs.
/// </summary>
internal static class Descendants
{
    internal const string MarkName = "HINOBAN_LOOK";

    private const string None = "unlimited";
    private const int Piece = 4096;

    /// <summary>A number and a blank: a list that is shorter than a piece by more is whole.</summary>
    private const int LongestPid = 12;

    /// <summary>Children that the kernel gave us when their parents died: it hangs them on the first thread (proc(5), find_new_reaper).</summary>
    internal static IReadOnlyList<int> Adopted() => ReadChildren() is { Length: > 0 } list
        ? Array.ConvertAll(list.Split(' ', StringSplitOptions.RemoveEmptyEntries), pid => int.Parse(pid, CultureInfo.InvariantCulture))
        : [];

    /// <summary>A process as /proc/PID/stat tells; null if there is none.</summary>
    internal static ProcessFacts? Of(int pid)
    {
        var stat = Read($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
        var name = stat.LastIndexOf(')'); // the name may hold anything, a bracket too
        if (name < 0)
        {
            return null;
        }

        var fields = stat[(name + 2)..].Split(' '); // from field 3 on: state ppid pgrp session …
        var zombie = fields[0] is "Z" or "X";
        return new ProcessFacts(zombie, !zombie && fields[20] == "0", int.Parse(fields[3], CultureInfo.InvariantCulture));
    }

    /// <summary>Looks whose plugins may still run; what bears another number is left over.</summary>
    internal static ConcurrentDictionary<long, bool> Running { get; } = new();

    private static readonly string OwnChildren = string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/task/{Environment.ProcessId}/children");

    // Kept open: each burial reads it, and to open it costs more than all else there.
    private static readonly int OwnChildrenFile = Libc.open(OwnChildren, Libc.OpenCloseOnExec);

    private static (string Soft, string Hard) OwnLocks { get; } = LocksOf(Environment.ProcessId);

    /// <summary>False where our own limit is set: then a plugin's could not be told from it, and the environment's mark must do.</summary>
    internal static bool CanNumber => OwnLocks == (None, None);

    /// <summary>What the plugin whose first process was <paramref name="leader"/> left, and what earlier looks did.</summary>
    internal static Orphans Of(int leader, string mark, long number, Predicate<int> known)
    {
        var adopted = Adopted();
        if (adopted.Count == 0)
        {
            return new Orphans([], [], false);
        }

        var (left, leaks, dying) = (new List<int>(), new List<int>(), false);
        foreach (var pid in adopted)
        {
            if (!known(pid) && Of(pid) is { } facts)
            {
                var bears = NumberOf(pid);
                if (facts.Session == leader || bears == number || Marked(pid, mark))
                {
                    left.Add(pid);
                }
                else if (bears is { } other && !Running.ContainsKey(other))
                {
                    leaks.Add(pid);
                }

                dying |= facts.Dying;
            }
        }

        return new Orphans(left, leaks, dying);
    }

    // What was forked in its plugin's first instants may have it as its soft limit alone; see ChildStart.
    private static long? NumberOf(int pid)
    {
        if (!CanNumber)
        {
            return null;
        }

        var (soft, hard) = LocksOf(pid);
        return long.TryParse(hard == None ? soft : hard, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>The limits as /proc/PID/limits tells to everybody, of a dead and unreaped process too; empty if there is none.</summary>
    private static (string Soft, string Hard) LocksOf(int pid)
    {
        const string row = "Max file locks";
        var line = Read($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/limits").Split('\n').FirstOrDefault(l => l.StartsWith(row, StringComparison.Ordinal));
        return line?[row.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, var hard, ..] ? (soft, hard) : ("", "");
    }

    private static bool Marked(int pid, string mark) =>
        Read($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/environ").Split('\0').Contains($"{MarkName}={mark}");

    private static unsafe string ReadChildren()
    {
        var piece = stackalloc byte[Piece];
        var got = (int)Libc.pread(OwnChildrenFile, piece, Piece, 0);
        return got is >= 0 and < Piece - LongestPid ? Encoding.Latin1.GetString(piece, got) : Read(OwnChildren);
    }

    // Burials read these one after another; by a file stream that costs as much as the rest of it.
    private static unsafe string Read(string path)
    {
        var file = Libc.open(path, Libc.OpenCloseOnExec);
        if (file < 0)
        {
            return ""; // ended meanwhile, or another user's
        }

        var piece = stackalloc byte[Piece];
        var text = "";
        while (Libc.read(file, piece, Piece) is > 0 and var got)
        {
            text += Encoding.Latin1.GetString(piece, (int)got);
        }

        _ = Libc.close(file);
        return text;
    }
}

/// <summary>
/// A plugin's orphans, dead ones included; those of looks that have ended; and whether some orphan is just dying: then its mark can no
/// longer be read, and its own children are not ours yet.
/// </summary>
internal readonly record struct Orphans(IReadOnlyList<int> Left, IReadOnlyList<int> Leaks, bool Dying);

/// <summary>What /proc says of a process: dead and unreaped, dying (its memory is gone, its end not yet announced), and its session.</summary>
internal readonly record struct ProcessFacts(bool Zombie, bool Dying, int Session);
