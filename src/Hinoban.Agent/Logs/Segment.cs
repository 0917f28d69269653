using System.Buffers.Binary;
using System.Globalization;
using Hinoban.Checks.Nrpe;
using Microsoft.Win32.SafeHandles;

namespace Hinoban.Agent.Logs;

/// <summary>
/// One file of a journal: frames behind one another, each its length and checksum, then the number of its first hit, how many there are, the time, the hits as a
/// JSON list and the state of reading as a JSON object. A frame is there whole or not at all.
/// </summary>
internal sealed class Segment
{
    internal const int FrameHeader = 8;
    internal const int Facts = 24;

    private const string Suffix = ".log-hits";
    private const int LongestFrame = 16 * 1024 * 1024;
    private const int Sparse = 64 * 1024;

    // Where to begin to look for a hit's number.
    private readonly List<(long Seq, long At)> places = [];

    private readonly string folder;

    private Segment(string folder, long ordinal) => (this.folder, Ordinal) = (folder, ordinal);

    /// <summary>Which of the folder's files it is.</summary>
    internal long Ordinal { get; }

    internal string Path => System.IO.Path.Combine(folder, $"{Ordinal.ToString("D12", CultureInfo.InvariantCulture)}{Suffix}");

    /// <summary>Number of its first hit, and of its last one, which is the one before the first as long as there is none.</summary>
    internal long First { get; private set; }

    internal long Last { get; private set; }

    internal long Length { get; private set; }

    /// <summary>Unix milliseconds of its first and last frame.</summary>
    internal long Began { get; private set; }

    internal long Ended { get; private set; }

    internal static Segment New(string folder, long ordinal) => new(folder, ordinal);

    /// <summary>The files of a folder, oldest first.</summary>
    internal static IReadOnlyList<Segment> In(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, $"*{Suffix}")
            .Select(p => long.TryParse(System.IO.Path.GetFileName(p)[..^Suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .Where(n => n >= 0)
            .Order()
            .Select(n => new Segment(folder, n)),
    ];

    /// <summary>Reads it through up to the first frame that is not whole; the state in its last one, null if there is no frame.</summary>
    internal byte[]? Recover()
    {
        using var file = File.OpenHandle(Path);
        byte[]? state = null;
        long at = 0;
        while (Frame(file, at) is { } frame)
        {
            Note(frame, at);
            (state, at) = (frame.State.ToArray(), at + frame.Whole);
        }

        return state;
    }

    /// <summary>A frame was written at its end.</summary>
    internal void Note(Frame frame, long at)
    {
        if (frame.Count > 0 && (places.Count == 0 || at - places[^1].At >= Sparse))
        {
            places.Add((frame.First, at));
        }

        First = Began == 0 ? frame.First : First;
        (Last, Length, Ended) = (frame.First + frame.Count - 1, at + frame.Whole, frame.At);
        Began = Began == 0 ? frame.At : Began;
    }

    /// <summary>The frames that hold hits past a number.</summary>
    internal IEnumerable<Frame> After(long seq)
    {
        using var file = File.OpenHandle(Path);
        var place = places.FindLastIndex(p => p.Seq <= seq + 1);
        var at = place < 0 ? 0 : places[place].At;
        while (at < Length && Frame(file, at) is { } frame)
        {
            if (frame.First + frame.Count - 1 > seq && frame.Count > 0)
            {
                yield return frame;
            }

            at += frame.Whole;
        }
    }

    private static Frame? Frame(SafeFileHandle file, long at)
    {
        Span<byte> head = stackalloc byte[FrameHeader];
        if (!Fill(file, head, at) || BinaryPrimitives.ReadInt32LittleEndian(head) is not (>= Facts and <= LongestFrame and var length) || at + FrameHeader + length > RandomAccess.GetLength(file))
        {
            return null;
        }

        var payload = new byte[length];
        return Fill(file, payload, at + FrameHeader) && Crc32.Of(payload) == BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) ? new Frame(payload) : null;
    }

    private static bool Fill(SafeFileHandle file, Span<byte> into, long at)
    {
        var filled = 0;
        while (filled < into.Length && RandomAccess.Read(file, into[filled..], at + filled) is > 0 and var read)
        {
            filled += read;
        }

        return filled == into.Length;
    }
}

/// <summary>What one append wrote: hits and, with them, how far reading had come.</summary>
internal sealed class Frame(byte[] payload)
{
    internal long First => BinaryPrimitives.ReadInt64LittleEndian(payload);

    internal int Count => BinaryPrimitives.ReadInt32LittleEndian(payload.AsSpan(8));

    internal long At => BinaryPrimitives.ReadInt64LittleEndian(payload.AsSpan(12));

    internal ReadOnlyMemory<byte> Hits => payload.AsMemory(Segment.Facts, HitsLength);

    internal ReadOnlySpan<byte> State => payload.AsSpan(Segment.Facts + HitsLength);

    internal int Whole => Segment.FrameHeader + payload.Length;

    private int HitsLength => BinaryPrimitives.ReadInt32LittleEndian(payload.AsSpan(20));
}
