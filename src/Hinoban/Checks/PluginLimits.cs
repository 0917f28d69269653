using System.Globalization;

namespace Hinoban.Checks;

/// <summary>
/// What a plugin and each of its children may use of the machine: no core dumps, and so many bytes of file and address space, so many
/// processes, and processor time by the look's own time-out.
/// </summary>
/// <remarks>
/// Limits are a process' own and pass to its children, and posix_spawn sets none. Setting ours for the moment of the start would limit every
/// thread of this process; setting the child's right after the start (prlimit(2)) comes too late for what it has already forked. So
/// util-linux' prlimit stands in front: it limits itself, then becomes the plugin.
/// </remarks>
/// <param name="FileBytes">The largest file it may write; past it SIGXFSZ ends it.</param>
/// <param name="MemoryBytes">Address space; past it allocations fail.</param>
/// <param name="Processes">
/// Processes and threads of the plugins' own user, all running plugins together. The kernel counts them by user and exempts root: without
/// an own user this limit would count our own threads, or nothing, and is not set; then the look's time-out and the group's kill end a plugin that forks
/// without end.
/// </param>
internal sealed record PluginLimits(long FileBytes, long MemoryBytes, int Processes)
{
    private const string Prlimit = "/usr/bin/prlimit";

    /// <summary>Far above what any plugin needs; a Java one reserves most of the address space.</summary>
    internal static PluginLimits Default { get; } = new(64L << 20, 4L << 30, 1024);

    /// <summary>
    /// What goes before the plugin's own arguments, after what gives it its user; null if the machine cannot do it. The look's number
    /// becomes the limit of file locks, which Linux has not enforced since 2.4.25: by it everything that a plugin started is known.
    /// </summary>
    internal string[]? Prefix(TimeSpan timeout, bool ownUser, long number, out string whyNot)
    {
        whyNot = File.Exists(Prlimit) ? "" : $"plugins run with resource limits, which needs {Prlimit} (package util-linux)";

        // Several threads may use more than the time that passes; what outlives its look, killed and all, ends here.
        var seconds = (long)Math.Ceiling(timeout.TotalSeconds * Environment.ProcessorCount) + 5;
        string[] limits = ["--core=0", Say("fsize", FileBytes), Say("as", MemoryBytes), Say("cpu", seconds), .. Descendants.CanNumber ? [Say("locks", number)] : Array.Empty<string>(), .. ownUser ? [Say("nproc", Processes)] : Array.Empty<string>()];
        return whyNot.Length > 0 ? null : [Prlimit, .. limits, "--"];
    }

    private static string Say(string what, long most) => string.Create(CultureInfo.InvariantCulture, $"--{what}={most}");
}
