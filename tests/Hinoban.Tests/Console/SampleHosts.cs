using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Tests.Console;

/// <summary>Invented customers with hosts and services in every state a page must be able to show.</summary>
internal static class SampleHosts
{
    internal const string Script = "<script>document.title='owned'</script><img src=x onerror=alert(1)>";
    internal const string Ansi = "\u001b[31mRED\u001b[0m\u0007 \u202Egnp.exe\u202C $(reboot) `id` \r\nSubject: injected";

    internal static readonly SiteName Tokyo = new("tokyo");
    internal static readonly SiteName Osaka = new("osaka");
    internal static readonly CustomerId Trading = new("sample-trading");
    internal static readonly CustomerId Clinic = new("minato-clinic");
    internal static readonly CustomerId Media = new("aozora-media");
    internal static readonly string Megabyte = "DISK CRITICAL " + new string('x', 1024 * 1024);

    /// <summary>What the desk watches of its own works.</summary>
    internal static IReadOnlyList<ItemRow> Own()
    {
        var make = new Maker(DateTimeOffset.UnixEpoch);
        ItemRow Of(string host, string service, CheckStatus status = CheckStatus.Ok, string output = "") =>
            make.Item(service, "own", "", status, output, incident: status == CheckStatus.Ok ? null : 38) with { Customer = ProviderPlan.Customer, Host = host };
        return
        [
            Of(ProviderPlan.Sites, "tokyo"), Of(ProviderPlan.Sites, "osaka", CheckStatus.Critical, "監視拠点 osaka から60秒以上応答がありません"), Of(ProviderPlan.Paths, "osaka"),
            Of(ProviderPlan.DeskHost, ProviderPlan.Mail), Of(ProviderPlan.DeskHost, ProviderPlan.Engine), Of(ProviderPlan.DeskHost, ProviderPlan.Arrival),
            Of(ProviderPlan.Peers, "tokyo-osaka"), Of(ProviderPlan.Lists, Trading.Value),
        ];
    }

    internal static Text NameOf(CustomerId id) =>
        id == Trading ? new Text("サンプル商事株式会社", "Sample Trading")
        : id == Clinic ? new Text("医療法人みなと会 みなとクリニック", "Minato Clinic")
        : new Text("あおぞらメディア", "Aozora Media GmbH");

    internal static IReadOnlyList<HostRow> All(DateTimeOffset now)
    {
        var make = new Maker(now);
        return
        [
            make.Host(Trading, "web01", new("企業サイト", "corporate site"), "192.0.2.10", MachineKind.Cloud, CheckStatus.Ok,
                make.Item("http", "http", "WARN 3 s / CRIT 8 s / status 200 / contains \"Welcome\"", CheckStatus.Critical, "HTTP CRITICAL: HTTP/1.1 503 Service Unavailable - 312 bytes in 0.214 second response time", incident: 41),
                make.Item("https", "https", "WARN 3 s / CRIT 8 s / certificate WARN 30 d, CRIT 7 d", CheckStatus.Critical, "HTTP CRITICAL - connection refused (192.0.2.10:443)", noValue: NoValue.Refused, incident: 34),
                make.Item("ssh", "tcp", "CRIT 5 s", CheckStatus.Ok, "TCP OK - 22, 0.004 s")),
            make.Host(Trading, "web02", new("会員サイト", "member site"), "192.0.2.11", MachineKind.Virtual, CheckStatus.Ok,
                make.Item("https", "https", "WARN 3 s / CRIT 8 s / certificate WARN 30 d, CRIT 7 d", CheckStatus.Warning, "HTTP WARNING: HTTP/1.1 200 OK - certificate 'member.sample.example.jp' expires in 21 days, on 2026-05-05 23:59 UTC - 18422 bytes in 0.214 second response time", incident: 35) with { Flapping = true },
                make.Item("http", "http", "WARN 3 s / CRIT 8 s", CheckStatus.Ok, "HTTP OK - 301 to https, 0.021 s"),
                make.Item("syslog", "log", "Error / Out of memory", CheckStatus.Ok, "LOG OK: reads 2 files") with { LogIncident = new IncidentId(43) }),
            make.Host(Trading, "app02", new("受注処理", "order processing"), "192.0.2.14", MachineKind.Physical, CheckStatus.Ok,
                make.Item("queue", "plugin", "check_queue -w 100 -c 500", CheckStatus.Critical, Script + " " + Ansi, incident: 42),
                make.Item("disk", "plugin", "check_disk -w 20% -c 10% -p /", CheckStatus.Critical, Megabyte),
                make.Item("arabic", "plugin", "check_text", CheckStatus.Unknown, "حالة الخادم: غير معروف (رقم 42)", noValue: NoValue.PluginFailed)),
            make.Host(Clinic, "db01", new("予約データベース", "booking database"), "198.51.100.20", MachineKind.Physical, CheckStatus.Critical,
                make.Item("postgres", "tcp", "WARN 3 s / CRIT 8 s", CheckStatus.Critical, "TCP CRITICAL - no route to host (198.51.100.20:5432)", noValue: NoValue.Unreachable),
                make.Item("ssh", "tcp", "CRIT 5 s", CheckStatus.Critical, "TCP CRITICAL - no route to host (198.51.100.20:22)", noValue: NoValue.Unreachable)),
            Behind("db01", 40, make.Host(Clinic, "vm01", new("予約画面", "booking pages"), "198.51.100.21", MachineKind.Virtual, CheckStatus.Critical,
                make.Item("http", "http", "WARN 3 s / CRIT 8 s", CheckStatus.Critical, "HTTP CRITICAL - no route to host (198.51.100.21:80)", noValue: NoValue.Unreachable))),
            make.Host(Clinic, "mail01", new("メール", "mail"), "198.51.100.25", MachineKind.Virtual, CheckStatus.Ok,
                make.Item("smtp", "tcp", "WARN 3 s / CRIT 8 s", CheckStatus.Critical, "TCP CRITICAL - connection refused (198.51.100.25:25)", noValue: NoValue.Refused, incident: 38),
                make.Item("pop", "tcp", "WARN 3 s / CRIT 8 s", CheckStatus.Ok, "TCP OK - 110, 0.011 s")),
            make.Host(Media, "shop", new("ショップ", "web shop"), "203.0.113.80", MachineKind.Cloud, CheckStatus.Ok,
                make.Item("https", "https", "WARN 500 ms / CRIT 2 s / status 200", CheckStatus.Critical, "HTTP CRITICAL - no answer within 10 seconds (connected, no byte of an answer)", noValue: NoValue.TimedOut, incident: 39),
                make.Item("basket", "http", "WARN 500 ms / CRIT 2 s", CheckStatus.Ok, "HTTP OK - 200, 0.074 s"),
                make.Item("search", "http", "WARN 500 ms / CRIT 2 s", CheckStatus.Ok, "HTTP OK - 200, 0.091 s", path: true)),
            .. Enumerable.Range(1, 14).Select(i => make.Host(
                Media, $"edge{i:00}", new($"配信{i}", $"delivery {i}"), $"203.0.113.{100 + i}", MachineKind.Cloud, CheckStatus.Ok,
                make.Item("http", "http", "WARN 500 ms / CRIT 2 s", CheckStatus.Ok, "HTTP OK - 200, 0.033 s"),
                make.Item("https", "https", "WARN 500 ms / CRIT 2 s", CheckStatus.Ok, "HTTPS OK - 200, 0.047 s, certificate 61 days"),
                make.Item("cache", "plugin", "check_cache", CheckStatus.Ok, "CACHE OK - 98.2% hits"))),
            make.Host(Media, "new-host", new("構築中", "being built"), "203.0.113.200", MachineKind.Cloud, null, make.Item("http", "http", "WARN 500 ms / CRIT 2 s", null, "")),
        ];
    }

