using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Tests.Specs;

/// <summary>Checks of services: what is written, what holds where nothing is, how they print, what is refused.</summary>
public sealed class ServicePlanTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "{ kind: dns }", "a `dns` check has no `name`", "1" },
        { "{ kind: dns, name: 'a b' }", "`a b` is not a name to ask for", "1" },
        { "{ kind: dns, name: 192.0.2.1 }", "`192.0.2.1` is not a name to ask for", "1" },
        { "{ kind: dns, name: a.jp, type: ANY }", "`type`: `ANY` is not known", "1" },
        { "{ kind: udp, send: x }", "a `udp` check has no `port`", "1" },
        { "{ kind: udp, port: 9 }", "a `udp` check has no `send`", "1" },
        { "{ kind: udp, port: 9, send: '\\q' }", "`send` holds a character or an escape that is none", "1" },
        { "{ kind: udp, port: 9, send: '\\x4' }", "`send` holds a character or an escape that is none", "1" },
        { "{ kind: tcp, port: 9, send: \"a\\0b\" }", "`send` holds a character or an escape that is none", "1" },
        { "{ kind: tcp, port: 9, expect: [a, ''] }", "`expect` holds a character or an escape that is none", "1" },
        { "{ kind: tcp, port: 9, tls: starttls }", "`tls`: `starttls` is not known", "1" },
        { "{ kind: tcp, port: 9, verify: false }", "`verify` is for connections with TLS", "1" },
        { "{ kind: smtp, certificate: { warn: 30d } }", "`certificate` is for connections with TLS", "1" },
        { "{ kind: pop3s, tls: none }", "`tls` is not a key of a `pop3s` check", "1" },
        { "{ kind: imaps, tls: none }", "`tls` is not a key of an `imaps` check", "1" },
        { "{ kind: ssh, tls: direct }", "`tls` is not a key of an `ssh` check", "1" },
        { "{ kind: smtp, crit: 10s }", "`crit` (10s) is not below the time-out (10s)", "1" },
        { "{ kind: smpt }", "`smpt` is not a kind of check", "1" },
        { "{ kind: http, expect: { size: 200:100 } }", "`size`: `200:100` cannot be used (the range starts above its end)", "1" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_says_what_it_is(string check, string said, string count)
    {
        var reading = SpecReader.ReadText("s.yaml", $"{SpecSamples.Head}hosts: {{ a: {{ address: a.jp, checks: {{ x: {check} }} }} }}\n");
        var errors = reading.Problems.Where(p => p.Level == ProblemLevel.Error).ToList();
        Assert.Equal(count, $"{errors.Count}");
        Assert.Contains(said, errors[0].Wrong, StringComparison.Ordinal);
        Assert.NotEqual("", errors[0].Right);
    }

    [Fact]
    public void Defaults_are_each_kinds_own()
    {
        var plan = SpecSamples.Plan(SpecSamples.Head + """
            defaults: { warn: 3s, crit: 8s }
            hosts:
              a:
                address: a.jp
                checks:
                  pop: {}
                  pop3s: {}
                  imap: imap:1143
                  imaps: imaps
                  smtp: smtp:587
                  smtps: { kind: smtp, port: 465 }
                  smtps2: { kind: smtp, tls: direct, host_name: mx.a.jp, verify: false, certificate: { warn: 30d } }
                  ftp: ftp
                  ssh: ssh
                  sshslow: { kind: ssh, port: 2222, warn: 1s }
                  telnet: telnet
                  resolver: { kind: dns, name: www.a.jp }

            """);
        AssertLook(new ServiceLookPlan("pop", 110, null, TlsPlan.None, 3 * Second, 8 * Second), "pop");
        AssertLook(new ServiceLookPlan("pop3s", 995, null, Direct("a.jp"), 3 * Second, 8 * Second), "pop3s");
        AssertLook(new ServiceLookPlan("imap", 1143, null, TlsPlan.None, 3 * Second, 8 * Second), "imap");
        AssertLook(new ServiceLookPlan("imaps", 993, null, Direct("a.jp"), 3 * Second, 8 * Second), "imaps");
        AssertLook(new ServiceLookPlan("smtp", 587, null, TlsPlan.None, 3 * Second, 8 * Second), "smtp");
        AssertLook(new ServiceLookPlan("smtp", 465, null, Direct("a.jp"), 3 * Second, 8 * Second), "smtps");
        AssertLook(new ServiceLookPlan("smtp", 465, null, new TlsPlan(WireTls.Direct, "mx.a.jp", false, 30, 0), 3 * Second, 8 * Second), "smtps2");
        AssertLook(new ServiceLookPlan("ftp", 21, null, TlsPlan.None, 3 * Second, 8 * Second), "ftp");
        // R67: of ssh and telnet, failure is watched, and delay only where it is written.
        AssertLook(new ServiceLookPlan("ssh", 22, null, TlsPlan.None, null, null), "ssh");
        AssertLook(new ServiceLookPlan("ssh", 2222, null, TlsPlan.None, Second, null), "sshslow");
        AssertLook(new ServiceLookPlan("telnet", 23, null, TlsPlan.None, null, null), "telnet");
        var dns = Assert.IsType<DnsLookPlan>(SpecSamples.Item(plan, "a/resolver").Look);
        Assert.Equal((53, "www.a.jp", "A", 0), (dns.Port, dns.Name, dns.Type, dns.Expect.Count));

        void AssertLook(LookPlan expected, string check) => Assert.Equal(expected, SpecSamples.Item(plan, $"a/{check}").Look);

        static TlsPlan Direct(string name) => new(WireTls.Direct, name, true, null, null);
    }

    [Fact]
    public void What_is_printed_reads_as_the_same_plan()
    {
        var plan = SpecSamples.Plan(SpecSamples.Head + """
            hosts:
              a:
                address: 192.0.2.1
                checks:
                  mail: { kind: smtp, port: 25, tls: starttls, host_name: mx.a.jp, verify: false, certificate: { warn: 30d, crit: 7d }, expect: "Postfix", crit: 5s }
                  box: { kind: pop3s, certificate: { crit: 7d } }
                  cache: { kind: tcp, port: 6379, send: "PING\r\n", expect: [PONG, '\xff\\'], quit: 'QUIT\r\n', tls: direct, verify: false }
                  log: { kind: udp, port: 9, send: '\x00あ\t' }
                  names: { kind: dns, name: 192.0.2.7, type: PTR, expect: [www.a.jp, "x \"y\""], warn: 1s }
                  shell: { kind: telnet, expect: "login:" }
                  page: { kind: http, expect: { size: "100:" } }

            """);
        var first = new StringWriter();
        SpecPrint.Write(first, plan);
        var again = SpecSamples.Plan(first.ToString());
        var second = new StringWriter();
        SpecPrint.Write(second, again);
        Assert.Equal(first.ToString(), second.ToString());
        Assert.Equal(plan.Items.Select(i => i.Look.Thresholds), again.Items.Select(i => i.Look.Thresholds));
        var talk = Assert.IsType<TcpLookPlan>(SpecSamples.Item(again, "a/cache").Look).Talk!;
        Assert.Equal("PING\r\n"u8.ToArray(), WireText.Bytes(talk.Send));
        Assert.Equal([0xff, (byte)'\\'], WireText.Bytes(talk.Expect[1]));
        Assert.Equal([0, 0xe3, 0x81, 0x82, 9], WireText.Bytes(Assert.IsType<UdpLookPlan>(SpecSamples.Item(again, "a/log").Look).Send));
        Assert.Equal(SpecSamples.Item(plan, "a/mail").Look, SpecSamples.Item(again, "a/mail").Look);
    }

    [Fact]
    public void Plans_survive_the_way_to_a_site()
    {
        LookPlan[] looks =
        [
            new ServiceLookPlan("smtp", 587, "mx", new TlsPlan(WireTls.StartTls, "mx.a.jp", false, 30, 7), Second, 2 * Second),
            new TcpLookPlan(22, Second, null),
            new TcpLookPlan(22, Second, null, new TalkPlan("a", ["b"], "c", TlsPlan.None)),
            new UdpLookPlan(9, "a", ["b"], null, Second),
            new DnsLookPlan(53, "a.jp", "MX", ["10 mx.a.jp"], null, Second),
        ];
        foreach (var look in looks)
        {
            var text = System.Text.Json.JsonSerializer.Serialize(look);
            var back = System.Text.Json.JsonSerializer.Deserialize<LookPlan>(text)!;
            Assert.Equal(text, System.Text.Json.JsonSerializer.Serialize(back));
            Assert.Equal((look.Kind, look.Thresholds), (back.Kind, back.Thresholds));
        }
    }
}
