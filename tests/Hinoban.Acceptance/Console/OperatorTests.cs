using Microsoft.Playwright;

namespace Hinoban.Acceptance.Console;

/// <summary>A night at the desk in a real browser: keys, live changes, forms that survive them, the guarded change.</summary>
public sealed class OperatorTests(Browser browser) : IClassFixture<Browser>
{
    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    [Fact]
    public async Task One_key_claims_the_selected_incident_and_the_queue_follows()
    {
        var page = await browser.OpenAsync();
        var first = page.Locator(".stage-unclaimed .inc").First;
        await Expect(page.Locator("[data-ui-selected]")).ToHaveCountAsync(1);
        var top = await first.GetAttributeAsync("data-incident");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("k");
        await Expect(page.Locator($"#inc-{top}[data-ui-selected]")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("c");
        await Expect(page.Locator($".stage-responding #inc-{top}")).ToHaveCountAsync(1);
        await Expect(page.Locator(".notice-done")).ToContainTextAsync("対応を開始しました");
        await Expect(page.Locator($"#inc-{top}[data-ui-selected]")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/incidents/{top}");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task New_incidents_arrive_by_themselves_and_the_selection_stays()
    {
        var page = await browser.OpenAsync();
        await Expect(page.Locator("#inc-41")).ToHaveCountAsync(1);
        await page.Locator("#inc-41 .inc-facts").HoverAsync();
        await page.Keyboard.PressAsync("j");
        var selected = await page.Locator("[data-ui-selected]").GetAttributeAsync("data-incident");
        browser.Host.Desk.Storm(3);
        await Expect(page.Locator("#inc-1002")).ToHaveCountAsync(1);
        Assert.Equal(selected, await page.Locator("[data-ui-selected]").GetAttributeAsync("data-incident"));
        Assert.Matches(@"^\(\d+\) ", await page.TitleAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task What_is_being_typed_survives_what_others_do()
    {
        var page = await browser.OpenAsync();
        await page.GotoAsync("/incidents/35");
        await page.FillAsync("#note", "half a sentence");
        await page.Locator("#report-fold > summary").ClickAsync();
        await page.FillAsync("#part-cause", "推定: 更新ジョブの失敗");
        await page.Locator("#part-cause").FocusAsync();
        var other = await browser.OpenAsync("mori");
        await other.GotoAsync("/incidents/35");
        await other.FillAsync("#note", "from the lead");
        await other.ClickAsync("#note-form button");
        await Expect(other.Locator(".told-quote", new() { HasText = "from the lead" })).ToHaveCountAsync(1);
        await Expect(other.Locator("#note")).ToHaveValueAsync("");
        await Expect(page.Locator(".told-quote", new() { HasText = "from the lead" })).ToHaveCountAsync(1);
        await Expect(page.Locator("#note")).ToHaveValueAsync("half a sentence");
        await Expect(page.Locator("#part-cause")).ToHaveValueAsync("推定: 更新ジョブの失敗");
        await Expect(page.Locator("#part-cause")).ToBeFocusedAsync();
        await page.ReloadAsync();
        await Expect(page.Locator("#part-cause")).ToHaveValueAsync("推定: 更新ジョブの失敗");
        await page.Context.CloseAsync();
        await other.Context.CloseAsync();
    }

    [Fact]
    public async Task Sending_waits_for_all_four_parts()
    {
        var page = await browser.OpenAsync();
        await page.GotoAsync("/incidents/33");
        var send = page.Locator("[data-send]");
        await Expect(send).ToBeDisabledAsync();
        await page.FillAsync("#part-cause", "調査中");
        await Expect(send).ToBeEnabledAsync();
        await page.CheckAsync("[name=checked]");
        await send.ClickAsync();
        await Expect(page.Locator(".notice-done")).ToContainTextAsync("報告を送信待ちに入れました");
        await Expect(page.Locator(".sent-parts")).ToContainTextAsync("調査中");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_change_needs_the_hosts_name_typed_before_its_button_wakes()
    {
        var page = await browser.OpenAsync();
        await page.GotoAsync("/incidents/35");
        await page.Locator(".next [data-dialog]").ClickAsync();
        var sheet = page.Locator("dialog[open]");
        await Expect(sheet.Locator(".confirm-host")).ToContainTextAsync("web02");
        await Expect(sheet.Locator("code")).ToHaveTextAsync("sudo systemctl restart nginx");
        var run = sheet.Locator("[data-run]");
        await Expect(run).ToBeDisabledAsync();
        await sheet.Locator("[name=host]").FillAsync("web01");
        await Expect(run).ToBeDisabledAsync();
        await sheet.Locator("[name=host]").FillAsync("web02");
        await Expect(run).ToBeEnabledAsync();
        await run.ClickAsync();
        await Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);
        Assert.Contains("sato step 4 web02 sudo systemctl restart nginx 35", browser.Host.Desk.Carried);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Without_script_the_night_can_still_be_worked()
    {
        var page = await browser.OpenAsync(script: false);
        await Expect(page.Locator("#inc-40 .slo-digits")).ToContainTextAsync(":");
        await page.Locator("#inc-40 .btn-claim").ClickAsync();
        await page.WaitForURLAsync("**/incidents/40");
        await page.FillAsync("#note", "written by hand");
        await page.ClickAsync("#note-form button");
        await Expect(page.Locator(".told-quote", new() { HasText = "written by hand" })).ToHaveCountAsync(1);
        await page.GotoAsync("/incidents/35/steps/4/confirm");
        await page.FillAsync("[name=host]", "web01");
        await page.ClickAsync("[data-run]");
        await Expect(page.Locator(".alert-danger")).ToContainTextAsync("ホスト名が違います");
        await page.GotoAsync("/hosts?q=edge03");
        await Expect(page.Locator(".host")).ToHaveCountAsync(1);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_page_that_hears_nothing_says_so()
    {
        var page = await browser.OpenAsync();
        await page.Context.RouteAsync("**/events", route => route.AbortAsync());
        await page.Clock.InstallAsync();
        await page.GotoAsync("/");
        await page.Clock.FastForwardAsync(20_000);
        await Expect(page.Locator("#stale")).ToBeHiddenAsync();
        await page.Clock.FastForwardAsync(10_000);
        await Expect(page.Locator("#stale")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_filter_follows_the_typing_and_the_address_follows_the_filter()
    {
        var page = await browser.OpenAsync();
        await page.GotoAsync("/hosts");
        await Expect(page.Locator("#keys")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("edge03");
        await Expect(page.Locator(".host")).ToHaveCountAsync(1);
        Assert.EndsWith("?q=edge03", page.Url, StringComparison.Ordinal);
        await Expect(page.Locator("[data-search]")).ToHaveValueAsync("edge03");
        await Expect(page.Locator("[data-search]")).ToBeFocusedAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_slow_refresh_does_not_bring_back_what_the_filter_has_taken_away()
    {
        var page = await browser.OpenAsync();
        await page.GotoAsync("/hosts");
        await Expect(page.Locator("#page[data-htmx-powered]")).ToHaveCountAsync(1);
        var typed = new TaskCompletionSource();
        var refreshing = new TaskCompletionSource();
        await page.RouteAsync(
            url => new Uri(url) is { AbsolutePath: "/hosts" } asked && !asked.Query.Contains("edge03", StringComparison.Ordinal),
            async route =>
            {
                refreshing.TrySetResult();
                await typed.Task;
                await route.ContinueAsync();
            });
        await page.EvaluateAsync("document.body.dispatchEvent(new CustomEvent('desk-hosts'))");
        await refreshing.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await page.FillAsync("[data-search]", "edge03");
        await page.WaitForURLAsync("**/hosts?q=edge03");
        await page.EvaluateAsync("const at = document.documentElement.dataset; at.swaps = '0'; document.addEventListener('htmx:after:swap', () => at.swaps = Number(at.swaps) + 1)");
        typed.SetResult();
        await Expect(page.Locator("html[data-swaps='2']")).ToHaveCountAsync(1);
        await Expect(page.Locator(".host")).ToHaveCountAsync(1);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_one_time_password_leads_to_the_account_page_and_nowhere_else_until_it_is_changed()
    {
        var page = await browser.OpenAsync("ito");
        await Expect(page.Locator(".alert-warning")).ToContainTextAsync("一時パスワード");
        Assert.EndsWith("/account", page.Url, StringComparison.Ordinal);
        await Expect(page.Locator(".rail")).ToHaveCountAsync(0);
        await page.GotoAsync("/hosts");
        Assert.EndsWith("/account", page.Url, StringComparison.Ordinal);
        await page.FillAsync("[name=current]", Hinoban.Tests.Console.ConsoleHost.Password);
        await page.FillAsync("[name=password]", "my own long password");
        await page.FillAsync("[name=again]", "my own long password");
        await page.Locator("[name=again]").PressAsync("Enter");
        await Expect(page.Locator(".alert-success")).ToContainTextAsync("パスワードを変更しました");
        await Expect(page.Locator(".alert-warning")).ToHaveCountAsync(0);
        await page.Locator(".rail-entry[href='/hosts']").ClickAsync();
        await page.WaitForURLAsync("**/hosts");
        await Expect(page.Locator("#live")).ToHaveCountAsync(1);
        await page.Context.CloseAsync();
    }
}
