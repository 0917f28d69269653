using System.Globalization;

namespace Hinoban.Specs;

/// <summary>Writes one check with all its values.</summary>
internal static class CheckPrint
{
    internal static string Of(HostPlan host, ItemPlan item) => item.Freshness is { } freshness ? Passive(item, freshness) : SpecPrint.Map(
    [
        ("kind", item.Look.Kind),
        .. Look(host, item.Look),
        ("address", item.Address == host.Address ? null : SpecPrint.Quoted(item.Address)),
        ("interval", SpecWords.Of(item.Interval)),
        ("timeout", SpecWords.Of(item.Timeout)),
        ("attempts", SpecPrint.Number(item.Attempts)),
        ("retry", SpecWords.Of(item.Retry)),
        ("sites", item.Sites.Count == 0 ? null : SpecPrint.List(item.Sites.Select(s => s.Value))),
        .. Common(item),
    ]);

    private static string Passive(ItemPlan item, TimeSpan freshness) => SpecPrint.Map(
        [("kind", item.Look.Kind), ("freshness", SpecWords.Of(freshness)), ("attempts", SpecPrint.Number(item.Attempts)), .. Common(item)]);

    private static IEnumerable<(string Key, string? Value)> Common(ItemPlan item) =>
    [
        ("flapping", item.Flapping is { } flaps ? SpecPrint.Map([("high", $"{flaps.High}%"), ("low", $"{flaps.Low}%")]) : "off"),
        ("depends_on", item.DependsOn is { } depends
            ? SpecPrint.Map([(depends.Needed == ParentsNeeded.All ? "all" : "any", SpecPrint.List(depends.Titles.Select(SpecPrint.Quoted)))])
            : null),
        ("runbook", item.Runbook is null ? "none" : SpecPrint.Quoted(item.Runbook)),
    ];

    private static IEnumerable<(string Key, string? Value)> Look(HostPlan host, LookPlan look) => look switch
    {
        PingLookPlan ping =>
        [
            ("packets", SpecPrint.Number(ping.Packets)),
            ("warn", Threshold(ping.WarnRtt, ping.WarnLoss)),
            ("crit", Threshold(ping.CritRtt, ping.CritLoss)),
        ],
        TcpLookPlan tcp => [("port", SpecPrint.Number(tcp.Port)), ("warn", Time(tcp.Warn)), ("crit", Time(tcp.Crit)), .. tcp.Talk is { } talk ? ServicePrint.Talk(talk) : []],
        ServiceLookPlan or UdpLookPlan or DnsLookPlan => ServicePrint.Of(look),
        PluginLookPlan plugin =>
        [
            ("command", SpecPrint.List(plugin.Command.Select(SpecPrint.Quoted))), ("evidence", plugin.Answers ? "answer" : "path"),
        ],
        HttpLookPlan http => Http(http),
        InsideLookPlan inside => InsidePrint.Of(host, inside),
        _ => [],
    };

    private static IEnumerable<(string Key, string? Value)> Http(HttpLookPlan http) =>
    [
        ("port", SpecPrint.Number(http.Port)),
        ("host_name", SpecPrint.Quoted(http.HostName)),
        ("path", SpecPrint.Quoted(http.Path)),
        ("expect", SpecPrint.Map(
        [
            ("status", http.Statuses.Count == 0 ? LookReader.AnyStatus : SpecPrint.List(http.Statuses.Select(SpecPrint.Number))),
            ("contains", http.Contains is null ? null : SpecPrint.Quoted(http.Contains)),
            ("size", http.Size is null ? null : SpecPrint.Quoted(http.Size)),
        ])),
        ("redirects", http.FollowRedirects ? "follow" : "none"),
        ("warn", Time(http.Warn)),
        ("crit", Time(http.Crit)),
        ("certificate", Certificate(http.CertificateWarnDays, http.CertificateCritDays)),
        ("verify", http.Tls ? SpecPrint.Truth(http.VerifyCertificate) : null),
    ];

    private static string Threshold(TimeSpan? rtt, int? loss) => (rtt, loss) switch
    {
        (null, null) => "none",
        ({ } r, null) => $"\"{Milliseconds(r)}\"",
        (null, { } l) => $"\"{l}%\"",
        ({ } r, { } l) => $"\"{Milliseconds(r)}, {l}%\"",
    };

    private static string Milliseconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0.####}ms");

    internal static string Time(TimeSpan? span) => span is { } s ? SpecWords.Of(s) : "none";

    internal static string? Certificate(int? warn, int? crit) =>
        warn is null && crit is null ? null : SpecPrint.Map([("warn", Days(warn)), ("crit", crit == 0 ? null : Days(crit))]);

    private static string? Days(int? days) => days is { } d ? $"{SpecPrint.Number(d)}d" : null;
}
