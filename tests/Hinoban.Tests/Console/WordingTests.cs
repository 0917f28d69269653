using System.Net;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Console.Incidents;
using Hinoban.Console.Parts;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Responding;
using Hinoban.States;

namespace Hinoban.Tests.Console;

/// <summary>What a page says is in one language, said once, and true now.</summary>
public sealed class WordingTests
{
    private static readonly DateTimeOffset At = new(2026, 4, 14, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "終了コード 0", "exit code 0", "手順2: 完了(終了コード 0)", "Step 2: done (exit 0)", "", "")]
    [InlineData(3, "終了コード 3(正しくは 0)", "exit code 3, should be 0", "手順2: 完了", "Step 2: done", "終了コード 3(正しくは 0)", "exit code 3, should be 0")]
    [InlineData(null, "障害の継続を確認", "still failing", "手順2: 完了", "Step 2: done", "障害の継続を確認", "still failing")]
    public void An_exit_code_is_told_once_and_a_reason_in_one_language(int? code, string ja, string en, string toldJa, string toldEn, string quoteJa, string quoteEn)
    {
        var told = Assert.Single(Telling.Of([new StepEnded(At, "sato", 2, 1, StepOutcome.Done, code, "", new Text(ja, en))], all: true));
        Assert.Equal((toldJa, toldEn), (told.Sentence.Ja, told.Sentence.En));
        Assert.Equal((quoteJa, quoteEn), (told.Quote.Ja, told.Quote.En));
    }

    [Fact]
    public async Task No_page_says_a_recorded_reason_in_two_languages()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var sato = await Visitor.SignedInAsync(host, "sato");
        var page = WebUtility.HtmlDecode(await sato.TextAsync("/incidents/33"));
        Assert.Contains("全拠点で2回続けて正常", page, StringComparison.Ordinal);
        Assert.DoesNotContain("OK 2 times in a row", page, StringComparison.Ordinal);
        Assert.Contains("6分以内に全拠点で2回続けて正常", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Refused", "全拠点で接続拒否", "connection refused at every site")]
    [InlineData("TimedOut", "全拠点でタイムアウト", "timed out at every site")]
    [InlineData("NameUnresolved", "全拠点で名前解決不可", "name not resolved (DNS) at every site")]
    [InlineData("TlsCut", "全拠点でTLS切断", "TLS handshake cut at every site")]
    [InlineData("Refused TimedOut", "全拠点で応答なし", "no answer at every site")]
    public void Down_says_why(string causes, string ja, string en)
    {
        NoValue[] all = [.. causes.Split(' ').Select(Enum.Parse<NoValue>)];
        Assert.Equal(new Text(ja, en), ConsoleTextParts.Reach(Reach.Down, all, singleSite: false));
        Assert.DoesNotContain("every", ConsoleTextParts.Reach(Reach.Down, all, singleSite: true).En, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_is_not_asked_for_while_a_step_runs()
    {
        var view = new SampleIncidents(At, SampleHosts.All(At)).All().Single(v => v.Row.Id.Value == 33);
        var sato = new Actor("sato", "佐藤 花子", Role.Operator, Scope.Across("test"));
        Assert.Equal("report", NextMove.Of(view, sato).Anchor);

        var running = new StepRunView(2, "sato", At, null, null, null, "", Text.Same(""));
        var verifying = view with { Steps = [.. view.Steps.Select(s => s.Kind == "verify" ? s with { Runs = [.. s.Runs, running] } : s)] };
        Assert.Equal(ConsoleTextIncident.NextRunning(5), NextMove.Of(verifying, sato).What);
    }

    [Fact]
    public async Task What_has_recovered_is_not_shown_as_failing()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var sato = await Visitor.SignedInAsync(host, "sato");
        var page = WebUtility.HtmlDecode(await sato.TextAsync("/incidents/33"));
        Assert.Contains("tone-over", page, StringComparison.Ordinal);
        Assert.Contains("(CRITICAL でした)", page, StringComparison.Ordinal);
        Assert.Contains("tone-critical", await sato.TextAsync("/incidents/41"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_keep_the_providers_zone_wherever_the_browser_is_unless_one_was_chosen()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var sato = await Visitor.SignedInAsync(host, "sato");
        sato.Http.DefaultRequestHeaders.Add("Cookie", "hinoban-browser-zone=Europe/Berlin");
        Assert.Contains("data-zone=\"Asia/Tokyo\"", await sato.TextAsync("/"), StringComparison.Ordinal);
        using var chosen = await sato.PostAsync("/account", "/account/preferences", ("zone", "Europe/Berlin"), ("next", "/"));
        Assert.Contains("data-zone=\"Europe/Berlin\"", await sato.TextAsync("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(146, "2分26秒", "2:26")]
    [InlineData(-3, "0秒", "0:00")]
    [InlineData(3720, "1時間02分", "1:02:00")]
    public void How_long_it_took_does_not_read_like_a_countdown(int seconds, string ja, string en)
    {
        var took = TimeSpan.FromSeconds(seconds);
        Assert.Equal((ja, en), (Times.Took(Language.Ja, took), Times.Took(Language.En, took)));
    }

    [Fact]
    public void The_first_account_is_named_in_the_readers_language()
    {
        Assert.Equal("管理者", PersonNames.Of("Administrator").Ja);
        Assert.Equal(Text.Same("佐藤 花子"), PersonNames.Of("佐藤 花子"));
        Assert.Contains("管理者", RespondText.HeldBy("Administrator").Ja, StringComparison.Ordinal);
    }
}
