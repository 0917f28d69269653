using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Hinoban.Checks.Ssh;

/// <summary>
/// A child process in a session of its own, with an environment of our choosing and both outputs in one stream, so that they keep their order.
/// The framework's Process offers neither the session (needed to end the whole group) nor the one stream.
/// </summary>
internal sealed unsafe partial class SpawnedProgram : IDisposable
{
    private const int WriteOnly = 1;
    private const int UnixStream = 1;
    private const int StreamCloexec = 1 | Libc.OpenCloseOnExec;

    /// <summary>More than glibc's or musl's posix_spawn_file_actions_t, posix_spawnattr_t and sigset_t need.</summary>
    private const int Opaque = 512;

    private readonly int pid;

    private SpawnedProgram(int pid, Socket output)
    {
        this.pid = pid;
        Output = output;
        Ended = ChildWatch.Instance.Watch(pid);
    }

    /// <summary>Standard output and standard error as one stream: a socket, whose reads can be given up.</summary>
    internal Socket Output { get; }

    internal Task<ChildEnd> Ended { get; }

    /// <summary>Starts a program found by PATH. Null if it cannot be started. What it complains of is dropped unless it comes <paramref name="withErrors"/>.</summary>
    internal static SpawnedProgram? Start(string program, IEnumerable<string> arguments, IEnumerable<string> environment, string folder, bool withErrors = true)
    {
        _ = ChildWatch.Instance; // must be watching before the first child can end
        int* pair = stackalloc int[2];
        if (socketpair(UnixStream, StreamCloexec, 0, pair) != 0)
        {
            return null;
        }

        var output = new Socket(new SafeSocketHandle(pair[0], ownsHandle: true));
        try
        {
            if (Spawn(program, [program, .. arguments], [.. environment], folder, pair[1], withErrors) is { } pid)
            {
                return new SpawnedProgram(pid, output);
            }

            output.Dispose();
            return null;
        }
        finally
        {
            _ = Libc.close(pair[1]);
        }
    }

    /// <summary>Ends the program and everything in its process group. Before it is reaped, its number belongs to nobody else.</summary>
    internal void KillGroup() => _ = Libc.kill(-pid, Libc.SigKill);

    public void Dispose()
    {
        Output.Dispose();
        _ = Ended.ContinueWith(_ => ChildWatch.Instance.Reap(pid), TaskContinuationOptions.ExecuteSynchronously);
    }

    private static int? Spawn(string program, string[] arguments, string[] environment, string folder, int output, bool withErrors)
    {
        byte* actions = stackalloc byte[Opaque];
        byte* attributes = stackalloc byte[Opaque];
        byte* signals = stackalloc byte[Opaque];
        using var argv = new Strings(arguments);
        using var envp = new Strings(environment);
        _ = Libc.posix_spawn_file_actions_init(actions);
        _ = Libc.posix_spawnattr_init(attributes);
        try
        {
            var wrong = Libc.posix_spawn_file_actions_addchdir_np(actions, folder)
                | Libc.posix_spawn_file_actions_addopen(actions, 0, "/dev/null", 0, 0)
                | Libc.posix_spawn_file_actions_adddup2(actions, output, 1)
                | (withErrors ? Libc.posix_spawn_file_actions_adddup2(actions, output, 2) : Libc.posix_spawn_file_actions_addopen(actions, 2, "/dev/null", WriteOnly, 0))
                | Libc.posix_spawnattr_setflags(attributes, Libc.SpawnSetSid | Libc.SpawnSetSigMask | Libc.SpawnSetSigDefault);

            // The runtime ignores or blocks some signals; a child must not inherit that.
            _ = Libc.sigemptyset(signals);
            wrong |= Libc.posix_spawnattr_setsigmask(attributes, signals);
            _ = Libc.sigfillset(signals);
            wrong |= Libc.posix_spawnattr_setsigdefault(attributes, signals);
            return wrong == 0 && posix_spawnp(out var pid, program, actions, attributes, argv.Pointer, envp.Pointer) == 0 ? pid : null;
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
            _ = Libc.posix_spawnattr_destroy(attributes);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int domain, int type, int protocol, int* pair);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawnp(out int pid, string file, byte* actions, byte* attributes, byte** argv, byte** envp);

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
