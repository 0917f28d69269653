using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Storage;

namespace Hinoban.Tests.Results;

/// <summary>Who is let in at the desk's door for sites, and that a refusal changes nothing.</summary>
public sealed class SiteGateTests : IAsyncLifetime
{
    private readonly HandClock clock = new();
    private readonly HttpClient http = new();
    private DeskServer desk = null!;
    private SiteKeyFile key = null!;
    private int nonces;

    public async ValueTask InitializeAsync()
    {
        desk = await DeskServer.StartAsync(clock);
        key = desk.KeyFor("tokyo");
        http.BaseAddress = desk.Url;
        clock.Advance(TimeSpan.FromMinutes(5));
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await desk.DisposeAsync();
    }

    [Fact]
    public async Task A_signed_request_is_let_in_once()
    {
        var request = Signed(Body("tokyo"));
        await ExpectAsync(HttpStatusCode.OK, null, request.Copy());
        await ExpectAsync(HttpStatusCode.Unauthorized, "Replayed", request.Copy());
        clock.Advance(TimeSpan.FromSeconds(59));
        await ExpectAsync(HttpStatusCode.Unauthorized, "Replayed", request.Copy());
        clock.Advance(TimeSpan.FromSeconds(2));
        await ExpectAsync(HttpStatusCode.Unauthorized, "Clock", request.Copy());
        Assert.Single(desk.Door.Arrived);
    }

    [Fact]
    public async Task A_stamp_from_before_the_desks_start_is_old()
    {
        var request = Signed(Body("tokyo"));
        clock.Advance(TimeSpan.FromSeconds(5));
        await using var restarted = await DeskServer.StartAsync(clock, door: desk.Door);
        using var other = new HttpClient { BaseAddress = restarted.Url };
        clock.Advance(TimeSpan.FromSeconds(5));
        using var answer = await other.SendAsync(request.Copy());
        Assert.Equal("Clock", await CodeAsync(answer));
    }

    [Fact]
    public async Task Whatever_is_changed_in_a_request_its_signature_no_longer_fits()
    {
        var body = Body("tokyo");
        var tampered = (byte[])body.Clone();
        tampered[^1] ^= 1;
        await ExpectAsync(HttpStatusCode.Unauthorized, "BadSignature", Signed(body) with { Body = tampered });
        await ExpectAsync(HttpStatusCode.Unauthorized, "BadSignature", Signed(body) with { Path = HttpSiteLink.OrdersPath, Method = HttpMethod.Get, Body = [] });
        foreach (var (header, value) in new[] { (SiteSignature.NonceHeader, new string('0', 32)), (SiteSignature.TimeHeader, Micros(TimeSpan.FromSeconds(-1))) })
        {
            await ExpectAsync(HttpStatusCode.Unauthorized, "BadSignature", Signed(body).With(header, value));
        }

        Assert.Empty(desk.Door.Arrived);
    }

    [Fact]
    public async Task Strangers_and_half_signed_requests_are_refused()
    {
        await ExpectAsync(HttpStatusCode.Unauthorized, "UnknownKey", Signed(Body("osaka"), SiteKeyFile.Make(new SiteName("osaka"), null)));
        await ExpectAsync(HttpStatusCode.Unauthorized, "UnknownKey", Signed(Body("tokyo"), SiteKeyFile.Make(new SiteName("tokyo"), null)));
        await ExpectAsync(HttpStatusCode.Unauthorized, "UnknownKey", Signed(Body("tokyo")).With(SiteSignature.SiteHeader, "osaka"));
        string[] all = [SiteSignature.SiteHeader, SiteSignature.KeyHeader, SiteSignature.TimeHeader, SiteSignature.NonceHeader, SiteSignature.SignatureHeader];
        foreach (var header in all)
        {
            await ExpectAsync(HttpStatusCode.Unauthorized, "Unsigned", Signed(Body("tokyo")).With(header, null));
            await ExpectAsync(HttpStatusCode.Unauthorized, "Unsigned", Signed(Body("tokyo")).With(header, ""));
            await ExpectAsync(HttpStatusCode.Unauthorized, header == SiteSignature.SignatureHeader ? "BadSignature" : "Unsigned", Signed(Body("tokyo")).With(header, "%% %%"));
        }

        Assert.Empty(desk.Door.Arrived);
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("253402300800000000")]
    public async Task A_time_beyond_the_calendar_is_no_claim(string micros)
    {
        await ExpectAsync(HttpStatusCode.Unauthorized, "Unsigned", Signed(Body("tokyo")).With(SiteSignature.TimeHeader, micros));
        await ExpectAsync(HttpStatusCode.Unauthorized, "Clock", Signed(Body("tokyo")).With(SiteSignature.TimeHeader, "253402300799999999"));
    }

