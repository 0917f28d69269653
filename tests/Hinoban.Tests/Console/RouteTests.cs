using System.Net;
using Hinoban.Basics;
using Hinoban.Console;
using Hinoban.Incidents;
using Microsoft.AspNetCore.Routing;

namespace Hinoban.Tests.Console;

/// <summary>Every route of the console, read from the running server's own table, tried by people who may not.</summary>
public sealed class RouteTests
{
    private const long Own = 35;
    private const long Others = 40;

    // What the clinic's and the media company's data look like anywhere in a page of the trading company.
    private static readonly string[] OthersTraces = ["minato", "Minato", "みなと", "aozora", "Aozora", "あおぞら", "198.51.100.", "203.0.113.", "db01", "mail01", "edge01", "INC-260414-0040", "INC-260414-0039"];

    [Fact]
    public async Task Another_customers_viewer_finds_nothing_on_any_route()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var viewer = await Visitor.SignedInAsync(host, "tanaka");
        var tried = 0;
        foreach (var (method, pattern) in Routes(host).Where(r => !Anonymous(r.Pattern) && r.Pattern != "/events"))
        {
            var path = Fill(pattern, Others, "minato-clinic", "db01", "postgres", "INC-260414-0040");
            using var answer = method == "POST" ? await viewer.PostAsync("/account", path, AllFields()) : await viewer.GetAsync(path);
            if (pattern.Contains('{', StringComparison.Ordinal))
            {
                Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{method} {path}: {answer.StatusCode}");
            }

            var text = await answer.Content.ReadAsStringAsync();
            Assert.All(OthersTraces.Where(t => !path.Contains(t, StringComparison.Ordinal)), trace => Assert.False(text.Contains(trace, StringComparison.Ordinal), $"{method} {path} shows {trace}"));
            tried++;
        }

