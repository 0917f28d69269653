using System.Buffers;
using System.Text;

namespace Hinoban.Notifying.Inbound;

/// <summary>The MTA did something that ends the dialogue; the message says what, for the log.</summary>
internal sealed class LmtpBreak(string why) : Exception(why);

/// <summary>Lines and messages of one connection, with limits on all that a stranger decides.</summary>
internal sealed class LmtpWire(Stream stream)
{
    private const int LongestLine = 4096;

    private readonly byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;

    /// <summary>A command line without its end; null when the MTA has gone.</summary>
    internal async Task<string?> LineAsync(CancellationToken cancel)
    {
        var line = new ArrayBufferWriter<byte>(128);
        while (true)
        {
            var at = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            var part = at < 0 ? end - start : at;
            if (line.WrittenCount + part > LongestLine)
            {
                throw new LmtpBreak("a line without end");
            }

            line.Write(buffer.AsSpan(start, part));
            start += at < 0 ? part : at + 1;
            if (at >= 0)
            {
                return Encoding.UTF8.GetString(line.WrittenSpan).TrimEnd('\r');
            }

            if (!await FillAsync(cancel))
            {
                return null;
            }
        }
    }

    /// <summary>
    /// The message up to its dot, the dots of RFC 5321 4.5.2 undone. Null if it is larger than <paramref name="most"/>: it is read to its end
    /// all the same, for the dialogue goes on after it. Throws <see cref="LmtpBreak"/> when the MTA goes before the dot.
    /// </summary>
    internal async Task<byte[]?> MessageAsync(int most, CancellationToken cancel)
    {
        var message = new ArrayBufferWriter<byte>(8 * 1024);
        var dots = new DotReader();
        var large = false;
        while (true)
        {
            if (start == end && !await FillAsync(cancel))
            {
                throw new LmtpBreak("the message was cut off");
            }

            var (taken, ended) = dots.Read(buffer.AsSpan(start, end - start), message);
            start += taken;
            if (message.WrittenCount > most)
            {
                (large, message) = (true, new ArrayBufferWriter<byte>(8 * 1024));
            }

            if (ended)
            {
                return large ? null : message.WrittenSpan.ToArray();
            }
        }
    }

    internal Task WriteAsync(string lines, CancellationToken cancel) => stream.WriteAsync(Encoding.ASCII.GetBytes(lines), cancel).AsTask();

    /// <summary>Commands that came together wait here already: their replies may wait for one another (RFC 2920).</summary>
    internal bool MoreWaits => end > start;

    private async Task<bool> FillAsync(CancellationToken cancel)
    {
        (start, end) = (0, await stream.ReadAsync(buffer, cancel));
        return end > 0;
    }

    /// <summary>Finds <c>CR LF . CR LF</c> over the borders of what comes in pieces. Only that ends a message: a lone LF would let one in another.</summary>
    private sealed class DotReader
    {
        private enum At
        {
            LineStart,
            Line,
            Cr,
            Dot,
            DotCr,
        }

        private At at = At.LineStart;

        internal (int Taken, bool Ended) Read(ReadOnlySpan<byte> piece, ArrayBufferWriter<byte> message)
        {
            for (var i = 0; i < piece.Length; i++)
            {
                var c = piece[i];
                switch (at)
                {
                    case At.LineStart when c == '.':
                        at = At.Dot;
                        continue;
                    case At.Dot when c == '\r':
                        at = At.DotCr;
                        continue;
                    case At.DotCr when c == '\n':
                        return (i + 1, true);
                    case At.DotCr:
                        message.Write("\r"u8);
                        break;
                }

                message.Write([c]);
                at = c == '\r' ? At.Cr : c == '\n' && at == At.Cr ? At.LineStart : At.Line;
            }

            return (piece.Length, false);
        }
    }
}
