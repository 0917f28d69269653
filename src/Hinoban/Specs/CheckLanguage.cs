using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>The kinds of checks with their keys: in force, and named "not in force yet".</summary>
internal static class CheckLanguage
{
    internal static readonly ClauseKeys Expect = new(SpecText.Key("expect"), ["status", "contains", "size"], []);

    internal static readonly ClauseKeys Certificate = new(SpecText.Key("certificate"), ["warn", "crit"], []);

    internal static readonly string[] Kinds = [
        "ping", "http", "https", "tcp", "plugin", PassiveLookPlan.Word,
        .. ServiceKind.All.Select(k => k.Word), "udp", "dns",
    ];

    /// <summary>Kinds of the language whose probe does not exist yet: such a check is named and not looked at.</summary>
    internal static readonly string[] KindsLater =
    [
        "load", "swap", "disk", "users", "procs", "zombies", "log", "postgres", "mysql",
    ];

    /// <summary>The questions a <c>dns</c> check can ask; the first one is asked where nothing is written.</summary>
    internal static readonly string[] DnsTypes = ["A", "AAAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"];

    internal static readonly string[] Vias = ["agent", "nrpe", "ssh"];

    private static readonly string[] CheckCommon =
        ["kind", "was", "address", "interval", "timeout", "attempts", "retry", "sites", "runbook", "via", "flapping", DependsReader.Key];

    private static readonly string[] CheckLater = ["respond", "from"];

    private static readonly Dictionary<string, ClauseKeys> Checks = new()
    {
        ["ping"] = Check(CheckText.Kind("a", "ping"), "packets", "warn", "crit"),
        ["http"] = Check(CheckText.Kind("an", "http"), "port", "host_name", "path", "expect", "redirects", "warn", "crit"),
        ["https"] = Check(CheckText.Kind("an", "https"), "port", "host_name", "path", "expect", "redirects", "warn", "crit", "certificate", "verify"),
        ["tcp"] = Check(CheckText.Kind("a", "tcp"), "port", "warn", "crit", "send", "expect", "quit", "tls", "host_name", "certificate", "verify"),
        ["udp"] = Check(CheckText.Kind("a", "udp"), "port", "send", "expect", "warn", "crit"),
        ["dns"] = Check(CheckText.Kind("a", "dns"), "port", "name", "type", "expect", "warn", "crit"),
        ["plugin"] = Check(CheckText.Kind("a", "plugin"), "command", "evidence"),
        [PassiveLookPlan.Word] = new(CheckText.Kind("a", PassiveLookPlan.Word), ["kind", "was", "freshness", "attempts", "runbook", "flapping", DependsReader.Key], ["respond"]),
    };

    internal static ClauseKeys CheckOf(string kind) => ServiceKind.Is(kind) ? Services[kind] : Checks[kind];

    private static readonly Dictionary<string, ClauseKeys> Services =
        ServiceKind.All.ToDictionary(k => k.Word, k => Check(CheckText.Kind(k.Word[0] is 'p' or 't' ? "a" : "an", k.Word), k.Keys));

    private static ClauseKeys Check(Text what, params string[] own) => new(what, [.. CheckCommon, .. own], CheckLater);
}
