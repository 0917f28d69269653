using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>The keys of customers, people and hosts: in force, and named "not in force yet".</summary>
internal static class SpecLanguage
{
    internal static readonly ClauseKeys Customer = new(
        CustomerText.Customer,
        ["customer", "name", "contract", "language", "time_zone", "edition", "sites", "mailing_list", "calls", "defaults", "templates", "hosts", "silences", "runbooks", "slo", "vendors", "grouping"],
        ["calendars"]);

    internal static readonly ClauseKeys MailingList = new(CustomerText.MailingList, ["address", "charset", "members"], []);

    internal static readonly ClauseKeys Member = new(CustomerText.Member, ["name", "mail", "instructor", "desk"], []);

    internal static readonly ClauseKeys Calls = new(SpecText.Key("calls"), ["contacts"], ["rounds", "ring", "between_rounds"]);

    internal static readonly ClauseKeys Contact = new(CustomerText.Contact, ["name", "phone", "hours", "instructor"], []);

    internal static readonly ClauseKeys Defaults = new(
        SpecText.Key("defaults"), ["interval", "timeout", "attempts", "retry", "warn", "crit", "sites", "flapping"], []);

    internal static readonly ClauseKeys Template = new(CheckText.Template, ["use", "via", "alive", "checks"], []);

    internal static readonly ClauseKeys Host = new(
        CustomerText.Host,
        ["address", "name", "was", "machine", "parents", "ssh", "alive", "use", "checks", "datacentre", "agent", "nrpe", "plugin_folder"],
        ["reboot"]);

    internal static readonly ClauseKeys Ssh = new(SpecText.Key("ssh"), ["user", "port", "host_keys"], []);

    internal static readonly ClauseKeys Agent = new(SpecText.Key("agent"), ["port", "certificate"], []);

    internal static readonly ClauseKeys Nrpe = new(SpecText.Key("nrpe"), ["port", "tls", "certificate"], []);

    internal static readonly ClauseKeys Parents = new(SpecText.Key("parents"), ["any", "all"], []);

    internal static readonly ClauseKeys Silence = new(
        SilenceText.Silence, ["what", "when", "until", "kind", "for", "match", "reason", "owner"], []);

    internal static readonly ClauseKeys Slo = new(SpecText.Key("slo"), ["start_within"], []);
}
