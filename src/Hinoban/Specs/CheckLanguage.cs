namespace Hinoban.Specs;

/// <summary>The kinds of checks with their keys: in force, and named "not in force yet".</summary>
internal static class CheckLanguage
{
    internal static readonly ClauseKeys Expect = new("`expect`", ["status", "contains"], []);

    internal static readonly ClauseKeys Certificate = new("`certificate`", ["warn", "crit"], []);

    internal static readonly string[] Kinds = ["ping", "http", "https", "tcp", "plugin"];

    /// <summary>Kinds of the language whose probe does not exist yet: such a check is named and not looked at.</summary>
    internal static readonly string[] KindsLater =
    [
        "load", "swap", "disk", "users", "procs", "zombies", "log", "ssh", "smtp", "pop", "ftp", "telnet", "postgres", "mysql",
    ];

    internal static readonly string[] Vias = ["agent", "nrpe", "ssh"];

    private static readonly string[] CheckCommon =
        ["kind", "was", "address", "interval", "timeout", "attempts", "retry", "sites", "runbook", "via"];

    private static readonly string[] CheckLater = ["respond", "from"];

    private static readonly Dictionary<string, ClauseKeys> Checks = new()
    {
        ["ping"] = Check("a `ping` check", "packets", "warn", "crit"),
        ["http"] = Check("an `http` check", "port", "host_name", "path", "expect", "redirects", "warn", "crit"),
        ["https"] = Check("an `https` check", "port", "host_name", "path", "expect", "redirects", "warn", "crit", "certificate", "verify"),
        ["tcp"] = Check("a `tcp` check", "port", "warn", "crit"),
        ["plugin"] = Check("a `plugin` check", "command", "evidence"),
    };

    internal static ClauseKeys CheckOf(string kind) => Checks[kind];

    private static ClauseKeys Check(string what, params string[] own) => new(what, [.. CheckCommon, .. own], CheckLater);
}
