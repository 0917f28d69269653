using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace Hinoban.Agent.Logs;

/// <summary>A log's bytes, lying there as they are or compressed.</summary>
internal interface ILogBytes : IDisposable
{
    /// <summary>Reads from a place on; 0 at the end.</summary>
    int Read(Span<byte> into, long at);
}

/// <summary>A file as it is.</summary>
internal sealed class PlainBytes(SafeFileHandle handle) : ILogBytes
{
    internal SafeFileHandle Handle => handle;

    internal static PlainBytes Open(string path) => new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    public int Read(Span<byte> into, long at) => RandomAccess.Read(handle, into, at);

    public void Dispose() => handle.Dispose();
}

/// <summary>What gzip made of a file: its bytes in order, of which the last 128 KiB can be read again.</summary>
internal sealed class GzipBytes : ILogBytes
{
    private const int Window = 256 * 1024;
    private readonly GZipStream stream;
    private readonly byte[] window = new byte[Window];
    private long start;
    private int filled;

    private GzipBytes(GZipStream stream) => this.stream = stream;

    internal static GzipBytes Open(string path) =>
        new(new GZipStream(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 16 * 1024), CompressionMode.Decompress));

    public int Read(Span<byte> into, long at)
    {
        if (at < start)
        {
            throw new InvalidDataException("what was read long ago is asked for again");
        }

        while (at >= start + filled)
        {
            if (!Fill())
            {
                return 0;
            }
        }

        var from = (int)(at - start);
        var count = Math.Min(into.Length, filled - from);
        window.AsSpan(from, count).CopyTo(into);
        return count;
    }

    public void Dispose() => stream.Dispose();

    private bool Fill()
    {
        // Who reads 128 KiB at once and then goes on a little behind their beginning still finds the bytes before that.
        const int gone = (Window / 2) - (4 * Mark.Tail);
        if (filled == Window)
        {
            window.AsSpan(gone).CopyTo(window);
            (start, filled) = (start + gone, Window - gone);
        }

        var read = stream.Read(window, filled, Window - filled);
        filled += read;
        return read > 0;
    }
}
