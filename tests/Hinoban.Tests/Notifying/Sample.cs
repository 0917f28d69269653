using System.Diagnostics;
using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Tests.Notifying;

/// <summary>The demo customer's facts for mails.</summary>
internal static class Sample
{
    internal static readonly DateTimeOffset Detected = new(2026, 4, 13, 17, 13, 20, TimeSpan.Zero);

    internal static MailOptions Options(int port = 25, string? relayLog = null) => new(
        "127.0.0.1",
        port,
        SmtpTls.None,
        null,
        null,
        "mail.hinoban.example",
        "desk@example.test",
        new Text("監視センター", "Monitoring Centre"),
        relayLog,
        TimeSpan.FromDays(2),
        TimeSpan.FromSeconds(5));

    internal static CustomerPlan Customer(Language language = Language.Ja, string charset = "utf-8", params MemberPlan[] members) => new(
        new CustomerId("sample-trading"),
        new Text("サンプル商事株式会社", "Sample Trading"),
        "MC-1023",
        language,
        "Asia/Tokyo",
        4,
        "hash",
        new MailingListPlan("smpl-mon@lists.example.jp", charset, members.Length > 0 ? members : [Member("tanaka"), Member("yamamoto"), new MemberPlan("", "", false, Desk: true)]),
        [],
        [new SiteName("tokyo"), new SiteName("osaka")],
        [new HostPlan("web01", new Text("企業サイト", "corporate site"), "192.0.2.10", MachineKind.Cloud, [], null, null, [])],
        [new RunbookPlan("restart-web", new Text("Webサービスの再起動", "Restart the web service"), RunbookRisk.Change, [])],
        TimeSpan.FromMinutes(10));

    internal static MemberPlan Member(string name) => new(name, $"{name}@example.test", false, false);

    internal static ProblemFacts Problem(string service = "http") => new(
        "INC-260414-0007",
        new CustomerId("sample-trading"),
        new ItemId(12),
        3,
        "web01",
        service,
        "192.0.2.10",
        "http",
        "WARN 3 s / CRIT 8 s / status 200",
        "restart-web",
        4,
        9,
        Detected.AddSeconds(-118));

    internal static SiteEvidence Failing(string site, string output = "HTTP CRITICAL - 503 Service Unavailable, 0.214 s", VoteKind vote = VoteKind.Answer, NoValue noValue = NoValue.None) =>
        new(new SiteName(site), vote, CheckStatus.Critical, noValue, Detected, output);

    internal static SiteEvidence Working(string site) => new(new SiteName(site), VoteKind.Ok, CheckStatus.Ok, NoValue.None, Detected.AddMinutes(33), "HTTP OK - 200, 0.182 s");

    internal static NoticeFacts Facts(CustomerPlan? customer = null, string service = "http", params SiteEvidence[] evidence) => new(
        new IncidentId(7),
        Problem(service),
        customer ?? Customer(),
        CheckStatus.Critical,
        CheckStatus.Ok,
        Reach.Reached,
        SingleSite: false,
        evidence.Length > 0 ? evidence : [Failing("tokyo"), Failing("osaka")],
        [],
        Detected);

    internal static MailThread NoThread { get; } = new([]);

    internal static OutboxMail Alert(CustomerPlan? customer = null) => NoticeMails.Alert(Facts(customer), NoThread, Options(), Detected);

    /// <summary>A mail with nothing but what a test says.</summary>
    internal static OutboxMail Mail(string subject, string body, string charset = "utf-8", string fromName = "監視センター") =>
        Alert() with { Subject = subject, Body = body, Charset = charset, FromName = fromName };

    internal static PythonMail Parse(byte[] message) => Parse([message])[0];

    /// <summary>What Python's email package, which is not ours, makes of messages; one process for all.</summary>
    internal static PythonMail[] Parse(IReadOnlyList<byte[]> messages)
    {
        var python = PythonOrSkip();
        var folder = Directory.CreateTempSubdirectory("hinoban-mails-").FullName;
        try
        {
            var files = messages.Select((message, at) => Path.Combine(folder, $"{at:0000}")).ToList();
            files.Zip(messages).ToList().ForEach(f => File.WriteAllBytes(f.First, f.Second));
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", Script, .. files]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors.GetAwaiter().GetResult());
            return JsonSerializer.Deserialize<PythonMail[]>(output, JsonSerializerOptions.Web)!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Strict decoding: a byte that the charset does not know ends the script.
    private const string Script =
        """
        import sys, json, email, email.policy
        from email.header import decode_header
        def plain(value):
            value = value.replace('\r\n', '').replace('\n', '')
            return ''.join(p.decode(c or 'ascii') if isinstance(p, bytes) else p for p, c in decode_header(value))
        def seen(raw):
            mail = email.message_from_bytes(raw, policy=email.policy.SMTP)
            old = email.message_from_bytes(raw)
            head, text = raw.split(b'\r\n\r\n', 1)
            return {
                'headers': [[k, str(v)] for k, v in mail.items()],
                'subject': plain(old['Subject']),
                'from': plain(old['From']),
                'body': old.get_payload(decode=True).decode(old.get_content_charset()),
                'charset': old.get_content_charset(),
                'defects': [str(d) for d in mail.defects] + [str(d) for k, v in mail.items() for d in v.defects],
                'messageId': old['Message-ID'],
                'headLine': max(len(l) for l in head.split(b'\r\n')),
                'bodyLine': max(len(l) for l in text.split(b'\r\n')),
                'bareLf': raw.replace(b'\r\n', b'').count(b'\n') + raw.replace(b'\r\n', b'').count(b'\r'),
            }
        print(json.dumps([seen(open(f, 'rb').read()) for f in sys.argv[1:]]))
        """;

    private static string PythonOrSkip()
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(p => Path.Combine(p, "python3")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, "python3 is not installed: the independent view of our mails is not tested");
        return found!;
    }
}

/// <summary>A mail as Python sees it.</summary>
internal sealed record PythonMail(
    string[][] Headers, string Subject, string From, string Body, string Charset, string[] Defects, string MessageId, int HeadLine, int BodyLine, int BareLf)
{
    internal string? Header(string name) => Headers.FirstOrDefault(h => h[0] == name)?[1];
}
