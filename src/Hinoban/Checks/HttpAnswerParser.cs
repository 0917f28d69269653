using System.Buffers.Text;
using System.Text;

namespace Hinoban.Checks;

/// <summary>
/// An HTTP/1.x answer taken in as bytes arrive (RFC 9112), in pieces of any size. Keeps the first 1 MiB of the body; anything
/// that is not HTTP ends as <see cref="Garbage"/> with the reason.
/// </summary>
internal sealed class HttpAnswerParser
{
    internal const int BodyLimit = 1 << 20;
    private const int LineLimit = 16 * 1024;
    private const int HeadLimit = 64 * 1024;

    private readonly MemoryStream line = new();
    private readonly MemoryStream body = new();
    private Stage stage = Stage.StatusLine;
    private int headBytes;
    private long left;
    private bool chunked;
    private long? length;

    private enum Stage
    {
        /// <summary>Before the end of the status line.</summary>
        StatusLine,

        /// <summary>In the header fields.</summary>
        Headers,

        /// <summary>In a body of known length.</summary>
        Counted,

        /// <summary>At a chunk's size line.</summary>
        ChunkSize,

        /// <summary>In a chunk's data.</summary>
        ChunkData,

        /// <summary>At the line end after a chunk's data.</summary>
        ChunkEnd,

        /// <summary>In the trailer fields.</summary>
        Trailers,

        /// <summary>In a body that the end of the connection ends.</summary>
        UntilClose,

        /// <summary>All is here, or all we want.</summary>
        Done,

        /// <summary>Not HTTP.</summary>
        Broken,
    }

    /// <summary>Bytes taken in, of head and body.</summary>
    internal long Bytes { get; private set; }

    internal string StatusLine { get; private set; } = "";

    internal int Code { get; private set; }

    internal string Location { get; private set; } = "";

    internal string ContentType { get; private set; } = "";

    /// <summary>Why this is not HTTP; empty if it is, as far as seen.</summary>
    internal string Garbage { get; private set; } = "";

    internal bool Done => stage is Stage.Done or Stage.Broken;

    internal ReadOnlySpan<byte> Body => body.GetBuffer().AsSpan(0, (int)body.Length);

    internal void Push(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        while (bytes.Length > 0 && !Done)
        {
            bytes = stage switch
            {
                Stage.Counted or Stage.ChunkData or Stage.UntilClose => Data(bytes),
                _ => Line(bytes),
            };
        }
    }

    /// <summary>The connection has ended: right for a body without a length, else a cut answer.</summary>
    internal void End()
    {
        if (stage == Stage.UntilClose)
        {
            stage = Stage.Done;
        }
        else if (!Done)
        {
            Break($"connection closed after {Bytes} bytes, before the end of the answer");
        }
    }

    private ReadOnlySpan<byte> Line(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'\n');
        line.Write(end < 0 ? bytes : bytes[..end]);
        headBytes += end < 0 ? bytes.Length : end + 1;
        if (stage == Stage.StatusLine && !CouldBeHttp())
        {
            Break("not an HTTP answer");
        }
        else if (line.Length > LineLimit || headBytes > HeadLimit)
        {
            Break("answer's head is too long");
        }
        else if (end >= 0)
        {
            var whole = line.GetBuffer().AsSpan(0, (int)line.Length);
            var text = whole is [.. var head, (byte)'\r'] ? head : whole;
            Take(text);
            line.SetLength(0);
        }

