using Hinoban.Checks;
using Hinoban.Lab;
using Hinoban.Lab.Servers;

namespace Hinoban.Tests.Checks;

/// <summary>One real nginx with TLS for the class.</summary>
public sealed class NginxFixture : IDisposable
{
    private readonly TempFolder folder = new();

    public NginxFixture()
    {
        if (NginxServer.Program is not null)
        {
            var now = TimeProvider.System.GetUtcNow();
            Server = new NginxServer(folder.Path, new NginxOptions(Port, TlsPort) { Certificate = (now.AddDays(-10), now.AddDays(20.5)) });
            Server.Start();
        }
    }

    internal NginxServer? Server { get; }

    internal int Port { get; } = Ports.Free();

    internal int TlsPort { get; } = Ports.Free();

    public void Dispose()
    {
        Server?.Dispose();
        folder.Dispose();
    }
}

public sealed class HttpLookTests(NginxFixture nginx) : IClassFixture<NginxFixture>
{
    private readonly HttpLook look = new(new Connector(), TimeProvider.System);

    [Fact]
    public async Task A_page_is_OK_with_times_and_size()
    {
        NeedNginx();
        var plan = CheckItems.Http(nginx.Port) with { Contains = "Welcome", Warn = TimeSpan.FromSeconds(3), Crit = TimeSpan.FromSeconds(8) };
        var answer = await look.LookAsync(CheckItems.Of(plan), CheckItems.Long, default);
        Assert.Equal((CheckStatus.Ok, Reply.Answer, NoValue.None), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Matches(@"^HTTP OK: HTTP/1\.1 200 OK - \d+ bytes in \d\.\d{3} second response time$", answer.Output);
        Assert.Matches(@"^time=0\.\d{6}s;3;8;0;10 size=\d+B;;;0 time_connect=0\.\d{6}s time_firstbyte=0\.\d{6}s$", answer.Perfdata);
    }

    [Theory]
    [InlineData("/503", nameof(CheckStatus.Critical), "HTTP CRITICAL: HTTP/1.1 503 Service Temporarily Unavailable - ")]
    [InlineData("/500", nameof(CheckStatus.Critical), "HTTP CRITICAL: HTTP/1.1 500 Internal Server Error - ")]
    [InlineData("/401", nameof(CheckStatus.Critical), "HTTP CRITICAL: HTTP/1.1 401 Unauthorized - ")]
    [InlineData("/nothing", nameof(CheckStatus.Critical), "HTTP CRITICAL: HTTP/1.1 404 Not Found - ")]
    [InlineData("/301", nameof(CheckStatus.Ok), "HTTP OK: HTTP/1.1 301 Moved Permanently - ")]
    public async Task The_status_decides(string path, string status, string output)
    {
        NeedNginx();
        var answer = await look.LookAsync(CheckItems.Of(CheckItems.Http(nginx.Port, path)), CheckItems.Long, default);
        Assert.Equal((status, Reply.Answer, NoValue.None), ($"{answer.Status}", answer.Reply, answer.NoValue));
        Assert.StartsWith(output, answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_list_replaces_the_default()
    {
        NeedNginx();
        var unauthorised = await look.LookAsync(CheckItems.Of(CheckItems.Http(nginx.Port, "/401") with { Statuses = [401] }), CheckItems.Long, default);
        var ok = await look.LookAsync(CheckItems.Of(CheckItems.Http(nginx.Port) with { Statuses = [401] }), CheckItems.Long, default);
        Assert.Equal((CheckStatus.Ok, CheckStatus.Critical), (unauthorised.Status, ok.Status));
    }

    // The page has 32 bytes.
    [Theory]
    [InlineData("32", nameof(CheckStatus.Ok))]
    [InlineData("32:", nameof(CheckStatus.Ok))]
    [InlineData("33:", nameof(CheckStatus.Critical))]
    [InlineData("~:31", nameof(CheckStatus.Critical))]
    public async Task A_body_outside_its_range_is_critical(string size, string status)
    {
        NeedNginx();
        var answer = await look.LookAsync(CheckItems.Of(CheckItems.Http(nginx.Port) with { Size = size }), CheckItems.Long, default);
        Assert.Equal((status, Reply.Answer, NoValue.None), ($"{answer.Status}", answer.Reply, answer.NoValue));
        Assert.Equal(status == "Critical", answer.Output.Contains($"body of 32 bytes is not within {size} - ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_has_to_be_resolved_has_its_time()
    {
        NeedNginx();
        var answer = await look.LookAsync(CheckItems.Of(CheckItems.Http(nginx.Port), "localhost"), CheckItems.Long, default);
        Assert.Matches(@" time_dns=0\.\d{6}s time_connect=0\.\d{6}s ", answer.Perfdata);
    }

    [Fact]
    public async Task A_missing_string_is_critical()
    {
        NeedNginx();
        var answer = await look.LookAsync(CheckItems.Of(CheckItems.Http(nginx.Port) with { Contains = "Goodbye" }), CheckItems.Long, default);
        Assert.Equal(CheckStatus.Critical, answer.Status);
        Assert.Contains($"string 'Goodbye' not found on 'http://localhost:{nginx.Port}/'", answer.Output);
    }

    [Fact]
    public async Task Redirects_are_followed_when_asked_and_not_for_ever()
    {
        NeedNginx();
        var followed = await look.LookAsync(CheckItems.Of(CheckItems.Http(nginx.Port, "/301") with { FollowRedirects = true }), CheckItems.Long, default);
        var loop = await look.LookAsync(CheckItems.Of(CheckItems.Http(nginx.Port, "/loop") with { FollowRedirects = true }), CheckItems.Long, default);
        Assert.StartsWith("HTTP OK: HTTP/1.1 200 OK", followed.Output, StringComparison.Ordinal);
        Assert.Equal((CheckStatus.Critical, Reply.Answer), (loop.Status, loop.Reply));
        Assert.Contains("redirect loop: back to", loop.Output);
    }

    [Theory]
    [InlineData("Location: file:///etc/passwd", "redirect to 'file:///etc/passwd', which is no http or https address")]
    [InlineData("Location: ftp://192.0.2.1/", "redirect to 'ftp://192.0.2.1/', which is no http or https address")]
    [InlineData("Location: http://[half", "redirect to 'http://[half', which is no http or https address")]
    [InlineData("X-Nothing: 1", "redirect without a Location")]
    [InlineData("Location: /", "redirect loop: back to http://localhost")]
    public async Task A_redirect_that_leads_nowhere_is_a_failure_that_says_so(string field, string says)
    {
        using var host = new BreakableHost(HostMood.Answers, $"HTTP/1.1 302 Found\r\n{field}\r\nContent-Length: 0\r\n\r\n");
        var plan = CheckItems.Http(host.Port);
        var followed = await look.LookAsync(CheckItems.Of(plan with { FollowRedirects = true }), CheckItems.Long, default);
        Assert.Equal((CheckStatus.Critical, Reply.Answer), (followed.Status, followed.Reply));
        Assert.StartsWith($"HTTP CRITICAL: HTTP/1.1 302 Found - {says}", followed.Output, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Ok, (await look.LookAsync(CheckItems.Of(plan), CheckItems.Long, default)).Status);
    }

    [Fact]
    public async Task Slow_is_not_down()
    {
        NeedNginx();
        var answer = await look.LookAsync(CheckItems.Of(CheckItems.Http(nginx.Port, "/slow")), CheckItems.Short, default);
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.TimedOut), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Matches(@"^HTTP CRITICAL - answer not complete within 0\.4 seconds \((HTTP/1\.1 200 OK - )?\d+ bytes so far\)$", answer.Output);
    }

    [Theory]
    [InlineData(30, 7, nameof(CheckStatus.Warning))]
    [InlineData(60, 30, nameof(CheckStatus.Critical))]
    [InlineData(15, 7, nameof(CheckStatus.Ok))]
    public async Task Certificate_days_are_judged(int warn, int crit, string status)
    {
        NeedNginx();
        var plan = CheckItems.Http(nginx.TlsPort, tls: true) with { CertificateWarnDays = warn, CertificateCritDays = crit };
        var answer = await look.LookAsync(CheckItems.Of(plan), CheckItems.Long, default);
        Assert.Equal((status, Reply.Answer), ($"{answer.Status}", answer.Reply));
        Assert.Contains($"certificate_days=20;{warn}:;{crit}:", answer.Perfdata);
        Assert.Contains("time_ssl=", answer.Perfdata);
        Assert.Equal(status != "Ok", answer.Output.Contains("certificate 'localhost' expires in 20 days, on ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_self_signed_certificate_is_not_trusted_when_verified()
    {
        NeedNginx();
        var answer = await look.LookAsync(CheckItems.Of(CheckItems.Http(nginx.TlsPort, tls: true) with { VerifyCertificate = true }), CheckItems.Long, default);
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.None), (answer.Status, answer.Reply, answer.NoValue));
        Assert.StartsWith("HTTP CRITICAL - certificate 'localhost' is not trusted: ", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expired_and_stopped_and_started_again()
    {
        NeedNginx();
        using var folder = new TempFolder();
        var now = TimeProvider.System.GetUtcNow();
        var port = Ports.Free();
        using var server = new NginxServer(folder.Path, new NginxOptions(Ports.Free(), port) { Certificate = (now.AddDays(-30), now.AddDays(-2)) });
        server.Start();
        var plan = CheckItems.Http(port, tls: true) with { CertificateWarnDays = 30, CertificateCritDays = 7 };
        var expired = await look.LookAsync(CheckItems.Of(plan), CheckItems.Long, default);
        var untrusted = await look.LookAsync(CheckItems.Of(plan with { VerifyCertificate = true }), CheckItems.Long, default);
        server.Stop();
        var stopped = await look.LookAsync(CheckItems.Of(plan), CheckItems.Long, default);
        server.Start();
        server.Kill();
        var killed = await look.LookAsync(CheckItems.Of(plan), CheckItems.Long, default);
        server.Start();
        var back = await look.LookAsync(CheckItems.Of(plan with { CertificateCritDays = null, CertificateWarnDays = null }), CheckItems.Long, default);
        Assert.Contains("certificate 'localhost' expired on ", expired.Output);
        Assert.Equal((CheckStatus.Critical, Reply.Answer), (expired.Status, expired.Reply));
        Assert.Contains("is not trusted: expired on ", untrusted.Output);
        Assert.Equal((Reply.Transport, NoValue.Refused), (stopped.Reply, stopped.NoValue));
        Assert.Equal($"HTTP CRITICAL - connection refused (127.0.0.1:{port})", stopped.Output);
        Assert.Equal(NoValue.Refused, killed.NoValue);
        Assert.Equal(CheckStatus.Ok, back.Status);
    }

    public static TheoryData<string, bool, string, string, string, string> Breakages => new()
    {
        { nameof(HostMood.Refuses), false, "", nameof(Reply.Transport), nameof(NoValue.Refused), "connection refused" },
        { nameof(HostMood.Hangs), false, "", nameof(Reply.Transport), nameof(NoValue.TimedOut), "(not connected)" },
        { nameof(HostMood.Accepts), false, "", nameof(Reply.Transport), nameof(NoValue.TimedOut), "(connected, no byte of an answer)" },
        { nameof(HostMood.Resets), false, "", nameof(Reply.Transport), nameof(NoValue.Refused), "connection reset" },
        { nameof(HostMood.Closes), false, "", nameof(Reply.Transport), nameof(NoValue.Refused), "" },
        { nameof(HostMood.Answers), false, "220 mail.example.jp ESMTP\r\n", nameof(Reply.Answer), nameof(NoValue.Garbage), "invalid HTTP answer: not an HTTP answer" },
        { nameof(HostMood.Answers), false, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfour", nameof(Reply.Answer), nameof(NoValue.Garbage), "invalid HTTP answer: HTTP/1.1 200 OK - connection closed after 42 bytes" },
        { nameof(HostMood.Stalls), false, "HTTP/1.1 200 OK\r\n", nameof(Reply.Answer), nameof(NoValue.TimedOut), "HTTP/1.1 200 OK - 17 bytes so far" },
        { nameof(HostMood.Hangs), true, "", nameof(Reply.Transport), nameof(NoValue.TimedOut), "(not connected)" },
        { nameof(HostMood.Accepts), true, "", nameof(Reply.Transport), nameof(NoValue.TimedOut), "(connected, TLS handshake not finished)" },
        { nameof(HostMood.Resets), true, "", nameof(Reply.Transport), nameof(NoValue.TlsCut), "TLS handshake failed" },
        { nameof(HostMood.Closes), true, "", nameof(Reply.Transport), nameof(NoValue.TlsCut), "TLS handshake failed" },
        { nameof(HostMood.Answers), true, "HTTP/1.1 400 Bad Request\r\n\r\n", nameof(Reply.Transport), nameof(NoValue.TlsCut), "TLS handshake failed" },
    };

    [Theory]
    [MemberData(nameof(Breakages))]
    public async Task Every_breakage_is_its_own_evidence(string mood, bool tls, string words, string reply, string noValue, string text)
    {
        using var host = new BreakableHost(Enum.Parse<HostMood>(mood), words);
        var answer = await look.LookAsync(CheckItems.Of(CheckItems.Http(host.Port, tls: tls)), CheckItems.Short, default);
        Assert.Equal(("Critical", reply, noValue), ($"{answer.Status}", $"{answer.Reply}", $"{answer.NoValue}"));
        Assert.Contains(text, answer.Output);
    }

    [Fact]
    public async Task The_request_is_what_we_mean_it_to_be()
    {
        using var host = new BreakableHost(HostMood.Answers, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var answer = await look.LookAsync(CheckItems.Of(CheckItems.Http(host.Port, "/a b?q=日本\r\nX-Evil: 1#f")), CheckItems.Long, default);
        Assert.Equal(CheckStatus.Ok, answer.Status);
        Assert.Equal(
            $"GET /a%20b?q=%E6%97%A5%E6%9C%AC%0D%0AX-Evil:%201%23f HTTP/1.1\r\nHost: localhost:{host.Port}\r\nUser-Agent: Hinoban/0.1 (+monitoring)\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n",
            host.Heard);
    }

    [Fact]
    public void A_redirect_leads_neither_to_our_own_loopback_nor_out_of_HTTP()
    {
        var target = HttpTarget.Of(CheckItems.Http(80) with { HostName = "www.example.jp" }, "192.0.2.10");
        Assert.Equal("192.0.2.10", target.Redirected("https://www.example.jp/login?x=1")!.Address);
        Assert.Equal((true, 443, "/login?x=1"), (target.Redirected("https://www.example.jp/login?x=1")!.Tls, target.Redirected("https://www.example.jp/login?x=1")!.Port, target.Redirected("https://www.example.jp/login?x=1")!.Path));
        Assert.Equal("http://www.example.jp/next", target.Redirected("next")!.Url);
        Assert.Null(target.Redirected("file:///etc/passwd"));
        var elsewhere = target.Redirected("http://other.example.jp/")!;
        Assert.True(elsewhere.MayBeFollowed([System.Net.IPAddress.Parse("192.0.2.11")]));
        foreach (var own in new[] { "127.0.0.1", "::1", "169.254.169.254", "0.0.0.0", "fe80::1", "::ffff:127.0.0.1" })
        {
            Assert.False(elsewhere.MayBeFollowed([System.Net.IPAddress.Parse(own)]), own);
        }
    }

    private static void NeedNginx() => Assert.SkipWhen(NginxServer.Program is null, "nginx is not installed: ./dev test installs it");
}