    [Fact]
    public async Task A_site_posts_for_itself_only()
    {
        await ExpectAsync(HttpStatusCode.Forbidden, "OtherSite", Signed(Body("osaka")));
        Assert.Empty(desk.Door.Arrived);
    }

    [Fact]
    public async Task A_key_may_be_exchanged_and_a_revoked_one_is_out_within_seconds()
    {
        var second = desk.KeyFor("tokyo");
        clock.Advance(SiteKeyStore.SeenWithin);
        await ExpectAsync(HttpStatusCode.OK, null, Signed(Body("tokyo")));
        await ExpectAsync(HttpStatusCode.OK, null, Signed(Body("tokyo", 2), second));
        using var old = key.OpenKey();
        Assert.Equal(1, desk.Door.Db.Write(tx => desk.Keys.Revoke(tx, key.Site, SiteSignature.Fingerprint(old), clock.GetUtcNow())));
        clock.Advance(SiteKeyStore.SeenWithin);
        await ExpectAsync(HttpStatusCode.Unauthorized, "UnknownKey", Signed(Body("tokyo", 3)));
        await ExpectAsync(HttpStatusCode.OK, null, Signed(Body("tokyo", 3), second));
        desk.Door.Db.Write(tx => desk.Keys.Add(tx, key.Site, old, clock.GetUtcNow()));
        clock.Advance(SiteKeyStore.SeenWithin);
        await ExpectAsync(HttpStatusCode.Unauthorized, "UnknownKey", Signed(Body("tokyo", 4)));
    }

