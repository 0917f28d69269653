using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hinoban.Checks.DropIn;

/// <summary>check_tcp and the programs that are check_tcp under another name: what they send and expect by default.</summary>
internal sealed record TcpDropInKind(string Word, int Port, string Expect = "", string Quit = "", string Send = "", bool Ssl = false, bool Udp = false)
{
    /// <summary>Another answer that will do.</summary>
    internal string OrExpect { get; init; } = "";

    /// <summary>What the target said is not shown.</summary>
    internal bool Jail { get; init; }

    internal static readonly TcpDropInKind[] All =
    [
        new("tcp", 0), new("udp", 0, Udp: true), new("ftp", 21, "220", "QUIT\r\n"), new("pop", 110, "+OK", "QUIT\r\n"), new("spop", 995, "+OK", "QUIT\r\n", Ssl: true),
        new("imap", 143, "* OK", "a1 LOGOUT\r\n"), new("simap", 993, "* OK", "a1 LOGOUT\r\n", Ssl: true), new("ssmtp", 465, "220", "QUIT\r\n", Ssl: true),
        new("clamd", 3310, "PONG", Send: "PING"), new("nntp", 119, "200", "QUIT\r\n") { OrExpect = "201" }, new("nntps", 563, "200", "QUIT\r\n", Ssl: true) { OrExpect = "201" },
        new("jabber", 5222, "<?xml version='1.0'", "</stream:stream>\n", "<stream:stream to='host' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>\n") { Jail = true },
    ];
}

/// <summary><c>hinoban check tcp|udp|ftp|pop|imap|…</c>: the options, verdicts and first line of check_tcp (monitoring-plugins 2.3).</summary>
internal sealed class TcpDropIn
{
    private readonly TcpDropInKind kind;
    private readonly DropInArguments given;
    private readonly string[] expect;
    private readonly byte[] send;
    private readonly byte[] quit;
    private readonly int port;
    private readonly double? warn;
    private readonly double? crit;
    private readonly CheckStatus refused;
    private readonly CheckStatus mismatch;

    internal TcpDropIn(TcpDropInKind kind, string[] arguments)
    {
        this.kind = kind;
        var first = arguments.Length > 0 && !arguments[0].StartsWith('-') ? arguments[0] : null;
        given = new DropInArguments(
            first is null ? arguments : arguments[1..], "+hVv46EAH:s:e:q:m:c:w:t:p:C:W:d:Sr:jD:M:N:",
            "H hostname", "c critical", "w warning", "C critical-codes", "W warning-codes", "t timeout", "p port", "E escape", "A all",
            "s send", "e expect", "m maxbytes", "q quit", "j jail", "d delay", "r refuse", "M mismatch", "4 use-ipv4", "6 use-ipv6",
            "v verbose", "S ssl", "N sni", "D certificate");
        expect = given.Has('e') ? [.. given.All('e')] : kind.OrExpect.Length > 0 ? [kind.Expect, kind.OrExpect] : kind.Expect.Length > 0 ? [kind.Expect] : [];
        send = Bytes(given.Last('s') is { } s ? (given.Before('E', 's') ? Escaped(s) : s) : kind.Send);
        quit = Bytes(given.Last('q') is { } q ? (given.Before('E', 'q') ? Escaped(q) : q + "\r\n") : kind.Quit);
        port = given.Port(kind.Port, "Port");
        (warn, crit) = (given.Seconds('w'), given.Seconds('c'));
        (refused, mismatch) = (State('r', "Refuse", CheckStatus.Critical), State('M', "Mismatch", CheckStatus.Warning));
        Seconds = given.Wait();
        Host = given.Last('H') ?? (given.Rest.Count > 0 ? given.Rest[0] : first ?? "127.0.0.1");
        if (port == 0)
        {
            throw new DropInUsageException("a port must be given: -p");
        }

        if (kind.Udp && (expect.Length == 0 || !given.Has('s')))
        {
            throw new DropInUsageException("With UDP checks, a send/expect string must be specified.");
        }
    }

    internal string Host { get; }

    internal int Seconds { get; }

    internal DropInTarget Target => new(Host, port, Seconds, given.Has('4') ? AddressFamily.InterNetwork : given.Has('6') ? AddressFamily.InterNetworkV6 : AddressFamily.Unspecified);

    private string Service => kind.Word.ToUpperInvariant();

