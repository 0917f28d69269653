using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Hinoban.Basics;

namespace Hinoban.Checks.DropIn;

/// <summary><c>hinoban check http</c>: the options, verdicts and first line of check_http (monitoring-plugins 2.3).</summary>
internal sealed class HttpDropIn
{
    private const long Most = 64 << 20;
    private readonly DropInArguments given;
    private readonly NagiosRange? warn;
    private readonly NagiosRange? crit;
    private readonly bool tls;
    private readonly string? hostName;
    private readonly int virtualPort;
    private readonly Regex? pattern;

    internal HttpDropIn(string[] arguments)
    {
        given = new DropInArguments(
            Array.ConvertAll(arguments, a => a switch { "-hn" => "-H", "-nohtml" => "-n", _ => a }),
            "Vvh46t:c:w:A:k:H:P:j:T:I:a:b:d:e:p:s:R:r:u:f:C:J:K:nlLS::m:M:NEB!#%:&",
            "H hostname", "I IP-address", "p port", "u url", "w warning", "c critical", "t timeout", "e expect", "s string", "d header-string",
            "r regex", "r ereg", "R eregi", "l linespan", "f onredirect", "m pagesize", "S ssl", "# sni", "C certificate", "P post",
            "j method", "T content-type", "a authorization", "A useragent", "k header", "N no-body", "E extended-perfdata", "4 use-ipv4",
            "6 use-ipv6", "v verbose", "! invert-regex", "% max-redirs", "& continue-after-certificate", "L link", "n nohtml");
        if (new[] { 'b', 'J', 'K', 'M', 'B', 'L', 'N' }.FirstOrDefault(given.Has) is var missing and not '\0')
        {
            throw new DropInUsageException($"option -{missing} is not supported by this program");
        }

        tls = given.Has('S') || given.Has('C');
        (hostName, var named) = Split(given.Last('H'));
        var port = given.Has('p') ? given.Port(80, "Port number") : named ?? (tls ? 443 : 80);
        virtualPort = named ?? port;
        (warn, crit) = (Range('w'), Range('c'));
        pattern = (given.Last('r') ?? given.Last('R')) is { } text ? Compiled(text) : null;
        var host = given.Last('I') ?? (given.Rest.Count > 0 ? given.Rest[0] : hostName) ?? throw new DropInUsageException("You must specify a server address or host name");
        hostName ??= given.Rest.Count > 1 ? given.Rest[1] : null;
        if (given.Last('f') is not (null or "ok" or "warning" or "critical" or "unknown" or "follow" or "sticky" or "stickyport"))
        {
            throw new DropInUsageException($"Invalid onredirect option - {given.Last('f')}");
        }

        var seconds = given.Wait();
        Target = new DropInTarget(
            host, port, crit is { } c && double.IsFinite(c.End) && c.End > seconds ? (int)Math.Min(c.End + 1, DropInArguments.MostSeconds) : seconds,
            given.Has('4') ? AddressFamily.InterNetwork : given.Has('6') ? AddressFamily.InterNetworkV6 : AddressFamily.Unspecified);
    }

    internal DropInTarget Target { get; }

    internal DropInVerdict Run(DropInRun run)
    {
        var (opened, whyNot, _) = run.Open(Most);
        if (opened is not { } wire)
        {
            return new DropInVerdict(CheckStatus.Critical, $"{whyNot}\nHTTP CRITICAL - Unable to open TCP socket");
        }

        using var connection = wire;
        var connected = run.Elapsed;
        if (tls && run.Secure(wire, given.Has('#') ? hostName ?? "" : "") is { } broken)
        {
            return broken;
        }

        if (given.Days('C') is { } days && run.Certificate(wire, days) is var certificate && !given.Has('&'))
        {
            return certificate;
        }

        var secured = run.Elapsed;
        run.Send(wire, Request());
        var (head, answer, asked) = (new MemoryStream(), new HttpAnswerParser(), run.Elapsed);
        double? first = null;
        while (run.Some(wire, patient: true) is { Length: > 0 } some)
        {
            first ??= run.Elapsed;
            head.Write(some.AsSpan(0, (int)Math.Clamp(HttpAnswerParser.BodyLimit - head.Length, 0, some.Length)));
            answer.Push(some);
        }

        return wire.Bytes == 0 ? new DropInVerdict(CheckStatus.Critical, "HTTP CRITICAL - No data received from host")
            : Judge(Encoding.UTF8.GetString(head.GetBuffer(), 0, (int)head.Length), answer, wire.Bytes, run.Elapsed, Stages(connected, secured, asked, first ?? asked, run.Elapsed));
    }

