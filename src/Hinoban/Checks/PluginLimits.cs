using System.Globalization;

namespace Hinoban.Checks;

/// <summary>
/// What a plugin and each of its children may use of the machine: no core dumps, and so many bytes of file and address space, so many
/// processes, and processor time by the look's own time-out.
/// </summary>
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

    /// <summary>What programs are written for. The framework raises our own as far as it may, and not a few programs close, or make room for, all they may have.</summary>
    private const ulong OpenFiles = 1024;

    /// <summary>Far above what any plugin needs; a Java one reserves most of the address space.</summary>
    internal static PluginLimits Default { get; } = new(64L << 20, 4L << 30, 1024);

    private static ulong MostOpenFiles { get; } = HardOpenFiles();

    /// <summary>
    /// The limits of a run: to be set on the child, or by what goes before its arguments. The look's number becomes the limit of file locks, which Linux has not enforced since 2.4.25:
    /// by it everything that a plugin started is known. Null if the machine cannot do it.
    /// </summary>
    /// <remarks>
    /// Of a program that becomes another user nobody may limit anything from outside but one with CAP_SYS_RESOURCE, which containers lack: there util-linux' prlimit limits
    /// itself, then becomes the plugin. Elsewhere that would cost a third of a run.
    /// </remarks>
    internal (IReadOnlyList<ChildLimit> Limits, string[] Prefix)? Of(string program, TimeSpan timeout, bool ownUser, long number, out string whyNot)
    {
        whyNot = "";
        var limits = All(timeout, ownUser, number);
        if (!ownUser && !BecomesAnother(program))
        {
            return (limits, []);
        }

        whyNot = File.Exists(Prlimit) ? "" : $"plugins that run as another user run with resource limits, which needs {Prlimit} (package util-linux)";
        return whyNot.Length > 0 ? null : ([], [Prlimit, .. limits.Select(Option), "--"]);
    }

    private List<ChildLimit> All(TimeSpan timeout, bool ownUser, long number)
    {
        static ChildLimit Most(int resource, ulong most) => new(resource, most, most);

        // Several threads may use more than the time that passes; what outlives its look, killed and all, ends here.
        var seconds = (ulong)Math.Ceiling(timeout.TotalSeconds * Environment.ProcessorCount) + 5;
        return
        [
            Most(Libc.LimitCore, 0),
            Most(Libc.LimitFile, (ulong)FileBytes),
            Most(Libc.LimitMemory, (ulong)MemoryBytes),
            Most(Libc.LimitCpu, seconds),
            new(Libc.LimitOpenFiles, Math.Min(OpenFiles, MostOpenFiles), MostOpenFiles),
            .. Descendants.CanNumber ? [Most(Libc.LimitLocks, (ulong)number)] : Array.Empty<ChildLimit>(),
            .. ownUser ? [Most(Libc.LimitProcesses, (ulong)Processes)] : Array.Empty<ChildLimit>(),
        ];
    }

    private static bool BecomesAnother(string program) =>
        Libc.geteuid() != 0 && !OperatingSystem.IsWindows() && File.Exists(program) && (File.GetUnixFileMode(program) & (UnixFileMode.SetUser | UnixFileMode.SetGroup)) != 0;

    private static string Option(ChildLimit limit)
    {
        var name = limit.Resource switch
        {
            Libc.LimitCore => "core",
            Libc.LimitFile => "fsize",
            Libc.LimitMemory => "as",
            Libc.LimitCpu => "cpu",
            Libc.LimitOpenFiles => "nofile",
            Libc.LimitLocks => "locks",
            _ => "nproc",
        };
        return string.Create(CultureInfo.InvariantCulture, $"--{name}={limit.Soft}:{limit.Hard}");
    }

    private static unsafe ulong HardOpenFiles()
    {
        var limit = stackalloc ulong[2];
        return Libc.prlimit(0, Libc.LimitOpenFiles, null, limit) == 0 ? limit[1] : OpenFiles;
    }
}
