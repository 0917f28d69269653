using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Hinoban.Checks;
using Hinoban.Checks.Ssh;

namespace Hinoban.Fuzz.Targets;

/// <summary>What targets answer to a look: HTTP, DNS, numbered replies, banners, telnet, echoes.</summary>
internal static class WireTargets
{
    private const long Secret = 0x1122334455667788;

    internal static IReadOnlyList<Target> All { get; } =
    [
        new("http", Http, "src/Hinoban/Checks/HttpAnswerParser.cs")
        {
            Tokens = Target.Words("HTTP/1.1 200 OK\r\n", "HTTP/1.0 304\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "Content-Length: ", "Transfer-Encoding: chunked\r\n", "Location: ", "Content-Type: text/html; charset=", "\r\n\r\n", "\r\n", "0\r\n\r\n", "7fffffffffffffff\r\n", ";ext=1", ": ", "\n\n"),
        },
        new("http-body", Body, "src/Hinoban/Checks/HttpBody.cs")
        {
            Tokens = [.. Target.Words("charset=utf-8", "charset=shift_jis", "charset=\"euc-jp\"", "charset=iso-2022-jp", "charset=utf-7", "charset=utf-16", "charset=x-unknown", "charset=10001", "<meta charset=", "\e$B", "\e(B", "日本"), [0x93, 0xfa, 0x96, 0x7b], [0xc6, 0xfc, 0xcb, 0xdc]],
        },
        new("http-redirect", Redirect, "src/Hinoban/Checks/HttpTarget.cs")
        {
            Tokens = Target.Words("http://", "https://", "//", "/", "?", "#", "@", ":", ":0", ":65536", "[::1]", "[fe80::1%25eth0]", "192.0.2.1", "127.1", "0x7f.1", "www.example.jp", "日本語.jp", "xn--", "%0d%0a", "%00", "\\", "..", " ", "\u00ad", "。", "ftp:", "javascript:"),
            Factor = 400,
            Short = 3_000,
        },
        new("dns", Dns, "src/Hinoban/Checks/DnsCodec.cs")
        {
            Tokens = [[0xc0, 0x0c], [0xc0, 0xff], [0xff, 0xff], [0, 1, 0, 1], [0, 15, 0, 1], [0, 16, 0, 1], [0, 33, 0, 1], [0, 6, 0, 1], [0, 28, 0, 1], [0, 0, 1, 44], [0, 4, 192, 0, 2, 1], [0x3f], [7, .. "example"u8, 2, .. "jp"u8, 0], [0x81, 0x80], [0x83, 0x80]],
        },
        new("talk", Talks, "src/Hinoban/Checks/Talk.cs", "src/Hinoban/Checks/ReplyTalk.cs")
        {
            Tokens = Target.Words("220 ", "220-", "250-STARTTLS\r\n", "250 ", "234 ", "502 ", "421 ", "+OK ", "-ERR ", "* OK ", "* BYE", "* PREAUTH", "a1 OK", "a1 NO", "SSH-2.0-", "\r\n", "120 "),
        },
        new("telnet", Telnet, "src/Hinoban/Checks/TelnetEar.cs")
        {
            Tokens = [[255, 253, 24], [255, 251, 1], [255, 250, 24, 1, 255, 240], [255, 255], [255, 250], [255, 240], [255, 254, 3], .. Target.Words("login: ", "\r\n")],
        },
        new("echo", Echoes, "src/Hinoban/Checks/Echo.cs") { Tokens = [[0, 0], [3, 1], [11, 0], [129, 0], [1, 0], [0x45, 0], [0x4f, 0], [8, 0], [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88], [58], [0x60]] },
        new("ssh-log", SshLog, "src/Hinoban/Checks/Ssh/SshTrace.cs")
        {
            Tokens = Target.Words("debug1: ", "debug2: ", "Authenticated to ", "debug1: Sending command: ", "debug1: client_input_channel_req: channel 0 rtype exit-status reply 0", "debug1: Server host key: ssh-ed25519 SHA256:", "Permission denied", "Connection refused", "\r\n", "\n"),
        },
    ];

    private static void Http(ReadOnlyMemory<byte> input)
    {
        var whole = new HttpAnswerParser();
        whole.Push(input.Span);
        Hold.That(whole.Body.Length <= HttpAnswerParser.BodyLimit && whole.Body.Length <= input.Length, "a body that is larger than what came");
        Hold.That(whole.Code is >= 0 and <= 999, "no status code");
        var step = input.Length > 1024 ? 1 + (input.Length / 64) : 1;
        var pieces = new HttpAnswerParser();
        for (var at = 0; at < input.Length; at += step)
        {
            pieces.Push(input.Span.Slice(at, Math.Min(step, input.Length - at)));
        }

        whole.End();
        pieces.End();
        Hold.Same((whole.Done, whole.Code, whole.StatusLine, whole.Location, whole.ContentType), (pieces.Done, pieces.Code, pieces.StatusLine, pieces.Location, pieces.ContentType), "in pieces it is another answer");
        Hold.Same(whole.Garbage, pieces.Garbage, "in pieces it is broken for another reason");
        Hold.SameBytes(whole.Body, pieces.Body, "in pieces it has another body");
    }

    // First line: the header's value; second: what is looked for; the rest: the page.
    private static void Body(ReadOnlyMemory<byte> input)
    {
        var (first, second, body) = TwoLines(input);
        var wanted = Encoding.UTF8.GetString(second.Span);
        var found = HttpBody.Contains(body.Span, Encoding.UTF8.GetString(first.Span), wanted);
        Hold.That(found || body.Span.IndexOf(Encoding.UTF8.GetBytes(wanted)) < 0, "does not find what is there");
    }

    // What a Location field names is asked for next: it must not break the lines of that request.
    private static void Redirect(ReadOnlyMemory<byte> input)
    {
        var location = Encoding.UTF8.GetString(input.Span);
        var here = new HttpTarget(true, "www.example.jp", "192.0.2.1", 8443, "/a?b=c");
        for (var times = 0; times < 2 && here.Redirected(location) is { } next; times++)
        {
            Hold.That(next.Path is ['/', ..] && next.Path.All(c => c is > ' ' and <= '~'), "a path that no request line can hold");
            Hold.That(next.Authority.Length > 0 && next.Authority.All(c => c is > ' ' and <= '~'), "a name that no Host field can hold");
            Hold.That(next.Address.Length > 0 && next.Port is >= 0 and <= 65535, "an address that nobody can dial");
            Hold.That(!IPAddress.TryParse(next.Address, out var address) || !next.MayBeFollowed([address]) || !IPAddress.IsLoopback(address), "led to the site itself");
            here = next;
        }
    }

    private static void Dns(ReadOnlyMemory<byte> input)
    {
        ReadOnlySpan<byte> message = input.Span;
        var id = message.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(message) : (ushort)0;
        foreach (var (name, type) in (ReadOnlySpan<(string, int)>)[("example.jp", 1), ("example.jp.", 15), ("1.2.0.192.in-addr.arpa", 12)])
        {
            var reading = DnsCodec.Read(message, id, name, type);
            Hold.That(reading.Why.Length == 0 || (!reading.Ours && reading.Answers.Count == 0), "broken, and yet it answers");
            Hold.That(reading.Answers.All(r => r.Name.Length <= 4 * 256 && r.Data.Length <= 8 * (input.Length + 256)), "a record that is longer than its message");
            Hold.That(DnsCodec.CodeWord(reading.Code).Length > 0, "a code without a word");
            var other = DnsCodec.Read(message, (ushort)(id + 1), name, type);
            Hold.That(!other.Ours, "an answer to somebody else's question is taken");
        }

        _ = DnsCodec.Reverse(Encoding.UTF8.GetString(message[..Math.Min(message.Length, 60)]));
    }

    // First byte: which protocol, with STARTTLS or without; then the lines that the target says.
    private static void Talks(ReadOnlyMemory<byte> input)
    {
        var span = input.Span;
        string[] services = ["pop", "imap", "smtp", "ftp", "ssh"];
        var talk = Talk.Of(services[span.Length == 0 ? 0 : (span[0] >> 1) % services.Length], span.Length > 0 && span[0] % 2 == 1);
        foreach (var line in Encoding.UTF8.GetString(span.Length == 0 ? span : span[1..]).Split('\n'))
        {
            var step = talk.Heard(line.TrimEnd('\r'));
            step = step.Act == TalkAct.Secure ? talk.Secured() : step;
            Hold.That(step.Act != TalkAct.Say || (step.Words.Length > 0 && !step.Words.AsSpan().ContainsAny('\r', '\n')), "says no line");
            if (step.Act is TalkAct.Done or TalkAct.Denied or TalkAct.Garbage)
            {
                break;
            }
        }

        Hold.That(talk.Greeting.Length <= input.Length, "a greeting that is longer than what came");
    }

    private static void Telnet(ReadOnlyMemory<byte> input)
    {
        var whole = new TelnetEar();
        var answer = whole.Take(input.Span);
        Hold.That(answer.Length <= input.Length, "answers more than it hears");
        var pieces = new TelnetEar();
        var answers = new List<byte>();
        foreach (var b in input.Span[..Math.Min(input.Length, 2048)])
        {
            answers.AddRange(pieces.Take([b]));
        }

        if (input.Length <= 2048)
        {
            Hold.SameBytes(answer, answers.ToArray(), "in pieces it answers otherwise");
            Hold.Same(whole.Text(), pieces.Text(), "in pieces it hears otherwise");
        }
    }

    private static void Echoes(ReadOnlyMemory<byte> input)
    {
        foreach (var family in (AddressFamily[])[AddressFamily.InterNetwork, AddressFamily.InterNetworkV6])
        {
            var said = Echo.Read(input.Span, family, 77, Secret, out var sequence, out var token, out IPAddress? about);
            Hold.That(said != EchoSaid.Reply || input.Length >= 24, "a reply without our secret");
            Hold.That(said != EchoSaid.Unreachable || about is not null, "unreachable, and not whom");
            _ = (sequence, token);
        }

        _ = Echo.Read(Echo.AfterIPv4Header(input.Span), AddressFamily.InterNetwork, null, Secret, out _, out _, out _);
        _ = Echo.Checksum(input.Span);
    }

    private static void SshLog(ReadOnlyMemory<byte> input)
    {
        var trace = SshTrace.Read(Encoding.UTF8.GetString(input.Span));
        Hold.That(!trace.ServerKey.Contains('\n', StringComparison.Ordinal), "a key of two lines");
    }

    internal static (ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Second, ReadOnlyMemory<byte> Others) TwoLines(ReadOnlyMemory<byte> input)
    {
        var (first, rest) = OneLine(input);
        var (second, last) = OneLine(rest);
        return (first, second, last);
    }

    internal static (ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Others) OneLine(ReadOnlyMemory<byte> input) =>
        input.Span.IndexOf((byte)'\n') is >= 0 and var end ? (input[..end], input[(end + 1)..]) : (input, default);
}
