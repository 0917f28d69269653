using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>The kinds of checks with their keys: in force, and named "not in force yet".</summary>
internal static class CheckLanguage
{
    internal static readonly ClauseKeys Expect = new(SpecText.Key("expect"), ["status", "contains", "size"], []);

    internal static readonly ClauseKeys Certificate = new(SpecText.Key("certificate"), ["warn", "crit"], []);

    internal static readonly ClauseKeys Inodes = new(SpecText.Key("inodes"), ["warn", "crit"], []);

    internal static readonly string[] Kinds = [
        "ping", "http", "https", "tcp", "plugin", PassiveLookPlan.Word,
        .. ServiceKind.All.Select(k => k.Word), "udp", "dns",
        .. Inside,
    ];

    /// <summary>The questions a <c>dns</c> check can ask; the first one is asked where nothing is written.</summary>
    internal static readonly string[] DnsTypes = ["A", "AAAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"];

    internal static readonly string[] Vias = ["agent", "nrpe", "ssh"];

    private static readonly string[] CheckCommon =
        ["kind", "was", "address", "interval", "timeout", "attempts", "retry", "sites", "runbook", "via", "flapping", DependsReader.Key];

    private static readonly string[] CheckLater = ["respond", "from"];

    /// <summary>Kinds that only the host itself can answer.</summary>
    private static string[] Inside => ["load", "swap", "disk", "users", "procs", "zombies", "postgres", "mysql", LogLookPlan.Word];

    private static readonly string[] Database = [AgentLookReader.From, "host", "port", "database", "user", "password", "query", "warn", "crit"];

    private static readonly Dictionary<string, ClauseKeys> Checks = new()
    {
        ["ping"] = Check(CheckText.Kind("a", "ping"), "packets", "warn", "crit"),
        ["http"] = Check(CheckText.Kind("an", "http"), "port", "host_name", "path", "expect", "redirects", "warn", "crit"),
        ["https"] = Check(CheckText.Kind("an", "https"), "port", "host_name", "path", "expect", "redirects", "warn", "crit", "certificate", "verify"),
        ["tcp"] = Check(CheckText.Kind("a", "tcp"), "port", "warn", "crit", "send", "expect", "quit", "tls", "host_name", "certificate", "verify", AgentLookReader.From),
        ["udp"] = Check(CheckText.Kind("a", "udp"), "port", "send", "expect", "warn", "crit"),
        ["dns"] = Check(CheckText.Kind("a", "dns"), "port", "name", "type", "expect", "warn", "crit"),
        ["plugin"] = Check(CheckText.Kind("a", "plugin"), "command", "evidence", "run_as"),
        ["load"] = Check(CheckText.Kind("a", "load"), "per_core", "warn", "crit", "command"),
        ["swap"] = Check(CheckText.Kind("a", "swap"), "warn", "crit", "command"),
        ["disk"] = Check(CheckText.Kind("a", "disk"), "mounts", "except", "inodes", "warn", "crit", "command"),
        ["users"] = Check(CheckText.Kind("a", "users"), "warn", "crit", "command"),
        ["procs"] = Check(CheckText.Kind("a", "procs"), "name", "warn", "crit", "command"),
        ["zombies"] = Check(CheckText.Kind("a", "zombies"), "warn", "crit", "command"),
        ["postgres"] = Check(CheckText.Kind("a", "postgres"), Database),
        ["mysql"] = Check(CheckText.Kind("a", "mysql"), Database),
        [LogLookPlan.Word] = Check(CheckText.Kind("a", LogLookPlan.Word), LogReader.Keys),
        [PassiveLookPlan.Word] = new(CheckText.Kind("a", PassiveLookPlan.Word), ["kind", "was", "freshness", "attempts", "runbook", "flapping", DependsReader.Key], ["respond"]),
    };

    internal static ClauseKeys CheckOf(string kind) => ServiceKind.Is(kind) ? Services[kind] : Checks[kind];

    private static readonly Dictionary<string, ClauseKeys> Services =
        ServiceKind.All.ToDictionary(k => k.Word, k => Check(CheckText.Kind(k.Word[0] is 'p' or 't' ? "a" : "an", k.Word), k.Keys));

    private static ClauseKeys Check(Text what, params string[] own) => new(what, [.. CheckCommon, .. own], CheckLater);
}