    internal DropInVerdict Run(DropInRun run)
    {
        if (kind.Udp)
        {
            return Udp(run);
        }

        var (opened, whyNot, unknown) = run.Open(given.Whole('m', Wire.MostBytes, "Maxbytes", int.MaxValue));
        if (opened is not { } wire)
        {
            return unknown ? new DropInVerdict(CheckStatus.Critical, $"{Service} CRITICAL - Invalid hostname, address or socket: {Host}") : new DropInVerdict(refused, whyNot);
        }

        using var _ = wire;
        var before = "";
        if (kind.Ssl || given.Has('S') || given.Has('N') || given.Has('D'))
        {
            var bad = run.Secure(wire, given.Last('N') ?? "") ?? (given.Days('D') is { } days ? run.Certificate(wire, days) : null);
            if (bad is { Status: not CheckStatus.Ok })
            {
                return bad;
            }

            before = bad is null ? "" : bad.Text + "\n";
        }

        if (send.Length > 0)
        {
            run.Send(wire, send);
        }

        var (found, said) = expect.Length == 0 ? new Heard(true, "") : Hear(run, wire);
        if (expect.Length > 0 && said.Length == 0)
        {
            return new DropInVerdict(CheckStatus.Critical, before + "No data received from host");
        }

        var verdict = Judge(run.Elapsed, found, said.TrimEnd());
        wire.Farewell(quit);
        return verdict with { Text = before + verdict.Text };
    }

    private Heard Hear(DropInRun run, DropInWire wire)
    {
        var (said, search) = (new StringBuilder(), Search());
        while (run.Some(wire, patient: said.Length == 0) is { Length: > 0 } some)
        {
            var piece = Encoding.Latin1.GetString(some);
            said.Append(piece);
            if (search.Hear(piece) is { } found)
            {
                return new Heard(found, said.ToString());
            }
        }

        return new Heard(false, said.ToString());
    }

    // The first address to which there is a way, in the resolver's order.
    private Socket Way(IPAddress[] addresses)
    {
        for (var i = 0; ; i++)
        {
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                socket.Connect(new IPEndPoint(addresses[i], port));
                return socket;
            }
            catch (SocketException) when (i + 1 < addresses.Length)
            {
                socket.Dispose();
            }
        }
    }

    private DropInVerdict Udp(DropInRun run)
    {
        var said = "";
        try
        {
            using var socket = Way(run.Addresses());
            using var end = DropInWire.Closing(socket, run.Cancel);
            socket.Send(send);
            var buffer = new byte[65535];
            said = Encoding.Latin1.GetString(buffer, 0, socket.Receive(buffer));
        }
        catch (Exception broken) when (DropInWire.IsBreak(broken))
        {
            // The kernel says that nobody is there, or the time is over.
            run.Cancel.ThrowIfCancellationRequested();
        }

        return said.Length == 0 ? new DropInVerdict(CheckStatus.Critical, "No data received from host") : Judge(run.Elapsed, Search().Hear(said) == true, said.TrimEnd());
    }

    private ExpectSearch Search() => new(expect, contained: given.Has('e'), all: given.Has('A'));

    private DropInVerdict Judge(double took, bool found, string said)
    {
        var time = took > crit ? CheckStatus.Critical : took > warn ? CheckStatus.Warning : CheckStatus.Ok;
        var status = found || time == CheckStatus.Critical ? time : mismatch;
        var jail = kind.Jail || given.Has('j');
        var where = string.Create(CultureInfo.InvariantCulture, $"{(given.Has('H') ? Host + " " : "")}port {port}");
        var words = !found && !jail ? $"Unexpected response from host/socket: {said}"
            : !found ? $"Unexpected response from host/socket on {where}"
            : $"{DropInRun.Number(took, "0.000")} second response time on {where}{(jail || said.Length == 0 ? "" : $" [{said}]")}";
        double? Or0(double? limit) => limit is null || found ? limit : 0;
        return new DropInVerdict(status, $"{Service} {Perf.Word(status)} - {Clean(words)}|{DropInRun.Time("time", took, Or0(warn), Or0(crit), Seconds)}");
    }

    private CheckStatus State(char letter, string what, CheckStatus usual) => given.Last(letter) switch
    {
        null => usual,
        ['o', 'k', ..] => CheckStatus.Ok,
        ['w', 'a', 'r', 'n', ..] => CheckStatus.Warning,
        ['c', 'r', 'i', 't', ..] => CheckStatus.Critical,
        _ => throw new DropInUsageException($"{what} must be one of ok, warn, crit"),
    };

    /// <summary>A target's words must not pass for performance data, nor move a terminal.</summary>
    internal static string Clean(string words) =>
        string.Create(words.Length, words, static (clean, from) =>
        {
            for (var i = 0; i < clean.Length; i++)
            {
                clean[i] = from[i] == '|' ? '¦' : char.IsControl(from[i]) && from[i] != '\n' ? ' ' : from[i];
            }
        }).Replace(" \n", "\n", StringComparison.Ordinal);

    private static string Escaped(string text) => text.Replace(@"\\", "\0", StringComparison.Ordinal).Replace(@"\n", "\n", StringComparison.Ordinal)
        .Replace(@"\r", "\r", StringComparison.Ordinal).Replace(@"\t", "\t", StringComparison.Ordinal).Replace('\0', '\\');

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private sealed record Heard(bool Found, string Said);
}
