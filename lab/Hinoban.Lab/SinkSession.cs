using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Hinoban.Lab;

/// <summary>One connection to the sink: the server's side of SMTP.</summary>
internal sealed class SinkSession(MailSink sink, Stream stream, CancellationToken cancel)
{
    private static readonly Lazy<X509Certificate2> Certificate = new(() => LabCertificate.Make("sink.example.test"));

    private readonly MailSinkOptions options = sink.Options;
    private readonly byte[] buffer = new byte[4096];
    private int start;
    private int end;
    private Stream current = stream;
    private bool secure;
    private string sender = "";
    private string recipient = "";
    private SinkScript? behaviour;

    /// <summary>The certificate of every sink of this process, as PEM.</summary>
    internal static string CertificatePem => Certificate.Value.ExportCertificatePem();

    internal async Task RunAsync()
    {
        if (options.ImplicitTls)
        {
            await SecureAsync();
        }

        await SayAsync($"220 {options.Name} ESMTP sink");
        while (await ReadLineAsync() is { } line)
        {
            sink.Said(line);
            if (!await AnswerAsync(line))
            {
                return;
            }
        }
    }

    private async Task<bool> AnswerAsync(string line)
    {
        var verb = line.Split(' ')[0].ToUpperInvariant();
        switch (verb)
        {
            case "EHLO":
                await SayAsync(Offers());
                return true;
            case "STARTTLS" when options.StartTls && !secure:
                await SayAsync("220 go ahead");
                await SecureAsync();
                return true;
            case "AUTH":
                return await LogInAsync(line);
            case "MAIL":
                sender = Between(line);
                await SayAsync("250 2.1.0 Ok");
                return true;
            case "RCPT":
                recipient = Between(line);
                behaviour = sink.BehaviourFor(recipient);
                return await ActAsync(SinkPoint.Recipient, "250 2.1.5 Ok", refused: () => recipient = "");
            case "DATA" when recipient.Length == 0:
                await SayAsync("554 5.5.1 no valid recipients");
                return true;
            case "DATA":
                return await ActAsync(SinkPoint.Data, "354 end with a dot") && (behaviour is { At: SinkPoint.Data } || await TakeAsync());
            case "RSET" or "NOOP" or "HELO":
                (sender, recipient) = verb == "RSET" ? ("", "") : (sender, recipient);
                await SayAsync("250 2.0.0 Ok");
                return true;
            case "QUIT":
                await SayAsync("221 2.0.0 bye");
                return false;
            default:
                await SayAsync("502 5.5.2 not known");
                return true;
        }
    }

    private string[] Offers() =>
    [
        options.Name,
        .. options.Pipelining ? ["PIPELINING"] : Array.Empty<string>(),
        $"SIZE {options.Size}",
        "8BITMIME",
        .. options.SmtpUtf8 ? ["SMTPUTF8"] : Array.Empty<string>(),
        .. options.StartTls && !secure ? ["STARTTLS"] : Array.Empty<string>(),
        .. options.User is null ? Array.Empty<string>() : [$"AUTH {options.Mechanisms}"],
    ];

    private async Task<bool> LogInAsync(string line)
    {
        var words = line.Split(' ');
        string given;
        if (words is [_, "PLAIN", var initial])
        {
            given = Text(initial);
        }
        else
        {
            await SayAsync("334 VXNlcm5hbWU6");
            var user = Text(await ReadLineAsync() ?? "");
            await SayAsync("334 UGFzc3dvcmQ6");
            given = $"\0{user}\0{Text(await ReadLineAsync() ?? "")}";
        }

        await SayAsync(given == $"\0{options.User}\0{options.Password}" ? "235 2.7.0 welcome" : "535 5.7.8 no");
        return true;
    }

    // Gives the usual reply unless this attempt is scripted at this point. False: the connection is over.
    private async Task<bool> ActAsync(SinkPoint point, string usual, Action? refused = null)
    {
        if (behaviour is not { } scripted || scripted.At != point)
        {
            await SayAsync(usual);
            return true;
        }

        switch (scripted.Act)
        {
            case SinkAct.Reply:
                refused?.Invoke();
                await SayAsync($"{scripted.Code} {scripted.Text}");
                return true;
            case SinkAct.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
                return false;
            case SinkAct.Drop or SinkAct.KeepAndDrop:
            default:
                return false;
        }
    }

    private async Task<bool> TakeAsync()
    {
        var message = await MessageAsync();
        if (behaviour is { At: SinkPoint.Dot } scripted)
        {
            if (scripted.Act == SinkAct.KeepAndDrop)
            {
                sink.Keep(sender, recipient, message);
            }

            return await ActAsync(SinkPoint.Dot, "");
        }

        await SayAsync($"250 2.0.0 Ok: queued as {sink.Keep(sender, recipient, message)}");
        (sender, recipient) = ("", "");
        return true;
    }

    private async Task<byte[]> MessageAsync()
    {
        var message = new MemoryStream();
        while (await ReadBytesAsync() is { } line)
        {
            if (line is [(byte)'.'])
            {
                break;
            }

            message.Write(line is [(byte)'.', ..] ? line.AsSpan(1) : line);
            message.Write("\r\n"u8);
        }

        return message.ToArray();
    }

    private async Task SecureAsync()
    {
        var tls = new SslStream(current, leaveInnerStreamOpen: false);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate.Value }, cancel);
        (current, secure) = (tls, true);
    }

    private Task SayAsync(string line) => WriteAsync(line + "\r\n");

    private Task SayAsync(string[] lines) => WriteAsync(string.Concat(lines.Select((l, at) => $"250{(at == lines.Length - 1 ? ' ' : '-')}{l}\r\n")));

    private async Task WriteAsync(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var from = 0;
        while (from < bytes.Length)
        {
            var to = options.Pieces switch
            {
                SinkPieces.Whole => bytes.Length,
                SinkPieces.Lines => Array.IndexOf(bytes, (byte)'\n', from) + 1,
                SinkPieces.Bytes => from + 1,
            };
            await current.WriteAsync(bytes.AsMemory(from, to - from), cancel);
            await current.FlushAsync(cancel);
            from = to;
        }
    }

    private async Task<string?> ReadLineAsync() => await ReadBytesAsync() is { } line ? Encoding.UTF8.GetString(line) : null;

    private async Task<byte[]?> ReadBytesAsync()
    {
        var line = new MemoryStream();
        while (true)
        {
            var at = Array.IndexOf(buffer, (byte)'\n', start, end - start);
            line.Write(buffer, start, (at < 0 ? end : at) - start);
            start = at < 0 ? end : at + 1;
            if (at >= 0)
            {
                var bytes = line.ToArray();
                return bytes is [.., (byte)'\r'] ? bytes[..^1] : bytes;
            }

            (start, end) = (0, await current.ReadAsync(buffer, cancel));
            if (end == 0)
            {
                return null;
            }
        }
    }

    private static string Between(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.LastIndexOf('>')];

    private static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
