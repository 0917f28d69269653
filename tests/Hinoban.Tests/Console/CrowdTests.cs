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
        Assert.Contains("600台とサービス 3000件をこのインシデントにまとめました", page, StringComparison.Ordinal);
        Assert.Contains("42台が復旧しました", page, StringComparison.Ordinal);
        Assert.True(page.Length < 200_000, $"{page.Length} characters");

        // Those that still fail come first.
        Assert.DoesNotContain(">app0007<", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("services", "queue-01234", "/incidents/2000/all?of=services&q=01234", 3_000)]
    [InlineData("hosts", "vm0123", "/incidents/2000/all?of=hosts&q=vm0123", 300)]
    [InlineData("together", "app0007", "/incidents/2000/all?of=together&q=app0007", 300)]
    [InlineData("story", "app0123", "/incidents/2000/all?q=app0123", 3_000)]
    public async Task The_whole_list_is_there_and_one_of_it_is_found(string of, string name, string found, int all)
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Desk.Crowd(3_000);
        using var sato = await Visitor.SignedInAsync(host, "sato");
        var first = await sato.TextAsync($"/incidents/2000/all?of={of}");
        Assert.Contains("さらに表示", WebUtility.HtmlDecode(first), StringComparison.Ordinal);
        var one = await sato.TextAsync(found);
        Assert.Contains(name, one, StringComparison.Ordinal);
        Assert.True(Regex.Count(one, "<li[ >]") < 40, one);
        Assert.True(Regex.Count(await sato.TextAsync($"/incidents/2000/all?of={of}&limit=20000"), $"<li[ >]") >= all);
        Assert.Contains("条件に合うものはありません", WebUtility.HtmlDecode(await sato.TextAsync($"/incidents/2000/all?of={of}&q=nobody-is-called-so")), StringComparison.Ordinal);
    }
}
