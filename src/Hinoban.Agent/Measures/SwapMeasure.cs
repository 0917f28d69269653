using System.Globalization;
using Hinoban.Agent.Setup;
using Hinoban.Checks;

namespace Hinoban.Agent.Measures;

/// <summary>Swap space in use. A machine without any is a stated case, not a failure.</summary>
internal static class SwapMeasure
{
    private const double Mega = 1024 * 1024;

    internal static Answer Take(SwapPlan plan, Roots roots)
    {
        var (total, free) = (-1L, -1L);
        foreach (var line in Kernel.Text($"{roots.Proc}/meminfo").AsSpan().EnumerateLines())
        {
            total = Kilobytes(line, "SwapTotal:") ?? total;
            free = Kilobytes(line, "SwapFree:") ?? free;
        }

        if (total < 0 || free < 0)
        {
            return new Answer(CheckStatus.Unknown, $"SWAP UNKNOWN - {roots.Proc}/meminfo names no swap");
        }

        if (total == 0)
        {
            return new Answer(CheckStatus.Ok, "SWAP OK - this host has no swap", "", PerfText.Of("swap_used", "0B", default, "0", "0"));
        }

        var (bytes, used) = (total * 1024.0, (total - free) * 1024.0);
        var percent = 100 * used / bytes;
        var status = plan.Limits.Judge(percent);
        return new Answer(
            status,
            string.Create(CultureInfo.InvariantCulture, $"SWAP {Answer.Word(status)} - {percent:0.#}% used ({used / Mega:0}MB out of {bytes / Mega:0}MB)"),
            "",
            PerfText.Of("swap_used", $"{PerfText.Number(used, "0")}B", PerfText.OfWhole(plan.Limits, bytes), "0", PerfText.Number(bytes, "0")));
    }

    private static long? Kilobytes(ReadOnlySpan<char> line, string name)
    {
        if (!line.StartsWith(name, StringComparison.Ordinal))
        {
            return null;
        }

        var value = line[name.Length..].Trim();
        var end = value.IndexOf(' ');
        return long.TryParse(end < 0 ? value : value[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes : null;
    }
}
