using System.Runtime.InteropServices;
using System.Text;

namespace Hinoban.Agent.Measures;

/// <summary>
/// Small files of /proc by three system calls each. The framework's files ask for size, type and locks besides, which counts when
/// hundreds of processes are read for every answer.
/// </summary>
internal static unsafe partial class Kernel
{
    private const int CloseOnExec = 0x80000;
    private const int NoEntry = -1;

    /// <summary>Reads a file's beginning into the buffer; empty if it cannot be read (a process that ended meanwhile).</summary>
    internal static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> zeroEndedPath, Span<byte> buffer)
    {
        int fd;
        fixed (byte* path = zeroEndedPath)
        {
            fd = open(path, CloseOnExec, 0);
        }

        if (fd == NoEntry)
        {
            return [];
        }

        var length = 0;
        fixed (byte* into = buffer)
        {
            nint got;
            while (length < buffer.Length && (got = read(fd, into + length, (nuint)(buffer.Length - length))) > 0)
            {
                length += (int)got;
            }
        }

        _ = close(fd);
        return buffer[..length];
    }

    /// <summary>A file of /proc as text; throws <see cref="IOException"/> if there is none.</summary>
    internal static string Text(string path) => File.ReadAllText(path, Encoding.UTF8);

    /// <summary>The file system that holds a path; false with the error's number if it cannot be asked.</summary>
    internal static bool Space(string path, out FileSpace space, out int error)
    {
        var raw = stackalloc byte[256];
        if (statvfs(path, raw) != 0)
        {
            (space, error) = (default, Marshal.GetLastPInvokeError());
            return false;
        }

        // struct statvfs of 64-bit Linux: bsize, frsize, blocks, bfree, bavail, files, ffree, favail, each of 8 bytes.
        var fields = (ulong*)raw;
        var unit = fields[1] == 0 ? fields[0] : fields[1];
        (space, error) = (new FileSpace(unit * fields[2], unit * fields[3], unit * fields[4], fields[5], fields[6]), 0);
        return true;
    }

    [LibraryImport("libc")]
    private static partial int open(byte* path, int flags, int mode);

    [LibraryImport("libc")]
    private static partial nint read(int fd, byte* into, nuint count);

    [LibraryImport("libc")]
    private static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statvfs(string path, byte* into);
}

/// <summary>A file system's bytes and inodes. <see cref="Available"/> is what ordinary users may still take; root may take all that is free.</summary>
internal readonly record struct FileSpace(ulong Total, ulong Free, ulong Available, ulong Inodes, ulong FreeInodes)
{
    internal ulong Used => Total - Math.Min(Free, Total);

    /// <summary>As df has it: of what ordinary users could ever take.</summary>
    internal double UsedPercent => Used + Available == 0 ? 0 : 100.0 * Used / (Used + Available);

    internal double UsedInodesPercent => Inodes == 0 ? 0 : 100.0 * (Inodes - Math.Min(FreeInodes, Inodes)) / Inodes;
}
