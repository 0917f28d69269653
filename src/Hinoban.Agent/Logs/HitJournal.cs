using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Hinoban.Checks.Nrpe;
using Microsoft.Win32.SafeHandles;

namespace Hinoban.Agent.Logs;

/// <summary>
/// The hits of one command on disk, numbered, and how far reading had come with each: both in one append, so that whatever happens in between, reading goes on just
/// behind the last hit that is kept. Hits are answered only once they are synced.
/// </summary>
internal sealed class HitJournal : IDisposable
{
    private const string IdFile = "id";
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lock gate = new();
    private readonly string folder;
    private readonly JournalLimits limits;
    private readonly FileStream lockFile;
    private readonly List<Segment> segments;
    private readonly ArrayBufferWriter<byte> frame = new(64 * 1024);
    private SafeFileHandle? open;

    private HitJournal(string folder, JournalLimits limits, FileStream lockFile, string id, List<Segment> segments, byte[]? state)
    {
        (this.folder, this.limits, this.lockFile, this.segments) = (folder, limits, lockFile, segments);
        (Id, State) = (id, state);
        Last = segments.Count > 0 ? segments[^1].Last : 0;
    }

    /// <summary>Made once, with the files.</summary>
    internal string Id { get; }

    /// <summary>What was written with the last append; null in a new journal.</summary>
    internal byte[]? State { get; }

    /// <summary>Number of the last hit; 0 if there was none yet.</summary>
    internal long Last { get; private set; }

    /// <summary>Opens or makes it; throws what the file system throws. What a crash tore off at the end is cut.</summary>
    internal static HitJournal Open(string folder, JournalLimits limits)
    {
        Directory.CreateDirectory(folder, FolderMode);
        var lockFile = new FileStream(Path.Combine(folder, "lock"), new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.None, UnixCreateMode = FileMode600 });
        try
        {
            var id = IdOf(folder);
            var segments = new List<Segment>();
            byte[]? state = null;
            foreach (var segment in Segment.In(folder))
            {
                state = segment.Recover() ?? state;
                segments.Add(segment);
            }

            // Made, and nothing whole written into it.
            foreach (var empty in segments.Where(s => s.Length == 0).ToList())
            {
                File.Delete(empty.Path);
                segments.Remove(empty);
            }

            return new HitJournal(folder, limits, lockFile, id, segments, state);
        }
        catch
        {
            lockFile.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes hits, numbered on, and the state that reading has with them, whole or not at all; throws what the disk throws, and then nothing is written. Hits are
    /// synced; a state alone may be lost with the power, and then what it covers is read once more.
    /// </summary>
    internal void Append(IReadOnlyList<Hit> hits, Masks masks, Action<Utf8JsonWriter> state, long at)
    {
        lock (gate)
        {
            var bytes = Compose(hits, masks, state, at);
            var segment = Current(at);
            try
            {
                RandomAccess.Write(open!, bytes, segment.Length);
                if (hits.Count > 0)
                {
                    RandomAccess.FlushToDisk(open!);
                }
            }
            catch (IOException)
            {
                RandomAccess.SetLength(open!, segment.Length);
                throw;
            }

            segment.Note(new Frame(bytes[Segment.FrameHeader..].ToArray()), segment.Length);
            Last += hits.Count;
            Retain(at);
        }
    }

    /// <summary>Whether something in it is older than is kept: the next append drops it.</summary>
    internal bool Aged(long at)
    {
        lock (gate)
        {
            return segments is [{ Length: > 0 } first, ..] && IsOld(first.Ended, at);
        }
    }

    /// <summary>Up to so many hits past a number, in so many bytes of JSON at most (one at least), and how many before the first of them are no longer there.</summary>
    /// <param name="cursor">Null: from the oldest on, and so too if it is none that this journal gave.</param>
    /// <param name="at">Now: what is older than is kept is not answered, though it be there still; who receives it may have forgotten that he had it.</param>
    internal (long Lost, long Next, bool More) Read(long? cursor, int most, int mostBytes, Utf8JsonWriter json, long at)
    {
        lock (gate)
        {
            var oldest = segments.Find(s => s.Length > 0)?.First ?? Last + 1;
            var isOurs = cursor is >= 0 && cursor <= Last;
            var after = isOurs ? cursor!.Value : oldest - 1;
            var (next, lost, written) = (after, 0L, 0);
            foreach (var found in segments.Where(s => s.Last > after).SelectMany(s => s.After(after)))
            {
                if (IsOld(found.At, at))
                {
                    next = isOurs ? next : found.First + found.Count - 1;
                    continue;
                }

                using var hits = JsonDocument.Parse(found.Hits);
                foreach (var hit in hits.RootElement.EnumerateArray())
                {
                    var (seq, text) = (hit.GetProperty("seq").GetInt64(), hit.GetRawText());
                    if (seq <= after)
                    {
                        continue;
                    }

                    if (written == most || (written > 0 && json.BytesCommitted + json.BytesPending + (text.Length * 3) > mostBytes))
                    {
                        return (lost, next, true);
                    }

                    json.WriteRawValue(text, skipInputValidation: true);
                    lost += seq - next - 1;
                    (next, written) = (seq, written + 1);
                }
            }

            // What is behind the last one answered and is not there was dropped too.
            return (lost + Last - next, Last, false);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            open?.Dispose();
            open = null;
            lockFile.Dispose();
        }
    }

    private static string IdOf(string folder)
    {
        var path = Path.Combine(folder, IdFile);
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: 16 } id && id.All(char.IsAsciiHexDigitLower))
        {
            return id;
        }

