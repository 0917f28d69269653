using System.Text.Json;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Logs;

/// <summary>Where a command's records come from.</summary>
internal interface ILogSource : IDisposable
{
    /// <summary>What there is to read, for the health; and what keeps it from being read.</summary>
    string Reads { get; }

    IReadOnlyList<string> Problems { get; }

    /// <summary>More for the health's long text.</summary>
    IEnumerable<string> Remarks { get; }

    /// <summary>Something is to be remembered though there be no hit.</summary>
    bool Changed { get; set; }

    /// <summary>Looks what there is; afterwards <see cref="Read"/> reads it.</summary>
    void Look();

    /// <summary>Reads until there is nothing more, or the hits are many, or the budget of bytes is used up; true if there is more.</summary>
    bool Read(ref long budget);

    void Write(Utf8JsonWriter json, Masks masks);

    void Resume(JsonElement json);
}

/// <summary>Records from files.</summary>
internal sealed class FileSource : ILogSource
{
    private static readonly TimeSpan Nothing = TimeSpan.FromSeconds(5);
    private readonly LogPlan plan;
    private readonly TimeProvider clock;
    private readonly byte[] buffer;
    private readonly HitPool pool;
    private readonly HitMaker maker;
    private readonly FileSet files;

    internal FileSource(LogPlan plan, TimeProvider clock, HitPool pool, LogBuffers buffers)
    {
        (this.plan, this.clock, this.pool, buffer) = (plan, clock, pool, buffers.Bytes);
        maker = new HitMaker(plan, pool, buffers.Text);
        files = new FileSet(plan, clock);
    }

    public string Reads => files.Tails.Count(t => t.Attached) is var count && count == 1 ? "1 file" : $"{count} files";

    public IReadOnlyList<string> Problems => files.Problems;

    public IEnumerable<string> Remarks
    {
        get
        {
            if (files.Closed is { } closed)
            {
                yield return closed;
            }

            if (maker.Cut > 0)
            {
                yield return $"{maker.Cut} records were longer than 64 KiB: what is behind that was not looked at";
            }

            if (maker.Malformed > 0)
            {
                yield return $"{maker.Malformed} lines are not in the format";
            }

            if (files.Unread > 0)
            {
                yield return $"{files.Unread} files that were set aside are compressed by other means than gzip and are not read";
            }

            if (files.Lost > 0)
            {
                yield return $"{files.Lost} files that were set aside were not found again, and what was not read of them is missing";
            }
        }
    }

    public bool Changed
    {
        get => files.Changed;
        set => files.Changed = value;
    }

    public void Look()
    {
        files.Look();
        files.Tails.ForEach(t => pool.Release(t));
        files.Pasts.ForEach(p => pool.Release(p.File));
    }

    public bool Read(ref long budget)
    {
        foreach (var tail in files.Tails.Where(t => t.Bytes is not null))
        {
            try
            {
                Read(tail, ref budget);
            }
            catch (Exception unread) when (unread is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                files.Problems.Add($"{tail.Path}: {unread.Message}");
                tail.Done = tail.Gzip; // broken off, or no gzip after all
            }

            if (pool.Full || budget <= 0)
            {
                return true;
            }
        }

        return false;
    }

    public void Write(Utf8JsonWriter json, Masks masks)
    {
        files.Write(json, masks);
        json.WriteNumber("cut", maker.Cut);
        json.WriteNumber("malformed", maker.Malformed);
    }

    public void Resume(JsonElement json)
    {
        files.Read(json, clock.GetTimestamp() + (long)(Nothing.TotalSeconds * clock.TimestampFrequency));
        files.Tails.ForEach(pool.Resume);
        files.Pasts.ForEach(p => pool.Resume(p.File));
        (maker.Cut, maker.Malformed) = (json.GetProperty("cut").GetInt64(), json.GetProperty("malformed").GetInt64());
    }

    public void Dispose() => files.Dispose();

    private void Read(FileTail tail, ref long budget)
    {
        Recall(tail);
        while (budget > 0 && !pool.Full)
        {
            var bytes = Fill(tail);
            if (bytes.Length == 0)
            {
                tail.Done = tail.Gzip;
                return;
            }

            // Asked after the reading: a file that was cut and has grown again by now would give what does not follow.
            var used = tail.Gzip || tail.Continues(tail.Bytes!) ? Take(tail, bytes) : 0;
            if (used == 0)
            {
                return;
            }

            tail.Advance(bytes[..used]);
            budget -= used;
        }
    }

    private ReadOnlySpan<byte> Fill(FileTail tail)
    {
        var filled = 0;
        while (filled < buffer.Length && tail.Bytes!.Read(buffer.AsSpan(filled), tail.Offset + filled) is > 0 and var read)
        {
            filled += read;
        }

        return buffer.AsSpan(0, filled);
    }

    /// <summary>What the next bytes of a file are; how many of them are done with.</summary>
    private int Take(FileTail tail, ReadOnlySpan<byte> bytes)
    {
        // A hole that a writer left who did not notice that its file was cut.
        if (bytes[0] == 0)
        {
            return bytes.IndexOfAnyExcept((byte)0) is var some and > 0 ? some : bytes.Length;
        }

        if (tail.Skip == Skip.Line)
        {
            var end = bytes.IndexOf((byte)'\n');
            tail.Skip = end < 0 ? Skip.Line : plan.Record is null ? Skip.Nothing : Skip.Record;
            return end < 0 ? bytes.Length : end + 1;
        }

        var whole = bytes.LastIndexOf((byte)'\n') + 1;
        var atEnd = bytes.Length < buffer.Length;
        var final = atEnd && (tail.Gzip || clock.GetElapsedTime(tail.Grown) >= Nothing);
        var used = final || whole > 0 ? maker.Take(tail, final ? bytes : bytes[..whole], final) : 0;
        if (used > 0 || atEnd)
        {
            return used;
        }

        // Longer than anything that is looked at: its beginning counts, the rest is passed over.
        maker.Take(tail, bytes, final: true);
        tail.Skip = whole == bytes.Length ? Skip.Record : Skip.Line;
        return bytes.Length;
    }

    private void Recall(FileTail tail)
    {
        if (plan.Before == 0 || tail.Recent.Count > 0 || tail.Offset == 0 || tail.Gzip)
        {
            return;
        }

        var start = Math.Max(0, tail.Offset - buffer.Length);
        var read = tail.Bytes!.Read(buffer.AsSpan(0, (int)(tail.Offset - start)), start);
        var whole = buffer.AsSpan(0, read);
        maker.Recall(tail, start > 0 ? whole[(whole.IndexOf((byte)'\n') + 1)..] : whole);
    }
}

/// <summary>What is read into, for all commands: they are read one after the other.</summary>
internal sealed class LogBuffers
{
    internal byte[] Bytes { get; } = new byte[128 * 1024];

    internal LineText Text { get; } = new();
}
