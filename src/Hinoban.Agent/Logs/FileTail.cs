using System.Globalization;
using System.Text.Json;

namespace Hinoban.Agent.Logs;

/// <summary>What of a file is passed over up to the next line, or the next record.</summary>
internal enum Skip
{
    Nothing,
    Line,
    Record,
}

/// <summary>Lines that follow one another: what of them the next hit may need, and who waits for the next.</summary>
internal class LineStream
{
    /// <summary>What it was called when it was first seen: the hits say so, though it be renamed since.</summary>
    internal required string Source { get; init; }

    /// <summary>Its last lines, for hits that come first in the next part.</summary>
    internal List<string> Recent { get; } = [];

    /// <summary>Hits that wait for lines behind them.</summary>
    internal List<Hit> Waiting { get; } = [];
}

/// <summary>One file that is read as it grows, whatever it is called by now: which it is, and how far it was read.</summary>
internal sealed class FileTail : LineStream, IDisposable
{
    private byte[] last = [];

    /// <summary>In the order in which they began: what is older is read first.</summary>
    internal required long Number { get; init; }

    /// <summary>Which file it is, for the hits' identity: fixed when it was first seen.</summary>
    internal required string Identity { get; init; }

    internal required string Path { get; set; }

    internal required ulong Device { get; set; }

    internal required ulong Inode { get; init; }

    /// <summary>Lies there compressed, and does not change any more.</summary>
    internal bool Gzip { get; init; }

    internal long Offset { get; set; }

    internal Mark Head { get; set; } = Mark.None;

    /// <summary>The bytes before <see cref="Offset"/>: as long as they stand there, the file is still the one that was read.</summary>
    internal Mark Before { get; set; } = Mark.None;

    internal Skip Skip { get; set; }

    /// <summary>Of the file when it was last looked at.</summary>
    internal long Size { get; set; }

    internal long Changed { get; set; } = -1;

    /// <summary>Still stands where it is looked for; one that does not is read until nobody writes it any more.</summary>
    internal bool Attached { get; set; }

    /// <summary>Timestamp of its last growth.</summary>
    internal long Grown { get; set; }

    internal ILogBytes? Bytes { get; set; }

    /// <summary>Read to its end, and nothing more can come.</summary>
    internal bool Done { get; set; }

    /// <summary>Goes on behind bytes that are done with. They are noted as they were read: by now the file may be another.</summary>
    internal void Advance(ReadOnlySpan<byte> done)
    {
        // What is read first may have come since the beginning was last looked at; without it a file that has been read would not be known again.
        if (Offset == 0 && done.Length > Head.Length && Head.Length < Mark.Head)
        {
            Head = Mark.Of(done[..Math.Min(done.Length, Mark.Head)]);
        }

        Offset += done.Length;
        last = done.Length >= Mark.Tail ? done[^Mark.Tail..].ToArray() : [.. last.AsSpan(Math.Max(0, last.Length + done.Length - Mark.Tail)), .. done];
        Before = Mark.Of(last);
    }

    /// <summary>Goes on from a place of the file as it is.</summary>
    internal void Begin(long offset)
    {
        Offset = offset;
        last = Read(offset - Math.Min(offset, Mark.Tail), (int)Math.Min(offset, Mark.Tail));
        Before = Mark.Of(last);
    }

    /// <summary>Notes more of the beginning, if there is more of it than before.</summary>
    internal void LearnHead()
    {
        if (Head.Length < Mark.Head && Bytes is not null && Read(0, Mark.Head) is var head && head.Length >= Head.Length && Mark.Of(head.AsSpan(0, Head.Length)) == Head)
        {
            Head = Mark.Of(head);
        }
    }

    private byte[] Read(long at, int length)
    {
        var (bytes, filled) = (new byte[length], 0);
        while (filled < length && Bytes!.Read(bytes.AsSpan(filled), at + filled) is > 0 and var read)
        {
            filled += read;
        }

        return bytes[..filled];
    }

    /// <summary>The same content in another file, or under another name: reading goes on where it had come to.</summary>
    internal FileTail At(string path, FileFacts facts, ILogBytes bytes, long now)
    {
        var tail = new FileTail
        {
            Number = Number,
            Identity = Identity,
            Source = Source,
            Path = path,
            Device = facts.Device,
            Inode = facts.Inode,
            Gzip = bytes is GzipBytes,
            Offset = Offset,
            Head = Head,
            Before = Before,
            Skip = Skip,
            Size = facts.Size,
            Changed = facts.Changed,
            Grown = now,
            Bytes = bytes,
            last = last,
        };
        tail.Recent.AddRange(Recent);
        tail.Waiting.AddRange(Waiting);
        return tail;
    }

    internal bool Continues(ILogBytes bytes) => Head.Stands(bytes, 0) && Before.Stands(bytes, Offset - Before.Length);

    public void Dispose()
    {
        Bytes?.Dispose();
        Bytes = null;
    }

    internal void Write(Utf8JsonWriter json, Masks masks)
    {
        json.WriteStartObject();
        json.WriteNumber("n", Number);
        json.WriteString("id", Identity);
        json.WriteString("source", Source);
        json.WriteString("path", Path);
        json.WriteNumber("dev", Device);
        json.WriteNumber("ino", Inode);
        json.WriteBoolean("gz", Gzip);
        json.WriteNumber("at", Offset);
        json.WriteString("head", Head.Written);
        json.WriteString("before", Before.Written);
        json.WriteNumber("skip", (int)Skip);
        json.WriteStartArray("waiting");
        Waiting.ForEach(h => h.Write(json, masks, seq: null));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static FileTail Read(JsonElement json, long deadline)
    {
        var tail = new FileTail
        {
            Number = json.GetProperty("n").GetInt64(),
            Identity = json.GetProperty("id").GetString()!,
            Source = json.GetProperty("source").GetString()!,
            Path = json.GetProperty("path").GetString()!,
            Device = json.GetProperty("dev").GetUInt64(),
            Inode = json.GetProperty("ino").GetUInt64(),
            Gzip = json.GetProperty("gz").GetBoolean(),
            Offset = json.GetProperty("at").GetInt64(),
            Head = Mark.Parse(json.GetProperty("head").GetString()!),
            Before = Mark.Parse(json.GetProperty("before").GetString()!),
            Skip = (Skip)json.GetProperty("skip").GetInt32(),
        };
        foreach (var waiting in json.GetProperty("waiting").EnumerateArray())
        {
            var hit = Hit.Read(waiting);
            hit.Deadline = deadline;
            tail.Waiting.Add(hit);
        }

        return tail;
    }

    /// <summary>Device, inode and the first bytes as they were at first sight; the number tells apart what follows one another in the same file.</summary>
    internal static string IdentityOf(ulong device, ulong inode, ILogBytes bytes, long number)
    {
        const int sight = 256;
        return string.Create(CultureInfo.InvariantCulture, $"{device:x}:{inode:x}:{Mark.Of(bytes, 0, sight).Hash}:{number}");
    }
}
