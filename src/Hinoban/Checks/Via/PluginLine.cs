using System.Globalization;
using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Checks.Via;

/// <summary>
/// What a look from inside is as a well-known monitoring plugin with its arguments, for hosts without an agent: run over SSH, or written into an NRPE daemon's
/// configuration. Those plugins count what is free. Pure.
/// </summary>
internal static class PluginLine
{
    // The plugins want a threshold even where the specification has none.
    private const string Never = "1000000";

    private static readonly string[] NoDisks = ["tmpfs", "devtmpfs", "proc", "sysfs", "cgroup2", "overlay", "squashfs", "autofs", "devpts", "tracefs"];

    /// <summary>Program (a path) and arguments; empty where there is none.</summary>
    internal static IReadOnlyList<string> Of(InsideLookPlan look) => look switch
    {
        LoadLookPlan load => [In(look, "check_load"), .. load.PerCore ? ["-r"] : Array.Empty<string>(), "-w", load.Warn ?? Threes, "-c", load.Crit ?? Threes],
        SwapLookPlan swap => [In(look, "check_swap"), "-n", "ok", "-w", FreeOf(swap.Warn) ?? "0%", "-c", FreeOf(swap.Crit) ?? "0%"],
        DiskLookPlan disk => Disk(disk),
        CountLookPlan { What: "users" } users => [In(look, "check_users"), .. Counts(users)],
        CountLookPlan count => [In(look, "check_procs"), .. Counts(count), .. count.What == "zombies" ? ["-s", "Z"] : Array.Empty<string>(), .. count.Name is { } name ? ["-C", name] : Array.Empty<string>()],
        InsidePluginLookPlan { Command: { Count: > 0 } command } => [In(look, command[0]), .. command.Skip(1)],
        _ => [],
    };

    /// <summary>For a remote shell: every word in quotes.</summary>
    internal static string Quoted(IReadOnlyList<string> words) => string.Join(' ', words.Select(w => $"'{w.Replace("'", @"'\''", StringComparison.Ordinal)}'"));

    private static string Threes => $"{Never},{Never},{Never}";

    private static string In(InsideLookPlan look, string program) => program.StartsWith('/') ? program : $"{look.Way.Plugins.TrimEnd('/')}/{program}";

    private static string[] Counts(CountLookPlan count) => ["-w", count.Warn ?? Never, "-c", count.Crit ?? Never];

    private static IReadOnlyList<string> Disk(DiskLookPlan disk) =>
    [
        In(disk, "check_disk"),
        .. Option("-w", FreeOf(disk.Warn)),
        .. Option("-c", FreeOf(disk.Crit)),
        .. Option("-W", FreeOf(disk.InodesWarn)),
        .. Option("-K", FreeOf(disk.InodesCrit)),
        .. disk.Mounts.Count > 0 ? [] : NoDisks.SelectMany(type => Option("-X", type)),
        .. disk.Except.SelectMany(mount => Option("-x", mount)),
        .. disk.Mounts.SelectMany(mount => Option("-p", mount)),
    ];

    private static string[] Option(string name, string? value) => value is null ? [] : [name, value];

    private static string? FreeOf(string? used) => used is not null && UsedWords.UpperOf(used) is { } upper
        ? string.Create(CultureInfo.InvariantCulture, $"{NagiosRange.Show(100 - upper)}%")
        : null;
}
