using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Dapper;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Lab;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Server.Roles;
using Hinoban.Storage;
using Hinoban.Tests.Console;
using Microsoft.Extensions.DependencyInjection;

namespace Hinoban.Tests.Server;

/// <summary>A database that takes no changes, requests that cannot be read, and methods that are not possible.</summary>
public sealed class TroubleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task With_a_database_that_takes_no_changes_reads_go_on_and_all_else_says_why()
    {
        await using var server = await SampleServer.StartAsync();
        var token = server.Token("operator");
        var db = server.App.Services.GetRequiredService<Db>();
        var writer = db.Write(tx => tx.Connection);
        writer.Execute("pragma query_only = on");

        Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/api/v1/incidents", token)).Status);
        using (var visitor = new Visitor(server.App.Address))
        {
            using var signIn = await visitor.PostAsync("/login", "/login", ("name", "sato"), ("password", "some password"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, signIn.StatusCode);
            Assert.Contains("現在、書き込みができません", await signIn.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        var (status, body, _) = await server.SendAsync(HttpMethod.Get, "/healthz");
        Assert.Equal((503, "The database takes no changes."), (status, body.GetProperty("problems")[0].GetString()));
        Assert.Contains("\nhinoban_write_failing 1\n", await server.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);

        lock (db.Gate)
        {
            writer.Execute("pragma query_only = off");
        }

        await UntilAsync(async () => (await server.SendAsync(HttpMethod.Get, "/healthz")).Status == 200);
    }

    [Fact]
    public async Task A_full_disk_is_told_by_health_and_metrics_until_the_reserve_is_back()
    {
        var folder = Directory.CreateTempSubdirectory("hinoban-full-").FullName;
        Reserve? reserve = null;
        var clock = new LabClock();
        await using var server = await SampleServer.StartAsync(at: folder, clock: clock, wire: ground =>
        {
            reserve = ground.Reserve;
            var desk = new SampleDesk();
            var db = Db.OpenFile(ground.Folder.DeskFile, SchemaKind.Desk, reserve);
            return new DeskParts(db, new Accounts(db), desk, desk, desk, desk, new SiteKeyStore(db, ground.Clock), []);
        });
        await UntilAsync(() => Task.FromResult(reserve!.Held));
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/healthz")).Status);

        Assert.True(reserve!.Release(reserve.Releases));
        clock.Advance(TimeSpan.FromSeconds(1));
        var (status, body, _) = await server.SendAsync(HttpMethod.Get, "/healthz");
        Assert.Equal((503, DiskWatch.FullWords), (status, body.GetProperty("problems")[0].GetString()));
        Assert.Contains("\nhinoban_disk_full 1\n", await server.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);

        clock.Advance(TimeSpan.FromSeconds(5));
        await UntilAsync(() => Task.FromResult(!reserve.GivenUp));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/healthz")).Status);
    }

    [Theory]
    [InlineData("/login")]
    [InlineData("/account/preferences")]
    public async Task A_form_that_cannot_be_read_is_its_senders_matter(string path)
    {
        await using var server = await SampleServer.StartAsync();
        var many = string.Join('&', Enumerable.Range(0, 20_000).Select(i => $"k{i}=1"));
        Assert.Equal(400, (await server.SendAsync(HttpMethod.Post, path, body: many, type: "application/x-www-form-urlencoded")).Status);

        using var broken = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("--x\r\nContent-Dispo") };
        broken.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Http.SendAsync(broken)).StatusCode);

        using var bare = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("x") };
        bare.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data");
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Http.SendAsync(bare)).StatusCode);

        Assert.StartsWith("HTTP/1.1 413", await RawAsync(server, $"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 200000000\r\n\r\na=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_route_takes_HEAD_where_it_takes_GET_and_refuses_other_methods_with_405()
    {
        await using var server = await SampleServer.StartAsync();
        var token = server.Token("lead");
        Assert.Null(server.Accounts.Add("sato", "佐藤 花子", Role.Operator, null, ConsoleHost.Password, Moment.Of(TimeProvider.System), "test"));
        using var visitor = await Visitor.SignedInAsync(server.App.Address, "sato");
        var tried = 0;
        foreach (var route in Routes.All(server).Where(r => r.Method != "*" && !r.Pattern.StartsWith("site/", StringComparison.Ordinal)).GroupBy(r => r.Pattern))
        {
            var path = "/" + System.Text.RegularExpressions.Regex.Replace(route.Key, @"\{(\w+)[^}]*\}", m => m.Groups[1].Value switch { "number" => "INC-1", "customer" => "sample-trading", "host" => "web01", _ => "1" });
            var methods = route.Select(r => r.Method).ToList();
            using var head = await SendAsync(HttpMethod.Head, path);
            if (methods.Contains("GET"))
            {
                Assert.Equal(path == "/events" ? HttpStatusCode.OK : await StatusAsync(path), head.StatusCode);
                Assert.Empty(await head.Content.ReadAsByteArrayAsync());
            }
            else
            {
                Assert.Equal(HttpStatusCode.MethodNotAllowed, head.StatusCode);
            }

            foreach (var other in new[] { HttpMethod.Put, HttpMethod.Get, HttpMethod.Delete }.Where(m => !methods.Contains(m.Method)))
            {
                using var refused = await SendAsync(other, path);
                Assert.True(refused.StatusCode == HttpStatusCode.MethodNotAllowed, $"{other} {path}: {refused.StatusCode}");
                Assert.Equal(methods.Contains("GET") ? methods.Append("HEAD").Distinct().Order() : methods.Order(), refused.Content.Headers.Allow.Order());
                var said = await refused.Content.ReadAsStringAsync();
                Assert.True(!path.StartsWith("/api/", StringComparison.Ordinal) || said.Contains("/problems/method-not-allowed", StringComparison.Ordinal), said);
            }

            tried++;
        }

        Assert.True(tried > 40, $"{tried}");
        Assert.Empty(server.Desk.Done);

        Task<HttpResponseMessage> SendAsync(HttpMethod method, string path) => visitor.Http.SendAsync(Asking(method, path));

        async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var answer = await SendAsync(HttpMethod.Get, path);
            return answer.StatusCode;
        }

        HttpRequestMessage Asking(HttpMethod method, string path)
        {
            var request = new HttpRequestMessage(method, path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return request;
        }
    }

    [Fact]
    public async Task A_key_that_is_there_twice_is_refused()
    {
        await using var server = await SampleServer.StartAsync();
        var (status, body, _) = await server.SendAsync(HttpMethod.Post, "/api/v1/incidents/1/notes", server.Token("operator"), """{"text":"a","text":"b"}""");
        Assert.Equal((400, "'text' is there twice"), (status, body.GetProperty("detail").GetString()));
        Assert.Empty(server.Desk.Done);
    }

    [Fact]
    public async Task A_loop_that_ends_what_requests_wait_for_is_told_of_a_stop_first()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await SampleServer.StartAsync(runners:
        [
            new Runner("commands", async cancel =>
            {
                await using var stopped = cancel.Register(told.SetResult);
                await told.Task;
            }) { First = true },
        ]);
        server.Desk.Hold = new TaskCompletionSource();
        var step = server.SendAsync(HttpMethod.Post, "/api/v1/incidents/1/runbook/steps/1", server.Token("operator"));
        await server.Desk.Began.Task.WaitAsync(Patience, TimeProvider.System);
        var stop = server.App.StopAsync();
        await told.Task.WaitAsync(Patience, TimeProvider.System);
        Assert.False(step.IsCompleted);
        server.Desk.Hold.SetResult();
        Assert.Equal(200, (await step).Status);
        await stop.WaitAsync(Patience, TimeProvider.System);
        Assert.False(server.App.Broke);
        await server.DisposeAsync();
    }

    private static async Task<string> RawAsync(SampleServer server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.App.Address.Host, server.App.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync() ?? "";
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
