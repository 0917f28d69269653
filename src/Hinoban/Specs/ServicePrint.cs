namespace Hinoban.Specs;

/// <summary>Writes the looks at services with all their values.</summary>
internal static class ServicePrint
{
    internal static IEnumerable<(string Key, string? Value)> Of(LookPlan look) => look switch
    {
        ServiceLookPlan service => Service(service),
        UdpLookPlan udp =>
        [
            ("port", SpecPrint.Number(udp.Port)), ("send", SpecPrint.Quoted(udp.Send)), ("expect", Texts(udp.Expect)),
            ("warn", CheckPrint.Time(udp.Warn)), ("crit", CheckPrint.Time(udp.Crit)),
        ],
        DnsLookPlan dns =>
        [
            ("port", SpecPrint.Number(dns.Port)), ("name", SpecPrint.Quoted(dns.Name)), ("type", dns.Type), ("expect", Texts(dns.Expect)),
            ("warn", CheckPrint.Time(dns.Warn)), ("crit", CheckPrint.Time(dns.Crit)),
        ],
        _ => [],
    };

    internal static IEnumerable<(string Key, string? Value)> Talk(TalkPlan talk) =>
    [
        ("send", talk.Send.Length == 0 ? null : SpecPrint.Quoted(talk.Send)),
        ("expect", Texts(talk.Expect)),
        ("quit", talk.Quit.Length == 0 ? null : SpecPrint.Quoted(talk.Quit)),
        ("tls", Word(talk.Tls.Mode)),
        .. Tls(talk.Tls),
    ];

    private static IEnumerable<(string Key, string? Value)> Service(ServiceLookPlan service)
    {
        var kind = ServiceKind.Of(service.Service);
        return
        [
            ("port", SpecPrint.Number(service.Port)),
            ("expect", service.Expect is null ? null : SpecPrint.Quoted(service.Expect)),
            ("tls", kind.TlsPort is null || kind.Always ? null : Word(service.Tls.Mode)),
            .. Tls(service.Tls),
            ("warn", CheckPrint.Time(service.Warn)),
            ("crit", CheckPrint.Time(service.Crit)),
        ];
    }

    private static IEnumerable<(string Key, string? Value)> Tls(TlsPlan tls) => tls.Mode == WireTls.None ? [] :
    [
        ("host_name", tls.HostName.Length == 0 ? null : SpecPrint.Quoted(tls.HostName)),
        ("certificate", CheckPrint.Certificate(tls.WarnDays, tls.CritDays)),
        ("verify", SpecPrint.Truth(tls.Verify)),
    ];

    private static string Word(WireTls mode) => mode switch
    {
        WireTls.None => "none",
        WireTls.Direct => "direct",
        WireTls.StartTls => "starttls",
    };

    private static string? Texts(IReadOnlyList<string> texts) => texts.Count == 0 ? null : SpecPrint.List(texts.Select(SpecPrint.Quoted));
}
