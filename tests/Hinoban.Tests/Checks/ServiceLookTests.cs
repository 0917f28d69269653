using Hinoban.Checks;
using Hinoban.Lab;
using Hinoban.Lab.Servers;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>Services against the daemons that people run: right, slow, wrong, away.</summary>
[Collection(ServiceTownDefinition.Name)]
public sealed class ServiceLookTests(ServiceFixture town)
{
    private readonly ServiceLook look = new(new Connector(), TimeProvider.System);

    [Theory]
    [InlineData("pop", "pop", nameof(WireTls.None), @"^POP OK - \d\.\d{3} second response time on 127.0.0.1 port \d+ \[\+OK Dovecot.*\]$")]
    [InlineData("pop", "pop", nameof(WireTls.StartTls), @"^POP OK - .*\[\+OK Dovecot")]
    [InlineData("pop3s", "pop3s", nameof(WireTls.Direct), @"^POP3S OK - .*\[\+OK Dovecot")]
    [InlineData("imap", "imap", nameof(WireTls.None), @"^IMAP OK - .*\[\* OK \[CAPABILITY ")]
    [InlineData("imap", "imap", nameof(WireTls.StartTls), @"^IMAP OK - ")]
    [InlineData("imaps", "imaps", nameof(WireTls.Direct), @"^IMAPS OK - ")]
    [InlineData("smtp", "smtp", nameof(WireTls.None), @"^SMTP OK - .*\[220 mx.example.test ESMTP Postfix.*\]$")]
    [InlineData("smtp", "smtp", nameof(WireTls.StartTls), @"^SMTP OK - ")]
    [InlineData("smtp", "smtps", nameof(WireTls.Direct), @"^SMTP OK - ")]
    [InlineData("ftp", "ftp", nameof(WireTls.None), @"^FTP OK - .*\[220 Lab FTP ready\]$")]
    [InlineData("ftp", "ftp", nameof(WireTls.StartTls), @"^FTP OK - ")]
    [InlineData("ssh", "ssh", nameof(WireTls.None), @"^SSH OK - .*\[SSH-2\.0-OpenSSH_.*\]$")]
    [InlineData("telnet", "telnet", nameof(WireTls.None), @"^TELNET OK - ")]
    public async Task A_service_that_greets_is_OK(string service, string server, string tls, string output)
    {
        var answer = await LookAsync(Plan(service, town.PortOf(server)) with { Tls = Tls(tls) });
        Assert.Equal((CheckStatus.Ok, Reply.Answer, NoValue.None), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Matches(output, answer.Output);
        Assert.Matches(@"^time=\d\.\d{6}s;3;8;0;10 time_connect=\d\.\d{6}s ", answer.Perfdata);
        Assert.Equal(tls != nameof(WireTls.None), answer.Perfdata.Contains(" time_ssl=", StringComparison.Ordinal));
        Assert.Equal(tls != nameof(WireTls.None), answer.Perfdata.Contains(" certificate_days=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pop")]
    [InlineData("imap")]
    [InlineData("smtp")]
    [InlineData("ftp")]
    public async Task A_slow_service_answers_with_a_severity(string service)
    {
        using var slow = new SlowRelay(town.PortOf(service), TimeSpan.FromMilliseconds(120));
        var plan = Plan(service, slow.Port);
        var late = await LookAsync(plan with { Warn = TimeSpan.FromMilliseconds(100), Crit = TimeSpan.FromSeconds(8) });
        var tooLate = await LookAsync(plan with { Warn = TimeSpan.FromMilliseconds(50), Crit = TimeSpan.FromMilliseconds(100) });
        Assert.Equal((CheckStatus.Warning, Reply.Answer, NoValue.None), (late.Status, late.Reply, late.NoValue));
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.None), (tooLate.Status, tooLate.Reply, tooLate.NoValue));
    }

    [Theory]
    [InlineData("ssh")]
    [InlineData("telnet")]
    public async Task Of_ssh_and_telnet_no_delay_is_watched(string service)
    {
        using var slow = new SlowRelay(town.PortOf(service), TimeSpan.FromMilliseconds(60));
        Assert.Equal(CheckStatus.Ok, (await LookAsync(Plan(service, slow.Port) with { Warn = null, Crit = null })).Status);
    }

