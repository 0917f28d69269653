namespace Hinoban.Checks;

/// <summary>A program to start: found at its path or, as a bare name, by the PATH of its own environment.</summary>
/// <param name="Arguments">All of them, the program's own name first.</param>
internal sealed record ChildOrder(string Program, IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment)
{
    /// <summary>Where it begins.</summary>
    internal string Folder { get; init; } = "/";

    /// <summary>What everything that it starts is known by; see <see cref="Descendants"/>.</summary>
    internal long? Number { get; init; }

    /// <summary>What it may use.</summary>
    internal IReadOnlyList<ChildLimit> Limits { get; init; } = [];
}

/// <summary>A resource limit (getrlimit(2)) by the kernel's number of the resource.</summary>
internal readonly record struct ChildLimit(int Resource, ulong Soft, ulong Hard);

/// <summary>
/// Starts every child of this process: by posix_spawn, for the framework's Process can neither make a session, which is needed to end a whole group, nor limit
/// what a child may use.
/// </summary>
/// <remarks>
/// Limits are a process' own and pass to its children, and posix_spawn sets none. The number must be there before the program begins, so ours is set for
/// that moment, softly, and children are started one by one (see <see cref="ChildStarter"/>): a limit that no kernel since 2.4.25 enforces harms nobody meanwhile. The others would harm
/// us and are set on the child right after its start (prlimit(2)): what it forks in its very first instants may go without them, and is buried by its number all the
/// same. util-linux' prlimit in front of each plugin would close that gap, and costs a third of a run.
/// </remarks>
internal static class ChildStart
{
    private const int ReadWrite = 2;
    private const int HighestOutput = 2;
    private const int DeviceBlocked = 5; // EIO

    /// <summary>More than glibc's or musl's posix_spawn_file_actions_t, posix_spawnattr_t and sigset_t need.</summary>
    private const int Opaque = 512;

    private static readonly ChildStarter Starter = new(Started, TimeProvider.System);

    // Opened once, here: in the child it would be opened while a thread of ours waits for it.
    private static readonly int Nothing = Libc.open("/dev/null", ReadWrite | Libc.OpenCloseOnExec);

    /// <summary>Older libcs (glibc before 2.29) cannot start a program in another folder.</summary>
    private static bool KnowsFolders { get; } = Has(AddRoot);

    /// <summary>Older libcs (glibc before 2.34) cannot close all others: there the close-on-exec of each must do, which the framework sets.</summary>
    private static bool ClosesOthers { get; } = Has(AddCloseFrom);

    /// <summary>Starts it with the descriptors as its outputs (below 0: dropped). An id, or errno. Waits for its turn; that can be cancelled, and so can a start that hangs.</summary>
    internal static Task<(int Pid, int Error)> StartAsync(ChildOrder order, int output, int errors, CancellationToken cancel)
    {
        _ = ChildWatch.Instance; // must be watching before the first child can end
        return Starter.StartAsync(KnowsFolders || order.Folder == "/" ? order : ByShell(order), output, errors, cancel);
    }

    /// <summary>The same program begun by a shell that goes to the folder first. Nothing of the order is a word of the shell's: all are arguments.</summary>
    internal static ChildOrder ByShell(ChildOrder order) => order with
    {
        Program = "/bin/sh",
        Arguments = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", order.Folder, order.Program, .. order.Arguments.Skip(1)],
        Folder = "/",
    };

    private static (int Pid, int Error) Started(ChildOrder order, int output, int errors)
    {
        var error = Spawn(order, output, errors, out var pid);
        return (error == 0 ? Limited(pid, order.Limits) : 0, error);
    }

    // It may have ended already, or be another user's (a setuid program): then there is nothing to limit, or nothing we may.
    private static unsafe int Limited(int pid, IReadOnlyList<ChildLimit> limits)
    {
        ulong* limit = stackalloc ulong[2];
        foreach (var (resource, soft, hard) in limits)
        {
            (limit[0], limit[1]) = (soft, hard);
            _ = Libc.prlimit(pid, resource, limit, null);
        }

        return pid;
    }

    private static unsafe int Spawn(ChildOrder order, int output, int errors, out int pid)
    {
        var actions = stackalloc byte[Opaque];
        var attributes = stackalloc byte[Opaque];
        using var arguments = new CStrings(order.Arguments);
        using var environment = new CStrings(order.Environment);
        using var program = new CStrings([order.Program]);
        _ = Libc.posix_spawn_file_actions_init(actions);
        _ = Libc.posix_spawnattr_init(attributes);
        try
        {
            pid = 0;
            return Prepare(actions, attributes, order.Folder, output, errors) != 0 ? DeviceBlocked
                : order.Program.Contains('/') ? Libc.posix_spawn(out pid, program.Pointer[0], actions, attributes, arguments.Pointer, environment.Pointer)
                : Libc.posix_spawnp(out pid, program.Pointer[0], actions, attributes, arguments.Pointer, environment.Pointer);
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
            _ = Libc.posix_spawnattr_destroy(attributes);
        }
    }

    private static unsafe int Prepare(byte* actions, byte* attributes, string folder, int output, int errors)
    {
        var signals = stackalloc byte[Opaque];
        var wrong = Give(actions, -1, 0)
            | Give(actions, output, 1)
            | Give(actions, errors, 2)
            | (KnowsFolders ? Libc.posix_spawn_file_actions_addchdir_np(actions, folder) : 0)
            | (ClosesOthers ? Libc.posix_spawn_file_actions_addclosefrom_np(actions, 3) : 0)
            | Libc.posix_spawnattr_setflags(attributes, Libc.SpawnSetSid | Libc.SpawnSetSigMask | Libc.SpawnSetSigDefault);

        // The framework ignores or blocks some signals, and what is ignored stays ignored across exec.
        _ = Libc.sigemptyset(signals);
        wrong |= Libc.posix_spawnattr_setsigmask(attributes, signals);
        _ = Libc.sigfillset(signals);
        return wrong | Libc.posix_spawnattr_setsigdefault(attributes, signals);
    }

    // A descriptor that is an output itself (we were started without one) would be replaced before it is given.
    private static unsafe int Give(byte* actions, int ours, int theirs) =>
        ours >= 0 || Nothing > HighestOutput ? Libc.posix_spawn_file_actions_adddup2(actions, ours >= 0 ? ours : Nothing, theirs)
            : Libc.posix_spawn_file_actions_addopen(actions, theirs, "/dev/null", ReadWrite, 0);

    private static unsafe void AddRoot(nint actions) => _ = Libc.posix_spawn_file_actions_addchdir_np((byte*)actions, "/");

    private static unsafe void AddCloseFrom(nint actions) => _ = Libc.posix_spawn_file_actions_addclosefrom_np((byte*)actions, 3);

    private static unsafe bool Has(Action<nint> call)
    {
        var actions = stackalloc byte[Opaque];
        _ = Libc.posix_spawn_file_actions_init(actions);
        try
        {
            call((nint)actions);
            return true;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
        }
    }
}
