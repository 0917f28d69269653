using Hinoban.Flow;
using Hinoban.Specs;
using Microsoft.Playwright;

namespace Hinoban.Acceptance.Console;

/// <summary>
/// Takes pictures of every page for people to look at. Only on request:
/// <c>HINOBAN_PICTURES=folder [HINOBAN_PICTURE_ONLY=desk,ja,dark,1024] Hinoban.Acceptance -class "*ConsolePictures" -explicit only</c>.
/// </summary>
public sealed class ConsolePictures(Browser browser) : IClassFixture<Browser>
{
    [Fact(Explicit = true)]
    public async Task Every_page_in_both_languages_themes_and_widths()
    {
        var folder = Environment.GetEnvironmentVariable("HINOBAN_PICTURES") ?? Path.Combine(AppContext.BaseDirectory, "pictures");
        Directory.CreateDirectory(folder);
        foreach (var account in new[] { "sato", "tanaka", null })
            foreach (var language in new[] { "ja", "en" })
                foreach (var theme in new[] { "light", "dark" })
                    foreach (var width in new[] { 1440, 1024 })
                    {
                        var pages = ConsolePages.All.Where(p => p.Account == account && Wanted(p.Name, language, theme, width)).ToList();
                        if (pages.Count == 0)
                        {
                            continue;
                        }

                        var page = await browser.OpenAsync(account, language, theme, width);
                        foreach (var (name, path, _) in pages)
                        {
                            await page.GotoAsync(path);
                            await page.SetViewportSizeAsync(width, 900);
                            var height = await page.EvaluateAsync<int>("Math.max(900, document.documentElement.scrollHeight)");
                            await page.SetViewportSizeAsync(width, height);
                            await page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
                            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{language}-{theme}-{width}.png"), FullPage = true });
                        }

                        await page.Context.CloseAsync();
                    }
    }

    [Fact(Explicit = true)]
    public async Task An_incident_that_ten_thousand_services_have_joined()
    {
        var folder = Environment.GetEnvironmentVariable("HINOBAN_PICTURES") ?? Path.Combine(AppContext.BaseDirectory, "pictures");
        Directory.CreateDirectory(folder);
        browser.Host.Desk.Crowd(10_000);
        foreach (var (language, theme, width) in new[] { ("ja", "light", 1440), ("en", "light", 1024), ("ja", "dark", 1024), ("en", "dark", 1440) })
        {
            var page = await browser.OpenAsync("sato", language, theme, width);
            foreach (var (name, path) in new[] { ("page", "/incidents/2000"), ("services", "/incidents/2000/all?of=services&q=000"), ("together", "/incidents/2000/all?of=together&q=app000"), ("story", "/incidents/2000/all?q=app000"), ("hosts", "/hosts") })
            {
                await page.GotoAsync(path);
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"crowd-{name}-{language}-{theme}-{width}.png"), FullPage = true });
            }

            await page.Context.CloseAsync();
        }
    }

    /// <summary>The pictures of <c>docs/desk.png</c> and <c>docs/ja/desk.png</c>, and of a refused specification.</summary>
    [Fact(Explicit = true)]
    public async Task What_documents_show()
    {
        var folder = Environment.GetEnvironmentVariable("HINOBAN_PICTURES") ?? Path.Combine(AppContext.BaseDirectory, "pictures");
        Directory.CreateDirectory(folder);
        browser.Host.Desk.Decent();
        foreach (var language in new[] { "ja", "en" })
        {
            var page = await browser.OpenAsync("sato", language, "light", 1440);
            await page.SetViewportSizeAsync(1440, 1150);
            await page.GotoAsync("/");
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"doc-desk-{language}.png") });
            browser.Host.Desk.Refused = Wrong;
            foreach (var width in new[] { 1440, 1024 })
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.GotoAsync("/customers");
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"refused-{language}-{width}.png") });
            }

            browser.Host.Desk.Refused = null;
            await page.Context.CloseAsync();
        }
    }

    private static SpecRefusal Wrong => SpecRefusal.Of(
        SpecReader.ReadFiles(
            [new SpecFile("/etc/hinoban/specs/sample-trading.yaml", "customer: sample-trading\nname: Sample\nedition: x\nmailing_list: { address: a@b.example, members: [{ desk: true }] }\nhosts:\n  web01:\n    adress: 192.0.2.10\n    checks: { http: { kind: http, warn: 3 } }\n")],
            SpecOptions.AnySite).Problems,
        new DateTimeOffset(2026, 4, 13, 18, 1, 0, TimeSpan.Zero));

    [Fact(Explicit = true)]
    public async Task Moments_that_no_address_leads_to()
    {
        var folder = Environment.GetEnvironmentVariable("HINOBAN_PICTURES") ?? Path.Combine(AppContext.BaseDirectory, "pictures");
        Directory.CreateDirectory(folder);
        var page = await browser.OpenAsync();
        Task TakeAsync(string name) => page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"moment-{name}.png") });

        await Assertions.Expect(page.Locator("[data-ui-selected]")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("c");
        await Assertions.Expect(page.Locator(".notice")).ToHaveCountAsync(1);
        await TakeAsync("claimed");
        await page.Keyboard.PressAsync("?");
        await TakeAsync("keys");
        await page.GotoAsync("/incidents/35");
        await page.Locator(".next [data-dialog]").ClickAsync();
        await page.Locator("dialog [name=host]").FillAsync("web0");
        await TakeAsync("confirm");
        await page.GotoAsync("/incidents/35");
        await page.Locator("#contacts-fold > summary").ClickAsync();
        await page.Locator("#call-1 > summary").ClickAsync();
        await page.Locator("#call-1").ScrollIntoViewIfNeededAsync();
        await TakeAsync("call");
        await page.GotoAsync("/incidents/33");
        await page.Locator(".run summary").First.ClickAsync();
        await page.Locator("#mails-fold > summary").ClickAsync();
        await page.Locator("#mails .mail summary").First.ClickAsync();
        await page.Locator("#report").ScrollIntoViewIfNeededAsync();
        await TakeAsync("report");
        await page.GotoAsync("/incidents/35");
        foreach (var details in await page.Locator("#mails details, #received details").AllAsync())
        {
            await details.Locator("summary").First.ClickAsync();
        }

        await page.Locator("#received").ScrollIntoViewIfNeededAsync();
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, "moment-received.png"), FullPage = true });
        await page.GotoAsync("/mails");
        await page.Locator(".mail summary").First.ClickAsync();
        await TakeAsync("mail");
        browser.Host.Desk.Storm(120);
        await page.GotoAsync("/");
        await TakeAsync("storm");
        browser.Host.Desk.EndStorm();
        browser.Host.Desk.Calm = true;
        await page.GotoAsync("/");
        await TakeAsync("calm");
        browser.Host.Desk.Calm = false;
        await page.Context.CloseAsync();
    }

    private static bool Wanted(string name, string language, string theme, int width)
    {
        var only = (Environment.GetEnvironmentVariable("HINOBAN_PICTURE_ONLY") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        string[] traits = [language, theme, width.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        var names = only.Where(o => o is not ("ja" or "en" or "light" or "dark" or "1440" or "1024")).ToList();
        return (names.Count == 0 || names.Contains(name))
            && (!only.Any(o => o is "ja" or "en") || only.Contains(traits[0]))
            && (!only.Any(o => o is "light" or "dark") || only.Contains(traits[1]))
            && (!only.Any(o => o is "1440" or "1024") || only.Contains(traits[2]));
    }
}
