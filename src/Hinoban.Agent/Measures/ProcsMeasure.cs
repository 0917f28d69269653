using System.Globalization;
using System.Text;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Measures;

/// <summary>How many processes there are, of all names or of one, and how many of them ended unnoticed; in the words of check_procs.</summary>
internal static class ProcsMeasure
{
    private const int KernelName = 15;
    private const int Listed = 30;

    internal static Answer Procs(ProcsPlan plan, IReadOnlyList<ProcessLine> all, Roots roots)
    {
        var found = plan.Name is { } name ? all.Where(p => IsNamed(p, name, roots)).ToList() : all;
        var with = plan.Name is { } wanted ? $" with command name '{wanted}'" : "";
        return Tell("PROCS", "procs", $"{Count(found.Count, "process", "processes")}{with}", found.Count, plan.Limits, plan.Name is null ? "" : List(found.Select(p => $"{p.Id} (parent {p.Parent})")));
    }

    internal static Answer Zombies(ZombiesPlan plan, IReadOnlyList<ProcessLine> all)
    {
        var dead = all.Where(p => p.State == 'Z').ToList();
        var names = all.ToDictionary(p => p.Id, p => p.Name);
        var parents = dead.GroupBy(p => p.Parent).OrderByDescending(g => g.Count())
            .Select(g => $"{g.Count()} of {names.GetValueOrDefault(g.Key, "?")} (process {g.Key.ToString(CultureInfo.InvariantCulture)}): {List(g.Select(p => $"{p.Name} ({p.Id})"))}");
        return Tell("ZOMBIES", "zombies", Count(dead.Count, "zombie process", "zombie processes"), dead.Count, plan.Limits, string.Join('\n', parents.Take(Listed)));
    }

    private static Answer Tell(string word, string label, string what, int count, Limits limits, string more)
    {
        var status = limits.Judge(count);
        return new Answer(status, $"{word} {Answer.Word(status)}: {what}", more.Replace('|', '?'), PerfText.Of(label, count.ToString(CultureInfo.InvariantCulture), limits, "0"));
    }

    private static bool IsNamed(ProcessLine process, string name, Roots roots)
    {
        if (Encoding.UTF8.GetByteCount(name) <= KernelName)
        {
            return process.Name == name;
        }

        // The kernel's name is cut: the program's own first argument tells the rest.
        return name.StartsWith(process.Name.TrimEnd('\uFFFD'), StringComparison.Ordinal) && process.Name.Length > 0 && Program(process.Id, roots) == name;
    }

    private static string Program(int id, Roots roots)
    {
        var line = Kernel.Read(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{roots.Proc}/{id}/cmdline\0")), stackalloc byte[1024]);
        var end = line.IndexOf((byte)0);
        var program = Encoding.UTF8.GetString(end < 0 ? line : line[..end]);
        return program[(program.LastIndexOf('/') + 1)..];
    }

    private static string Count(int count, string one, string many) => $"{count.ToString(CultureInfo.InvariantCulture)} {(count == 1 ? one : many)}";

    private static string List(IEnumerable<string> all)
    {
        var list = all.ToList();
        return string.Join(", ", list.Take(Listed)) + (list.Count > Listed ? $" and {list.Count - Listed} more" : "");
    }
}
