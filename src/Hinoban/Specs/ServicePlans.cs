using System.Text.Json.Serialization;

namespace Hinoban.Specs;

/// <summary>How a connection is secured.</summary>
internal enum WireTls : byte
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By TLS from its first byte.</summary>
    Direct,

    /// <summary>By TLS that the protocol's own command begins (STARTTLS, STLS, AUTH TLS).</summary>
    StartTls,
}

/// <summary>
/// The TLS of a look. <see cref="HostName"/> is the name asked for (SNI) and the one the certificate must be for where <see cref="Verify"/> is set;
/// empty: the address.
/// </summary>
internal sealed record TlsPlan(WireTls Mode, string HostName, bool Verify, int? WarnDays, int? CritDays)
{
    internal static TlsPlan None { get; } = new(WireTls.None, "", true, null, null);

    /// <summary>The look with the address as the name where none is written.</summary>
    internal static LookPlan Named(LookPlan look, string address) => look switch
    {
        HttpLookPlan { HostName: "" } http => http with { HostName = address },
        ServiceLookPlan service => service with { Tls = service.Tls.NamedAs(address) },
        TcpLookPlan { Talk: { } talk } tcp => tcp with { Talk = talk with { Tls = talk.Tls.NamedAs(address) } },
        _ => look,
    };

    [JsonIgnore]
    internal string Words => Mode == WireTls.None ? "" : CritDays is { } d ? $"certificate WARN {WarnDays ?? d} d, CRIT {d} d" : "";

    private TlsPlan NamedAs(string address) => Mode != WireTls.None && HostName.Length == 0 ? this with { HostName = address } : this;
}

/// <summary>
/// A service that is greeted and taken leave of in its own protocol: <see cref="Service"/> is the word of the specification (<c>pop</c>, <c>smtp</c>, …).
/// <see cref="Expect"/> must stand in its greeting.
/// </summary>
internal sealed record ServiceLookPlan(string Service, int Port, string? Expect, TlsPlan Tls, TimeSpan? Warn, TimeSpan? Crit) : LookPlan
{
    internal override string Kind => Service;

    internal override string Thresholds => ServiceWords.Thresholds(Warn, Crit, Expect is null ? "" : $"expect \"{Expect}\"", Tls.Words);
}

/// <summary>What is said over a TCP connection beyond opening it: texts with escapes (<see cref="WireText"/>). One of <see cref="Expect"/> must come; none: nothing is read.</summary>
internal sealed record TalkPlan(string Send, IReadOnlyList<string> Expect, string Quit, TlsPlan Tls);

/// <summary>A datagram and its answer. One of <see cref="Expect"/> must stand in it; none: any answer will do.</summary>
internal sealed record UdpLookPlan(int Port, string Send, IReadOnlyList<string> Expect, TimeSpan? Warn, TimeSpan? Crit) : LookPlan
{
    internal override string Kind => "udp";

    internal override string Thresholds => ServiceWords.Thresholds(Warn, Crit, ServiceWords.Expected(Expect));
}

/// <summary>A question to a name server. Each of <see cref="Expect"/> must be among its records of <see cref="Type"/>; none: there must be one.</summary>
internal sealed record DnsLookPlan(int Port, string Name, string Type, IReadOnlyList<string> Expect, TimeSpan? Warn, TimeSpan? Crit) : LookPlan
{
    internal override string Kind => "dns";

    internal override string Thresholds => ServiceWords.Thresholds(Warn, Crit, $"{Name} {Type}", ServiceWords.Expected(Expect));
}

/// <summary>Thresholds of services as the mail prints them.</summary>
internal static class ServiceWords
{
    internal static string Thresholds(TimeSpan? warn, TimeSpan? crit, params ReadOnlySpan<string> others)
    {
        string[] all = [warn is { } w ? $"WARN {w.TotalSeconds:0.###} s" : "", crit is { } c ? $"CRIT {c.TotalSeconds:0.###} s" : "", .. others];
        return string.Join(" / ", all.Where(t => t.Length > 0));
    }

    internal static string Expected(IReadOnlyList<string> expect) => expect.Count == 0 ? "" : $"expect {string.Join(", ", expect.Select(e => $"\"{e}\""))}";
}

/// <summary>A kind of service: its ports and what can be said about it.</summary>
/// <param name="Word">The kind's word.</param>
/// <param name="Port">Where it is by default.</param>
/// <param name="TlsPort">Where it speaks TLS from the first byte; null: nowhere.</param>
/// <param name="Always">The kind itself means TLS from the first byte.</param>
/// <param name="Timed">The common thresholds for response times hold for it; else only written ones (R67: of ssh and telnet only failure is watched).</param>
internal sealed record ServiceKind(string Word, int Port, int? TlsPort, bool Always, bool Timed)
{
    internal static readonly ServiceKind[] All =
    [
        new("pop", 110, 995, Always: false, Timed: true),
        new("pop3s", 995, 995, Always: true, Timed: true),
        new("imap", 143, 993, Always: false, Timed: true),
        new("imaps", 993, 993, Always: true, Timed: true),
        new("smtp", 25, 465, Always: false, Timed: true),
        new("ftp", 21, 990, Always: false, Timed: true),
        new("ssh", 22, null, Always: false, Timed: false),
        new("telnet", 23, null, Always: false, Timed: false),
    ];

    internal static ServiceKind Of(string word) => Array.Find(All, k => k.Word == word)!;

    internal static bool Is(string word) => Array.Exists(All, k => k.Word == word);

    /// <summary>The keys it has beside those that every check has.</summary>
    internal string[] Keys => TlsPort is null ? ["port", "expect", "warn", "crit"]
        : Always ? ["port", "expect", "host_name", "certificate", "verify", "warn", "crit"]
        : ["port", "expect", "tls", "host_name", "certificate", "verify", "warn", "crit"];
}