    [Fact]
    public async Task A_held_stream_ends_when_the_key_is_revoked()
    {
        using var link = new HttpSiteLink(desk.Url, key, clock, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        await using var orders = link.OrdersAsync(default).GetAsyncEnumerator();
        desk.Door.Order(new BeatOrder());
        Assert.True(await orders.MoveNextAsync());
        desk.Door.Db.Write(tx => desk.Keys.Revoke(tx, key.Site, "", clock.GetUtcNow()));
        clock.Advance(SiteKeyStore.SeenWithin);
        desk.Door.Order(new PlanOrder(Some.Plan(9, 1)));
        Assert.False(await orders.MoveNextAsync());
    }

    [Fact]
    public async Task Garbage_that_is_signed_is_refused_and_changes_nothing()
    {
        var random = new Random(4);
        for (var i = 0; i < 60; i++)
        {
            var body = i % 2 == 0 ? new byte[random.Next(200)] : Body("tokyo");
            if (i % 2 == 0)
            {
                random.NextBytes(body);
            }
            else
            {
                body = body[..random.Next(body.Length)];
            }

            await ExpectAsync(HttpStatusCode.BadRequest, "BadBatch", Signed(body));
        }

        Assert.Empty(desk.Door.Arrived);
    }

    [Fact]
    public async Task Too_much_is_refused_before_it_is_read()
    {
        await ExpectAsync(HttpStatusCode.RequestEntityTooLarge, "TooLarge", Signed(new byte[BatchCodec.MaxBody + 1]));
        using var tcp = await StartRequestAsync(Signed([]), $"content-length: {long.MaxValue}");
        Assert.StartsWith("HTTP/1.1 413", await FirstLineAsync(tcp), StringComparison.Ordinal);
        using var chunked = await StartRequestAsync(Signed([]), "transfer-encoding: chunked");
        await SendChunksAsync(chunked, 9);
        Assert.StartsWith("HTTP/1.1 413", await FirstLineAsync(chunked), StringComparison.Ordinal);
        using var stranger = await StartRequestAsync(Signed([]).With(SiteSignature.SiteHeader, "osaka"), "content-length: 100000");
        Assert.StartsWith("HTTP/1.1 401", await FirstLineAsync(stranger), StringComparison.Ordinal);
        Assert.Empty(desk.Door.Arrived);
    }

    [Fact]
    public async Task A_body_that_is_cut_off_changes_nothing_and_the_next_request_is_served()
    {
        var body = Body("tokyo");
        using (var tcp = await StartRequestAsync(Signed(body), $"content-length: {body.Length}"))
        {
            await tcp.GetStream().WriteAsync(body.AsMemory(0, body.Length / 2));
        }

        await ExpectAsync(HttpStatusCode.OK, null, Signed(Body("tokyo")));
        Assert.Single(desk.Door.Arrived);
    }

    private static byte[] Body(string site, long sequence = 1)
    {
        var now = new Moment(DateTimeOffset.UnixEpoch, TimeSpan.FromDays(1));
        return BatchCodec.Write(Some.Batch(sequence, now, Some.Result(1, now), Some.Result(2, now, output: new string('x', 500))) with { Site = new SiteName(site) });
    }

    private string Micros(TimeSpan ahead) => SqlTypes.ToMicros(clock.GetUtcNow() + ahead).ToString(CultureInfo.InvariantCulture);

    private RawRequest Signed(byte[] body, SiteKeyFile? by = null)
    {
        var file = by ?? key;
        using var ecdsa = file.OpenKey();
        var nonce = $"{++nonces:00000000000000000000}";
        var claim = SiteSignature.Sign(ecdsa, file.Site, "POST", HttpSiteLink.BatchesPath, body, SqlTypes.ToMicros(clock.GetUtcNow()), nonce);
        return new RawRequest(HttpMethod.Post, HttpSiteLink.BatchesPath, body, new Dictionary<string, string?>
        {
            [SiteSignature.SiteHeader] = claim.Site.Value,
            [SiteSignature.KeyHeader] = claim.Key,
            [SiteSignature.TimeHeader] = claim.TimeMicros.ToString(CultureInfo.InvariantCulture),
            [SiteSignature.NonceHeader] = claim.Nonce,
            [SiteSignature.SignatureHeader] = claim.Signature,
        });
    }

    private async Task ExpectAsync(HttpStatusCode status, string? code, RawRequest request)
    {
        using var message = request.Copy();
        await ExpectAsync(status, code, message);
    }

    private async Task ExpectAsync(HttpStatusCode status, string? code, HttpRequestMessage message)
    {
        using var answer = await http.SendAsync(message);
        Assert.Equal((status, code), (answer.StatusCode, status == HttpStatusCode.OK ? null : await CodeAsync(answer)));
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer)
    {
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return problem.RootElement.GetProperty("code").GetString();
    }

    private async Task<TcpClient> StartRequestAsync(RawRequest request, string framing)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, desk.Url.Port);
        var head = new StringBuilder($"POST {request.Path} HTTP/1.1\r\nhost: desk\r\n{framing}\r\n");
        foreach (var (name, value) in request.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
        return tcp;
    }

    private static async Task SendChunksAsync(TcpClient tcp, int mebibytes)
    {
        try
        {
            for (var i = 0; i < mebibytes; i++)
            {
                await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes("100000\r\n"));
                await tcp.GetStream().WriteAsync(new byte[1 << 20]);
                await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes("\r\n"));
            }
        }
        catch (IOException)
        {
            // The desk has closed its ear already.
        }
    }

    private static async Task<string> FirstLineAsync(TcpClient tcp)
    {
        using var reader = new StreamReader(tcp.GetStream(), Encoding.ASCII);
        return await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)) ?? "";
    }

    private sealed record RawRequest(HttpMethod Method, string Path, byte[] Body, IReadOnlyDictionary<string, string?> Headers)
    {
        internal RawRequest With(string header, string? value) => this with
        {
            Headers = new Dictionary<string, string?>(Headers) { [header] = value },
        };

        internal HttpRequestMessage Copy()
        {
            var message = new HttpRequestMessage(Method, Path);
            if (Method == HttpMethod.Post)
            {
                message.Content = new ByteArrayContent(Body) { Headers = { ContentType = new MediaTypeHeaderValue(BatchCodec.ContentType) } };
            }

            foreach (var (name, value) in Headers.Where(h => h.Value is not null))
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }

            return message;
        }
    }
}
