using Hinoban.Tests.Console;
using Microsoft.Playwright;

namespace Hinoban.Acceptance.Console;

/// <summary>The distribution's Chromium before the sample desk; one per test class.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private ConsoleHost? host;
    private IPlaywright? playwright;
    private IBrowser? browser;

    internal ConsoleHost Host => host!;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return;
        }

        host = await ConsoleHost.StartAsync();
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"],
        });
    }

    /// <summary>A signed-in page; skips the test where there is no Chromium.</summary>
    internal async Task<IPage> OpenAsync(string? account = "sato", string language = "ja", string theme = "light", int width = 1440, bool script = true)
    {
        Assert.SkipWhen(browser is null, "chromium is not installed: ./dev test installs it");
        var context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Host.Address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            Locale = language == "ja" ? "ja-JP" : "en-GB",
            TimezoneId = "Asia/Tokyo",
            JavaScriptEnabled = script,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var origin = Host.Address.ToString();
        await context.AddCookiesAsync([new Cookie { Name = "hinoban-language", Value = language, Url = origin }, new Cookie { Name = "hinoban-theme", Value = theme, Url = origin }]);
        await ServeFreshAssetsAsync(context);
        var page = await context.NewPageAsync();
        if (account is not null)
        {
            await page.GotoAsync("/login");
            await page.FillAsync("input[name=name]", account);
            await page.FillAsync("input[name=password]", ConsoleHost.Password);
            await page.ClickAsync(".login-form button");
            await page.WaitForURLAsync(u => !u.Contains("/login", StringComparison.Ordinal));
        }

        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
            playwright!.Dispose();
            await host!.DisposeAsync();
        }
    }

    // While a style sheet is being worked on: built files of a folder instead of the embedded ones, without a build of everything.
    private static async Task ServeFreshAssetsAsync(IBrowserContext context)
    {
        if (Environment.GetEnvironmentVariable("HINOBAN_PICTURE_ASSETS") is not { Length: > 0 } folder)
        {
            return;
        }

        foreach (var (pattern, file, type) in new[] { ("**/assets/console.*.css", "console.css", "text/css"), ("**/assets/console.*.js", "console.js", "text/javascript") })
        {
            await context.RouteAsync(pattern, route => route.FulfillAsync(new RouteFulfillOptions { Path = Path.Combine(folder, file), ContentType = type }));
        }
    }
}
