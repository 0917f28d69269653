using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Hinoban.Basics;
using Hinoban.Lab.Servers;
using Hinoban.Results;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Results;

/// <summary>The link over HTTP against a real server: what arrives, what breaks, and how it comes back.</summary>
public sealed class SiteLinkTests
{
    private readonly HandClock clock = new();
    private long sequence;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Batches_arrive_whole_and_count_once(bool tls)
    {
        await using var desk = await DeskServer.StartAsync(clock, tls);
        using var link = Link(desk, desk.KeyFor("tokyo"));
        var batch = Batch([.. Enumerable.Range(1, 300).Select(i => Some.Wild(new Random(i)) with { StartedMono = TimeSpan.FromMinutes(i) })]);
        Assert.Equal(new BatchReceipt(1000, 1), await link.PostAsync(batch, default));
        Assert.Equal(new BatchReceipt(1000, 1), await link.PostAsync(batch, default));
        Assert.Equal(new BatchReceipt(1000, 1), await link.PostAsync(batch with { Sequence = 0, Results = [] }, default));
        Assert.True(batch.Results.SequenceEqual(Assert.Single(desk.Door.Counted).Results));
        Assert.Equal(3, desk.Door.Arrived.Count);
        Assert.All(desk.Door.Arrived, b => Assert.Equal(IPAddress.Loopback, b.From));
    }

    [Fact]
    public void Where_a_batch_comes_from_is_not_the_sites_to_say() =>
        Assert.Null(BatchCodec.Read(BatchCodec.Write(Batch() with { From = IPAddress.Parse("192.0.2.1") })).From);

    [Fact]
    public async Task A_desk_with_another_certificate_than_the_pinned_one_gets_nothing()
    {
        await using var desk = await DeskServer.StartAsync(clock, tls: true);
        var key = desk.KeyFor("tokyo");
        foreach (var wrong in new[] { key with { DeskFingerprint = new string('0', 64) }, key with { DeskFingerprint = null } })
        {
            using var link = Link(desk, wrong);
            var refused = await Assert.ThrowsAsync<SiteLinkException>(() => link.PostAsync(Batch(), default));
            Assert.Equal(SiteLinkFault.Refused, refused.Fault);
            await Assert.ThrowsAsync<SiteLinkException>(async () => await link.OrdersAsync(default).GetAsyncEnumerator().MoveNextAsync());
        }

        Assert.Empty(desk.Door.Arrived);
    }

