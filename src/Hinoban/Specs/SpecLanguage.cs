namespace Hinoban.Specs;

/// <summary>The keys of customers, people and hosts: in force, and named "not in force yet".</summary>
internal static class SpecLanguage
{
    internal static readonly ClauseKeys Customer = new(
        "a customer",
        ["customer", "name", "contract", "language", "time_zone", "edition", "sites", "mailing_list", "calls", "defaults", "templates", "hosts", "runbooks", "slo"],
        ["calendars", "silences", "vendors"]);

    internal static readonly ClauseKeys MailingList = new("the mailing list", ["address", "charset", "members"], []);

    internal static readonly ClauseKeys Member = new("a member", ["name", "mail", "instructor", "desk"], []);

    internal static readonly ClauseKeys Calls = new("`calls`", ["contacts"], ["rounds", "ring", "between_rounds"]);

    internal static readonly ClauseKeys Contact = new("a contact", ["name", "phone", "hours", "instructor"], []);

    internal static readonly ClauseKeys Defaults = new(
        "`defaults`", ["interval", "timeout", "attempts", "retry", "warn", "crit", "sites"], []);

    internal static readonly ClauseKeys Template = new("a template", ["use", "via", "alive", "checks"], []);

    internal static readonly ClauseKeys Host = new(
        "a host",
        ["address", "name", "was", "machine", "parents", "ssh", "alive", "use", "checks"],
        ["reboot", "datacentre"]);

    internal static readonly ClauseKeys Ssh = new("`ssh`", ["user", "port", "host_keys"], []);

    internal static readonly ClauseKeys Parents = new("`parents`", [], ["any"]);

    internal static readonly ClauseKeys Slo = new("`slo`", ["start_within"], []);
}
