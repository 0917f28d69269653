using System.Net.Sockets;
using System.Text;
using Hinoban.Checks;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>What an HTTP exchange means, without one; of its certificate, <see cref="CertificateRules"/>.</summary>
public sealed class HttpRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly HttpLookPlan Plain = CheckItems.Http(80);
    private static readonly HttpLookPlan Tls = CheckItems.Http(443, tls: true);

    [Theory]
    [InlineData(200, "", CheckStatus.Ok)]
    [InlineData(399, "", CheckStatus.Ok)]
    [InlineData(400, "", CheckStatus.Critical)]
    [InlineData(503, "", CheckStatus.Critical)]
    [InlineData(401, "401", CheckStatus.Ok)]
    [InlineData(200, "401", CheckStatus.Critical)]
    [InlineData(200, "401,200", CheckStatus.Ok)]
    internal void Below_400_is_right_unless_the_specification_names_what_is(int code, string right, CheckStatus status)
    {
        var answer = Judge(Plain with { Statuses = [.. right.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)] }, Sight($"HTTP/1.1 {code} X\r\n\r\n"));
        Assert.Equal((status, Reply.Answer, NoValue.None), (answer.Status, answer.Reply, answer.NoValue));
    }

    [Fact]
    public void An_answer_says_its_status_line_its_size_and_its_time()
    {
        var sight = Sight("HTTP/1.1 200 OK\r\n\r\nhello");
        sight.Connected = TimeSpan.FromMilliseconds(20);
        sight.FirstByte = TimeSpan.FromMilliseconds(90);
        var answer = Judge(Plain with { Warn = TimeSpan.FromSeconds(3), Crit = TimeSpan.FromSeconds(8) }, sight);
        Assert.Equal("HTTP OK: HTTP/1.1 200 OK - 24 bytes in 0.250 second response time", answer.Output);
        Assert.Equal("time=0.250000s;3;8;0;10 size=24B;;;0 time_connect=0.020000s time_firstbyte=0.090000s", answer.Perfdata);
    }

    [Fact]
    public void A_string_that_the_page_must_have_is_looked_for()
    {
        var plan = Plain with { Contains = "welcome" };
        Assert.Equal(CheckStatus.Ok, Judge(plan, Sight("HTTP/1.1 200 OK\r\n\r\nwelcome")).Status);
        var missing = Judge(plan, Sight("HTTP/1.1 200 OK\r\n\r\nclosed"));
        Assert.Equal((CheckStatus.Critical, "HTTP CRITICAL: HTTP/1.1 200 OK - string 'welcome' not found on 'http://web01/' - 25 bytes in 0.250 second response time"), (missing.Status, missing.Output));
    }

    [Theory]
    [InlineData("5", CheckStatus.Ok)]
    [InlineData("5:", CheckStatus.Ok)]
    [InlineData("4", CheckStatus.Critical)]
    [InlineData("6:", CheckStatus.Critical)]
    internal void A_size_is_within_its_range_or_critical(string size, CheckStatus status)
    {
        var answer = Judge(Plain with { Size = size }, Sight("HTTP/1.1 200 OK\r\n\r\nhello"));
        var words = status == CheckStatus.Ok ? "" : $"body of 5 bytes is not within {size} - ";
        Assert.Equal((status, $"HTTP {Perf.Word(status)}: HTTP/1.1 200 OK - {words}24 bytes in 0.250 second response time"), (answer.Status, answer.Output));
    }

    [Theory]
    [InlineData(true, 5, "size=19B;;;0 time_dns=0.005000s")]
    [InlineData(true, null, "size=19B;;;0")]
    [InlineData(false, 5, "size=19B;;;0")]
    public void The_time_to_resolve_is_that_of_names(bool byName, int? milliseconds, string perfdata)
    {
        var sight = Sight("HTTP/1.1 200 OK\r\n\r\n");
        (sight.ByName, sight.Named) = (byName, milliseconds is { } m ? TimeSpan.FromMilliseconds(m) : null);
        Assert.EndsWith(perfdata, Judge(Plain, sight).Perfdata, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3000, CheckStatus.Ok)]
    [InlineData(3001, CheckStatus.Warning)]
    [InlineData(8001, CheckStatus.Critical)]
    internal void A_slow_answer(int milliseconds, CheckStatus status)
    {
        var plan = Plain with { Warn = TimeSpan.FromSeconds(3), Crit = TimeSpan.FromSeconds(8) };
        Assert.Equal(status, Judge(plan, Sight("HTTP/1.1 200 OK\r\n\r\n", milliseconds)).Status);
        Assert.Equal(CheckStatus.Critical, Judge(plan, Sight("HTTP/1.1 500 No\r\n\r\n", milliseconds)).Status); // the worst of all counts
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "HTTP CRITICAL - invalid HTTP answer: not an HTTP answer")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "HTTP CRITICAL - invalid HTTP answer: HTTP/1.1 200 OK - broken Content-Length")]
    public void What_is_no_HTTP_is_an_answer_without_a_value(string wire, string output)
    {
        var answer = Judge(Plain, Sight(wire));
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.Garbage, output), (answer.Status, answer.Reply, answer.NoValue, answer.Output));
    }

    [Theory]
    [InlineData(30, 7, 24 * 31, CheckStatus.Ok, "")]
    [InlineData(30, 7, 24 * 30, CheckStatus.Ok, "")]
    [InlineData(30, 7, (24 * 30) - 1, CheckStatus.Warning, "expires in 29 days, on 2026-12-23 02:00 UTC")]
    [InlineData(30, 7, 24 * 7, CheckStatus.Warning, "expires in 7 days, on 2026-11-30 03:00 UTC")]
    [InlineData(30, 7, (24 * 7) - 1, CheckStatus.Critical, "expires in 6 days, on 2026-11-30 02:00 UTC")]
    [InlineData(30, null, 0, CheckStatus.Warning, "expires in 0 days, on 2026-11-23 03:00 UTC")] // its last instant
    [InlineData(30, null, -1, CheckStatus.Critical, "expired on 2026-11-23 02:00 UTC")]
    [InlineData(null, 7, 24 * 10, CheckStatus.Ok, "")]
    [InlineData(null, 7, 24, CheckStatus.Critical, "expires in 1 days, on 2026-11-24 03:00 UTC")]
    [InlineData(null, null, -24, CheckStatus.Ok, "")] // not asked for
    internal void A_certificate_that_ends(int? warn, int? crit, int hours, CheckStatus status, string words)
    {
        var sight = Sight("HTTP/1.1 200 OK\r\n\r\n");
        sight.Certificate = new ServerCertificate(Now.AddHours(hours), "www.example.jp", "");
        var answer = Judge(Tls with { CertificateWarnDays = warn, CertificateCritDays = crit }, sight);
        var said = words.Length > 0 ? $"certificate 'www.example.jp' {words} - " : "";
        Assert.Equal((status, $"HTTP {Perf.Word(status)}: HTTP/1.1 200 OK - {said}19 bytes in 0.250 second response time"), (answer.Status, answer.Output));
        Assert.EndsWith($" certificate_days={(int)Math.Floor(hours / 24.0)};{warn}:;{crit}:", answer.Perfdata, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_certificate_none_is_judged() =>
        Assert.Equal(CheckStatus.Ok, Judge(Plain with { CertificateWarnDays = 30, CertificateCritDays = 7 }, Sight("HTTP/1.1 200 OK\r\n\r\n")).Status);

    [Theory]
    [InlineData(0, "HTTP CRITICAL - certificate 'www.example.jp' is not trusted: self-signed")]
    [InlineData(-1, "HTTP CRITICAL - certificate 'www.example.jp' is not trusted: expired on 2026-11-23 02:59 UTC, self-signed")]
    public void A_certificate_that_is_not_trusted(int minutes, string output)
    {
        var sight = Sight("");
        sight.Certificate = new ServerCertificate(Now.AddMinutes(minutes), "www.example.jp", "self-signed");
        Assert.Equal((CheckStatus.Critical, Reply.Answer, output), Short(HttpRules.Untrusted(Tls, sight, Timeout, Now)));
    }

    [Theory]
    [InlineData(false, "", "name not resolved")]
    [InlineData(false, "named", "not connected")]
    [InlineData(true, "named", "not connected")]
    [InlineData(false, "named connected", "connected, no byte of an answer")]
    [InlineData(true, "named connected", "connected, TLS handshake not finished")]
    [InlineData(true, "named connected secured", "connected, no byte of an answer")]
    public void A_time_out_before_the_first_byte_is_a_paths_doing_as_well(bool tls, string reached, string stage)
    {
        var answer = HttpRules.TimedOut(tls ? Tls : Plain, Reached("", reached), "web01:80", Timeout, Now);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, $"HTTP CRITICAL - no answer from web01:80 within 10 seconds ({stage})"), Short(answer));
        Assert.Equal(NoValue.TimedOut, answer.NoValue);
    }

    [Theory]
    [InlineData("H", false, 0, "1 bytes so far")]
    [InlineData("", true, 0, "0 bytes so far")] // what was before a redirect
    [InlineData("HTTP/1.1 200 OK\r\n", false, 1, "HTTP/1.1 200 OK - 17 bytes so far of http://web01/, after 1 redirects")]
    public void A_time_out_after_it_is_the_targets(string wire, bool spoke, int redirects, string words)
    {
        var sight = Reached(wire, "named connected");
        (sight.Spoke, sight.Redirects) = (spoke, redirects);
        var answer = HttpRules.TimedOut(Plain, sight, "web01:80", Timeout, Now);
        Assert.Equal((CheckStatus.Critical, Reply.Answer, $"HTTP CRITICAL - answer not complete within 10 seconds ({words})"), Short(answer));
        Assert.Equal(NoValue.TimedOut, answer.NoValue);
    }

    [Theory]
    [InlineData(false, "named", "", Reply.Transport, "HTTP CRITICAL - connection reset (web01:80)")]
    [InlineData(true, "named", "", Reply.Transport, "HTTP CRITICAL - connection reset (web01:80)")]
    [InlineData(false, "named connected", "", Reply.Transport, "HTTP CRITICAL - connection reset (web01:80)")]
    [InlineData(true, "named connected", "", Reply.Transport, "HTTP CRITICAL - TLS handshake failed: connection reset")]
    [InlineData(true, "named connected secured", "", Reply.Transport, "HTTP CRITICAL - connection reset (web01:80)")]
    [InlineData(true, "named connected", "H", Reply.Answer, "HTTP CRITICAL - invalid HTTP answer: connection reset after 1 bytes")]
    internal void A_connection_that_breaks(bool tls, string reached, string wire, Reply reply, string output) => Assert.Equal(
        (CheckStatus.Critical, reply, output), Short(HttpRules.Cut(tls ? Tls : Plain, Reached(wire, reached), SocketError.ConnectionReset, "web01:80", Timeout, Now)));

    [Theory]
    [InlineData(true, "HTTP/1.1 301 Moved\r\n\r\n", true)]
    [InlineData(true, "HTTP/1.1 308 Moved\r\n\r\n", true)]
    [InlineData(true, "HTTP/1.1 300 Choices\r\n\r\n", false)]
    [InlineData(true, "HTTP/1.1 304 Same\r\n\r\n", false)]
    [InlineData(true, "HTTP/1.1 200 OK\r\n\r\n", false)]
    [InlineData(true, "HTTP/1.1 301 Moved\r\nContent-Length: many\r\n\r\n", false)]
    [InlineData(false, "HTTP/1.1 301 Moved\r\n\r\n", false)]
    public void A_redirect_is_followed_where_the_specification_says_so(bool follow, string wire, bool followed) =>
        Assert.Equal(followed, HttpRules.IsRedirect(Plain with { FollowRedirects = follow }, Sight(wire).Parser));

    [Theory]
    [InlineData(0, "redirect without a Location")]
    [InlineData(1, "redirect to '{0}', which is no http or https address")]
    [InlineData(200, "redirect to '{0}', which is no http or https address")]
    [InlineData(201, "redirect to '{0}…', which is no http or https address")]
    public void A_redirect_that_leads_nowhere_shows_the_beginning_of_its_target(int length, string words) =>
        Assert.Equal(string.Format(null, words, new string('x', Math.Min(length, 200))), HttpRules.NoTarget(new string('x', length)));

    [Fact]
    public void Redirects_without_an_end_are_the_targets_answer()
    {
        var answer = HttpRules.LedNowhere(Plain, Sight("HTTP/1.1 301 Moved\r\n\r\n"), "more than 10 redirects", Timeout, Now);
        Assert.Equal((CheckStatus.Critical, Reply.Answer, "HTTP CRITICAL: HTTP/1.1 301 Moved - more than 10 redirects"), Short(answer));
    }

    private static LookAnswer Judge(HttpLookPlan plan, HttpSight sight) => HttpRules.Judge(plan, sight, Timeout, Now);

    private static (CheckStatus Status, Reply Reply, string Output) Short(LookAnswer answer) => (answer.Status, answer.Reply, answer.Output);

    private static HttpSight Sight(string wire, int milliseconds = 250)
    {
        var sight = new HttpSight { Total = TimeSpan.FromMilliseconds(milliseconds), Url = "http://web01/" };
        sight.Parser.Push(Encoding.ASCII.GetBytes(wire));
        return sight;
    }

    private static HttpSight Reached(string wire, string stages)
    {
        TimeSpan? At(string stage) => stages.Contains(stage, StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(10) : null;
        var sight = Sight(wire);
        (sight.Named, sight.Connected, sight.Secured) = (At("named"), At("connected"), At("secured"));
        return sight;
    }
}
