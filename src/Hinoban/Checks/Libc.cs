using System.Runtime.InteropServices;

namespace Hinoban.Checks;

/// <summary>The system calls that plugins need and the framework lacks: sessions, process groups, reaping without a handle.</summary>
internal static unsafe partial class Libc
{
    internal const int SigKill = 9;
    internal const int SigTerm = 15;
    internal const int OpenCloseOnExec = 0x80000;
    internal const short SpawnSetSigMask = 0x08;
    internal const short SpawnSetSigDefault = 0x04;
    internal const short SpawnSetSid = 0x80;
    internal const int WaitNoHang = 1;
    internal const int WaitExited = 4;
    internal const int WaitNoReap = 0x01000000;
    internal const int PrSetChildSubreaper = 36;
    internal const int CodeExited = 1;
    internal const int LimitCpu = 0;
    internal const int LimitFile = 1;
    internal const int LimitCore = 4;
    internal const int LimitProcesses = 6;
    internal const int LimitOpenFiles = 7;
    internal const int LimitMemory = 9;
    internal const int LimitLocks = 10;
    internal const ulong Unlimited = ulong.MaxValue;

    /// <summary>The same number on every architecture; Linux 5.3. The libc's own wrapper is younger than many libcs in use.</summary>
    private const int PidfdOpen = 434;

    /// <summary>A descriptor that can be read from once the process has ended; below 0 if the kernel knows none.</summary>
    internal static int pidfd_open(int pid) => (int)syscall(PidfdOpen, pid, 0);

    [LibraryImport("libc")]
    internal static partial int posix_spawn(out int pid, byte* path, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    internal static partial int posix_spawnp(out int pid, byte* file, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_adddup2(byte* actions, int from, int to);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int posix_spawn_file_actions_addopen(byte* actions, int fd, string path, int flags, int mode);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int posix_spawn_file_actions_addchdir_np(byte* actions, string path);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_addclosefrom_np(byte* actions, int from);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_setsigmask(byte* attributes, byte* mask);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* mask);

    [LibraryImport("libc")]
    internal static partial int sigemptyset(byte* set);

    [LibraryImport("libc")]
    internal static partial int sigfillset(byte* set);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int pipe2(int* ends, int flags);

    [LibraryImport("libc")]
    internal static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int waitid(int kind, int id, byte* info, int options);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int waitpid(int pid, out int status, int options);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int prctl(int option, nint value, nint a, nint b, nint c);

    /// <summary>Each limit is two numbers: soft, hard.</summary>
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int prlimit(int pid, int resource, ulong* set, ulong* before);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int epoll_ctl(int epoll, int what, int fd, byte* one);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int epoll_wait(int epoll, byte* events, int most, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint read(int fd, byte* into, nint most);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint pread(int fd, byte* into, nint most, nint at);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fcntl(int fd, int what, int value);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint a, nint b);

    [LibraryImport("libc")]
    internal static partial uint geteuid();

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int getpwnam_r(string name, byte* entry, byte* buffer, nint size, byte** result);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* realpath(string path, byte* resolved);
}
