using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Lab.Story;
using Hinoban.States;
using static Hinoban.Tests.Stories.StorySpecs;

namespace Hinoban.Tests.Stories;

/// <summary>A router, two switches behind it, and hosts behind those: what is cut off is told with what cut it off, and nothing is lost.</summary>
public sealed class ParentTests
{
    // web1 is reached over either switch, db1 needs both, app1 has one way.
    private static readonly string[] Behind = ["sw1", "sw2", "web1", "db1", "app1"];

    [Theory]
    [InlineData(0)]
    [InlineData(23)]
    [InlineData(47)]
    [InlineData(71)]
    [InlineData(95)]
    [InlineData(118)]
    [InlineData(140)]
    [InlineData(163)]
    public void A_router_that_falls_is_one_mail_whichever_host_is_looked_at_first(int second) => Story.Tell(Tree(), async story =>
    {
        await story.Pass(TimeSpan.FromSeconds(300 + second));
        Fall(story, ["rt1", .. Behind]);
        var alerts = await story.Mails("rt1 is DOWN", Members);
        Assert.All(alerts, a => Assert.All(Behind, host => Assert.Contains($"- {host} (", a.Text)));
        await story.Until(() => Behind.All(h => story.Item(h).Behind is not null), "all of them are unreachable");
        var incident = Assert.Single(story.Incidents);
        Assert.All(Behind, host => Assert.Equal(incident.Id, story.Item(host).CoveredBy));
        await story.Pass(minutes: 20);

        Rise(story, ["rt1", .. Behind]);
        await story.Mails("rt1 is UP", Members);
        await story.Until(() => Behind.All(h => story.Item(h).Judgement == Judgement.Working), "all work");
        Assert.All(Behind, host => Assert.Null(story.Item(host).Behind));
    });

    [Fact]
    public void The_routers_mail_is_not_later_for_what_is_behind_it()
    {
        TimeSpan Alerted(string[] falls)
        {
            var at = TimeSpan.Zero;
            Story.Tell(Tree(), async story =>
            {
                await story.Pass(minutes: 5);
                Fall(story, falls);
                await story.Mails("rt1 is DOWN", Members);
                at = story.Now;
                Rise(story, falls);
                await story.Mails("rt1 is UP", Members);
            });
            return at;
        }

        Assert.True(Alerted(["rt1", .. Behind]) <= Alerted(["rt1"]));
    }

    [Fact]
    public void A_host_that_is_still_down_when_its_way_is_back_is_a_problem_of_its_own_at_once() => Story.Tell(Tree(), async story =>
    {
        await story.Pass(minutes: 5);
        Fall(story, ["rt1", .. Behind]);
        await story.Mails("rt1 is DOWN", Members);
        await story.Pass(minutes: 30);

        Rise(story, ["rt1", "sw1", "sw2", "web1", "db1"]);
        await story.Until(() => story.Item("sw1").Judgement == Judgement.Working, "its way is back");
        var back = story.Now;
        await story.Mails("app1 is DOWN", Members);
        Assert.InRange(story.Now - back, TimeSpan.FromSeconds(28), TimeSpan.FromSeconds(50));
        await story.Mails("rt1 is UP", Members);
        await story.Pass(minutes: 10);
        Assert.Equal(["app1"], story.Incidents.Where(i => i.Failing).Select(i => i.Host));

        story.Mend("app1");
        await story.Mails("app1 is UP", Members);
    });

    [Fact]
    public void A_host_that_is_back_before_its_way_was_never_a_problem() => Story.Tell(Tree(), async story =>
    {
        await story.Pass(minutes: 5);
        Fall(story, ["sw1", "app1"]);
        await story.Mails("sw1 is DOWN", Members);
        await story.Until(() => story.Item("app1").Behind == "sw1", "app1 is unreachable");
        story.Mend("app1");
        await story.Until(() => story.Item("app1").Judgement == Judgement.Working, "app1 works");
        await story.Pass(minutes: 10);

        // And again, while the switch is still away: it is covered as before.
        story.Break("app1", Fault.BlackHole);
        await story.Until(() => story.Item("app1").Behind == "sw1", "app1 is unreachable again");
        Rise(story, ["app1", "sw1"]);
        await story.Mails("sw1 is UP", Members);
    });