        Assert.True(tried >= 22, $"only {tried} routes");
        Assert.Empty(host.Desk.Carried);
    }

    [Fact]
    public async Task What_strangers_sent_is_saved_and_never_shown()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var viewer = await Visitor.SignedInAsync(host, "tanaka");
        foreach (var path in new[] { $"/mails/received/{Own}", $"/mails/received/{Own}/attachments/1" })
        {
            using var answer = await viewer.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
            Assert.Equal("default-src 'none'; sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            var name = answer.Content.Headers.ContentDisposition.FileNameStar ?? answer.Content.Headers.ContentDisposition.FileName!;
            Assert.DoesNotContain(name, c => c is '/' or '\\' or '\r' or '\n');
        }

        foreach (var path in new[] { "/mails/received/999", $"/mails/received/{Own}/attachments/0", $"/mails/received/{Own}/attachments/2", $"/mails/received/{Others}", $"/mails/received/{Others}/attachments/1" })
        {
            using var answer = await viewer.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var operator1 = await Visitor.SignedInAsync(host, "sato");
        var (desks, customers) = (await operator1.TextAsync($"/incidents/{Own}"), await viewer.TextAsync($"/incidents/{Own}"));
        Assert.Contains("登録者以外", desks, StringComparison.Ordinal);
        Assert.DoesNotContain("登録者以外", customers, StringComparison.Ordinal);
        Assert.Contains("作業手順書.pdf", customers, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert(1)", desks, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_sees_the_own_incident_and_may_do_nothing()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var viewer = await Visitor.SignedInAsync(host, "tanaka");
        var commands = Routes(host).Where(r => r.Method == "POST" && r.Pattern.StartsWith("/incidents", StringComparison.Ordinal)).ToList();
        Assert.True(commands.Count >= 8);
        foreach (var (_, pattern) in commands)
        {
            using var answer = await viewer.PostAsync("/account", Fill(pattern, Own, "sample-trading", "web02", "https", ""), AllFields());
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{pattern}: {answer.StatusCode}");
        }

        Assert.Empty(host.Desk.Carried);
        var page = await viewer.TextAsync($"/incidents/{Own}");
        Assert.DoesNotContain("/claim\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("引き継ぎノート参照", page, StringComparison.Ordinal);
        Assert.Contains("管理画面では更新ジョブが3日前から失敗している", page, StringComparison.Ordinal);
        using var confirm = await viewer.GetAsync($"/incidents/{Own}/steps/4/confirm");
        Assert.Equal(HttpStatusCode.Forbidden, confirm.StatusCode);
    }

    [Fact]
    public async Task A_stranger_is_sent_to_the_sign_in_from_every_route()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var stranger = new Visitor(host);
        foreach (var (method, pattern) in Routes(host).Where(r => !Anonymous(r.Pattern)))
        {
            var path = Fill(pattern, Own, "sample-trading", "web01", "http", "INC-260414-0041");
            using var answer = method == "POST" ? await stranger.PostAsync("/login", path, AllFields()) : await stranger.GetAsync(path);
            if (method == "POST")
            {
                Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{path}: {answer.StatusCode}");
            }
            else
            {
                Assert.True(answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location!.ToString().StartsWith("/login", StringComparison.Ordinal), $"{path}: {answer.StatusCode}");
            }
        }

        Assert.Empty(host.Desk.Carried);
    }

    [Fact]
    public async Task With_a_one_time_password_only_the_account_is_open_until_it_is_changed()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var ito = await Visitor.SignedInAsync(host, "ito");
        string[] open = ["GET /account", "POST /account/password", "POST /logout"];
        var shut = Routes(host).Where(r => !open.Contains($"{r.Method} {r.Pattern}") && r.Pattern is not ("/login" or "/account/preferences")).ToList();
        Assert.True(shut.Count >= 20);
        foreach (var (method, pattern) in shut)
        {
            var path = Fill(pattern, Own, "sample-trading", "web01", "http", "INC-260414-0041");
            using var answer = method == "POST" ? await ito.PostAsync("/account", path, AllFields()) : await ito.GetAsync(path);
            Assert.True(
                method == "POST" ? answer.StatusCode == HttpStatusCode.Forbidden : answer.Headers.Location?.ToString() == "/account", $"{method} {path}: {answer.StatusCode}");
        }

        Assert.Empty(host.Desk.Carried);
        var page = await ito.TextAsync("/account");
        Assert.DoesNotContain("/events", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/hosts\"", page, StringComparison.Ordinal);

        using var same = await ito.PostAsync("/account", "/account/password", ("current", ConsoleHost.Password), ("password", ConsoleHost.Password), ("again", ConsoleHost.Password));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, same.StatusCode);
        using var changed = await ito.PostAsync("/account", "/account/password", ("current", ConsoleHost.Password), ("password", "my own long password"), ("again", "my own long password"));
        Assert.Contains("href=\"/hosts\"", await changed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("/events", await ito.TextAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_form_is_taken_that_no_page_of_ours_made()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var operator1 = await Visitor.SignedInAsync(host, "sato");
        foreach (var (_, pattern) in Routes(host).Where(r => r.Method == "POST"))
        {
            using var content = new FormUrlEncodedContent(AllFields().Select(f => KeyValuePair.Create(f.Name, f.Value)));
            using var answer = await operator1.Http.PostAsync(new Uri(Fill(pattern, Own, "sample-trading", "web01", "http", ""), UriKind.Relative), content);
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{pattern}: {answer.StatusCode}");
        }

        Assert.Empty(host.Desk.Carried);
    }

    [Fact]
    public async Task The_stream_tells_a_viewer_only_of_the_own_customer()
    {
        // The stream's own scope is the desk's matter; here: it is opened with the viewer's scope and nothing wider.
        await using var host = await ConsoleHost.StartAsync();
        using var viewer = await Visitor.SignedInAsync(host, "tanaka");
        using var answer = await viewer.Http.GetAsync(new Uri("/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("event: desk-hello", await reader.ReadLineAsync());
        Assert.Equal([new CustomerId("sample-trading")], host.Desk.Watching.Select(s => s.Customer!.Value));
    }

    private static IEnumerable<(string Method, string Pattern)> Routes(ConsoleHost host) => host.Routes
        .Where(r => r.Metadata.GetMetadata<ConsoleRoute>() is not null)
        .SelectMany(r => (r.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(m => (m, "/" + r.RoutePattern.RawText!.TrimStart('/'))));

    private static bool Anonymous(string pattern) => pattern is "/login" or "/account/preferences" or "/logout" || pattern.Contains("**", StringComparison.Ordinal);

    private static string Fill(string pattern, long id, string customer, string host, string service, string number)
    {
        var path = pattern
            .Replace("{id:long}", $"{id}", StringComparison.Ordinal).Replace("{step:int}", "4", StringComparison.Ordinal).Replace("{run:int}", "1", StringComparison.Ordinal).Replace("{attachment:int}", "1", StringComparison.Ordinal)
            .Replace("{number:regex(^INC-)}", number, StringComparison.Ordinal).Replace("{customer}", customer, StringComparison.Ordinal)
            .Replace("{host}", host, StringComparison.Ordinal).Replace("{service}", service, StringComparison.Ordinal);
        Assert.True(!path.Contains('{', StringComparison.Ordinal) || path.Contains("**", StringComparison.Ordinal), $"{pattern}: this test must be told what to put in");
        return path.Contains("**", StringComparison.Ordinal) ? "/no/such/page" : path;
    }

    private static (string Name, string Value)[] AllFields() =>
    [
        ("reason", "because"), ("text", "note"), ("contact", "1"), ("number", "+81 90-0000-4567"), ("outcome", nameof(CallOutcome.NoAnswer)), ("said", ""),
        ("host", "web02"), ("command", "sudo systemctl restart nginx"), ("because", "seen"), ("done", "true"),
        ("situation", "a"), ("cause", "b"), ("actions", "c"), ("calls", "d"), ("checked", "true"),
        ("current", "x"), ("password", "some long password"), ("again", "some long password"), ("name", "nobody"),
    ];
}