    [Fact]
    public async Task A_node_that_was_made_anew_with_another_certificate_does_not_keep_a_site_from_the_one_that_has_the_desk()
    {
        await using var anew = await DeskServer.StartAsync(clock, tls: true);
        await using var desk = await DeskServer.StartAsync(clock, tls: true);
        using var link = new HttpSiteLink([anew.Url, desk.Url], desk.KeyFor("tokyo"), clock, NullLogger.Instance);
        Assert.Equal(1, (await link.PostAsync(Batch(), default)).Sequence);
        Assert.Single(desk.Door.Counted);

        // Neither takes it: what a person must know of is told, whichever was asked last.
        using var gone = new TcpListener(IPAddress.Loopback, 0);
        gone.Start();
        var nobody = UrlOf(gone);
        gone.Stop();
        foreach (var desks in new Uri[][] { [anew.Url, nobody], [nobody, anew.Url] })
        {
            using var neither = new HttpSiteLink(desks, desk.KeyFor("tokyo"), clock, NullLogger.Instance);
            Assert.Equal(SiteLinkFault.Refused, (await Assert.ThrowsAsync<SiteLinkException>(() => neither.PostAsync(Batch(), default))).Fault);
        }
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    [InlineData(86400 * 400)]
    [InlineData(3)]
    public async Task A_sites_wrong_clock_is_said_and_stops_nothing(int seconds)
    {
        await using var desk = await DeskServer.StartAsync(clock);
        var siteClock = new HandClock(clock.GetUtcNow() - TimeSpan.FromHours(1) + TimeSpan.FromSeconds(seconds));
        var log = new KeptLog();
        using var link = new HttpSiteLink(desk.Url, desk.KeyFor("tokyo"), siteClock, log);
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(i, (await link.PostAsync(Batch(), default)).Sequence);
            siteClock.Advance(TimeSpan.FromMinutes(5));
            clock.Advance(TimeSpan.FromMinutes(5));
        }

        siteClock.StepWall(TimeSpan.FromDays(-3));
        await link.PostAsync(Batch(), default);
        Assert.Equal(4, desk.Door.Counted.Count);
        Assert.Equal(seconds == 3 ? 1 : 2, log.Lines.Count(t => t.Contains("ahead of the desk", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Orders_come_as_they_are_given_however_large()
    {
        await using var desk = await DeskServer.StartAsync(clock);
        using var link = Link(desk, desk.KeyFor("tokyo"));
        await using var orders = link.OrdersAsync(default).GetAsyncEnumerator();
        SiteOrder[] sent = [new PlanOrder(Some.Plan(7, 10_000)), new LookNowOrder(5, new ItemId(3), TimeSpan.FromSeconds(7)), new BeatOrder(), new PlanOrder(Some.Plan(8, 0))];
        foreach (var order in sent)
        {
            desk.Door.Order(order);
            Assert.True(await orders.MoveNextAsync());
            Assert.Equal(OrderCodec.Line(order), OrderCodec.Line(orders.Current));
        }
    }

    [Fact]
    public async Task A_silent_desk_is_left_after_15_seconds()
    {
        // The desk's own time stands still: no beat of its stream comes but those given here.
        await using var desk = await DeskServer.StartAsync(new HandClock(clock.GetUtcNow()));
        using var link = Link(desk, desk.KeyFor("tokyo"));
        await using var orders = link.OrdersAsync(default).GetAsyncEnumerator();
        desk.Door.Order(new BeatOrder());
        Assert.True(await orders.MoveNextAsync());
        var next = orders.MoveNextAsync().AsTask();
        clock.Advance(TimeSpan.FromSeconds(14.9));
        desk.Door.Order(new BeatOrder());
        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(10)));
        next = orders.MoveNextAsync().AsTask();
        clock.Advance(TimeSpan.FromSeconds(15));
        var silent = await Assert.ThrowsAsync<SiteLinkException>(() => next.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(SiteLinkFault.Unreachable, silent.Fault);
    }

    [Fact]
    public async Task A_server_that_takes_the_connection_and_says_nothing_is_given_up()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        using var link = new HttpSiteLink(UrlOf(mute), SiteKeyFile.Make(Some.Tokyo, null), clock, NullLogger.Instance);
        var post = link.PostAsync(Batch(), default);
        using var taken = await mute.AcceptTcpClientAsync();
        await clock.UntilAsync(() => post.IsCompleted, TimeSpan.FromSeconds(11));
        Assert.Equal(SiteLinkFault.Unreachable, (await Assert.ThrowsAsync<SiteLinkException>(() => post)).Fault);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\n\r\n{\"order\":\"beat\"}\n{\"order\":\"look-now\",\"request\":1,")]
    [InlineData("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n11\r\n{\"order\":\"beat\"}\n\r\n5\r\n{\"ord")]
    public async Task What_was_cut_off_is_no_order(string answer)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var link = new HttpSiteLink(UrlOf(server), SiteKeyFile.Make(Some.Tokyo, null), clock, NullLogger.Instance);
        var serving = AnswerOnceAsync(server, answer);
        List<SiteOrder> got = [];
        try
        {
            await foreach (var order in link.OrdersAsync(default))
            {
                got.Add(order);
            }
        }
        catch (SiteLinkException)
        {
            // Chunked transfer tells the break, a plain close does not; either way the stream is over.
        }

        await serving;
        Assert.IsType<BeatOrder>(Assert.Single(got));
    }

    [Theory]
    [InlineData("not json\n")]
    [InlineData("{\"order\":7}\n")]
    [InlineData("{\"order\":\"packed\",\"data\":\"AAAA\"}\n")]
    [InlineData("{\"order\":\"packed\",\"data\":\"%%\"}\n")]
    [InlineData("{\"order\":\"plan\"}\n")]
    [InlineData("{\"order\":\"plan\",\"plan\":{}}\n")]
    [InlineData("[]\n")]
    public async Task Garbage_on_the_stream_ends_it_as_a_link_failure(string line)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var link = new HttpSiteLink(UrlOf(server), SiteKeyFile.Make(Some.Tokyo, null), clock, NullLogger.Instance);
        var serving = AnswerOnceAsync(server, "HTTP/1.1 200 OK\r\n\r\n" + line);
        await using var orders = link.OrdersAsync(default).GetAsyncEnumerator();
        await Assert.ThrowsAsync<SiteLinkException>(async () => await orders.MoveNextAsync());
        await serving;
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nnot json!")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnull")]
    [InlineData("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 6\r\n\r\n<html>")]
    [InlineData("HTTP/1.1 302 Found\r\nlocation: http://192.0.2.1/\r\ncontent-length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{\"epo")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    public async Task A_strange_answer_is_a_link_failure(string answer)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var link = new HttpSiteLink(UrlOf(server), SiteKeyFile.Make(Some.Tokyo, null), clock, NullLogger.Instance);
        var serving = AnswerOnceAsync(server, answer);
        Assert.Equal(SiteLinkFault.Unreachable, (await Assert.ThrowsAsync<SiteLinkException>(() => link.PostAsync(Batch(), default))).Fault);
        await serving;
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 18\r\n\r\n{\"code\":\"Standby\"}")]
    [InlineData(null)]
    public async Task Where_one_node_has_not_got_the_desk_the_other_is_asked_at_once_and_first_from_then_on(string? answer)
    {
        using var standby = new TcpListener(IPAddress.Loopback, 0);
        standby.Start();
        var url = UrlOf(standby);
        await using var desk = await DeskServer.StartAsync(clock);
        using var link = new HttpSiteLink([url, desk.Url], desk.KeyFor("tokyo"), clock, NullLogger.Instance);
        var serving = answer is null ? Task.CompletedTask : AnswerOnceAsync(standby, answer);
        if (answer is null)
        {
            standby.Stop();
        }

        Assert.Equal(1, (await link.PostAsync(Batch(), default)).Sequence);
        await serving;
        standby.Stop();
        Assert.Equal(2, (await link.PostAsync(Batch() with { Sequence = 2 }, default)).Sequence);
    }

    [Fact]
    public async Task A_pump_finds_the_desk_again_after_its_restart_and_nothing_counts_twice()
    {
        var port = Ports.Free();
        var system = TimeProvider.System;
        using var door = new CountingDoor();
        await using var site = new SpoolFile(system);
        using var stop = new CancellationTokenSource();
        var orders = 0;
        var first = await DeskServer.StartAsync(system, door: door, port: port);
        using var link = new HttpSiteLink(first.Url, first.KeyFor("tokyo"), system, NullLogger.Instance);
        var feeds = new PumpFeeds(_ => Interlocked.Increment(ref orders), () => [], () => Some.Health);
        var pump = new SitePump(Some.Tokyo, site.Spool, link, feeds, system, new Random(1), NullLogger.Instance);
        var running = pump.RunAsync(stop.Token);
        for (var i = 1; i <= 60; i++)
        {
            await site.Spool.AddAsync(Some.Result(i, Moment.Of(system)));
            if (i % 20 == 0)
            {
                await first.DisposeAsync();
                first = await DeskServer.StartAsync(system, door: door, port: port);
            }
        }

        door.Order(new BeatOrder());
        await UntilAsync(() => door.Results.Count() == 60 && Volatile.Read(ref orders) == 1);
        await stop.CancelAsync();
        await running;
        await first.DisposeAsync();
        Assert.Equal(Enumerable.Range(1, 60), door.Results.Select(r => r.Item.Value));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var turn = 0; turn < 3000 && !condition(); turn++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        Assert.True(condition());
    }

    private HttpSiteLink Link(DeskServer desk, SiteKeyFile key) => new(desk.Url, key, clock, NullLogger.Instance);

    private ResultBatch Batch(params CheckResult[] results)
    {
        var now = Moment.Of(clock);
        return Some.Batch(++sequence, now, results.Length > 0 ? results : [Some.Result(1, now)]);
    }

    private static Uri UrlOf(TcpListener server) => new($"http://{server.LocalEndpoint}");

    private static async Task AnswerOnceAsync(TcpListener server, string answer)
    {
        using var client = await server.AcceptTcpClientAsync();
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        var body = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
        {
            body = header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase) ? int.Parse(header[15..], CultureInfo.InvariantCulture) : body;
        }

        for (var left = body; left > 0;)
        {
            left -= await reader.ReadAsync(new char[left]);
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
    }
}
