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
    internal static (bool Zombie, int Session)? Of(int pid)
    {
        var stat = Read($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
        var name = stat.LastIndexOf(')'); // the name may hold anything, a bracket too
        if (name < 0)
        {
            return null;
        }

        var fields = stat[(name + 2)..].Split(' '); // state ppid pgrp session …
        return (fields[0] == "Z", int.Parse(fields[3], CultureInfo.InvariantCulture));
    }

    /// <summary>The orphans of the plugin whose first process was <paramref name="leader"/>, dead ones included.</summary>
    internal static IReadOnlyList<int> Left(int leader, string mark, Predicate<int> known) =>
        Adopted().Where(pid => !known(pid) && Of(pid) is { } p && (p.Session == leader || Marked(pid, mark))).ToList();

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
