namespace Hinoban.Specs;

/// <summary>The keys and words of the specification language: in force, and named "not in force yet".</summary>
internal static class SpecLanguage
{
    internal static readonly ClauseKeys Customer = new(
        "a customer",
        ["customer", "name", "contract", "language", "time_zone", "edition", "sites", "mailing_list", "calls", "defaults", "templates", "hosts", "runbooks", "slo"],
        ["calendars", "silences", "vendors", "notify", "reports", "billing", "anchors", "approval"]);

    internal static readonly ClauseKeys MailingList = new("the mailing list", ["address", "charset", "members"], ["prefix", "moderated"]);

    internal static readonly ClauseKeys Member = new("a member", ["name", "mail", "instructor", "desk"], ["language", "charset", "until"]);

    internal static readonly ClauseKeys Calls = new("`calls`", ["contacts"], ["rounds", "ring", "between_rounds", "if_recovered", "language"]);

    internal static readonly ClauseKeys Contact = new("a contact", ["name", "phone", "hours", "instructor"], ["mail", "language", "company", "role", "until", "authentication"]);

    internal static readonly ClauseKeys Defaults = new(
        "`defaults`", ["interval", "timeout", "attempts", "retry", "warn", "crit", "sites"], ["respond", "hours"]);

    internal static readonly ClauseKeys Template = new("a template", ["use", "via", "alive", "checks"], ["reboot"]);

    internal static readonly ClauseKeys Host = new(
        "a host",
        ["address", "name", "was", "machine", "parents", "ssh", "alive", "use", "checks"],
        ["reboot", "datacentre", "via", "role", "os", "pair", "note"]);

    internal static readonly ClauseKeys Ssh = new("`ssh`", ["user", "port", "host_keys"], ["jump", "address", "certificate_authority"]);

    internal static readonly ClauseKeys Parents = new("`parents`", [], ["any", "all"]);

    internal static readonly ClauseKeys Expect = new("`expect`", ["status", "contains"], ["not_contains", "matches", "header"]);

    internal static readonly ClauseKeys Certificate = new("`certificate`", ["warn", "crit"], ["issuer"]);

    internal static readonly ClauseKeys Runbook = new(
        "a runbook", ["title", "risk", "steps"], ["limit", "escalate", "approve", "hours", "report", "version"]);

    internal static readonly ClauseKeys Recheck = new("a `recheck` step", ["still", "else"], ["note"]);

    internal static readonly ClauseKeys Read = new("a `read` step", ["on", "run", "expect", "save", "timeout", "else"], ["mask", "note", "as"]);

    internal static readonly ClauseKeys Change = new(
        "a `change` step", ["on", "run", "expect", "timeout", "else"], ["approve", "rollback", "save", "mask", "note", "as"]);

    internal static readonly ClauseKeys Verify = new("a `verify` step", ["check", "ok", "within", "else"], ["note"]);

    internal static readonly ClauseKeys ExpectExit = new("`expect`", ["exit"], ["output", "contains"]);

    internal static readonly ClauseKeys Slo = new("`slo`", ["start_within"], ["hours", "report_within"]);

    internal static readonly string[] Kinds = ["ping", "http", "https", "tcp", "plugin"];

    /// <summary>Kinds of the language whose probe does not exist yet: such a check is named and not looked at.</summary>
    internal static readonly string[] KindsLater =
    [
        "load", "swap", "memory", "disk", "inodes", "users", "procs", "process", "zombies", "log", "ssh", "smtp", "pop", "imap", "ftp", "telnet",
        "dns", "ntp", "ldap", "snmp", "nrpe", "postgres", "mysql", "apache", "passive",
    ];

    internal static readonly string[] Vias = ["agent", "nrpe", "ssh"];

    /// <summary>The built-in runbook that a later version brings; a runbook of this name in the file is an ordinary one.</summary>
    internal const string RebootRunbook = "reboot";

    private static readonly string[] CheckCommon =
        ["kind", "was", "address", "interval", "timeout", "attempts", "retry", "sites", "runbook", "via"];

    private static readonly string[] CheckLater = ["respond", "from", "hours", "notify", "depends", "name", "note"];

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
