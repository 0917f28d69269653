using System.Runtime.InteropServices;

namespace Hinoban.Storage;

/// <summary>What a path leads to.</summary>
internal enum FileSort
{
    /// <summary>A regular file.</summary>
    Plain,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A pipe, a device, a socket.</summary>
    Other,
}

/// <summary>Which file or folder a path leads to, whatever it is called: of two that bear one name one after the other the marks differ.</summary>
internal readonly partial record struct FileMark(ulong Device, ulong Number, FileSort Sort)
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint Asked = 0x101; // STATX_TYPE | STATX_INO
    private const int NoEntry = 2; // ENOENT
    private const int NoFolder = 20; // ENOTDIR
    private const int ReadWriteEnter = 7; // R_OK | W_OK | X_OK

    /// <summary>Null if nothing is there, if it may not be asked (<paramref name="denied"/>), or where the system does not tell.</summary>
    internal static unsafe FileMark? Of(string path, out bool denied)
    {
        denied = false;
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        // struct statx: mode at 28, inode at 32, device at 136 and 140; the same on every architecture.
        var raw = stackalloc byte[256];
        if (statx(CurrentFolder, path, 0, Asked, raw) != 0)
        {
            denied = Marshal.GetLastPInvokeError() is not (NoEntry or NoFolder);
            return null;
        }

        var sort = (*(ushort*)(raw + 28) & 0xF000) switch { 0x8000 => FileSort.Plain, 0x4000 => FileSort.Folder, _ => FileSort.Other };
        return new FileMark(((ulong)*(uint*)(raw + 136) << 32) | *(uint*)(raw + 140), *(ulong*)(raw + 32), sort);
    }

    internal static FileMark? Of(string path) => Of(path, out _);

    /// <summary>Whether this process may list, change and enter the folder; true too where the system does not tell.</summary>
    internal static bool IsOpen(string folder) => !OperatingSystem.IsLinux() || access(folder, ReadWriteEnter) == 0;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint mask, byte* into);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);
}
