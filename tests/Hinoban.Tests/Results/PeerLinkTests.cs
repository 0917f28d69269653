using System.Net;
using System.Net.Sockets;
using System.Text;
using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Server.Endpoints;
using Hinoban.Server.Roles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Results;

/// <summary>What sites do for each other over the wire: a peer carries what another signed, unchanged; a stranger gets nothing.</summary>
public sealed class PeerLinkTests
{
    private static readonly SiteName Tokyo = new("tokyo");
    private static readonly SiteName Osaka = new("osaka");

    private readonly HandClock clock = new(new DateTimeOffset(2026, 4, 14, 3, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_peer_carries_batches_and_orders_and_the_desk_sees_who_signed_them()
    {
        await using var desk = await DeskServer.StartAsync(clock);
        var osaka = desk.KeyFor("osaka");
        await using var peer = await PeerServer.StartAsync(clock, desk, osaka);
        using var link = new HttpSiteLink(peer.Url, osaka, clock, NullLogger.Instance);
        Assert.Equal(new BatchReceipt(1000, 1), await link.PostAsync(Batch(Osaka), default));
        Assert.Equal(Osaka, Assert.Single(desk.Door.Counted).Site);

        await using var orders = link.OrdersAsync(default).GetAsyncEnumerator();
        desk.Door.Order(new LookNowOrder(5, new ItemId(3), TimeSpan.FromSeconds(7)));
        Assert.True(await orders.MoveNextAsync());
        Assert.Equal(5, Assert.IsType<LookNowOrder>(orders.Current).Request);

        // This desk takes nothing back, as one of an earlier version.
        var old = await Assert.ThrowsAsync<SiteLinkException>(() => link.HandBackAsync(new HandBack(Osaka, "", [], []), default));
        Assert.Equal(SiteLinkFault.NotKnown, old.Fault);
    }

    [Fact]
    public async Task What_a_stranger_signs_is_not_carried_and_a_peer_cannot_speak_for_another()
    {
        await using var desk = await DeskServer.StartAsync(clock);
        var osaka = desk.KeyFor("osaka");
        await using var peer = await PeerServer.StartAsync(clock, desk, osaka);
        using var stranger = new HttpSiteLink(peer.Url, SiteKeyFile.Make(Osaka, null), clock, NullLogger.Instance);
        Assert.Equal(SiteLinkFault.Refused, (await Assert.ThrowsAsync<SiteLinkException>(() => stranger.PostAsync(Batch(Osaka), default))).Fault);
        using var strangerToJury = new HttpSiteLink(peer.Url, SiteKeyFile.Make(Osaka, null), clock, NullLogger.Instance, LinkPaths.Peer);
        Assert.Equal(SiteLinkFault.Refused, (await Assert.ThrowsAsync<SiteLinkException>(() => strangerToJury.PostAsync(Batch(Osaka), default))).Fault);

        // Osaka's key, another site's batch: the desk sees through it.
        using var link = new HttpSiteLink(peer.Url, osaka, clock, NullLogger.Instance);
        Assert.Equal(SiteLinkFault.Refused, (await Assert.ThrowsAsync<SiteLinkException>(() => link.PostAsync(Batch(Tokyo), default))).Fault);
        Assert.Empty(desk.Door.Arrived);
    }

    [Fact]
    public async Task Peers_hear_each_other_and_results_come_in_only_where_it_is_judged()
    {
        await using var desk = await DeskServer.StartAsync(clock);
        var osaka = desk.KeyFor("osaka");
        await using var peer = await PeerServer.StartAsync(clock, desk, osaka);
        using var hello = new HttpSiteLink(peer.Url, osaka, clock, NullLogger.Instance, LinkPaths.Peer);
        var note = new EpisodeNote(new ItemId(7), 3, "INC-A7-3", "osaka", Mailed: true, Over: false, "{}");
        var word = new PeerWord(Osaka, TimeSpan.FromSeconds(20), Isolated: false, MaySpeak: true, [note]);
        var answer = await hello.PostAsync<PeerWord>(HttpPeerLink.HelloPath, AwayCodec.Write(word), OrderCodec.Json, default);
        Assert.Equal(Tokyo, answer.Site);
        Assert.Equal(note, Assert.Single(Assert.Single(peer.Heard).Notes));

        await Assert.ThrowsAsync<SiteLinkException>(() => hello.PostAsync(Batch(Osaka), default));
        using var judging = new CountingDoor();
        peer.Judges = judging;
        Assert.Equal(new BatchReceipt(1000, 1), await hello.PostAsync(Batch(Osaka), default));
        Assert.Equal(Osaka, Assert.Single(judging.Counted).Site);
        Assert.Empty(desk.Door.Arrived);
    }

    [Fact]
    public async Task A_strangers_body_is_not_read()
    {
        await using var desk = await DeskServer.StartAsync(clock);
        await using var peer = await PeerServer.StartAsync(clock, desk, desk.KeyFor("osaka"));
        using var line = new TcpClient();
        await line.ConnectAsync(IPAddress.Loopback, peer.Url.Port, TestContext.Current.CancellationToken);
        var head = $"POST {HttpSiteLink.BatchesPath} HTTP/1.1\r\nHost: peer\r\nContent-Length: 8000000\r\n"
            + $"{SiteSignature.SiteHeader}: osaka\r\n{SiteSignature.KeyHeader}: 0123456789abcdef\r\n{SiteSignature.TimeHeader}: 1\r\n"
            + $"{SiteSignature.NonceHeader}: 0123456789abcdef\r\n{SiteSignature.SignatureHeader}: AAAA\r\n\r\n";
        await line.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);

        // Answered without a byte of the 8 MB that were announced.
        var answer = new byte[12];
        await line.GetStream().ReadExactlyAsync(answer, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal("HTTP/1.1 401", Encoding.ASCII.GetString(answer));
    }

    [Fact]
    public async Task A_node_that_does_not_have_the_desk_is_passed_over_for_a_peer_too()
    {
        await using var standby = Bare();
        standby.Run(http =>
        {
            http.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            return Task.CompletedTask;
        });
        await standby.StartAsync(TestContext.Current.CancellationToken);
        await using var desk = await DeskServer.StartAsync(clock);
        var osaka = desk.KeyFor("osaka");
        await using var peer = await PeerServer.StartAsync(clock, desk, osaka, UrlOf(standby));
        using var link = new HttpSiteLink(peer.Url, osaka, clock, NullLogger.Instance);
        Assert.Equal(new BatchReceipt(1000, 1), await link.PostAsync(Batch(Osaka), default));
        Assert.Equal(Osaka, Assert.Single(desk.Door.Counted).Site);
    }

    private static WebApplication Bare()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        return builder.Build();
    }

    private static Uri UrlOf(WebApplication app) => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    private ResultBatch Batch(SiteName site) => new(
        site, 1000, 1, Lane.Live, clock.GetUtcNow(), Moment.MonoOf(clock), [Some.Wild(new Random(1)) with { StartedMono = TimeSpan.Zero }], [], new SiteHealth(1, 1, 0, 0, 0, TimeSpan.Zero, TimeSpan.Zero, 0));

    /// <summary>Tokyo's web server before a door of the test's.</summary>
    private sealed class PeerServer : IAsyncDisposable, IPeerDoor
    {
        private readonly WebApplication app;
        private readonly HttpSiteLink toDesk;
        private readonly byte[] osakaKey;

        private PeerServer(WebApplication app, HttpSiteLink toDesk, byte[] osakaKey) => (this.app, this.toDesk, this.osakaKey) = (app, toDesk, osakaKey);

        internal Uri Url => UrlOf(app);

        internal List<PeerWord> Heard { get; } = [];

        internal IResultDoor? Judges { get; set; }

        public IResultDoor? Jury => Judges;

        internal static async Task<PeerServer> StartAsync(TimeProvider clock, DeskServer desk, SiteKeyFile osaka, params Uri[] before)
        {
            var app = Bare();
            using var key = osaka.OpenKey();
            var server = new PeerServer(app, new HttpSiteLink([.. before, desk.Url], desk.KeyFor("tokyo"), clock, NullLogger.Instance), key.ExportSubjectPublicKeyInfo());
            var post = new PeerPost { Desk = server.toDesk };
            post.Opens(server);
            PeerEndpoints.Map(app, post, clock);
            await app.StartAsync();
            return server;
        }

        public PeerWord Hear(PeerWord theirs)
        {
            Heard.Add(theirs);
            return new PeerWord(Tokyo, TimeSpan.Zero, Isolated: false, MaySpeak: true, []);
        }

        public PeerPlanKey? KeyOf(SiteName site, string keyId) =>
            site == Osaka && keyId == SiteSignature.KeyId(SiteSignature.Fingerprint(osakaKey)) ? new PeerPlanKey(osakaKey) : null;

        public async ValueTask DisposeAsync()
        {
            toDesk.Dispose();
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }
}
