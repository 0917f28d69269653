using System.Net;
using System.Text.RegularExpressions;
using Hinoban.People;
using Hinoban.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Hinoban.Tests.Server;

/// <summary>Whose word about a request's sender and scheme counts.</summary>
public sealed partial class ProxyTests
{
    private const string Client = "203.0.113.9";

    [Theory]
    [InlineData(Client)]
    [InlineData($"198.51.100.1, {Client}")]
    [InlineData($"{Client}, 127.0.0.1")]
    public async Task A_trusted_proxy_tells_who_asks_and_that_it_was_over_tls(string forwarded)
    {
        await using var server = await SampleServer.StartAsync(proxies: [IPAddress.Loopback]);
        var (origin, cookie) = await SignInAsync(server, forwarded);
        Assert.Equal(Client, origin);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Nobody_else_does()
    {
        await using var server = await SampleServer.StartAsync();
        var (origin, cookie) = await SignInAsync(server, Client);
        Assert.Equal("127.0.0.1", origin);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);

        await using var another = await SampleServer.StartAsync(proxies: [IPAddress.Parse("10.0.0.5")]);
        Assert.Equal("127.0.0.1", (await SignInAsync(another, Client)).Origin);
    }

    [Fact]
    public async Task What_came_through_a_proxy_is_not_this_machine()
    {
        await using var server = await SampleServer.StartAsync(proxies: [IPAddress.Loopback]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Add("X-Forwarded-For", "127.0.0.1");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Http.SendAsync(request)).StatusCode);
    }

    private static async Task<(string Origin, string Cookie)> SignInAsync(SampleServer server, string forwarded)
    {
        Assert.Null(server.Accounts.Add("sato", "佐藤", Role.Operator, null, Console.ConsoleHost.Password, Basics.Moment.Of(TimeProvider.System), "test"));
        using var open = Request(HttpMethod.Get, forwarded);
        using var page = await server.Http.SendAsync(open);
        var key = FormKey().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value;

        using var form = Request(HttpMethod.Post, forwarded);
        form.Headers.Add("Cookie", page.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        form.Content = new FormUrlEncodedContent([new("name", "sato"), new("password", Console.ConsoleHost.Password), new("__RequestVerificationToken", WebUtility.HtmlDecode(key))]);
        using var answer = await server.Http.SendAsync(form);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var entry = server.App.Services.GetRequiredService<Db>().Read(tx => AuditStore.Latest(tx, Scope.Across("test"), 1)).Single();
        Assert.Equal("sign-in", entry.Action);
        return (entry.Origin, answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("hinoban=", StringComparison.Ordinal)));
    }

    private static HttpRequestMessage Request(HttpMethod method, string forwarded)
    {
        var request = new HttpRequestMessage(method, "/login");
        request.Headers.Add("X-Forwarded-For", forwarded);
        request.Headers.Add("X-Forwarded-Proto", "https");
        return request;
    }

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormKey();
}