    [Theory]
    [InlineData("pop", "smtp", "POP CRITICAL - invalid answer: not POP: '220 mx.example.test ESMTP Postfix")]
    [InlineData("imap", "pop", "IMAP CRITICAL - invalid answer: not IMAP: '+OK Dovecot")]
    [InlineData("smtp", "imap", "SMTP CRITICAL - invalid answer: not SMTP: '* OK ")]
    [InlineData("ftp", "ssh", "FTP CRITICAL - invalid answer: not FTP: 'SSH-2.0-OpenSSH")]
    public async Task Another_protocol_on_the_port_is_no_value(string service, string server, string output)
    {
        var answer = await LookAsync(Plan(service, town.PortOf(server)));
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.Garbage), (answer.Status, answer.Reply, answer.NoValue));
        Assert.StartsWith(output, answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_no_ssh_is_reached_but_says_no_banner()
    {
        var answer = await look.LookAsync(CheckItems.Of(Plan("ssh", town.PortOf("smtp"))), CheckItems.Short, default);
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.TimedOut), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Contains("it said '220 mx.example.test", answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pop", "-ERR [SYS/TEMP] too many sessions", "POP CRITICAL - refused: -ERR [SYS/TEMP] too many sessions")]
    [InlineData("imap", "* BYE too many connections", "IMAP CRITICAL - refused: * BYE too many connections")]
    [InlineData("smtp", "554 5.7.1 no service here", "SMTP CRITICAL - refused: 554 5.7.1 no service here")]
    [InlineData("smtp", "421-try later\r\n421 bye", "SMTP CRITICAL - refused: 421-try later")]
    [InlineData("ftp", "421 There are too many connected users", "FTP CRITICAL - refused: 421 There are too many connected users")]
    [InlineData("ftp", "120 ready in 5 minutes", "FTP CRITICAL - refused: 120 ready in 5 minutes")]
    public async Task A_refusing_greeting_is_the_targets_own_word(string service, string says, string output)
    {
        using var host = new BreakableHost(HostMood.Accepts, says + "\r\n");
        var answer = await LookAsync(Plan(service, host.Port));
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.None), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Equal(output, answer.Output);
    }

    [Fact]
    public async Task What_is_expected_must_be_in_the_greeting()
    {
        var right = await LookAsync(Plan("smtp", town.PortOf("smtp")) with { Expect = "ESMTP Postfix" });
        var wrong = await LookAsync(Plan("smtp", town.PortOf("smtp")) with { Expect = "Exim" });
        Assert.Equal((CheckStatus.Ok, CheckStatus.Critical), (right.Status, wrong.Status));
        Assert.StartsWith("SMTP CRITICAL - refused: 'Exim' is not in its greeting '220 mx.example.test", wrong.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Telnet_is_answered_until_its_prompt()
    {
        var port = town.PortOf("telnet");
        var right = await LookAsync(Plan("telnet", port) with { Expect = "login:" });
        var wrong = await look.LookAsync(CheckItems.Of(Plan("telnet", port) with { Expect = "Password:" }), TimeSpan.FromSeconds(1), default);
        Assert.Equal((CheckStatus.Ok, CheckStatus.Critical), (right.Status, wrong.Status));
        Assert.Equal((Reply.Answer, NoValue.TimedOut), (wrong.Reply, wrong.NoValue));
    }

    [Theory]
    [InlineData("pop")]
    [InlineData("imap")]
    public async Task A_daemon_that_hangs_is_a_time_out_without_a_byte(string service)
    {
        var port = town.PortOf(service);
        town.Mailboxes!.Freeze();
        try
        {
            var answer = await look.LookAsync(CheckItems.Of(Plan(service, port)), CheckItems.Short, default);
            Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (answer.Status, answer.Reply, answer.NoValue));
            Assert.Contains("(connected, no byte of an answer)", answer.Output, StringComparison.Ordinal);
        }
        finally
        {
            town.Mailboxes.Thaw();
        }

        Assert.Equal(CheckStatus.Ok, (await LookAsync(Plan(service, port))).Status);
    }

    [Theory]
    [InlineData(nameof(HostMood.Refuses), nameof(NoValue.Refused))]
    [InlineData(nameof(HostMood.Hangs), nameof(NoValue.TimedOut))]
    [InlineData(nameof(HostMood.Closes), nameof(NoValue.Refused))]
    public async Task Without_a_byte_it_is_a_failure_of_the_way(string mood, string why)
    {
        using var host = new BreakableHost(Enum.Parse<HostMood>(mood));
        foreach (var kind in ServiceKind.All)
        {
            var plan = Plan(kind.Word, host.Port) with { Tls = kind.Always ? Tls(nameof(WireTls.Direct)) : TlsPlan.None };
            var answer = await look.LookAsync(CheckItems.Of(plan), mood == nameof(HostMood.Hangs) ? TimeSpan.FromMilliseconds(100) : CheckItems.Long, default);
            Assert.Equal((CheckStatus.Critical, Reply.Transport), (answer.Status, answer.Reply));
            Assert.Equal(kind.Always && mood == nameof(HostMood.Closes) ? nameof(NoValue.TlsCut) : why, $"{answer.NoValue}");
        }
    }

    [Theory]
    [InlineData("220 half a li", nameof(NoValue.TimedOut))]
    [InlineData("220-never\r\n220-ending\r\n", nameof(NoValue.TimedOut))]
    [InlineData("\u0000\u0001\u0002\r\n", nameof(NoValue.Garbage))]
    [InlineData("\r\n", nameof(NoValue.Garbage))]
    public async Task An_answer_that_goes_wrong_is_the_targets(string says, string why)
    {
        using var host = new BreakableHost(HostMood.Accepts, says);
        var answer = await look.LookAsync(CheckItems.Of(Plan("smtp", host.Port)), CheckItems.Short, default);
        Assert.Equal((CheckStatus.Critical, Reply.Answer, why), (answer.Status, answer.Reply, $"{answer.NoValue}"));
    }

    [Theory]
    [InlineData("220 a line without an end", 10_000)]
    [InlineData("220-one of many lines\r\n", 5_000)]
    public async Task No_more_is_read_than_a_service_may_say(string words, int times)
    {
        using var host = new BreakableHost(HostMood.Accepts, string.Concat(Enumerable.Repeat(words, times)));
        var answer = await LookAsync(Plan("smtp", host.Port));
        Assert.Equal((Reply.Answer, NoValue.Garbage, "SMTP CRITICAL - invalid answer: more than SMTP would say"), (answer.Reply, answer.NoValue, answer.Output));
    }

    [Theory]
    [InlineData(30, 7, nameof(CheckStatus.Warning))]
    [InlineData(30, 25, nameof(CheckStatus.Critical))]
    [InlineData(15, 7, nameof(CheckStatus.Ok))]
    public async Task Certificate_days_are_judged_as_with_https(int warn, int crit, string status)
    {
        var tls = Tls(nameof(WireTls.Direct)) with { WarnDays = warn, CritDays = crit };
        var answer = await LookAsync(Plan("imaps", town.PortOf("imaps")) with { Tls = tls });
        Assert.Equal((status, Reply.Answer), ($"{answer.Status}", answer.Reply));
        Assert.Contains($"certificate_days=20;{warn}:;{crit}:", answer.Perfdata, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_does_not_verify_is_the_targets_answer()
    {
        var answer = await LookAsync(Plan("smtp", town.PortOf("smtp")) with { Tls = Tls(nameof(WireTls.StartTls)) with { Verify = true } });
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.None), (answer.Status, answer.Reply, answer.NoValue));
        Assert.StartsWith("SMTP CRITICAL - certificate 'localhost' is not trusted: ", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TLS_that_is_not_there_is_told_apart()
    {
        var none = await LookAsync(Plan("smtp", town.PortOf("smtp")) with { Tls = Tls(nameof(WireTls.Direct)) });
        using var host = new BreakableHost(HostMood.Stalls, "250 no extensions here\r\n");
        host.Become(HostMood.Accepts, "220 mx\r\n250 no extensions here\r\n");
        var notOffered = await LookAsync(Plan("smtp", host.Port) with { Tls = Tls(nameof(WireTls.StartTls)) });
        Assert.Equal((Reply.Transport, NoValue.TlsCut), (none.Reply, none.NoValue));
        Assert.Equal((Reply.Answer, "SMTP CRITICAL - refused: it does not offer STARTTLS"), (notOffered.Reply, notOffered.Output));
    }

    [Fact]
    public async Task What_is_said_in_the_clear_after_STARTTLS_is_refused()
    {
        using var host = new BreakableHost(HostMood.Accepts, "+OK ready\r\n+OK begin TLS\r\n+OK and this came with it\r\n");
        var answer = await LookAsync(Plan("pop", host.Port) with { Tls = Tls(nameof(WireTls.StartTls)) });
        Assert.Equal((Reply.Answer, NoValue.Garbage), (answer.Reply, answer.NoValue));
        Assert.Contains("went on in the clear", answer.Output, StringComparison.Ordinal);
    }

    private static ServiceLookPlan Plan(string service, int port) =>
        new(service, port, null, TlsPlan.None, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(8));

    private static TlsPlan Tls(string mode) => new(Enum.Parse<WireTls>(mode), "localhost", Verify: false, null, null);

    private Task<LookAnswer> LookAsync(ServiceLookPlan plan) => look.LookAsync(CheckItems.Of(plan), CheckItems.Long, default);
}