    private static HostRow Behind(string parent, long incident, HostRow host) =>
        host with { Alive = host.Alive! with { Behind = parent, CoveredBy = new IncidentId(incident), OpenIncident = null } };

    /// <summary>A plan of which such a row could be shown.</summary>
    internal static ItemPlan Plan(ItemRow row) => new(
        row.Id, row.Customer, row.Host, row.Service, "192.0.2.10",
        row.Kind == "tcp" ? new TcpLookPlan(5432, null, null) : new HttpLookPlan(false, 80, "", "/", [], null, false, null, TimeSpan.FromSeconds(8), null, null, false),
        row.Interval, TimeSpan.FromSeconds(10), 2, TimeSpan.FromSeconds(15), [Tokyo, Osaka], null, 1, 1);

    internal static IReadOnlyList<SampleSeries> Samples(ItemRow item, DateTimeOffset from, DateTimeOffset to) =>
        [.. item.Views.Where(v => v.Known).Select((v, i) => new SampleSeries(v.Site, [.. Looks(item, i, from, to).Select(s => s.Point)]))];

    /// <summary>A chart as the desk would make it of such looks.</summary>
    internal static ChartView Chart(ItemRow item, ChartWish wish, DateTimeOffset now, TimeZoneInfo zone)
    {
        var from = ChartRules.From(wish.Range, now, zone);
        var sites = item.Views.Where(v => v.Known).Select(v => v.Site).ToList();
        var raw = sites.Index().ToDictionary(s => (item.Id, s.Item), s => Looks(item, s.Index, from, now).ToList());
        var hours = wish.Range is ChartRange.Day or ChartRange.Week ? null : raw.ToDictionary(r => r.Key, r => ChartRules.Hours(r.Value, item.Interval));
        return ChartFold.Of(
            new ChartTerms(item.Id, item.Interval, sites, zone, from, now, wish),
            hours is null ? raw : new Dictionary<(ItemId, SiteName), List<Sample>>(),
            hours,
            wish.Range == ChartRange.Year ? new Dictionary<(ItemId, SiteName), List<Rollup>>() : null);
    }

