using Hinoban.Checks;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks.Shown;

/// <summary>Every item of the network (R62 to R68) as a look at a real server: its word here, the server that answers it, how its texts begin.</summary>
internal static class ShownKinds
{
    internal static readonly string[] Families = ["127.0.0.1", "::1"];

    internal static readonly (string Kind, string Server, string Prefix)[] All =
    [
        ("http", "http", "HTTP"), ("https", "https", "HTTP"), ("pop", "pop", "POP"), ("pop3s", "pop3s", "POP3S"), ("imap", "imap", "IMAP"), ("imaps", "imaps", "IMAPS"), ("smtp", "smtp", "SMTP"),
        ("smtps", "smtps", "SMTP"), ("ftp", "ftp", "FTP"), ("ssh", "ssh", "SSH"), ("telnet", "telnet", "TELNET"), ("tcp", "ssh", "TCP"), ("udp", "dns", "UDP"), ("dns", "dns", "DNS"),
    ];

    internal static (string Kind, string Server, string Prefix) Of(string kind) => Array.Find(All, k => k.Kind == kind);

    /// <summary>Rows of kind and address, in both families.</summary>
    internal static TheoryData<string, string> Rows(params string[] kinds)
    {
        var rows = new TheoryData<string, string>();
        foreach (var kind in kinds.Length == 0 ? All.Select(k => k.Kind) : kinds)
        {
            foreach (var address in Families)
            {
                rows.Add(kind, address);
            }
        }

        return rows;
    }

    internal static LookPlan Plan(string kind, int port, double? warn = null, double? crit = null)
    {
        TimeSpan? late = warn is { } w ? TimeSpan.FromSeconds(w) : null;
        TimeSpan? tooLate = crit is { } c ? TimeSpan.FromSeconds(c) : null;
        var direct = new TlsPlan(WireTls.Direct, "localhost", Verify: false, null, null);
        return kind switch
        {
            "http" or "https" => CheckItems.Http(port, tls: kind == "https") with { Warn = late, Crit = tooLate },
            "tcp" => new TcpLookPlan(port, late, tooLate, new TalkPlan("", ["SSH-2"], "", TlsPlan.None)),
            "udp" => new UdpLookPlan(port, Question(), [@"AB\x85", @"AB\x84"], late, tooLate),
            "dns" => new DnsLookPlan(port, "www.example.test", "A", ["192.0.2.10"], late, tooLate),
            "smtps" => new ServiceLookPlan("smtp", port, null, direct, late, tooLate),
            "telnet" => new ServiceLookPlan(kind, port, "login:", TlsPlan.None, late, tooLate),
            _ => new ServiceLookPlan(kind, port, null, kind is "pop3s" or "imaps" ? direct : TlsPlan.None, late, tooLate),
        };
    }

    // A question to a name server as somebody would write it for a port of their own.
    private static string Question() => string.Concat(Convert.ToHexString(DnsCodec.Question(0x4142, "www.example.test", 1)).Chunk(2).Select(h => $@"\x{h[0]}{h[1]}"));
}
