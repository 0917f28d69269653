using System.Net;
using System.Net.Sockets;
using System.Text;
using Hinoban.Flow;
using Hinoban.Lab;
using Microsoft.Extensions.Logging;

namespace Hinoban.Tests.Flow;

/// <summary>The sign of life, to a real HTTP server on loopback; the minutes are the lab's.</summary>
public sealed class HeartbeatTests
{
    private static readonly OwnFacts Well = new([], new MailFacts(null, ""), new EngineFacts(TimeSpan.Zero, null));
    private static readonly OwnFacts Ill = Well with { Engine = new EngineFacts(TimeSpan.FromMinutes(1), null) };

    [Theory]
    [InlineData(false, "GET /ping/abc?x=1 HTTP/1.1")]
    [InlineData(true, "POST /ping/abc?x=1 HTTP/1.1")]
    public async Task It_goes_out_each_minute_while_the_desk_is_well_and_not_while_it_is_not(bool post, string line)
    {
        await using var outside = new Outside("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var scene = new Scene(outside, post);
        for (var minute = 1; minute <= 3; minute++)
        {
            await scene.MinuteAsync();
            Assert.Equal(line, await outside.NextAsync());
            await scene.UntilAsync(() => scene.Beat.View.LastUtc == scene.Clock.GetUtcNow());
        }

        scene.Facts = Ill;
        await scene.MinuteAsync();
        await scene.MinuteAsync();
        await scene.UntilAsync(() => scene.Beat.View.Trouble is not null);
        Assert.Single(scene.Log.Lines, l => l.Contains("does not go out", StringComparison.Ordinal));
        Assert.DoesNotContain(scene.Log.Lines, l => l.Contains("abc", StringComparison.Ordinal));

        scene.Facts = Well;
        await scene.MinuteAsync();
        Assert.Equal(line, await outside.NextAsync());
        await scene.UntilAsync(() => scene.Beat.View.Trouble is null);
        Assert.Equal(4, outside.Requests);
        Assert.Single(scene.Log.Lines, l => l.Contains("goes out again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_counts_as_failed()
    {
        await using var elsewhere = new Outside("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var outside = new Outside($"HTTP/1.1 302 Found\r\nLocation: {elsewhere.Url}\r\nContent-Length: 0\r\n\r\n");
        await using var scene = new Scene(outside, post: false);
        await scene.MinuteAsync();
        await scene.UntilAsync(() => scene.Beat.View.Trouble is not null);
        Assert.Equal("it answered HTTP 302", scene.Beat.View.Trouble!.En);
        Assert.Equal((1, 0), (outside.Requests, elsewhere.Requests));
    }

    [Fact]
    public async Task Nobody_there_is_told_once()
    {
        await using var outside = new Outside("");
        await outside.DisposeAsync();
        await using var scene = new Scene(outside, post: false);
        for (var minute = 0; minute < 3; minute++)
        {
            await scene.MinuteAsync();
            await scene.UntilAsync(() => scene.Beat.View.Trouble is not null);
        }

        Assert.Single(scene.Log.Lines);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_given_up()
    {
        await using var outside = new Outside("");
        await using var scene = new Scene(outside, post: false);
        await scene.MinuteAsync();
        await outside.NextAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(10));
        await scene.UntilAsync(() => scene.Beat.View.Trouble is not null);
        Assert.Contains("10 s", scene.Beat.View.Trouble!.En);
    }

    /// <summary>A desk's heartbeat under lab time.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task running;

        internal Scene(Outside outside, bool post)
        {
            Beat = new Heartbeat(new HeartbeatOptions(outside.Url, post), () => Facts, Clock, new Typed(Log));
            running = Beat.RunAsync(stop.Token);
        }

        internal LabClock Clock { get; } = new();

        internal ListLog Log { get; } = new();

        internal OwnFacts Facts { get; set; } = Well;

        internal Heartbeat Beat { get; }

        internal Task MinuteAsync()
        {
            Clock.Advance(TimeSpan.FromMinutes(1));
            return Task.CompletedTask;
        }

        internal async Task UntilAsync(Func<bool> holds)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
            while (!holds())
            {
                limit.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stop.Dispose();
        }
    }

    private sealed class Typed(ILogger log) : ILogger<Heartbeat>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => log.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Log(logLevel, eventId, state, exception, formatter);
    }

    /// <summary>An HTTP server that answers every request alike; with an empty answer, not at all.</summary>
    private sealed class Outside : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly System.Threading.Channels.Channel<string> lines = System.Threading.Channels.Channel.CreateUnbounded<string>();
        private readonly Task accepting;
        private int requests;

        internal Outside(string answer)
        {
            listener.Start();
            Url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/ping/abc?x=1");
            accepting = AcceptAsync(Encoding.ASCII.GetBytes(answer));
        }

        internal Uri Url { get; }

        internal int Requests => Volatile.Read(ref requests);

        internal async Task<string> NextAsync()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
            return await lines.Reader.ReadAsync(limit.Token);
        }

        public async ValueTask DisposeAsync()
        {
            listener.Stop();
            await accepting;
        }

        private async Task AcceptAsync(byte[] answer)
        {
            try
            {
                while (true)
                {
                    _ = ServeAsync(await listener.AcceptTcpClientAsync(), answer);
                }
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException)
            {
            }
        }

        private async Task ServeAsync(TcpClient client, byte[] answer)
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            try
            {
                while (await reader.ReadLineAsync() is { Length: > 0 } first)
                {
                    while (await reader.ReadLineAsync() is { Length: > 0 })
                    {
                    }

                    Interlocked.Increment(ref requests);
                    lines.Writer.TryWrite(first);
                    await client.GetStream().WriteAsync(answer);
                }
            }
            catch (IOException)
            {
            }
        }
    }
}
