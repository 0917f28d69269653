using System.Net;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Console.Incidents;
using Hinoban.Console.Parts;
using Hinoban.Flow;
using Hinoban.Specs;

namespace Hinoban.Tests.Console;

/// <summary>Pages say what people ask for, in their words.</summary>
public sealed class PlainWordsTests
{
    private static readonly DateTimeOffset At = new(2026, 4, 14, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_refused_specification_stands_on_the_strip_and_beside_the_customers_until_it_is_right()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var sato = await Visitor.SignedInAsync(host, "sato");
        host.Desk.Refused = SpecRefusal.Of(SpecReader.ReadText("/etc/hinoban/specs/acme.yaml", "customer: acme\ninterval: <b>3</b>\n").Problems, At);
        var errors = host.Desk.Refused.Count;
        Assert.True(errors > 1);
        Assert.Contains($"監視仕様書に誤り {errors}件", await sato.TextAsync("/strip"), StringComparison.Ordinal);
        var page = WebUtility.HtmlDecode(await sato.TextAsync("/customers"));
        Assert.Contains("/etc/hinoban/specs/acme.yaml", page, StringComparison.Ordinal);
        Assert.Contains("2行1桁", page, StringComparison.Ordinal);
        Assert.All(host.Desk.Refused.Errors, e => Assert.Contains(e.Said.Ja, page, StringComparison.Ordinal));
        Assert.All(host.Desk.Refused.Errors, e => Assert.Contains(e.Cure.Ja, page, StringComparison.Ordinal));

        sato.Http.DefaultRequestHeaders.AcceptLanguage.Clear();
        sato.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        var english = WebUtility.HtmlDecode(await sato.TextAsync("/customers"));
        Assert.Contains("line 2:1", english, StringComparison.Ordinal);
        Assert.All(host.Desk.Refused.Errors, e => Assert.Contains(e.Cure.En, english, StringComparison.Ordinal));
        using var tanaka = await Visitor.SignedInAsync(host, "tanaka");
        Assert.DoesNotContain("pill-spec", await tanaka.TextAsync("/strip"), StringComparison.Ordinal);
        Assert.DoesNotContain("acme.yaml", await tanaka.TextAsync("/customers"), StringComparison.Ordinal);

        host.Desk.Refused = null;
        Assert.DoesNotContain("pill-spec", await sato.TextAsync("/strip"), StringComparison.Ordinal);
        Assert.DoesNotContain("acme.yaml", await sato.TextAsync("/customers"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ping_is_shown_by_its_round_trip_and_loss_and_what_the_look_took_by_its_name()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var sato = await Visitor.SignedInAsync(host, "sato");
        var page = WebUtility.HtmlDecode(await sato.TextAsync("/hosts/sample-trading/web01"));
        Assert.Contains("RTA 3.2 ms · 損失 0% · 監視の所要時間 804 ms", page, StringComparison.Ordinal);
        Assert.Contains("往復時間 (RTA)", page, StringComparison.Ordinal);
        Assert.Contains("パケット損失 0%、RTA 3.21 ms", page, StringComparison.Ordinal);
        Assert.Contains("title=\"PING OK - Packet loss = 0%, RTA = 3.21 ms\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_desk_watches_of_its_own_works_has_names()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var sato = await Visitor.SignedInAsync(host, "sato");
        var page = WebUtility.HtmlDecode(await sato.TextAsync("/sites"));
        Assert.All(
            new[] { "監視拠点 tokyo の応答", "監視拠点 osaka からの経路", "メール中継サーバーへの送信", "監視センターの処理", "メールの到達確認", "監視拠点どうしの通信(tokyo-osaka)", "メーリングリストへの配送: サンプル商事株式会社", "改訂12(最新)" },
            name => Assert.Contains(name, page, StringComparison.Ordinal));
        Assert.All(
            SampleHosts.Own(), item => Assert.DoesNotContain($"{item.Host}/{item.Service}<", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_own_item_that_there_can_be_has_a_name_and_reads_its_threshold_in_japanese()
    {
        var terms = new ProviderTerms(Text.Same("p"), Language.Ja, "", [SampleHosts.Tokyo, SampleHosts.Osaka]) { Arrival = true, Pair = true, Peers = [SampleHosts.Tokyo, SampleHosts.Osaka] };
        foreach (var (host, service) in ProviderPlan.Items(terms, [SampleHosts.Trading]))
        {
            var name = OwnNames.Of(host, service);
            Assert.NotEqual(name.En, name.Ja);
        }

        var items = ProviderPlan.Build(terms, [SampleHosts.Trading], (_, _) => new ItemId(1)).Hosts.SelectMany(h => h.Services);
        Assert.All(items, item => Assert.NotEqual(item.Look.Thresholds, LookTerms.Of(item.Look.Kind, item.Look.Thresholds).Ja));
    }

    [Fact]
    public async Task A_mail_that_bounced_is_not_called_accepted_and_its_fold_is_open()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var sato = await Visitor.SignedInAsync(host, "sato");
        var bounced = host.Desk.Mails(Hinoban.People.Scope.Across("test")).First(m => m.Deliveries.Any(d => d.Report is { Action: "Failed" or "Delayed" }));
        var page = WebUtility.HtmlDecode(await sato.TextAsync($"/incidents/{bounced.Incident.Value}"));
        Assert.Contains("<details id=\"mails-fold\" open>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(ConsoleTextIncident.AllAccepted.Ja, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incidents_page_begins_with_what_is_to_be_done_and_folds_the_rest()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var sato = await Visitor.SignedInAsync(host, "sato");
        var page = await sato.TextAsync("/incidents/35");
        int Where(string words) => page.IndexOf(words, StringComparison.Ordinal) is >= 0 and var at ? at : throw new Xunit.Sdk.XunitException(words);
        Assert.True(Where("class=\"next") < Where("id=\"runbook\""));
        Assert.True(Where("id=\"runbook\"") < Where("id=\"facts\""));
        Assert.All(new[] { "contacts", "report", "received" }, fold => Assert.Contains($"<details id=\"{fold}-fold\">", page, StringComparison.Ordinal));
        Assert.Contains("<details id=\"report-fold\" open>", await sato.TextAsync("/incidents/33"), StringComparison.Ordinal);
    }
}
