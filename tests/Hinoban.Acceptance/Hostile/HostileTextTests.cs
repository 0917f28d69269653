using System.Text;
using Hinoban.Acceptance.Paths;
using Microsoft.Playwright;

namespace Hinoban.Acceptance.Hostile;

/// <summary>What a monitored machine says is anybody's text: it reaches every place as it is meant to, and commands none of them.</summary>
public sealed class HostileTextTests(HostileScene scene) : IClassFixture<HostileScene>
{
    private const string Chromium = "/usr/bin/chromium";

    public static TheoryData<string> Cases => [.. HostileCase.All.Select(c => c.Name)];

    [Fact]
    public async Task A_plugin_gets_its_arguments_byte_by_byte_and_no_shell_reads_them()
    {
        var got = await File.ReadAllBytesAsync(Path.Combine(scene.Plugins, "argv"));
        Assert.Equal(Encoding.UTF8.GetBytes(string.Concat(HostileScene.Arguments.Select(a => a.Got + "\0"))), got);
        Assert.All([scene.Folder, "/", Directory.GetCurrentDirectory(), AppContext.BaseDirectory], f => Assert.False(File.Exists(Path.Combine(f, "owned"))));
        Assert.Empty(Directory.EnumerateFiles(scene.Folder, "owned", SearchOption.AllDirectories));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_database_stores_the_text_exactly(string name)
    {
        var one = HostileCase.All.Single(c => c.Name == name);
        var id = (await scene.ServiceAsync(name))["id"]!.GetValue<int>();
        var stored = scene.Stored(id);
        Assert.Equal(2, stored.Count);
        // But for what no server's database holds: a NUL is stored as the replacement character.
        Assert.All(stored, s => Assert.Equal(Encoding.UTF8.GetBytes(one.First.Replace('\0', '\ufffd')), s.Output));
        Assert.All(stored, s => Assert.Equal(Encoding.UTF8.GetBytes(one.Long.Replace('\0', '\ufffd')), s.Long));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_api_tells_the_text_exactly(string name)
    {
        var one = HostileCase.All.Single(c => c.Name == name);
        var views = PathScene.Views(await scene.ServiceAsync(name)).ToList();
        Assert.Equal(2, views.Count);
        Assert.All(views, v => Assert.Equal(one.First, PathScene.Word(v, "output")));
        Assert.All(views, v => Assert.Equal(one.Long, PathScene.Word(v, "long_output")));
        var incidents = (await scene.Api.GetAsync("incidents"))["incidents"]!.AsArray();
        Assert.Equal(one.First, PathScene.Word(incidents.Single(i => PathScene.Word(i!, "service") == name)!, "output"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_mail_has_our_headers_only_and_the_text_in_its_body(string name)
    {
        var one = HostileCase.All.Single(c => c.Name == name);
        var sent = scene.Mails.Mails.Single(m => m.Subject.Contains($"evil01/{name} ", StringComparison.Ordinal));
        Assert.Equal("tanaka@example.test", sent.Recipient);
        var mail = await MailParser.ParseAsync(sent.Raw);
        Assert.Equal(
            ["Date", "From", "Reply-To", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted", "List-Id", "List-Post", "Precedence", "X-Loop"],
            mail["names"]!.AsArray().Select(n => n!.GetValue<string>()));
        Assert.Empty(mail["defects"]!.AsArray());
        Assert.False(mail["multipart"]!.GetValue<bool>());
        Assert.Equal(["ops@example.test"], mail["to"]!.AsArray().Select(a => a!.GetValue<string>()));
        Assert.Matches($@"\A\*\* PROBLEM Service Alert: evil01/{name} is CRITICAL \*\* \[evil-trading INC-\d{{6}}-\d{{4}}\]\z", mail["values"]!["Subject"]!.GetValue<string>());
        Assert.Contains("悪意 <script>window.owned=4</script>", mail["values"]!["List-Id"]!.GetValue<string>().Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);

        // Wrapping puts line ends where there were none; what a reader sees between the labels is the text.
        var body = mail["body"]!.GetValue<string>().Replace("\r\n", "\n", StringComparison.Ordinal);
        Assert.Contains(Joined("悪意 <script>window.owned=4</script> \"商事\" $(id) ご担当者様"), Joined(body), StringComparison.Ordinal);
        Assert.Contains(Joined($"取得値: {one.Mailed}"), Joined(body), StringComparison.Ordinal);
        Assert.DoesNotContain("契約番号", body, StringComparison.Ordinal); // there is none, and no label without a value
        Assert.DoesNotContain(body, c => char.IsControl(c) && c != '\n');
        Assert.All(body.Split('\n'), line => Assert.True(line.Length <= 998, "a line longer than RFC 5321 allows"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_page_shows_the_text_as_text(string name)
    {
        Assert.SkipUnless(File.Exists(Chromium), "chromium is not installed: ./dev test installs it");
        var one = HostileCase.All.Single(c => c.Name == name);
        var page = await scene.PageAsync();
        await page.GotoAsync($"/hosts/evil-trading/evil01/{name}");

        // What each site sees now, whole; and what it has printed, as a database can hold it and its beginning only.
        var all = await page.Locator("#page .output").AllAsync();
        var texts = await Task.WhenAll(all.Select(shown => shown.TextContentAsync()));
        Assert.Equal(4, texts.Length);
        Assert.InRange(texts.Count(t => t == one.Shown), 2, 4);
        Assert.All(texts.Where(t => t != one.Shown), t => Assert.StartsWith(t![..Math.Max(1, t!.Length - 1)], one.Shown.Replace("\\x00", "\uFFFD", StringComparison.Ordinal), StringComparison.Ordinal));
        foreach (var shown in all)
        {
            Assert.Equal(0, await shown.Locator("*").CountAsync());
        }

        await NothingForeignAsync(page);
        await page.GotoAsync("/");
        Assert.Equal(HostileCase.All.Count, await page.Locator("#page").GetByText("evil01/").CountAsync());
        await NothingForeignAsync(page);
    }

    [Fact]
    public void Nothing_of_it_is_an_error_of_ours() => Assert.DoesNotContain(scene.Log, l => l.Contains(" error ", StringComparison.Ordinal) || l.Contains(" fatal ", StringComparison.Ordinal));

    // Whatever ran or was built from the text would be seen here.
    private static async Task NothingForeignAsync(IPage page)
    {
        var scripts = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('script')].map(s => s.getAttribute('src') || 'inline: ' + s.textContent)");
        Assert.All(scripts, s => Assert.StartsWith("/assets/", s));
        Assert.Equal("undefined", await page.EvaluateAsync<string>("typeof window.owned"));
        Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelectorAll('[onerror], img[src=x]').length"));
    }

    private static string Joined(string wrapped) => wrapped.Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
}
