using System.Buffers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Hinoban.Notifying;

/// <summary>Lines out, replies in, each with its time limit. What it reads may come in any pieces; what it sends in secret it does not log.</summary>
internal sealed class SmtpWire(Stream stream, TimeSpan timeout, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    // RFC 5321 4.5.3.1.5 allows 512; some relays write more.
    private const int LongestLine = 2048;
    private const int MostLines = 128;

    private readonly byte[] buffer = new byte[4096];
    private Stream current = stream;
    private int start;
    private int end;

    /// <summary>The relay has sent more than was asked for; after STARTTLS that is an injection.</summary>
    internal bool HasUnread => end > start;

    internal Stream Stream => current;

    /// <summary>From now on everything goes through TLS.</summary>
    internal void Secure(Stream tls) => current = tls;

    internal async Task<SmtpReply> CommandAsync(string line, CancellationToken cancel, string? shown = null)
    {
        await WriteLinesAsync([line], cancel, shown);
        return await ReplyAsync(cancel);
    }

    internal async Task WriteLinesAsync(IReadOnlyList<string> lines, CancellationToken cancel, string? shown = null)
    {
        if (log.IsEnabled(LogLevel.Trace))
        {
            SmtpLog.Sent(log, shown ?? string.Join(" | ", lines));
        }

        await WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\r\n"))), cancel);
    }

    internal Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => StepAsync(
        async token =>
        {
            await current.WriteAsync(bytes, token);
            await current.FlushAsync(token);
            return 0;
        },
        timeout,
        cancel);

    /// <summary>One whole reply; <paramref name="patience"/> times the usual limit.</summary>
    internal async Task<SmtpReply> ReplyAsync(CancellationToken cancel, int patience = 1)
    {
        var reply = await StepAsync(ReadReplyAsync, timeout * patience, cancel);
        if (log.IsEnabled(LogLevel.Trace))
        {
            SmtpLog.Received(log, reply.Text);
        }

        return reply;
    }

    /// <summary>Runs one step of the dialogue against the clock; what goes wrong becomes a <see cref="SmtpBreak"/> with its reason.</summary>
    internal async Task<T> StepAsync<T>(Func<CancellationToken, Task<T>> step, TimeSpan limit, CancellationToken cancel)
    {
        using var timer = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        try
        {
            return await step(either.Token);
        }
        catch (OperationCanceledException)
        {
            throw cancel.IsCancellationRequested
                ? new SmtpBreak(SubmitReason.Stopping, "")
                : new SmtpBreak(SubmitReason.TimedOut, "");
        }
        catch (AuthenticationException e)
        {
            throw new SmtpBreak(SubmitReason.TlsFailed, e.InnerException?.Message ?? e.Message);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            throw new SmtpBreak(SubmitReason.ConnectionLost, e.InnerException is SocketException inner ? inner.SocketErrorCode.ToString() : "");
        }
    }

    public ValueTask DisposeAsync() => current.DisposeAsync();

    private async Task<SmtpReply> ReadReplyAsync(CancellationToken cancel)
    {
        var texts = new List<string>();
        var code = 0;
        while (true)
        {
            var line = await ReadLineAsync(cancel);
            var (lineCode, last) = Head(line);
            if (texts.Count > 0 && lineCode != code)
            {
                throw new SmtpBreak(SubmitReason.Garbage, Visible.Line(line, 100));
            }

            code = lineCode;
            texts.Add(line.Length > 4 ? line[4..] : "");
            if (last)
            {
                return new SmtpReply(code, texts);
            }

            if (texts.Count == MostLines)
            {
                throw new SmtpBreak(SubmitReason.Garbage, "endless reply");
            }
        }
    }

    private static (int Code, bool Last) Head(string line) =>
        line.Length >= 3 && line[0] is >= '2' and <= '5' && char.IsAsciiDigit(line[1]) && char.IsAsciiDigit(line[2]) && (line.Length == 3 || line[3] is ' ' or '-')
            ? ((((line[0] - '0') * 10) + line[1] - '0') * 10 + line[2] - '0', line.Length == 3 || line[3] == ' ')
            : throw new SmtpBreak(SubmitReason.Garbage, Visible.Line(line, 100));

    private async Task<string> ReadLineAsync(CancellationToken cancel)
    {
        var line = new ArrayBufferWriter<byte>(128);
        while (true)
        {
            var got = buffer.AsSpan(start, end - start);
            var at = got.IndexOf((byte)'\n');
            var part = at < 0 ? got : got[..at];
            if (line.WrittenCount + part.Length > LongestLine)
            {
                throw new SmtpBreak(SubmitReason.Garbage, "endless line");
            }

            line.Write(part);
            start += at < 0 ? part.Length : at + 1;
            if (at >= 0)
            {
                return Encoding.UTF8.GetString(line.WrittenSpan).TrimEnd('\r');
            }

            (start, end) = (0, await current.ReadAsync(buffer, cancel));
            if (end == 0)
            {
                throw new SmtpBreak(SubmitReason.ConnectionLost, "");
            }
        }
    }
}

/// <summary>The dialogue itself, for those who ask for it.</summary>
internal static partial class SmtpLog
{
    [LoggerMessage(6101, LogLevel.Trace, "C: {Line}")]
    internal static partial void Sent(ILogger log, string line);

    [LoggerMessage(6102, LogLevel.Trace, "S: {Line}")]
    internal static partial void Received(ILogger log, string line);
}
