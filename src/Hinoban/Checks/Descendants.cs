using System.Globalization;
using System.Text;

namespace Hinoban.Checks;

/// <summary>
/// The processes that a plugin left behind. Its process group and session are not enough: a daemon makes a session of its own. But as
/// we are a subreaper every orphan becomes our child, and it still carries the mark that its plugin got in its environment. What
/// wipes its environment, leaves its session and forks twice escapes; only a control group or a PID namespace would hold that.
/// </summary>
internal static class Descendants
{
    internal const string MarkName = "HINOBAN_LOOK";

    /// <summary>Children that the kernel gave us when their parents died: it hangs them on the first thread (proc(5), find_new_reaper).</summary>
    internal static IReadOnlyList<int> Adopted()
    {
        var self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return Read($"/proc/{self}/task/{self}/children") is { Length: > 0 } list
            ? Array.ConvertAll(list.Split(' ', StringSplitOptions.RemoveEmptyEntries), pid => int.Parse(pid, CultureInfo.InvariantCulture))
            : [];
    }

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

    /// <summary>
    /// The orphans of the plugin whose first process was <paramref name="leader"/>, dead ones included; and whether some orphan is just
    /// dying: then its mark can no longer be read, and its own children are not ours yet.
    /// </summary>
    internal static (IReadOnlyList<int> Left, bool Dying) Of(int leader, string mark, Predicate<int> known)
    {
        var left = new List<int>();
        var dying = false;
        foreach (var pid in Adopted())
        {
            if (!known(pid) && Of(pid) is { } facts)
            {
                if (facts.Session == leader || Marked(pid, mark))
                {
                    left.Add(pid);
                }

                dying |= facts.Dying;
            }
        }

        return (left, dying);
    }

    private static bool Marked(int pid, string mark) =>
        Read($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/environ").Split('\0').Contains($"{MarkName}={mark}");

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path, Encoding.Latin1);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return ""; // ended meanwhile, or another user's
        }
    }
}

/// <summary>What /proc says of a process: dead and unreaped, dying (its memory is gone, its end not yet announced), and its session.</summary>
internal readonly record struct ProcessFacts(bool Zombie, bool Dying, int Session);
