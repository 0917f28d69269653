using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Hinoban.Basics;
using Hinoban.Console.Parts;

namespace Hinoban.Tests.Console;

/// <summary>What holds on every page: nobody else's words become markup, nothing invisible gets through, everything is in both languages.</summary>
public sealed partial class PageTests
{
    private static readonly string[] Paths =
    [
        "/", "/?view=closed", "/incidents/42", "/incidents/35", "/incidents/34", "/incidents/33", "/incidents/35/steps/4/confirm", "/hosts", "/hosts?problems=on&q=queue",
        "/incidents/42/all", "/incidents/40/all?of=together", "/incidents/40/all?of=services&q=ssh", "/hosts/sample-trading/app02", "/hosts/sample-trading/app02/queue", "/hosts/sample-trading/app02/disk", "/sites", "/mails", "/customers", "/account",
    ];

    [Fact]
    public async Task An_icon_as_text_is_what_its_component_draws()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var sato = await Visitor.SignedInAsync(host, "sato");

        Assert.Contains(Hinoban.Console.Parts.Icon.Of(Hinoban.Console.Parts.Icons.Search).Value, await sato.TextAsync("/hosts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_words_are_text_and_nothing_else()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var sato = await Visitor.SignedInAsync(host, "sato");
        foreach (var path in Paths)
        {
            var page = await sato.TextAsync(path);
            Assert.DoesNotContain("<script>", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img src=x", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<b>高橋", page, StringComparison.Ordinal);
            Assert.False(Invisible().IsMatch(page), $"{path}: {Invisible().Match(page).Index}");
            Assert.True(page.Length < 600_000, $"{path}: {page.Length} characters");
        }

        var hostile = WebUtility.HtmlDecode(await sato.TextAsync("/incidents/42"));
        Assert.Contains(SampleHosts.Script, hostile, StringComparison.Ordinal);
        Assert.Contains("\\x1b[31mRED\\x1b[0m\\x07 \\u{202e}gnp.exe\\u{202c} $(reboot) `id` \\r\\nSubject: injected", hostile, StringComparison.Ordinal);
        Assert.Contains("…(+", WebUtility.HtmlDecode(await sato.TextAsync("/hosts/sample-trading/app02/disk")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_page_has_script_or_style_of_its_own_and_every_page_forbids_them()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var sato = await Visitor.SignedInAsync(host, "sato");
        foreach (var path in Paths)
        {
            using var answer = await sato.GetAsync(path);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            var page = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotMatch(InlineCode(), page);
            Assert.DoesNotMatch(Elsewhere(), page);
        }
    }

    [Fact]
    public async Task Static_files_are_cached_for_ever_and_compressed()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var visitor = new Visitor(host);
        var page = await visitor.TextAsync("/login");
        foreach (Match url in AssetUrl().Matches(page))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url.Groups[1].Value);
            request.Headers.AcceptEncoding.ParseAdd("br");
            using var answer = await visitor.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.Equal("br", answer.Content.Headers.ContentEncoding.Single());
            using var again = new HttpRequestMessage(HttpMethod.Get, url.Groups[1].Value);
            again.Headers.AcceptEncoding.ParseAdd("br");
            again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
            using var unchanged = await visitor.Http.SendAsync(again);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        }

        Assert.True(AssetUrl().Count(page) >= 4);
        using var old = await visitor.GetAsync("/assets/console.0000000000000000.css");
        Assert.Equal(HttpStatusCode.NotFound, old.StatusCode);
    }

    [Fact]
    public void Every_text_is_there_in_both_languages()
    {
        var texts = typeof(ConsoleTextParts).Assembly.GetTypes()
            .Where(t => t.Name.StartsWith("ConsoleText", StringComparison.Ordinal))
            .SelectMany(t => t.GetProperties(BindingFlags.Static | BindingFlags.NonPublic).Where(p => p.PropertyType == typeof(Text)).Select(p => (Name: $"{t.Name}.{p.Name}", Text: (Text)p.GetValue(null)!)))
            .ToList();
        Assert.True(texts.Count > 150, $"only {texts.Count}");
        Assert.All(texts, t =>
        {
            Assert.True(Japanese().IsMatch(t.Text.Ja), $"{t.Name}: {t.Text.Ja}");
            Assert.False(Japanese().IsMatch(t.Text.En) || t.Text.En.Length == 0, $"{t.Name}: {t.Text.En}");
        });
    }

    [Fact]
    public async Task A_calm_night_says_so()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Desk.Calm = true;
        using var sato = await Visitor.SignedInAsync(host, "sato");
        Assert.Contains("対応が必要な障害はありません", WebUtility.HtmlDecode(await sato.TextAsync("/")), StringComparison.Ordinal);
        using var english = new HttpRequestMessage(HttpMethod.Get, "/");
        sato.Http.DefaultRequestHeaders.AcceptLanguage.Clear();
        sato.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en-GB, ja;q=0.5");
        Assert.Contains("Nothing needs you now", await sato.TextAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_hundred_incidents_are_one_page()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Desk.Storm(250);
        using var sato = await Visitor.SignedInAsync(host, "sato");
        var page = await sato.TextAsync("/");
        Assert.Equal(200, Regex.Count(page, "<li id=\"inc-"));
        Assert.Contains("障害が集中しています", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.True(page.Length < 800_000, $"{page.Length}");
    }

    // Controls but tab and line breaks, bidirectional and zero-width controls, as characters or as references.
    [GeneratedRegex("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]|&#x(?:1B|202E|200B|7);")]
    private static partial Regex Invisible();

    [GeneratedRegex("<script(?! src=)|<style|\\sstyle=\"|\\son[a-z]+=\"|javascript:")]
    private static partial Regex InlineCode();

    [GeneratedRegex("(?:src|href|action)=\"(?:https?:)?//")]
    private static partial Regex Elsewhere();

    [GeneratedRegex("(?:href|src)=\"(/assets/[^\"]+)\"")]
    private static partial Regex AssetUrl();

    [GeneratedRegex("[\\u3040-\\u30ff\\u4e00-\\u9fff]")]
    private static partial Regex Japanese();
}
