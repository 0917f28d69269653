using System.Globalization;
using System.Text.RegularExpressions;
using Hinoban.Checks;
using Hinoban.Lab;
using Hinoban.Lab.Servers;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks.Shown;

/// <summary>R62 to R68, slow: real servers that answer late, that stop in the middle of an answer, and that say nothing at all.</summary>
[Collection(ServiceTownDefinition.Name)]
public sealed partial class ShownSlowTests(ServiceFixture town) : IDisposable
{
    // The first bytes of an answer must have come by then, on a busy machine too.
    private static readonly TimeSpan Middle = TimeSpan.FromSeconds(2);
    private readonly Looks looks = new(PluginOptions.Default, TimeProvider.System);

    public static TheoryData<string, string> Everything => ShownKinds.Rows();

    public static TheoryData<string, string> Undelayed => ShownKinds.Rows("ssh", "telnet");

    public void Dispose() => looks.Dispose();

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task A_server_that_answers_late_answers_with_a_severity(string kind, string address)
    {
        var (_, server, prefix) = ShownKinds.Of(kind);
        var (warning, critical) = await Standstill.WhileAsync(town.PidOf(server, address), TimeSpan.FromMilliseconds(300), async () =>
        {
            var late = LookAsync(kind, address, 0.1, 8);
            var tooLate = LookAsync(kind, address, 0.05, 0.1);
            return (await late, await tooLate);
        });
        Assert.Equal((CheckStatus.Warning, Reply.Answer, NoValue.None), (warning.Status, warning.Reply, warning.NoValue));
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.None), (critical.Status, critical.Reply, critical.NoValue));
        Assert.Matches($@"^{prefix} WARNING[ :].*\d\.\d{{3}} second response time", warning.Output);
        Assert.Matches($@"^{prefix} CRITICAL[ :].*\d\.\d{{3}} second response time", critical.Output);
        Assert.InRange(double.Parse(Took().Match(warning.Perfdata).Groups[1].Value, CultureInfo.InvariantCulture), 0.25, 8);
    }

    [Theory]
    [MemberData(nameof(Undelayed))]
    public async Task Of_ssh_and_telnet_a_late_answer_is_well(string kind, string address)
    {
        var answer = await Standstill.WhileAsync(town.PidOf(kind, address), TimeSpan.FromMilliseconds(300), () => LookAsync(kind, address));
        Assert.Equal((CheckStatus.Ok, Reply.Answer), (answer.Status, answer.Reply));
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task A_server_that_stands_still_is_a_time_out_that_tells_how_far_it_came(string kind, string address)
    {
        var (_, server, prefix) = ShownKinds.Of(kind);
        LookAnswer silent;
        using (new Standstill(town.PidOf(server, address)))
        {
            silent = await LookAsync(kind, address, timeout: CheckItems.Short);
        }

        var stage = kind switch
        {
            "https" or "pop3s" or "imaps" or "smtps" => "connected, TLS handshake not finished",
            "udp" or "dns" => "no datagram back",
            _ => "connected, no byte of an answer",
        };
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (silent.Status, silent.Reply, silent.NoValue));
        Assert.Equal($"{prefix} CRITICAL - no answer from {LookFailures.Place(address, town.PortOf(server, address))} within 0.4 seconds ({stage})", silent.Output);
        Assert.Equal(CheckStatus.Ok, (await LookAsync(kind, address)).Status);
    }

    // A wire behind which the real server's answer stops after so many bytes.
    [Theory]
    [InlineData("http", 12, "12 bytes so far")]
    [InlineData("pop", 3, "3 bytes so far")]
    [InlineData("imap", 4, "4 bytes so far")]
    [InlineData("smtp", 4, "4 bytes so far")]
    [InlineData("ftp", 4, "4 bytes so far")]
    [InlineData("ssh", 4, "4 bytes so far")]
    [InlineData("telnet", 3, "3 bytes so far")]
    [InlineData("tcp", 3, "waiting for what is expected, it said 'SSH'")]
    public async Task An_answer_that_stops_in_its_middle_is_the_servers(string kind, int bytes, string says)
    {
        var (_, server, prefix) = ShownKinds.Of(kind);
        using var wire = new SlowRelay(town.PortOf(server), TimeSpan.Zero, bytes);
        var answer = await looks.LookAsync(CheckItems.Of(ShownKinds.Plan(kind, wire.Port)), Middle, default);
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.TimedOut), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Equal($"{prefix} CRITICAL - answer not complete within 2 seconds ({says})", answer.Output);
    }

    [Theory]
    [InlineData("https")]
    [InlineData("pop3s")]
    [InlineData("imaps")]
    [InlineData("smtps")]
    public async Task A_handshake_that_stops_in_its_middle_is_a_failure_on_the_way(string kind)
    {
        var (_, server, prefix) = ShownKinds.Of(kind);
        using var wire = new SlowRelay(town.PortOf(server), TimeSpan.Zero, 60);
        var answer = await looks.LookAsync(CheckItems.Of(ShownKinds.Plan(kind, wire.Port)), Middle, default);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Equal($"{prefix} CRITICAL - no answer from 127.0.0.1:{wire.Port} within 2 seconds (connected, TLS handshake not finished)", answer.Output);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task An_nginx_that_sends_slowly_is_slow_and_one_that_dribbles_is_not_done(string kind, string address)
    {
        var plan = (HttpLookPlan)ShownKinds.Plan(kind, town.PortOf(kind, address), 0.3, 20);
        var late = await looks.LookAsync(CheckItems.Of(plan with { Path = "/late" }, address), TimeSpan.FromSeconds(30), default);
        var dribble = await looks.LookAsync(CheckItems.Of(plan with { Path = "/slow" }, address), Middle, default);
        Assert.Equal((CheckStatus.Warning, Reply.Answer, NoValue.None), (late.Status, late.Reply, late.NoValue));
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.TimedOut), (dribble.Status, dribble.Reply, dribble.NoValue));
        Assert.Matches(@"^HTTP CRITICAL - answer not complete within 2 seconds \((HTTP/1\.1 200 OK - )?\d+ bytes so far\)$", dribble.Output);
    }

    public static TheoryData<string, string> Pages => ShownKinds.Rows("http", "https");

    [Fact]
    public async Task A_Postfix_that_hesitates_after_its_greeting_is_not_done()
    {
        _ = town.PortOf("smtp");
        var answer = await looks.LookAsync(CheckItems.Of(ShownKinds.Plan("smtp", town.Mail!.StallingPort)), TimeSpan.FromSeconds(3), default);
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.TimedOut), (answer.Status, answer.Reply, answer.NoValue));
        Assert.StartsWith("SMTP CRITICAL - answer not complete within 3 seconds (waiting for the answer to EHLO, it said '220 mx.example.test ESMTP Postfix", answer.Output, StringComparison.Ordinal);
    }

    private Task<LookAnswer> LookAsync(string kind, string address, double? warn = null, double? crit = null, TimeSpan? timeout = null) =>
        looks.LookAsync(CheckItems.Of(ShownKinds.Plan(kind, town.PortOf(ShownKinds.Of(kind).Server, address), warn, crit), address), timeout ?? TimeSpan.FromSeconds(20), default);

    [GeneratedRegex(@"^time=([0-9.]+)s")]
    private static partial Regex Took();
}
