namespace Hinoban.Tests.Server;

/// <summary>Every route of the API, read from the route table, against those who must not get in.</summary>
public sealed class ScopeTests : IClassFixture<SampleServerFixture>
{
    // What a route without incident, item or host lists; sites are the provider's own and name no customer.
    private static readonly string[] Lists = ["incidents", "services", "hosts", "sites", "mails", "customers", "silences", "maintenance"];

    private readonly SampleServer server;

    public ScopeTests(SampleServerFixture fixture)
    {
        server = fixture.Server;
        server.Desk.Reset();
    }

    [Fact]
    public void The_table_has_the_routes_that_are_promised() => Assert.Equal(
        [
            "GET customers", "GET hosts", "GET hosts/{customer}/{host}", "GET incidents", "GET incidents/{id}", "GET incidents/{id}/report", "GET mails",
            "GET maintenance", "GET services", "GET services/{id:int}", "GET services/{id:int}/samples", "GET silences", "GET sites", "POST customers/{customer}/results", "POST incidents/{id}/calls", "POST incidents/{id}/claim",
            "POST incidents/{id}/close", "POST incidents/{id}/notes", "POST incidents/{id}/release", "POST incidents/{id}/report",
            "POST incidents/{id}/runbook/steps/{step:int}", "POST incidents/{id}/runbook/steps/{step:int}/resolve", "POST incidents/{id}/separate", "POST mails/retry", "POST maintenance", "POST maintenance/{id:int}/approve", "POST maintenance/{id:int}/decline", "POST silences", "POST silences/{id:int}/end",
        ],
        Routes.OfApi(server).Select(r => $"{r.Method} {r.Pattern["api/v1/".Length..]}").Order(StringComparer.Ordinal));

    [Fact]
    public async Task Nobody_gets_nothing()
    {
        foreach (var (method, pattern) in Routes.OfApi(server))
        {
            foreach (var token in new[] { null, "", "hin_", "hin_wrong", "Basic" })
            {
                var (status, body, response) = await server.SendAsync(new HttpMethod(method), Fill(pattern), token);
                Assert.True(status is 401 or 429, $"{method} {pattern} with '{token}': {status}");
                Assert.StartsWith("/problems/", body.GetProperty("type").GetString(), StringComparison.Ordinal);
                Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            }
        }

        Assert.Empty(server.Desk.Done);
    }

    [Fact]
    public async Task A_viewer_of_another_customer_finds_nothing()
    {
        var token = server.Token("viewer", "other-works");
        foreach (var (method, pattern) in Routes.OfApi(server))
        {
            var (status, body, _) = await server.SendAsync(new HttpMethod(method), Fill(pattern), token, "{}");
            var route = pattern["api/v1/".Length..];
            if (method == "GET" && Lists.Contains(route))
            {
                Assert.Equal(200, status);
                Assert.DoesNotContain("sample-trading", body.GetRawText(), StringComparison.Ordinal);
                if (route != "sites")
                {
                    Assert.Contains("other-works", body.GetRawText(), StringComparison.Ordinal);
                }
            }
            else if (method == "POST" && route == "maintenance")
            {
                const string Ask = """{"customer":"sample-trading","targets":["web01"],"to_utc":"2026-04-14T09:00:00Z","reason":"r","contact":"c"}""";
                Assert.Equal(404, (await server.SendAsync(HttpMethod.Post, Fill(pattern), token, Ask)).Status);
            }
            else
            {
                Assert.True(status == (method == "GET" ? 404 : 403), $"{method} {route}: {status}");
                Assert.DoesNotContain("sample-trading", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
            }
        }

        Assert.Empty(server.Desk.Done);
    }

    [Fact]
    public async Task A_viewer_sees_its_own_customer_and_commands_nothing()
    {
        var token = server.Token("viewer", "sample-trading");
        foreach (var (method, pattern) in Routes.OfApi(server))
        {
            // A customer asks for maintenance of its own; without a body that is a mistake and no missing right.
            var own = method == "POST" && pattern.EndsWith("/maintenance", StringComparison.Ordinal);
            var (status, _, _) = await server.SendAsync(new HttpMethod(method), Fill(pattern), token, method == "POST" ? "{}" : null);
            Assert.True(status == (method == "GET" ? 200 : own ? 400 : 403), $"{method} {pattern}: {status}");
        }

        Assert.Empty(server.Desk.Done);
    }

    [Fact]
    public async Task A_sender_posts_results_of_its_customer_and_reaches_nothing_else()
    {
        var token = server.Token("sender", "sample-trading");
        foreach (var (method, pattern) in Routes.OfApi(server).Where(r => !r.Pattern.EndsWith("/results", StringComparison.Ordinal)))
        {
            var (status, _, _) = await server.SendAsync(new HttpMethod(method), Fill(pattern), token, method == "POST" ? "{}" : null);
            Assert.True(status == 403, $"{method} {pattern}: {status}");
        }

        Assert.Equal(404, (await server.SendAsync(HttpMethod.Post, "/api/v1/customers/other-works/results", token, """{"results":[]}""")).Status);
        Assert.Empty(server.Desk.Done);
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Post, "/api/v1/customers/sample-trading/results", token, """{"results":[{"item":"web01/backup"}]}""")).Status);
        Assert.Equal(["post sample-trading 1 sendersample-trading"], server.Desk.Done);
    }

    [Fact]
    public async Task Outside_the_api_only_these_answer_without_signing_in()
    {
        string[] open = ["GET healthz", "GET metrics", "GET api/v1/openapi.json", "GET login"];
        var outside = Routes.All(server).Except(Routes.OfApi(server)).ToList();
        Assert.True(outside.Count > 10);
        foreach (var (method, pattern) in outside)
        {
            var (status, _, response) = await server.SendAsync(method == "*" ? HttpMethod.Get : new HttpMethod(method), Fill(pattern));
            var toSignIn = status == 302 && response.Headers.Location!.OriginalString.StartsWith("/login", StringComparison.Ordinal);
            var right = $"{method} {pattern}" switch
            {
                var route when open.Contains(route) => status == 200,
                _ when pattern.StartsWith("assets/", StringComparison.Ordinal) => status == 200,
                // Without the form's own token even these two are refused.
                "POST login" or "POST account/preferences" => status == 400,
                _ when pattern.StartsWith("site/", StringComparison.Ordinal) => status == 401,
                _ => toSignIn || status is 401 or 404,
            };
            Assert.True(right, $"{method} {pattern}: {status}");
        }
    }

    [Fact]
    public async Task Metrics_are_for_this_machine_and_for_those_who_respond()
    {
        async Task<int> Through(string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
            request.Headers.Add("X-Forwarded-For", "192.0.2.1");
            if (token is not null)
            {
                request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token);
            }

            return (int)(await server.Http.SendAsync(request)).StatusCode;
        }

        Assert.Equal(401, await Through(null));
        Assert.Equal(403, await Through(server.Token("viewer", "sample-trading")));
        Assert.Equal(200, await Through(server.Token("operator")));
    }

    private static string Fill(string pattern) => "/" + pattern
        .Replace("incidents/{id}", "incidents/1", StringComparison.Ordinal)
        .Replace("{id:int}", "11", StringComparison.Ordinal)
        .Replace("{step:int}", "1", StringComparison.Ordinal)
        .Replace("customers/{customer}", "customers/sample-trading", StringComparison.Ordinal)
        .Replace("{customer}/{host}", "sample-trading/web01", StringComparison.Ordinal)
        .Replace("{**rest}", "nothing", StringComparison.Ordinal);
}
