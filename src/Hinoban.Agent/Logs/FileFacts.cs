using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hinoban.Agent.Logs;

/// <summary>What the kernel knows of a file that the framework does not tell: which one it is, whatever it is called.</summary>
/// <param name="Device">Of the file system; may be another after a reboot.</param>
/// <param name="Changed">When it was last written, nanoseconds.</param>
internal readonly partial record struct FileFacts(ulong Device, ulong Inode, long Size, long Changed, FileSort Sort)
{
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint Basic = 0x7ff;
    private const int NoEntry = 2;

    /// <summary>Null if there is no such file; throws what opening it would throw if it cannot be asked.</summary>
    internal static unsafe FileFacts? Of(string path)
    {
        var raw = stackalloc byte[256];
        if (statx(CurrentFolder, path, 0, Basic, raw) == 0)
        {
            return Read(raw);
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoEntry ? null : throw new IOException(Marshal.GetPInvokeErrorMessage(error));
    }

    internal static unsafe FileFacts Of(SafeFileHandle handle)
    {
        var raw = stackalloc byte[256];
        var taken = false;
        try
        {
            handle.DangerousAddRef(ref taken);
            return statx((int)handle.DangerousGetHandle(), "", EmptyPath, Basic, raw) == 0 ? Read(raw) : throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
        finally
        {
            if (taken)
            {
                handle.DangerousRelease();
            }
        }
    }

    /// <summary>Makes a new or renamed file's place in its folder survive a power failure.</summary>
    internal static void KeepFolder(string folder)
    {
        const int readOnly = 0x80000; // O_RDONLY | O_CLOEXEC
        var fd = open(folder, readOnly);
        if (fd < 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }

        var failed = fsync(fd) != 0;
        _ = Checks.Libc.close(fd);
        if (failed)
        {
            throw new IOException($"{folder} cannot be synced");
        }
    }

    // struct statx: mode at 28, inode 32, size 40, mtime 112 (seconds) and 120 (nanoseconds), device 136 and 140; the same on every architecture.
    private static unsafe FileFacts Read(byte* raw) => new(
        ((ulong)*(uint*)(raw + 136) << 32) | *(uint*)(raw + 140),
        *(ulong*)(raw + 32),
        *(long*)(raw + 40),
        (*(long*)(raw + 112) * 1_000_000_000) + *(uint*)(raw + 120),
        (*(ushort*)(raw + 28) & 0xF000) switch { 0x8000 => FileSort.Plain, 0x4000 => FileSort.Folder, _ => FileSort.Other });

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint mask, byte* into);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int fsync(int fd);
}

/// <summary>What a path leads to.</summary>
internal enum FileSort
{
    Plain,
    Folder,
    Other,
}
