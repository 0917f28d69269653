namespace Hinoban.Results;

/// <summary>Lines of bytes from a stream that may stay open for days; a line beyond the limit is <see cref="InvalidDataException"/>.</summary>
internal sealed class LineReader(Stream stream, int limit, Action heard)
{
    private byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;
    private int searched;

    /// <summary>The next line without its line feed; null at the end. <c>heard</c> is called whenever bytes come.</summary>
    internal async Task<byte[]?> NextAsync(CancellationToken cancel)
    {
        while (true)
        {
            var feed = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                var line = buffer[start..(searched + feed)];
                start = searched = searched + feed + 1;
                return line;
            }

            searched = end;
            MakeRoom();
            var got = await stream.ReadAsync(buffer.AsMemory(end), cancel);
            if (got == 0)
            {
                // What follows the last line feed was cut off with the connection: not a line.
                return null;
            }

            end += got;
            heard();
        }
    }

    private void MakeRoom()
    {
        var held = end - start;
        if (held > limit)
        {
            throw new InvalidDataException($"a line is longer than {limit} bytes");
        }

        if (start > 0)
        {
            buffer.AsSpan(start, held).CopyTo(buffer);
            (start, end, searched) = (0, held, held);
        }

        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }
        else if (held == 0 && buffer.Length > 1024 * 1024)
        {
            // A large plan has passed; a beat does not need its buffer.
            buffer = new byte[16 * 1024];
        }
    }
}