        return end < 0 ? [] : bytes[(end + 1)..];
    }

    private bool CouldBeHttp()
    {
        var seen = line.GetBuffer().AsSpan(0, (int)Math.Min(line.Length, 7));
        return "HTTP/1."u8.StartsWith(seen);
    }

    private void Take(ReadOnlySpan<byte> text)
    {
        switch (stage)
        {
            case Stage.StatusLine:
                TakeStatus(text);
                break;
            case Stage.Headers when text.Length == 0:
                HeadEnded();
                break;
            case Stage.Headers:
                TakeHeader(text);
                break;
            case Stage.ChunkSize:
                TakeChunkSize(text);
                break;
            case Stage.ChunkEnd when text.Length == 0:
                headBytes = 0;
                stage = Stage.ChunkSize;
                break;
            case Stage.ChunkEnd:
                Break("chunk without an end");
                break;
            case Stage.Trailers when text.Length == 0:
                stage = Stage.Done;
                break;
        }
    }

    // status-line = HTTP-version SP status-code SP [ reason-phrase ]; the last SP is often missing.
    private void TakeStatus(ReadOnlySpan<byte> text)
    {
        if (text.Length < 12 || text[8] != ' ' || text[9..12].ContainsAnyExceptInRange((byte)'0', (byte)'9') || !Utf8Parser.TryParse(text[9..12], out int code, out var used) || used != 3 || (text.Length > 12 && text[12] != ' '))
        {
            Break("not an HTTP status line");
            return;
        }

        Code = code;
        StatusLine = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 200)]);
        stage = Stage.Headers;
    }

    private void TakeHeader(ReadOnlySpan<byte> text)
    {
        var colon = text.IndexOf((byte)':');
        if (colon <= 0)
        {
            return; // a folded or broken field changes nothing that we use
        }

        var name = text[..colon];
        var value = text[(colon + 1)..].Trim(" \t"u8);
        if (Ascii.EqualsIgnoreCase(name, "content-length"u8))
        {
            TakeLength(value);
        }
        else if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8))
        {
            chunked = value.Length >= 7 && Ascii.EqualsIgnoreCase(value[^7..], "chunked"u8);
        }
        else if (Ascii.EqualsIgnoreCase(name, "location"u8))
        {
            Location = Encoding.UTF8.GetString(value);
        }
        else if (Ascii.EqualsIgnoreCase(name, "content-type"u8))
        {
            ContentType = Encoding.UTF8.GetString(value);
        }
    }

    private void TakeLength(ReadOnlySpan<byte> value)
    {
        if (Utf8Parser.TryParse(value, out long parsed, out var used) && used == value.Length && parsed >= 0)
        {
            length = parsed;
        }
        else
        {
            Break("broken Content-Length");
        }
    }

    private void HeadEnded()
    {
        if (Code is >= 100 and < 200)
        {
            // An interim answer (RFC 9110 §15.2): the real one follows.
            (stage, headBytes, length, chunked) = (Stage.StatusLine, 0, null, false);
            return;
        }

        left = length ?? 0;
        headBytes = 0;
        stage = Code is 204 or 304 ? Stage.Done
            : chunked ? Stage.ChunkSize
            : length is null ? Stage.UntilClose
            : left == 0 ? Stage.Done
            : Stage.Counted;
    }

    private void TakeChunkSize(ReadOnlySpan<byte> text)
    {
        if (!Utf8Parser.TryParse(text, out long size, out var used, 'x') || size < 0 || (used < text.Length && text[used] is not ((byte)';' or (byte)' ' or (byte)'\t')))
        {
            Break("broken chunk size");
            return;
        }

        left = size;
        stage = size == 0 ? Stage.Trailers : Stage.ChunkData;
    }

    private ReadOnlySpan<byte> Data(ReadOnlySpan<byte> bytes)
    {
        var take = stage == Stage.UntilClose ? bytes.Length : (int)Math.Min(left, bytes.Length);
        body.Write(bytes[..(int)Math.Min(take, BodyLimit - body.Length)]);
        left -= take;
        if (body.Length >= BodyLimit)
        {
            stage = Stage.Done;
        }
        else if (stage != Stage.UntilClose && left == 0)
        {
            stage = stage == Stage.Counted ? Stage.Done : Stage.ChunkEnd;
        }

        return bytes[take..];
    }

    private void Break(string why)
    {
        stage = Stage.Broken;
        Garbage = why;
    }
}
