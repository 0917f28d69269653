using System.Text.Json;
using Microsoft.Playwright;

namespace Hinoban.Acceptance.Console;

/// <summary>What every page must be in a real browser: within its width, without tofu, in one language, quiet in the browser's console, accessible.</summary>
public sealed class PageQualityTests(Browser browser) : IClassFixture<Browser>
{
    // Elements wider than the page; missing glyphs (drawn like an unassigned character); leftovers of templates.
    private const string Faults = """
        () => {
          const faults = [];
          if (document.documentElement.scrollWidth > innerWidth) faults.push(`page is ${document.documentElement.scrollWidth} wide`);
          for (const e of document.querySelectorAll('main *, header.strip *, nav.rail *')) {
            const box = e.getBoundingClientRect();
            if (box.width > 0 && box.right > innerWidth + 1 && !e.closest('.block, .told-quote, svg, .visually-hidden')) faults.push(`overflow: ${e.tagName}.${e.className} to ${Math.round(box.right)}`);
          }
          const canvas = document.createElement('canvas');
          canvas.width = canvas.height = 40;
          const pen = canvas.getContext('2d', { willReadFrequently: true });
          const draw = (text, font) => { pen.clearRect(0, 0, 40, 40); pen.font = font; pen.fillText(text, 4, 30); return pen.getImageData(0, 0, 40, 40).data.join(); };
          const family = getComputedStyle(document.body).fontFamily;
          const missing = draw('\u0378', `24px ${family}`);
          for (const c of new Set([...document.body.innerText].filter(c => c.trim() && c > '~' && !/\p{Script=Arabic}/u.test(c)))) {
            if (draw(c, `24px ${family}`) === missing) faults.push(`tofu: ${c} U+${c.codePointAt(0).toString(16)}`);
          }
          const text = document.body.innerText;
          for (const word of ['ConsoleText', 'undefined', 'NaN', '[object', 'Hinoban.Basics', '{0}']) if (text.includes(word)) faults.push(`leftover: ${word}`);
          if (document.documentElement.lang === 'en') {
            for (const e of document.querySelectorAll('h1, h2, h3, th, dt, legend, .btn, .tabs a, .rail a, .next-label, .slo-label, .mark-word, .field > span, .milestone-word, .kind, .outcome, .stage h2')) {
              if (/[\u3040-\u30ff\u4e00-\u9fff]/.test(e.textContent)) faults.push(`not in English: ${e.textContent.trim().slice(0, 60)}`);
            }
          }
          return faults;
        }
        """;

    [Theory]
    [InlineData("ja", "light", 1440)]
    [InlineData("ja", "dark", 1024)]
    [InlineData("en", "light", 1024)]
    [InlineData("en", "dark", 1440)]
    public async Task Every_page_fits_reads_and_is_quiet(string language, string theme, int width)
    {
        var axe = AxeScript();
        var faults = new List<string>();
        foreach (var account in new[] { "sato", "tanaka", null })
        {
            var page = await browser.OpenAsync(account, language, theme, width);
            var here = "";
            page.Console += (_, said) =>
            {
                if (said.Type is "error" or "warning")
                {
                    faults.Add($"{here}: browser says {said.Text}");
                }
            };
            page.PageError += (_, error) => faults.Add($"{here}: {error}");
            foreach (var (name, path, _) in ConsolePages.All.Where(p => p.Account == account))
            {
                here = name;
                await page.GotoAsync(path);
                faults.AddRange((await page.EvaluateAsync<string[]>(Faults)).Select(f => $"{name}: {f}"));
                if (axe is not null)
                {
                    faults.AddRange((await AxeAsync(page, axe)).Select(f => $"{name}: {f}"));
                }
            }

            await page.Context.CloseAsync();
        }

        // A page that is not found is a failed request, which the browser reports.
        var wrong = faults.Where(f => !f.StartsWith("not-found: browser says Failed to load resource", StringComparison.Ordinal)).Distinct().ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Hostile_words_reach_the_page_as_text_nodes_only()
    {
        var page = await browser.OpenAsync();
        foreach (var path in new[] { "/", "/incidents/42", "/incidents/35", "/hosts", "/hosts/sample-trading/app02/queue", "/mails" })
        {
            await page.GotoAsync(path);
            Assert.NotEqual("owned", await page.TitleAsync());
            Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelectorAll('img[src=x], main script, main b b').length"));
            Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('main *')].filter(e => [...e.attributes].some(a => /^on/i.test(a.name))).length"));
        }

        await page.GotoAsync("/incidents/42");
        Assert.Contains("<script>document.title='owned'</script>", await page.Locator(".incident-output").TextContentAsync(), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    private static string? AxeScript()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "npm", "console", "node_modules", "axe-core", "axe.min.js");
            if (File.Exists(file))
            {
                return File.ReadAllText(file);
            }
        }

        return null;
    }

    private static async Task<IEnumerable<string>> AxeAsync(IPage page, string axe)
    {
        await page.EvaluateAsync(axe);
        var found = await page.EvaluateAsync<JsonElement>("axe.run(document, { resultTypes: ['violations'], rules: { 'scrollable-region-focusable': { enabled: false } } }).then(r => r.violations.flatMap(v => v.nodes.slice(0, 3).map(n => `${v.id} (${v.impact}): ${n.html.slice(0, 120)} ${n.any.map(a => a.message).join(' ').slice(0, 140)}`)))");
        return found.EnumerateArray().Select(e => e.GetString()!);
    }
}
