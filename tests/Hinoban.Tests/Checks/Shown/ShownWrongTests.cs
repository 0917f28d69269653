using System.Net.Sockets;
using Hinoban.Checks;
using Hinoban.Lab.Servers;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks.Shown;

/// <summary>R62 to R68, wrong: real servers that refuse, that are another, or whose certificate is not the one it should be.</summary>
[Collection(ServiceTownDefinition.Name)]
public sealed class ShownWrongTests(ServiceFixture town) : IDisposable
{
    private readonly Looks looks = new(PluginOptions.Default, TimeProvider.System);

    public static TheoryData<string, string> Others => ShownKinds.Rows("http", "pop", "imap", "smtp", "ftp", "tcp");

    public static TheoryData<string, string> Secured => ShownKinds.Rows("https", "pop3s", "imaps", "smtps");

    public void Dispose() => looks.Dispose();

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Another_server_on_the_port_is_told_by_what_it_says(string kind, string address)
    {
        var prefix = ShownKinds.Of(kind).Prefix;
        var other = kind == "ftp" || kind == "http" ? "ssh" : "ftp";
        var answer = await LookAsync(ShownKinds.Plan(kind, town.PortOf(other, address)), address, TimeSpan.FromSeconds(2));
        var says = other == "ssh" ? "SSH-2.0-OpenSSH" : "220 Lab FTP ready";
        Assert.Equal((CheckStatus.Critical, Reply.Answer), (answer.Status, answer.Reply));
        Assert.Equal(kind switch { "tcp" => NoValue.TimedOut, "smtp" => NoValue.None, _ => NoValue.Garbage }, answer.NoValue);
        Assert.StartsWith($"{prefix} CRITICAL - ", answer.Output, StringComparison.Ordinal);
        Assert.Contains(kind switch { "http" => "invalid HTTP answer: not an HTTP answer", "smtp" => "refused: 5", _ => says }, answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Secured))]
    public async Task A_certificate_that_is_untrusted_or_for_another_name_or_near_its_end_is_said(string kind, string address)
    {
        var plan = ShownKinds.Plan(kind, town.PortOf(kind, address));
        var prefix = ShownKinds.Of(kind).Prefix;
        var untrusted = await LookAsync(With(plan, "localhost", verify: true, null), address);
        var otherName = await LookAsync(With(plan, "mail.example.test", verify: true, null), address);
        var ending = await LookAsync(With(plan, "localhost", verify: false, 300), address);
        Assert.All([untrusted, otherName, ending], a => Assert.Equal((Reply.Answer, NoValue.None), (a.Reply, a.NoValue)));
        Assert.StartsWith($"{prefix} CRITICAL - certificate 'localhost' is not trusted: ", untrusted.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("another name", untrusted.Output, StringComparison.Ordinal);
        Assert.StartsWith($"{prefix} CRITICAL - certificate 'localhost' is not trusted: it is for another name", otherName.Output, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Warning, ending.Status);
        Assert.Matches(@"certificate 'localhost' expires in \d+ days, on \d{4}-\d\d-\d\d", ending.Output);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_with_another_status_body_or_size_is_said(string kind, string address)
    {
        var plan = (HttpLookPlan)ShownKinds.Plan(kind, town.PortOf(kind, address));
        var broken = await LookAsync(plan with { Path = "/503" }, address);
        var body = await LookAsync(plan with { Contains = "Goodbye" }, address);
        var size = await LookAsync(plan with { Size = "1000:" }, address);
        var away = await LookAsync(plan with { Path = "/away", FollowRedirects = true }, address);
        Assert.All([broken, body, size, away], a => Assert.Equal((CheckStatus.Critical, Reply.Answer), (a.Status, a.Reply)));
        Assert.StartsWith("HTTP CRITICAL: HTTP/1.1 503 Service Temporarily Unavailable - ", broken.Output, StringComparison.Ordinal);
        Assert.Contains("string 'Goodbye' not found on ", body.Output, StringComparison.Ordinal);
        Assert.Contains("body of 32 bytes is not within 1000:", size.Output, StringComparison.Ordinal);
        Assert.Contains(address == "127.0.0.1" ? "redirect to http://127.0.0.1:1/, and there connection refused" : "redirect to http://127.0.0.1:1/, an address of the monitoring site itself", away.Output, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Pages => ShownKinds.Rows("http", "https");

    [Fact]
    public async Task A_Postfix_that_refuses_everybody_says_so()
    {
        _ = town.PortOf("smtp");
        var answer = await LookAsync(ShownKinds.Plan("smtp", town.Mail!.RefusingPort));
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.None), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Matches("^SMTP CRITICAL - refused: 55[04] 5.7.1 ", answer.Output);
    }

    [Fact]
    public async Task A_vsftpd_that_is_full_says_so()
    {
        _ = town.PortOf("ftp");
        using var full = PlainServers.StartFtp(town.Folder, more: "max_clients=1");
        using var guest = new TcpClient();
        await guest.ConnectAsync("127.0.0.1", full.Port);
        await guest.GetStream().ReadExactlyAsync(new byte[4]); // it is in
        var answer = await LookAsync(ShownKinds.Plan("ftp", full.Port));
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.None), (answer.Status, answer.Reply, answer.NoValue));
        Assert.StartsWith("FTP CRITICAL - refused: 421 There are too many connected users", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_sshd_that_is_full_says_so()
    {
        _ = town.PortOf("ssh");
        var port = Ports.Free();
        using var full = LabDaemon.Start(
            town.Folder, port, "/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-p", $"{port}", "-o", "ListenAddress=127.0.0.1", "-h", Path.Combine(town.Ssh!.Folder, "host"), "-o", "MaxStartups=1:100:1", "-o", "PidFile=none");
        var answer = new LookAnswer(CheckStatus.Ok, Reply.Answer, NoValue.None, "");
        using var guest = new TcpClient();
        await guest.ConnectAsync("127.0.0.1", port);
        await guest.GetStream().ReadExactlyAsync(new byte[4]); // it is in, and goes no further
        answer = await LookAsync(ShownKinds.Plan("ssh", port));
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.Garbage), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Matches("^SSH CRITICAL - connection (closed|reset) after [0-9]+ bytes, it said 'Exceeded MaxStartups'$", answer.Output);
    }

    private static LookPlan With(LookPlan plan, string name, bool verify, int? warnDays) => plan switch
    {
        HttpLookPlan http => http with { HostName = name, VerifyCertificate = verify, CertificateWarnDays = warnDays },
        ServiceLookPlan service => service with { Tls = service.Tls with { HostName = name, Verify = verify, WarnDays = warnDays } },
        _ => plan,
    };

    private Task<LookAnswer> LookAsync(LookPlan plan, string address = "127.0.0.1", TimeSpan? timeout = null) => looks.LookAsync(CheckItems.Of(plan, address), timeout ?? CheckItems.Long, default);
}
