using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Lab;
using Hinoban.Flow;
using Hinoban.Server;
using Hinoban.Server.Endpoints;
using Hinoban.Server.Logging;
using Hinoban.Server.Tls;
using Microsoft.Extensions.Logging;

namespace Hinoban.Tests.Server;

/// <summary>Health, metrics, TLS, draining and log lines of the embedded server.</summary>
public sealed class DoorTests
{
    [Fact]
    public async Task Health_is_200_and_503_with_what_is_wrong()
    {
        string? ailment = null;
        var clock = new LabClock();
        await using var server = await SampleServer.StartAsync(ailment: _ => ailment, clock: clock);
        var (status, body, _) = await server.SendAsync(HttpMethod.Get, "/healthz");
        Assert.Equal((200, $$"""{"status":"ok","version":"{{CommandTree.Version}}","problems":[]}"""), (status, body.GetRawText()));

        ailment = "The engine has been busy";
        clock.Advance(TimeSpan.FromSeconds(1));
        (status, body, _) = await server.SendAsync(HttpMethod.Get, "/healthz");
        Assert.Equal((503, "The engine has been busy"), (status, body.GetProperty("problems")[0].GetString()));
    }

    [Fact]
    public async Task Health_is_looked_at_once_a_second_however_many_ask_and_tells_strangers_no_version()
    {
        var looks = 0;
        var clock = new LabClock();
        await using var server = await SampleServer.StartAsync(ailment: _ => $"look {Interlocked.Increment(ref looks)}", clock: clock);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => server.SendAsync(HttpMethod.Get, "/healthz")));
        Assert.All(answers, a => Assert.Equal("look 1", a.Body.GetProperty("problems")[0].GetString()));
        clock.Advance(TimeSpan.FromSeconds(1));
        await server.SendAsync(HttpMethod.Get, "/healthz");
        Assert.Equal(2, looks);

        using var far = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        far.Headers.Add("X-Forwarded-For", "203.0.113.9");
        var text = await (await server.Http.SendAsync(far)).Content.ReadAsStringAsync();
        Assert.Equal("{\"status\":\"failing\",\"problems\":[\"look 2\"]}", text);
    }

    [Fact]
    public async Task The_keys_of_cookies_are_for_their_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
        var folder = Directory.CreateTempSubdirectory("hinoban-keys-").FullName;
        var keys = Directory.CreateDirectory(Path.Combine(folder, "keys"), (UnixFileMode)0b111_101_101).FullName;
        await using var server = await SampleServer.StartAsync(at: folder);
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/login")).Status);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(keys));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(keys, "*.xml"))));
    }

    [Fact]
    public async Task Metrics_follow_the_text_format()
    {
        await using var server = await SampleServer.StartAsync();
        var response = await server.Http.GetAsync("/metrics");
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Contains("# TYPE hinoban_looks_total counter\nhinoban_looks_total{site=\"tokyo\"} 1000\n", text, StringComparison.Ordinal);
        Assert.Contains("\nhinoban_open_incidents{stage=\"unclaimed\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("\nhinoban_deliveries{state=\"accepted\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("\nhinoban_site_connected{site=\"tokyo\"} 1\n", text, StringComparison.Ordinal);
        Assert.All(
            text.TrimEnd('\n').Split('\n'),
            line => Assert.Matches("""\A(# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_0-9]+(\{[a-z]+="[^"\n]*"\})? -?[0-9.E+-]+)\z""", line));
    }

    [Fact]
    public async Task The_reference_page_names_every_route_problem_and_metric()
    {
        var page = File.ReadAllText(House.Repository.Path("docs", "reference", "api.md"));
        await using var server = await SampleServer.StartAsync();
        var routes = Routes.OfApi(server).Select(r => r.Pattern["api/v1".Length..].Replace("{id:int}", "{id}", StringComparison.Ordinal).Replace("{step:int}", "{n}", StringComparison.Ordinal));
        Assert.DoesNotContain(routes, r => !page.Contains(r, StringComparison.Ordinal));

        var metrics = (await server.Http.GetStringAsync("/metrics")).Split('\n').Where(l => l.StartsWith("# TYPE", StringComparison.Ordinal)).Select(l => l.Split(' ')[2]);
        Assert.DoesNotContain(metrics, m => !page.Contains($"`{m}`", StringComparison.Ordinal));

        var source = Directory.GetFiles(House.Repository.Path("src", "Hinoban.Server", "Endpoints")).Where(f => !f.EndsWith("SiteEndpoints.cs", StringComparison.Ordinal)).Select(File.ReadAllText);
        var types = source.SelectMany(t => System.Text.RegularExpressions.Regex.Matches(t, "\"([a-z]+(-[a-z]+)*)\", ApiText").Select(m => m.Groups[1].Value)).Distinct().ToList();
        Assert.True(types.Count > 8);
        Assert.DoesNotContain(types, t => !page.Contains($"`/problems/{t}`", StringComparison.Ordinal));
    }

    [Fact]
    public void Labels_are_escaped()
    {
        var text = new PrometheusText();
        text.Family("x", "gauge", "h").Add(0.5, ("l", "a\"b\\c\nd"));
        Assert.Equal("# HELP x h\n# TYPE x gauge\nx{l=\"a\\\"b\\\\c\\nd\"} 0.5\n", text.ToString());
    }

    [Fact]
    public async Task A_self_signed_certificate_is_made_once_and_shown_as_its_fingerprint_says()
    {
        var folder = Directory.CreateTempSubdirectory("hinoban-tls-").FullName;
        string first;
        await using (var server = await SampleServer.StartAsync(tls: true, at: folder))
        {
            first = server.App.Fingerprint!;
            Assert.Equal("https", server.App.Address.Scheme);
            Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/healthz")).Status);
            Assert.Equal(first, SampleServer.LastShown);
            var key = Path.Combine(folder, "tls", "desk.key");
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(key) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
            var kept = DeskCertificate.Load(SampleServer.Options(folder, tls: true).Desk!.Listen, new DataFolder(folder), TimeProvider.System.GetUtcNow());
            Assert.Equal(first, CertificatePrint.Of(kept.Certificate));
            Assert.True(kept.Certificate.MatchesHostname("127.0.0.1"));
            Assert.True(kept.Certificate.MatchesHostname("localhost"));
        }
    }

    [Fact]
    public async Task A_stop_lets_a_running_step_end_and_ends_streams_at_once()
    {
        var server = await SampleServer.StartAsync();
        var token = server.Token("operator");
        server.Desk.Hold = new TaskCompletionSource();
        var step = server.SendAsync(HttpMethod.Post, "/api/v1/incidents/1/runbook/steps/1", token);
        await server.Desk.Began.Task.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);

        var stop = server.App.StopAsync();
        await server.App.Stopping.WaitAsync();
        Assert.False(stop.IsCompleted);
        server.Desk.Hold.SetResult();

        Assert.Equal(200, (await step).Status);
        await stop.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        await Assert.ThrowsAsync<HttpRequestException>(() => server.SendAsync(HttpMethod.Get, "/healthz"));
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_loop_that_ends_stops_the_process_and_says_so()
    {
        var broken = new TaskCompletionSource();
        await using var server = await SampleServer.StartAsync(runners: [new Runner("mail", _ => broken.Task), new Runner("review", cancel => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel))]);
        Assert.False(server.App.Broke);
        broken.SetException(new InvalidOperationException("no more"));
        await server.App.Stopping.WaitAsync();
        Assert.True(server.App.Broke);
    }

    [Fact]
    public async Task The_console_is_served_and_sends_strangers_to_the_sign_in()
    {
        await using var server = await SampleServer.StartAsync();
        Assert.Equal(302, (await server.SendAsync(HttpMethod.Get, "/")).Status);
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/login")).Status);
        Assert.Equal(302, (await server.SendAsync(HttpMethod.Get, "/", server.Token("admin"))).Status);
    }

    [Fact]
    public void A_log_line_is_one_line()
    {
        var at = new DateTimeOffset(2026, 4, 14, 12, 0, 0, 5, TimeSpan.FromHours(9));
        Assert.Equal(
            "2026-04-14T03:00:00.005Z warn  Flow.DeskEngine: a\\nb \\u001b[31m | System.IO.IOException: c\\nd",
            LogLines.Line(at, LogLevel.Warning, "Hinoban.Flow.DeskEngine", "a\nb\t\u001b[31m", new IOException("c\nd")));

        var json = JsonDocument.Parse(LogLines.Json(at, LogLevel.Error, "Hinoban.X", new EventId(3, "Failed"), "監視\n", new Dictionary<string, object?> { ["Site"] = "tokyo" }, null)).RootElement;
        Assert.Equal(
            """{"time":"2026-04-14T03:00:00.005Z","level":"error","category":"Hinoban.X","event":"Failed","message":"監視\n","values":{"Site":"tokyo"}}""",
            json.GetRawText());
    }
}

/// <summary>Waiting for a token.</summary>
internal static class Tokens
{
    internal static async Task WaitAsync(this CancellationToken token)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = token.Register(done.SetResult);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
    }
}