    private static IEnumerable<Sample> Looks(ItemRow item, int rank, DateTimeOffset from, DateTimeOffset to)
    {
        var failing = item.Severity == CheckStatus.Critical;
        var step = item.Interval;
        var count = (int)((to - from) / step);
        var ping = item.Kind == "ping";
        var shape = ping
            ? SampleShape.Of((new Metric("rta", "ms"), "500", "1000"), (new Metric("pl", "%"), "20", "60"))
            : SampleShape.Of((new Metric("time", "s"), "3", "8"), (new Metric("size", "B"), "", ""));
        for (var i = 0; i < count; i++)
        {
            var at = from + (step * i) + (step * rank / 2);
            if (i % 4800 is > 300 and < 318 && rank == 1)
            {
                continue;
            }

            var slow = i % 4800 is > 120 and < 128;
            var wave = 0.16 + (0.08 * Math.Sin((i + (rank * 7)) / 38.0)) + (0.03 * Math.Sin(i * 1.7)) + (slow ? 3.4 : 0);
            var bad = failing && i > count - 4;
            long? took = bad && item.NoValue ? null : (long)((bad ? 0.21 : wave) * 1e6);
            yield return new Sample(
                item.Id.Value, Sample.Rounded((at - DateTimeOffset.UnixEpoch).Ticks / 10), bad ? CheckStatus.Critical : slow ? CheckStatus.Warning : CheckStatus.Ok, took,
                took is null ? SampleShape.None : shape, took is null ? [] : ping ? [took.Value / 5e4, slow ? 20 : 0] : [took.Value / 1e6, 18_000 + (i % 97 * 11)]);
        }
    }

    private sealed class Maker(DateTimeOffset now)
    {
        private int next = 100;

        internal HostRow Host(CustomerId customer, string host, Text name, string address, MachineKind machine, CheckStatus? alive, params ItemRow[] services)
        {
            var check = Item("", "ping", "WARN 500 ms 20% / CRIT 1000 ms 60%", alive, alive == CheckStatus.Ok ? "PING OK - Packet loss = 0%, RTA = 3.21 ms" : $"PING CRITICAL - Packet loss = 100%, no answer from {address} within 10 seconds", alive == CheckStatus.Critical ? NoValue.TimedOut : NoValue.None, incident: alive == CheckStatus.Critical ? 40 : null);
            return new HostRow(customer, NameOf(customer), host, name, address, machine, Own(check, customer, host), [.. services.Select(s => Own(s, customer, host))]);
        }

        internal ItemRow Item(string service, string kind, string thresholds, CheckStatus? status, string output, NoValue noValue = NoValue.None, long? incident = null, bool path = false)
        {
            var severity = status ?? CheckStatus.Ok;
            SiteView[] views = status is null
                ? [new(Tokyo), new(Osaka)]
                : [View(Tokyo, severity, output, noValue, 41), path ? View(Osaka, CheckStatus.Critical, "HTTP CRITICAL - no answer within 10 seconds (not connected)", NoValue.TimedOut, 128) : View(Osaka, severity, output, noValue, 128)];
            return new ItemRow(
                new ItemId(next++), default, Text.Same(""), "", service, kind, thresholds,
                severity == CheckStatus.Ok ? Judgement.Working : Judgement.Failing,
                path ? Reach.PathTrouble : status is null ? Reach.NoData : noValue is NoValue.None ? Reach.Reached : Reach.Down,
                severity, noValue != NoValue.None, [.. views.Select(v => Evidence(v))], views,
                incident is { } id ? new IncidentId(id) : null, 4, 12, TimeSpan.FromMinutes(3));
        }

        private ItemRow Own(ItemRow item, CustomerId customer, string host) => item with
        {
            Customer = customer,
            CustomerName = NameOf(customer),
            Host = host,
            Silence = host == "web02" ? new SilenceMark(SilenceKind.Mute, now.AddMinutes(85), "佐藤", "カーネル更新のため再起動 (CHG-2204)") : null,
        };

        private SiteView View(SiteName site, CheckStatus status, string output, NoValue noValue, int secondsAgo) => new(site)
        {
            Known = true,
            Status = status,
            Type = StateType.Hard,
            Attempt = 1,
            LastHard = status,
            Reply = noValue is NoValue.None ? Reply.Answer : Reply.Transport,
            NoValue = noValue,
            LookUtc = now.AddSeconds(-secondsAgo),
            Took = TimeSpan.FromMilliseconds(noValue == NoValue.TimedOut ? 10_000 : output.StartsWith("PING", StringComparison.Ordinal) ? 804 : 214),
            Output = output,
            Perfdata = output.StartsWith("PING OK", StringComparison.Ordinal) ? "rta=3.214ms;500;1000;0 pl=0%;20;60;0" : "",
            LongOutput = output.StartsWith("HTTP WARNING", StringComparison.Ordinal) ? "issuer: Example CA R3\nsubject: member.sample.example.jp\nnot after: 2026-05-05T23:59:59Z" : "",
        };

        private static SiteEvidence Evidence(SiteView v) => new(
            v.Site,
            !v.Known ? VoteKind.VoidUnknown : v.Status == CheckStatus.Ok ? VoteKind.Ok : v.Reply == Reply.Answer ? VoteKind.Answer : VoteKind.Transport,
            v.Status, v.NoValue, v.LookUtc, v.Output);
    }
}
