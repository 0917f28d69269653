using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hinoban.Checks;

/// <summary>A started program in a session of its own, with both its outputs. Starting is posix_spawn: the framework's Process cannot make a session.</summary>
internal sealed class PluginProcess : IDisposable
{
    // Generous for every libc: glibc's are 80, 336 and 128 bytes.
    private const int StructSize = 512;

    private PluginProcess(int pid, Stream output, Stream errors)
    {
        Pid = pid;
        Output = output;
        Errors = errors;
    }

    internal int Pid { get; }

    internal Stream Output { get; }

    internal Stream Errors { get; }

    /// <summary>Starts <paramref name="path"/>; null with errno if that is impossible.</summary>
    internal static unsafe PluginProcess? Start(string path, IReadOnlyList<string> argv, IReadOnlyList<string> environment, out int error)
    {
        var ends = stackalloc int[4];
        if (Libc.pipe2(ends, Libc.OpenCloseOnExec) != 0)
        {
            error = Marshal.GetLastPInvokeError();
            return null;
        }

        if (Libc.pipe2(ends + 2, Libc.OpenCloseOnExec) != 0)
        {
            error = Marshal.GetLastPInvokeError();
            Close(ends[0], ends[1]);
            return null;
        }

        int pid;
        try
        {
            error = Spawn(path, argv, environment, ends[1], ends[3], out pid);
        }
        catch
        {
            Close(ends[0], ends[1]);
            Close(ends[2], ends[3]);
            throw;
        }

        Close(ends[1], ends[3]);
        if (error != 0)
        {
            Close(ends[0], ends[2]);
            return null;
        }

        return new PluginProcess(pid, Reader(ends[0]), Reader(ends[2]));
    }

    public void Dispose()
    {
        Output.Dispose();
        Errors.Dispose();
    }

    private static unsafe int Spawn(string path, IReadOnlyList<string> argv, IReadOnlyList<string> environment, int output, int errors, out int pid)
    {
        var actions = stackalloc byte[StructSize];
        var attributes = stackalloc byte[StructSize];
        using var arguments = new CStrings(argv);
        using var variables = new CStrings(environment);
        using var program = new CStrings([path]);
        _ = Libc.posix_spawn_file_actions_init(actions);
        _ = Libc.posix_spawnattr_init(attributes);
        try
        {
            var fault = Prepare(actions, attributes, output, errors);
            pid = 0;
            return fault != 0 ? fault : Libc.posix_spawn(out pid, program.Pointer[0], actions, attributes, arguments.Pointer, variables.Pointer);
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
            _ = Libc.posix_spawnattr_destroy(attributes);
        }
    }

    private static unsafe int Prepare(byte* actions, byte* attributes, int output, int errors)
    {
        var signals = stackalloc byte[StructSize];
        var fault = Libc.posix_spawn_file_actions_addopen(actions, 0, "/dev/null", 0, 0)
            | Libc.posix_spawn_file_actions_adddup2(actions, output, 1)
            | Libc.posix_spawn_file_actions_adddup2(actions, errors, 2)
            | ToRoot(actions)
            | CloseOthers(actions)
            | Libc.posix_spawnattr_setflags(attributes, Libc.SpawnSetSid | Libc.SpawnSetSigMask | Libc.SpawnSetSigDefault);

        // The framework ignores SIGPIPE, and what is ignored stays ignored across exec.
        _ = Libc.sigemptyset(signals);
        fault |= Libc.posix_spawnattr_setsigmask(attributes, signals);
        _ = Libc.sigfillset(signals);
        return fault | Libc.posix_spawnattr_setsigdefault(attributes, signals);
    }

    /// <summary>Older libcs (glibc before 2.29) lack the call: the program begins in this one's folder there.</summary>
    private static unsafe int ToRoot(byte* actions)
    {
        try
        {
            return Libc.posix_spawn_file_actions_addchdir_np(actions, "/");
        }
        catch (EntryPointNotFoundException)
        {
            return 0;
        }
    }

    /// <summary>The framework opens everything close-on-exec; a library might not. Older libcs lack the call and rely on that alone.</summary>
    private static unsafe int CloseOthers(byte* actions)
    {
        try
        {
            return Libc.posix_spawn_file_actions_addclosefrom_np(actions, 3);
        }
        catch (EntryPointNotFoundException)
        {
            return 0;
        }
    }

    private static AnonymousPipeClientStream Reader(int fd) => new(PipeDirection.In, new SafePipeHandle(fd, ownsHandle: true));

    private static void Close(int a, int b)
    {
        _ = Libc.close(a);
        _ = Libc.close(b);
    }

    /// <summary>A null-terminated array of C strings.</summary>
    private sealed unsafe class CStrings : IDisposable
    {
        private readonly int count;

        internal CStrings(IReadOnlyList<string> texts)
        {
            count = texts.Count;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)count + 1, (nuint)sizeof(byte*));
            for (var i = 0; i < count; i++)
            {
                Pointer[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
            }
        }

        internal byte** Pointer { get; }

        public void Dispose()
        {
            for (var i = 0; i < count; i++)
            {
                Marshal.FreeCoTaskMem((nint)Pointer[i]);
            }

            NativeMemory.Free(Pointer);
        }
    }
}
