using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Hinoban.Responding;

/// <summary>
/// A child process in a session of its own, with an environment of our choosing and both outputs in one stream, so that they keep their order.
/// The framework's Process offers neither the session (needed to end the whole group) nor the one stream.
/// </summary>
internal sealed unsafe partial class SpawnedProgram : IDisposable
{
    private const short SetSigMask = 0x08;
    private const short SetSigDefault = 0x04;
    private const short SetSid = 0x80;
    private const int StreamCloexec = 1 | 0x80000;
    private const int Kill = 9;

    /// <summary>More than glibc's or musl's posix_spawn_file_actions_t, posix_spawnattr_t and sigset_t need.</summary>
    private const int Opaque = 512;

    private readonly int pid;
    private readonly Lock reaping = new();
    private bool reaped;

    private SpawnedProgram(int pid, Socket output)
    {
        this.pid = pid;
        Output = output;

        // A thread of its own: waiting for one child blocks, and there are as many of these as operators who run a step.
        Ended = Task.Factory.StartNew(Wait, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Standard output and standard error as one stream.</summary>
    internal Socket Output { get; }

    /// <summary>The exit code; below 0 if a signal ended it, ours included, so that it is never taken for the exit code of what it ran.</summary>
    internal Task<int> Ended { get; }

    /// <summary>Starts a program found by PATH. Null if it cannot be started.</summary>
    internal static SpawnedProgram? Start(string program, IEnumerable<string> arguments, IEnumerable<string> environment, string folder)
    {
        int* pair = stackalloc int[2];
        if (socketpair(1, StreamCloexec, 0, pair) != 0)
        {
            return null;
        }

        var output = new Socket(new SafeSocketHandle(pair[0], ownsHandle: true));
        try
        {
            if (Spawn(program, [program, .. arguments], [.. environment], folder, pair[1]) is { } pid)
            {
                return new SpawnedProgram(pid, output);
            }

            output.Dispose();
            return null;
        }
        finally
        {
            _ = close(pair[1]);
        }
    }

    /// <summary>Ends the program and everything in its process group.</summary>
    internal void KillGroup()
    {
        lock (reaping)
        {
            if (!reaped)
            {
                _ = kill(-pid, Kill);
            }
        }
    }

    public void Dispose() => Output.Dispose();

    private static int? Spawn(string program, string[] arguments, string[] environment, string folder, int output)
    {
        byte* actions = stackalloc byte[Opaque];
        byte* attributes = stackalloc byte[Opaque];
        byte* signals = stackalloc byte[Opaque];
        using var argv = new Strings(arguments);
        using var envp = new Strings(environment);
        _ = posix_spawn_file_actions_init(actions);
        _ = posix_spawnattr_init(attributes);
        try
        {
            var wrong = posix_spawn_file_actions_addchdir_np(actions, folder)
                | posix_spawn_file_actions_addopen(actions, 0, "/dev/null", 0, 0)
                | posix_spawn_file_actions_adddup2(actions, output, 1)
                | posix_spawn_file_actions_adddup2(actions, output, 2);

            // The runtime ignores or blocks some signals; a child must not inherit that.
            _ = sigemptyset(signals);
            wrong |= posix_spawnattr_setsigmask(attributes, signals);
            _ = sigfillset(signals);
            wrong |= posix_spawnattr_setsigdefault(attributes, signals) | posix_spawnattr_setflags(attributes, SetSid | SetSigMask | SetSigDefault);
            return wrong == 0 && posix_spawnp(out var pid, program, actions, attributes, argv.Pointer, envp.Pointer) == 0 ? pid : null;
        }
        finally
        {
            _ = posix_spawn_file_actions_destroy(actions);
            _ = posix_spawnattr_destroy(attributes);
        }
    }

    /// <summary>Waits without reaping first: until it is reaped, the number cannot belong to another process, and a kill meets the right one.</summary>
    private int Wait()
    {
        const int ById = 1;
        const int ExitedButLeave = 4 | 0x01000000;
        const int Interrupted = 4;
        byte* about = stackalloc byte[Opaque];
        while (waitid(ById, pid, about, ExitedButLeave) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }

        lock (reaping)
        {
            reaped = true;
            return waitpid(pid, out var status, 0) != pid ? -1
                : (status & 0x7f) == 0 ? (status >> 8) & 0xff
                : -(status & 0x7f);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int domain, int type, int protocol, int* pair);

    [LibraryImport("libc")]
    private static partial int close(int fd);

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitid(int idType, int id, byte* about, int options);

    [LibraryImport("libc")]
    private static partial int waitpid(int pid, out int status, int options);

    [LibraryImport("libc")]
    private static partial int sigemptyset(byte* set);

    [LibraryImport("libc")]
    private static partial int sigfillset(byte* set);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawnp(out int pid, string file, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int fd, string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int fd, int newFd);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addchdir_np(byte* actions, string path);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* set);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* set);

    /// <summary>A null-ended array of C strings in UTF-8.</summary>
    private sealed class Strings : IDisposable
    {
        private readonly nint[] texts;

        internal Strings(string[] values)
        {
            texts = [.. values.Select(Marshal.StringToCoTaskMemUTF8)];
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)values.Length + 1, (nuint)sizeof(nint));
            for (var i = 0; i < texts.Length; i++)
            {
                Pointer[i] = (byte*)texts[i];
            }
        }

        internal byte** Pointer { get; }

        public void Dispose()
        {
            Array.ForEach(texts, Marshal.FreeCoTaskMem);
            NativeMemory.Free(Pointer);
        }
    }
}