    /// <summary>With <c>-E</c>: what each part of the way took, TLS only where there was some.</summary>
    private string Stages(double connected, double secured, double asked, double first, double end)
    {
        return !given.Has('E') ? "" : string.Join(' ', [
            "", Stage("time_connect", connected), tls ? Stage("time_ssl", secured - connected) : "", Stage("time_headers", asked - secured),
            Stage("time_firstbyte", first - asked), Stage("time_transfer", end - asked)]);

        string Stage(string label, double took) => $"{label}={DropInRun.Number(took, "0.000000")}s;;;;{DropInRun.Number(Target.Seconds, "0.000000")}";
    }

    private DropInVerdict Judge(string raw, HttpAnswerParser answer, long bytes, double took, string stages)
    {
        var line = TcpDropIn.Clean(raw.Split('\n', 2)[0]).Trim();
        var on = Target.Port == 80 ? "" : string.Create(CultureInfo.InvariantCulture, $" on port {Target.Port}");
        var wanted = given.Last('e') ?? "HTTP/1.";
        if (!wanted.Split(',', StringSplitOptions.RemoveEmptyEntries).Any(w => line.Contains(w, StringComparison.Ordinal)))
        {
            return new DropInVerdict(CheckStatus.Critical, $"HTTP CRITICAL - Invalid HTTP response received from host{on}: {line}");
        }

        var words = new StringBuilder();
        var status = CheckStatus.Ok;
        if (given.Has('e'))
        {
            words.Append($"Status line output matched \"{wanted}\" - ");
        }
        else if (answer.Code is < 100 or >= 600)
        {
            return new DropInVerdict(CheckStatus.Critical, $"HTTP CRITICAL: Invalid Status Line ({line})");
        }
        else if (answer.Code is >= 300 and < 400 && given.Last('f') is "follow" or "sticky" or "stickyport")
        {
            return new DropInVerdict(CheckStatus.Unknown, answer.Location) { Follow = true };
        }
        else
        {
            status = answer.Code >= 500 ? CheckStatus.Critical : answer.Code >= 400 ? CheckStatus.Warning : answer.Code >= 300 ? Redirected() : CheckStatus.Ok;
            words.Append($"{line} - ");
        }

        status = Content(raw, answer, bytes, words, status);
        var text = words.ToString().TrimEnd(' ', ',', '-');
        var late = crit?.Alerts(took) == true ? CheckStatus.Critical : warn?.Alerts(took) == true ? CheckStatus.Warning : CheckStatus.Ok;
        status = Worst(late, status);
        return new DropInVerdict(status, string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP {Perf.Word(status)}: {text} - {bytes} bytes in {took:0.000} second response time |{DropInRun.Time("time", took, End(warn), End(crit), Target.Seconds)} size={bytes}B;{(Sizes.Least > 0 ? Sizes.Least : null)};{(Sizes.Least > 0 ? 0 : null)};0;{stages}"));
    }

    private CheckStatus Content(string raw, HttpAnswerParser answer, long bytes, StringBuilder words, CheckStatus status)
    {
        var end = raw.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = end < 0 ? raw : raw[..end];
        var page = Encoding.UTF8.GetString(answer.Body);
        var url = string.Create(CultureInfo.InvariantCulture, $"{(tls ? "https" : "http")}://{hostName ?? Target.Host}:{Target.Port}{given.Last('u') ?? "/"}");
        if (given.Last('d') is { Length: > 0 } header && !head[(head.IndexOf('\n', StringComparison.Ordinal) + 1)..].Contains(header, StringComparison.Ordinal))
        {
            words.Append($"header '{Cut(header)}' not found on '{url}', ");
            status = CheckStatus.Critical;
        }

        if (given.Last('s') is { Length: > 0 } text && !page.Contains(text, StringComparison.Ordinal))
        {
            words.Append($"string '{Cut(text)}' not found on '{url}', ");
            status = CheckStatus.Critical;
        }

        if (pattern is not null && Found(page) == given.Has('!'))
        {
            words.Append(given.Has('!') ? "pattern found, " : "pattern not found, ");
            status = CheckStatus.Critical;
        }

        var (least, greatest) = Sizes;
        if ((greatest > 0 && bytes > greatest) || (least > 0 && bytes < least))
        {
            words.Append(CultureInfo.InvariantCulture, $"page size {bytes} too {(greatest > 0 && bytes > greatest ? "large" : "small")}, ");
            status = Worst(CheckStatus.Warning, status);
        }

        return status;
    }

    /// <summary>Where a redirect leads, as the same check of another place; null where it leads nowhere.</summary>
    internal string[]? Follow(string location)
    {
        var here = new HttpTarget(tls, hostName ?? Target.Host, Target.Host, Target.Port, given.Last('u') ?? "/");
        if (location.Length == 0 || here.Redirected(location) is not { } next)
        {
            return null;
        }

        var sticky = given.Last('f');
        var port = sticky == "stickyport" ? Target.Port : next.Port;
        List<string> words = ["-I", sticky == "follow" ? next.HostName : Target.Host, "-H", next.HostName, "-p", port.ToString(CultureInfo.InvariantCulture), "-u", next.Path, .. next.Tls ? ["-S"] : (string[])[]];
        foreach (var letter in "wctesdrRlfmPjTaAk!#%46E")
        {
            foreach (var value in given.All(letter))
            {
                words.AddRange(letter switch { '!' => ["--invert-regex"], '#' => ["--sni"], '%' => [$"--max-redirs={value}"], _ when value.Length == 0 => [$"-{letter}"], _ => [$"-{letter}", value] });
            }
        }

        return [.. words];
    }

    internal int MostRedirects => given.Last('%') is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : 15;

    private (long Least, long Greatest) Sizes
    {
        get
        {
            var parts = (given.Last('m') ?? "0").Split(':', 2);
            return (Number(parts[0]), parts.Length == 2 ? Number(parts[1]) : 0);

            static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
        }
    }

    private byte[] Request()
    {
        var post = given.Last('P');
        var version = hostName is null ? "1.0" : "1.1";
        var text = new StringBuilder($"{given.Last('j') ?? (post is null ? "GET" : "POST")} {given.Last('u') ?? "/"} HTTP/{version}\r\n");
        text.Append($"User-Agent: {given.Last('A') ?? HttpExchange.UserAgent}\r\nConnection: close\r\n");
        var own = given.All('k');
        if (hostName is not null && !own.Any(h => h.StartsWith("Host:", StringComparison.Ordinal)))
        {
            text.Append(virtualPort == (tls ? 443 : 80) ? $"Host: {hostName}\r\n" : string.Create(CultureInfo.InvariantCulture, $"Host: {hostName}:{virtualPort}\r\n"));
        }

        text.Append(string.Concat(own.Select(h => h + "\r\n")));
        if (given.Last('a') is { } login)
        {
            text.Append($"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(login))}\r\n");
        }

        if (post is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"Content-Type: {given.Last('T') ?? "application/x-www-form-urlencoded"}\r\nContent-Length: {Encoding.UTF8.GetByteCount(post)}\r\n");
        }

        return Encoding.UTF8.GetBytes($"{text}\r\n{post}");
    }

