using System.Net;
using System.Text.RegularExpressions;

namespace Hinoban.Tests.Console;

/// <summary>An incident with thousands of hosts and services: a short page, the whole list on demand, found by a word.</summary>
public sealed class CrowdTests
{
    [Fact]
    public async Task The_page_shows_the_first_fifty_and_tells_the_rest_in_one_sentence()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Desk.Crowd(3_000);
        using var sato = await Visitor.SignedInAsync(host, "sato");
        var page = WebUtility.HtmlDecode(await sato.TextAsync("/incidents/2000"));
        Assert.Equal(50, Regex.Count(page, ">queue-\\d{5}<"));
        Assert.Equal(50, Regex.Count(page, ">vm\\d{4}<"));
        Assert.Equal(50, Regex.Count(page, ">app\\d{4}<"));
        Assert.Contains("3,000件すべてを見る", page, StringComparison.Ordinal);
        Assert.Contains("600台とサービス 3,000件をこのインシデントにまとめました", page, StringComparison.Ordinal);
        Assert.Contains("42台が復旧しました", page, StringComparison.Ordinal);
        Assert.True(page.Length < 200_000, $"{page.Length} characters");

        // Those that still fail come first.
        Assert.DoesNotContain(">app0007<", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_whole_list_is_there_and_one_of_it_is_found()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Desk.Crowd(3_000);
        using var sato = await Visitor.SignedInAsync(host, "sato");
        foreach (var (of, name, all) in new[] { ("services", "queue-01234", 3_000), ("hosts", "vm0123", 300), ("together", "app0007", 300), ("story", "app0123", 3_600) })
        {
            var first = WebUtility.HtmlDecode(await sato.TextAsync($"/incidents/2000/all?of={of}"));
            Assert.Contains("さらに表示", first, StringComparison.Ordinal);
            Assert.InRange(Rows(first), 200, 230);
            var found = await sato.TextAsync($"/incidents/2000/all?of={of}&q={name}");
            Assert.Contains(name, found, StringComparison.Ordinal);
            Assert.InRange(Rows(found), 1, 30);
            Assert.InRange(Rows(await sato.TextAsync($"/incidents/2000/all?of={of}&limit=20000")), all, all + 60);
        }

        Assert.Contains("条件に合うものはありません", WebUtility.HtmlDecode(await sato.TextAsync("/incidents/2000/all?of=hosts&q=nobody-is-called-so")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_hosts_each_shows_what_has_a_problem_and_what_is_looked_for()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Desk.Instead = rows =>
        {
            var (like, astray) = (rows.Single(h => h.Host == "edge01"), rows.SelectMany(h => h.Services).Single(s => s.Service == "search"));
            return [.. Enumerable.Range(1, 60).Select(n => like with
            {
                Host = $"many{n:00}",
                Services =
                [
                    .. Enumerable.Range(1, 5).Select(i => like.Services[0] with { Service = $"well-{i}" }),
                    .. Enumerable.Range(1, n == 7 ? 4 : 0).Select(i => astray with { Service = $"astray-{i}" }),
                    like.Services[0] with { Service = "needle" },
                ],
            })];
        };
        using var sato = await Visitor.SignedInAsync(host, "sato");
        var page = await sato.TextAsync("/hosts");
        Assert.Equal((4, 0), (Regex.Count(page, ">astray-[1-4]</a>"), Regex.Count(page, ">needle</a>")));
        Assert.Equal(50, Regex.Count(await sato.TextAsync("/hosts?q=Needle"), ">needle</a>"));
    }

    private static int Rows(string page) => Regex.Count(page, "<li[ >]");
}
