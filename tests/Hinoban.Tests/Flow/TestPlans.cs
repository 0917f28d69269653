using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Tests.Flow;

/// <summary>Plans for the desk's tests: one customer, a list with two people and the desk, hosts with services.</summary>
internal static class TestPlans
{
    internal static readonly CustomerId Customer = new("sample-trading");

    /// <summary>A host web01 (item 1, its host check) with services http (2) and smtp (3).</summary>
    internal static DeskPlan Web(int revision = 1, params string[] services) =>
        new(revision, [CustomerPlan(revision, services.Length == 0 ? ["http", "smtp"] : services)]);

    internal static CustomerPlan CustomerPlan(int revision, IReadOnlyList<string> services) => new(
        Customer,
        new Text("サンプル商事株式会社", "Sample Trading"),
        "MC-1023",
        Language.Ja,
        "Asia/Tokyo",
        4,
        "hash",
        new MailingListPlan(
            "smpl-mon@lists.example.jp",
            "utf-8",
            [
                new MemberPlan("田中 一郎", "tanaka@sample.example.jp", true, false),
                new MemberPlan("山本 花子", "yamamoto@sample.example.jp", false, false),
                new MemberPlan("", "", false, true),
            ]),
        [],
        [DeskBench.Tokyo, DeskBench.Osaka],
        [
            new HostPlan(
                "web01",
                new Text("企業サイト", "corporate site"),
                "192.0.2.10",
                MachineKind.Cloud,
                [],
                null,
                Item(1, "", new PingLookPlan(5, null, null, null, 100), revision),
                [.. services.Select((s, i) => Item(i + 2, s, new TcpLookPlan(80 + i, null, null), revision))]),
        ],
        [],
        TimeSpan.FromMinutes(10));

    /// <summary>The same with a log (item 4) beside them.</summary>
    internal static DeskPlan Logs(int revision = 1)
    {
        var customer = CustomerPlan(revision, ["http", "smtp", "syslog"]);
        var host = customer.Hosts[0];
        var way = new InsideWay(Via.Agent, "web01", "syslog", "192.0.2.10", 5666, NrpeTls.Certificate, null, null, SpecDefaults.PluginFolder);
        var look = new LogLookPlan(
            way, ["/var/log/messages"], null, LogLookPlan.Utf8, null, null, [new LogMatchPlan("match1", "Error", null, null, HitLevel.Warning)], ["Error: 0"], LogLookPlan.UsualLimit, 2, 2,
            LogLookPlan.UsualMask);
        return new(revision, [customer with { Hosts = [host with { Services = [.. host.Services.Select(s => s.Service == "syslog" ? s with { Look = look } : s)] }] }]);
    }

    private static ItemPlan Item(int id, string service, LookPlan look, int revision) => new(
        new ItemId(id),
        Customer,
        "web01",
        service,
        "192.0.2.10",
        look,
        TimeSpan.FromMinutes(3),
        TimeSpan.FromSeconds(10),
        2,
        TimeSpan.FromSeconds(15),
        [DeskBench.Tokyo, DeskBench.Osaka],
        null,
        4,
        revision);
}