    // A range without an upper end has none to show; check_http prints a zero there.
    private static double? End(NagiosRange? range) => range is { } r ? double.IsFinite(r.End) ? r.End : 0 : null;

    private CheckStatus Redirected() => given.Last('f') switch
    {
        "warning" => CheckStatus.Warning,
        "critical" => CheckStatus.Critical,
        "unknown" => CheckStatus.Unknown,
        _ => CheckStatus.Ok,
    };

    private bool Found(string page)
    {
        try
        {
            return pattern!.IsMatch(page);
        }
        catch (RegexMatchTimeoutException)
        {
            // Nobody knows: it is what is not wished for, either way.
            return given.Has('!');
        }
    }

    private Regex Compiled(string text)
    {
        try
        {
            var options = RegexOptions.CultureInvariant | (given.Has('l') ? RegexOptions.Singleline : RegexOptions.Multiline) | (given.Has('R') ? RegexOptions.IgnoreCase : RegexOptions.None);
            return new Regex(text, options, TimeSpan.FromSeconds(2));
        }
        catch (ArgumentException wrong)
        {
            throw new DropInUsageException($"Could Not Compile Regular Expression: {wrong.Message}");
        }
    }

    private NagiosRange? Range(char letter)
    {
        if (given.Last(letter) is not { } text)
        {
            return null;
        }

        var fault = NagiosRange.TryParse(text, out var range);
        return fault == RangeFault.None ? range : throw new DropInUsageException($"-{letter} {text}: {NagiosRangeText.Wrong(fault).En}");
    }

    /// <summary><c>host:port</c> and <c>[address]:port</c>; an address with colons and without brackets has no port.</summary>
    private static (string? Name, int? Port) Split(string? host)
    {
        var colon = host?.LastIndexOf(':') ?? -1;
        if (host is null || colon <= 0 || !(host[colon - 1] == ']' || host.IndexOf(':', StringComparison.Ordinal) == colon))
        {
            return (host, null);
        }

        return !int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? (host, null)
            : port is > 0 and <= DropInArguments.MostPort ? (host[..colon], port)
            : throw new DropInUsageException($"{host} has no port from 1 to 65535");
    }

    // As the plugins' max_state_alt: UNKNOWN is worse than OK and WARNING only.
    private static CheckStatus Worst(CheckStatus a, CheckStatus b) => Weight(a) >= Weight(b) ? a : b;

    private static int Weight(CheckStatus status) => status switch
    {
        CheckStatus.Critical => 3,
        CheckStatus.Warning => 2,
        CheckStatus.Unknown => 1,
        _ => 0,
    };

    private static string Cut(string text) => text.Length < 30 ? text : text[..26] + "...";
}
