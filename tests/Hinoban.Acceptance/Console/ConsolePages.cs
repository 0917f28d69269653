namespace Hinoban.Acceptance.Console;

/// <summary>Every page of the console with sample keys, for pictures and for checks that hold on all of them.</summary>
internal static class ConsolePages
{
    internal static readonly (string Name, string Path, string? Account)[] All =
    [
        ("desk", "/", "sato"),
        ("desk-closed", "/?view=closed", "sato"),
        ("desk-customer", "/", "tanaka"),
        ("incident-unclaimed", "/incidents/41", "sato"),
        ("incident-hostile", "/incidents/42", "sato"),
        ("incident-host-down", "/incidents/40", "sato"),
        ("incident-responding", "/incidents/35", "sato"),
        ("incident-unknown-step", "/incidents/34", "sato"),
        ("incident-report", "/incidents/33", "sato"),
        ("incident-reported", "/incidents/32", "sato"),
        ("incident-log", "/incidents/43", "sato"),
        ("incident-closed", "/incidents/22", "sato"),
        ("incident-customer", "/incidents/35", "tanaka"),
        ("step-confirm", "/incidents/35/steps/4/confirm", "sato"),
        ("hosts", "/hosts", "sato"),
        ("hosts-problems", "/hosts?problems=on", "sato"),
        ("host", "/hosts/minato-clinic/db01", "sato"),
        ("host-unreachable", "/hosts/minato-clinic/vm01", "sato"),
        ("service", "/hosts/sample-trading/web01/http", "sato"),
        ("service-log", "/hosts/sample-trading/web02/syslog", "sato"),
        ("service-week", "/hosts/sample-trading/web01/http?range=7d", "sato"),
        ("service-month", "/hosts/sample-trading/web01/http?range=35d&metric=time", "sato"),
        ("service-year", "/hosts/sample-trading/web01/http?range=13m", "sato"),
        ("host-year", "/hosts/sample-trading/web01?range=13m", "sato"),
        ("silences", "/silences", "sato"),
        ("silences-customer", "/silences", "tanaka"),
        ("maintenance", "/maintenance", "sato"),
        ("maintenance-customer", "/maintenance", "tanaka"),
        ("host-silenced", "/hosts/sample-trading/web02", "sato"),
        ("service-silenced", "/hosts/sample-trading/web02/http", "sato"),
        ("sites", "/sites", "sato"),
        ("mails", "/mails", "sato"),
        ("customers", "/customers", "sato"),
        ("account", "/account", "sato"),
        ("not-found", "/incidents/999", "sato"),
        ("login", "/login", null),
    ];
}