    [Fact]
    public void Any_of_needs_one_way_and_all_of_needs_each() => Story.Tell(Tree(), async story =>
    {
        await story.Pass(minutes: 5);
        Fall(story, ["sw1", "web1", "db1", "app1"]);
        var alerts = await story.Mails("sw1 is DOWN", Members);
        Assert.All(alerts, a => Assert.Contains("- db1 (", a.Text));
        Assert.All(alerts, a => Assert.DoesNotContain("- web1 (", a.Text));
        await story.Mails("web1 is DOWN", Members);
        await story.Until(() => story.Item("db1").Behind == "sw1" && story.Item("app1").Behind == "sw1", "db1 and app1 are unreachable");
        Assert.Null(story.Item("web1").Behind);
        await story.Pass(minutes: 10);

        Rise(story, ["sw1", "web1", "db1", "app1"]);
        await story.Mails("sw1 is UP", Members);
        await story.Mails("web1 is UP", Members);
    });

    [Fact]
    public void A_problem_from_before_its_parents_keeps_its_own_incident_and_gets_its_own_recovery() => Story.Tell(Tree(), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break("app1", Fault.BlackHole);
        await story.Mails("app1 is DOWN", Members);
        story.Break("sw1", Fault.BlackHole);
        var alerts = await story.Mails("sw1 is DOWN", Members);
        Assert.All(alerts, a => Assert.Contains("- app1 (192.0.2.31): DOWN [INC-", a.Text));
        await story.Pass(minutes: 10);
        story.Mend("app1");
        await story.Mails("app1 is UP", Members);
        story.Mend("sw1");
        await story.Mails("sw1 is UP", Members);
    });

    [Fact]
    public void A_switch_that_answers_slowly_hides_no_dead_host() => Story.Tell(Tree(), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break("sw1", Fault.Says(CheckStatus.Warning, "PING WARNING - Packet loss = 40%, RTA = 900.00 ms"));
        await story.Mails("sw1 is DOWN", Members);
        story.Break("app1", Fault.BlackHole);
        await story.Mails("app1 is DOWN", Members);
        Rise(story, ["app1", "sw1"]);
        await story.Mails("sw1 is UP", Members);
        await story.Mails("app1 is UP", Members);
    });

    [Fact]
    public void The_services_of_an_unwatched_host_are_covered_by_what_is_before_it() => Story.Tell(Tree(app: "none"), async story =>
    {
        await story.Pass(minutes: 5);
        Fall(story, ["sw1", "app1"]);
        await story.Mails("sw1 is DOWN", Members);
        await story.Until(() => story.Incident(story.Incidents.Single().Id).Events.OfType<ServiceAttached>().Any(a => a.Service == "app1/http"), "its service has joined");
        await story.Pass(minutes: 10);
        story.Mend("sw1");
        await story.Mails("sw1 is UP", Members);
        await story.Mails("app1/http is CRITICAL", Members);
        story.Mend("app1");
        await story.Mails("app1/http is OK", Members);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(30)]
    [InlineData(45)]
    public void A_desk_that_dies_while_a_way_is_cut_or_just_back_forgets_nobody(int secondsAfterTheRise) => Story.Tell(Tree(), async story =>
    {
        story.ExpectLog("connection re");
        story.AllowLog("holds no stream");
        await story.Pass(minutes: 5);
        Fall(story, ["rt1", .. Behind]);
        await story.Mails("rt1 is DOWN", Members);
        await story.Until(() => Behind.All(h => story.Item(h).Behind is not null), "all of them are unreachable");
        story.CrashDesk();
        await story.Pass(minutes: 2);
        story.StartDesk();
        await story.Pass(minutes: 10);
        Assert.Single(story.Incidents);

        Rise(story, ["rt1", "sw1", "sw2", "web1", "db1"]);
        if (secondsAfterTheRise > 0)
        {
            await story.Mails("rt1 is UP", Members);
            await story.Pass(TimeSpan.FromSeconds(secondsAfterTheRise));
        }

        story.CrashDesk();
        await story.Pass(minutes: 1);
        story.StartDesk();
        if (secondsAfterTheRise == 0)
        {
            await story.Mails("rt1 is UP", Members);
        }

        await story.Mails("app1 is DOWN", Members);
        story.Mend("app1");
        await story.Mails("app1 is UP", Members);
    });

    /// <summary>Four hours of falls at random, overlapping, at either end of the tree, some so often that hosts flap; then all is mended.</summary>
    [Theory]
    [InlineData(1, 240)]
    [InlineData(2, 240)]
    [InlineData(3, 240)]
    [InlineData(4, 70)]
    [InlineData(5, 70)]
    [InlineData(6, 70)]
    public void Whatever_falls_when_each_mailed_problem_has_one_recovery_and_each_lasting_fall_with_an_open_way_a_mail(int seed, int most) => Story.Tell(Tree(), async story =>
    {
        var random = new Random(seed);
        var falls = new Dictionary<string, TimeSpan>();
        var openWay = new Dictionary<string, TimeSpan>();
        await story.Pass(minutes: 5);
        for (var end = story.Now + TimeSpan.FromHours(4); story.Now < end; await story.Pass(TimeSpan.FromSeconds(random.Next(5, most))))
        {
            string[] hosts = ["rt1", .. Behind];
            var host = hosts[random.Next(hosts.Length)];
            if (falls.Remove(host))
            {
                story.Mend(host);
            }
            else
            {
                falls[host] = story.Now;
                story.Break(host, Fault.BlackHole);
            }

            foreach (var one in hosts)
            {
                var open = falls.ContainsKey(one) && Open(one, falls);
                openWay[one] = open ? openWay.GetValueOrDefault(one, story.Now) : TimeSpan.MaxValue;
                if (!open)
                {
                    openWay.Remove(one);
                }
                else if (story.Now - openWay[one] > TimeSpan.FromMinutes(6))
                {
                    Assert.Contains(story.Incidents, i => i.Failing && i.Host == one && i.Service.Length == 0);
                }
            }
        }

        Rise(story, falls.Keys);
        await story.Until(() => Behind.Append("rt1").All(h => story.Item(h).Judgement == Judgement.Working), "all work");
        await story.Until(() => story.Incidents.All(i => !i.Failing), "all is over and has settled", TimeSpan.FromHours(2));
        await story.Pass(minutes: 1);
        foreach (var incident in story.Incidents.Select(i => story.Incident(i.Id)))
        {
            var told = incident.Events.OfType<NoticeDecided>().Where(n => n.Told).Select(n => n.Kind).ToList();
            Assert.Equal([NoticeKind.Alert, NoticeKind.Recovery], told.Where(k => k != NoticeKind.Flapping));
            Assert.True(told.Count(k => k == NoticeKind.Flapping) <= incident.Events.OfType<FlappingStarted>().Count());
            Assert.Equal(NoticeKind.Recovery, told[^1]);
        }

        foreach (var mail in story.Entries.Where(e => e.Kind == EntryKind.Mail))
        {
            mail.Claimed = true;
        }
    });

    // By the rule as written, over what is broken in fact.
    private static bool Open(string host, Dictionary<string, TimeSpan> falls)
    {
        bool Up(string h) => !falls.ContainsKey(h) && Open(h, falls);
        return host switch
        {
            "rt1" => true,
            "sw1" or "sw2" => Up("rt1"),
            "web1" => Up("sw1") || Up("sw2"),
            "db1" => Up("sw1") && Up("sw2"),
            _ => Up("sw1"),
        };
    }

    internal static string Tree(string app = "ping", string web = "[sw1, sw2]") => $$"""
        customer: sample-trading
        name: { ja: サンプル商事株式会社, en: Sample Trading }
        language: en
        time_zone: Asia/Tokyo
        edition: 1
        grouping: off
        mailing_list:
          address: smpl-mon@lists.example.jp
          members:
            - { name: 田中 一郎, mail: {{Tanaka}}, instructor: true }
            - { name: 山本 花子, mail: {{Yamamoto}} }
            - { desk: true }
        defaults: { interval: 3m, timeout: 10s, crit: 8s }
        hosts:
          rt1: { address: 192.0.2.1 }
          sw1: { address: 192.0.2.2, parents: rt1 }
          sw2: { address: 192.0.2.3, parents: rt1 }
          web1: { address: 192.0.2.11, parents: {{web}}, checks: { http: { crit: 8s }, smtp: tcp:25 } }
          db1: { address: 192.0.2.21, parents: { all: [sw1, sw2] }, checks: { postgres: tcp:5432 } }
          app1: { address: 192.0.2.31, parents: { any: [sw1] }, alive: {{app}}, checks: { http: { crit: 8s } } }
        """;

    private static void Fall(Story story, IEnumerable<string> hosts) => hosts.ToList().ForEach(h => story.Break(h, Fault.BlackHole));

    private static void Rise(Story story, IEnumerable<string> hosts) => hosts.ToList().ForEach(h => story.Mend(h));
}