        // Without its id the rest cannot be told from another journal's: it begins anew.
        id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        foreach (var old in Segment.In(folder))
        {
            File.Delete(old.Path);
        }

        var made = $"{path}.new";
        using (var file = new FileStream(made, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = FileMode600 }))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(id));
            file.Flush(flushToDisk: true);
        }

        File.Move(made, path, overwrite: true);
        FileFacts.KeepFolder(folder);
        return id;
    }

    private ReadOnlySpan<byte> Compose(IReadOnlyList<Hit> hits, Masks masks, Action<Utf8JsonWriter> state, long at)
    {
        frame.ResetWrittenCount();
        const int before = Segment.FrameHeader + Segment.Facts;
        frame.GetSpan(before)[..before].Clear();
        frame.Advance(before);
        using (var json = new Utf8JsonWriter(frame, HitJson.Options))
        {
            json.WriteStartArray();
            for (var i = 0; i < hits.Count; i++)
            {
                hits[i].Write(json, masks, Last + 1 + i);
            }

            json.WriteEndArray();
        }

        var hitsLength = frame.WrittenCount - before;
        using (var json = new Utf8JsonWriter(frame, HitJson.Options))
        {
            state(json);
        }

        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsMemory(frame.WrittenMemory).Span;
        var payload = bytes[Segment.FrameHeader..];
        BinaryPrimitives.WriteInt64LittleEndian(payload, Last + 1);
        BinaryPrimitives.WriteInt32LittleEndian(payload[8..], hits.Count);
        BinaryPrimitives.WriteInt64LittleEndian(payload[12..], at);
        BinaryPrimitives.WriteInt32LittleEndian(payload[20..], hitsLength);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Crc32.Of(payload));
        return bytes;
    }

    /// <summary>The file that is written, opened; another one when the last is long or old enough.</summary>
    private Segment Current(long at)
    {
        // One into which nothing could be written yet has no age: on a full disk there would be another with each try.
        var full = segments is [.., { Length: > 0 } last]
            && (last.Length >= limits.SegmentBytes || at - last.Began >= limits.SegmentAge.TotalMilliseconds || IsOld(last.Ended, at));
        if (open is not null && !full)
        {
            return segments[^1];
        }

        open?.Dispose();
        open = null;
        var segment = segments.Count > 0 && !full ? segments[^1] : Segment.New(folder, segments.Count > 0 ? segments[^1].Ordinal + 1 : 1);

        // Beside the lock file no other lock is needed.
        var handle = File.OpenHandle(segment.Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            File.SetUnixFileMode(handle, FileMode600);
            RandomAccess.SetLength(handle, segment.Length);
            FileFacts.KeepFolder(folder);
        }
        catch
        {
            handle.Dispose();
            throw;
        }

        open = handle;
        if (segments.Count == 0 || segments[^1] != segment)
        {
            segments.Add(segment);
        }

        return segment;
    }

    private bool IsOld(long written, long at) => at - written > limits.Age.TotalMilliseconds;

    private void Retain(long at)
    {
        while (segments.Count > 1 && (segments.Sum(s => s.Length) > limits.Bytes || IsOld(segments[0].Ended, at)))
        {
            File.Delete(segments[0].Path);
            segments.RemoveAt(0);
        }
    }
}

/// <summary>How much of a journal is kept.</summary>
internal sealed record JournalLimits
{
    internal static JournalLimits Default { get; } = new();

    internal long Bytes { get; init; } = 64 * 1024 * 1024;

    internal TimeSpan Age { get; init; } = TimeSpan.FromDays(30);

    internal long SegmentBytes { get; init; } = 4 * 1024 * 1024;

    internal TimeSpan SegmentAge { get; init; } = TimeSpan.FromDays(1);
}

/// <summary>JSON as journals and answers write it: letters of every script as they are.</summary>
internal static class HitJson
{
    internal static JsonWriterOptions Options { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}
