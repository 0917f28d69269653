using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Hinoban.Lab;
using Hinoban.Notifying.Inbound;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Notifying.Inbound;

/// <summary>The door for mail over a real socket: RFC 2033's dialogue, its limits, and what happens when it breaks off.</summary>
public sealed class LmtpTests
{
    [Fact]
    public Task Each_recipient_has_an_answer_of_its_own() => WithDoorAsync(async (door, line) =>
    {
        door.Later.Add("full@x");
        Assert.StartsWith("220 ", await line.ReadAsync(), StringComparison.Ordinal);
        await line.SayAsync("LHLO mx");
        Assert.Equal(["250-desk.example", "250-PIPELINING", "250-8BITMIME", "250-SMTPUTF8", "250-ENHANCEDSTATUSCODES", "250 SIZE 2000"], await line.ReadsAsync(6));
        await line.SayAsync("MAIL FROM:<> SIZE=10 BODY=8BITMIME", "RCPT TO:<a@x>", "RCPT TO:<nobody@x>", "RCPT TO:<full@x>", "DATA");
        Assert.Equal([250, 250, 550, 250, 354], await line.CodesAsync(5));
        await line.SayAsync("Subject: x", "", "..dot", ".");
        Assert.Equal([250, 451], await line.CodesAsync(2));
        Assert.Equal(["|a@x|Subject: x\r\n\r\n.dot\r\n"], door.Taken);
        await line.SayAsync("QUIT");
        Assert.Equal([221], await line.CodesAsync(1));
    });

    [Fact]
    public Task Wrong_order_and_wrong_words_are_refused_until_it_is_too_much() => WithDoorAsync(async (door, line) =>
    {
        await line.ReadAsync();
        await line.SayAsync("MAIL FROM:<a@b>", "EHLO x", "LHLO x");
        Assert.Equal([503, 500, 250, 250, 250, 250, 250, 250], await line.CodesAsync(8));
        await line.SayAsync("RCPT TO:<a@x>", "DATA", "MAIL FROM:a@b", "MAIL FROM:<a@b>", "MAIL FROM:<a@b>", "RCPT TO:<>", "RCPT TO:a@x", "DATA", "RSET", "NOOP", "VRFY a", "STARTTLS", "MAIL FROM:<big@b> SIZE=2001");
        Assert.Equal([503, 503, 501, 250, 503, 501, 501, 503, 250, 250, 252, 500, 552], await line.CodesAsync(13));
        await line.SayAsync([.. Enumerable.Repeat("BAD", 12)]);
        Assert.Equal(421, (await line.CodesAsync(12))[^1]);
        Assert.Equal("", await line.ReadAsync());
        Assert.Empty(door.Taken);
    });

    [Fact]
    public Task What_is_too_large_is_refused_and_the_dialogue_goes_on() => WithDoorAsync(async (door, line) =>
    {
        await line.BeginAsync("a@x");
        await line.SayAsync(new string('x', 3000), ".", "MAIL FROM:<a@b>", "RCPT TO:<a@x>", "DATA");
        Assert.Equal([552, 250, 250, 354], await line.CodesAsync(4));
        await line.SayAsync("small", ".");
        Assert.Equal([250], await line.CodesAsync(1));
        Assert.Equal(["a@b|a@x|small\r\n"], door.Taken);
        await line.SayAsync(new string('x', 5000));
        Assert.Equal("", await line.ReadAsync());
    });

    [Fact]
    public Task Only_a_whole_dot_line_ends_a_message() => WithDoorAsync(async (door, line) =>
    {
        await line.BeginAsync("a@x");
        await line.RawAsync("a\n.\nb\r.\rc\r\n.\rd\r\n.");
        await line.RawAsync("\r");
        await line.RawAsync("\n");
        Assert.Equal([250], await line.CodesAsync(1));
        Assert.Equal(["s@b|a@x|a\n.\nb\r.\rc\r\n\rd\r\n"], door.Taken);
    });

    [Fact]
    public Task A_message_that_breaks_off_is_not_there() => WithDoorAsync(async (door, line) =>
    {
        await line.BeginAsync("a@x");
        await line.RawAsync("Subject: half\r\n\r\nhalf of it\r\n");
        line.Dispose();
        using var next = await Line.OpenAsync(door.Port);
        await next.BeginAsync("a@x");
        await next.SayAsync("whole", ".");
        Assert.Equal([250], await next.CodesAsync(1));
        Assert.Equal(["s@b|a@x|whole\r\n"], door.Taken);
    });

    [Fact]
    public Task More_dialogues_than_there_is_room_for_come_again_later() => WithDoorAsync(async (door, line) =>
    {
        Assert.StartsWith("220", await line.ReadAsync(), StringComparison.Ordinal);
        using var second = await Line.OpenAsync(door.Port);
        Assert.StartsWith("220", await second.ReadAsync(), StringComparison.Ordinal);
        using var third = await Line.OpenAsync(door.Port);
        Assert.StartsWith("421", await third.ReadAsync(), StringComparison.Ordinal);
    });

    [Fact]
    public async Task A_door_that_cannot_accept_is_opened_anew_after_a_pause_and_not_in_a_loop()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a socket is found by /proc");
        var (clock, log) = (new LabClock(DateTimeOffset.UnixEpoch), new Lines());
        using var stop = new CancellationTokenSource();
        var server = new LmtpServer(new InboundOptions("127.0.0.1", 0, null), new Door(), "desk.example", clock, log);
        var running = server.RunAsync(stop.Token);
        Shut(((IPEndPoint)await server.Listening).Port);
        await PumpBench.UntilAsync(() => log.Count("cannot accept") > 0, () => log.ToString());
        Assert.Equal((1, 1), (log.Count("cannot accept"), log.Count("comes in at")));
        await PumpBench.UntilAsync(() => log.Count("comes in at") == 2, () => log.ToString(), _ => clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(1, log.Count("cannot accept"));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    // As if no file handle were left: every further accept of the listening socket fails at once.
    private static void Shut(int port)
    {
        var inode = File.ReadLines("/proc/net/tcp").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(f => f[1].EndsWith($":{port:X4}", StringComparison.Ordinal) && f[3] == "0A")[9];
        var handle = Directory.GetFiles("/proc/self/fd").Single(f => new FileInfo(f).LinkTarget == $"socket:[{inode}]");
        using var listener = new Socket(new SafeSocketHandle(nint.Parse(Path.GetFileName(handle), System.Globalization.CultureInfo.InvariantCulture), ownsHandle: false));
        listener.Shutdown(SocketShutdown.Both);
    }

    [Theory]
    [InlineData("MAIL FROM:<a@b> SIZE=12", "MAIL|a@b|12")]
    [InlineData("mail from: <>", "MAIL||")]
    [InlineData("RCPT TO:<\"a..b\"@x>", "RCPT|a..b@x|")]
    [InlineData("RCPT TO:<\"a>b\"@x> X=Y", "RCPT|a>b@x|")]
    [InlineData("RCPT TO:<@r:a@x>", "RCPT|a@x|")]
    [InlineData("RCPT TO:a@x", "RCPT|-|")]
    [InlineData("RCPT", "RCPT|-|")]
    [InlineData("", "|-|")]
    public void Commands(string line, string read)
    {
        var command = LmtpCommand.Parse(line);
        Assert.Equal(read, $"{command.Verb}|{command.Path ?? "-"}|{command.Size}");
    }

    private static async Task WithDoorAsync(Func<Door, Line, Task> story)
    {
        var door = new Door();
        using var stop = new CancellationTokenSource();
        var server = new LmtpServer(
            new InboundOptions("127.0.0.1", 0, null) { LargestMessage = 2000, Connections = 2 }, door, "desk.example", TimeProvider.System, NullLogger<LmtpServer>.Instance);
        var running = server.RunAsync(stop.Token);
        door.Port = ((IPEndPoint)await server.Listening).Port;
        using (var line = await Line.OpenAsync(door.Port))
        {
            await story(door, line);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private sealed class Lines : ILogger<LmtpServer>
    {
        private readonly ConcurrentQueue<string> lines = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception));

        public override string ToString() => string.Join('\n', lines);

        internal int Count(string words) => lines.Count(l => l.Contains(words, StringComparison.Ordinal));
    }

    private sealed class Door : IInboundDoor
    {
        internal int Port { get; set; }

        internal HashSet<string> Later { get; } = [];

        internal ConcurrentQueue<string> Taken { get; } = [];

        public InboundReply Knows(string recipient) => recipient.StartsWith("nobody", StringComparison.Ordinal) ? InboundReply.Unknown : InboundReply.Ok;

        public InboundReply Take(ReceivedMail mail)
        {
            if (Later.Contains(mail.Recipient))
            {
                return InboundReply.Later;
            }

            Taken.Enqueue($"{mail.Sender}|{mail.Recipient}|{Encoding.ASCII.GetString(mail.Message.Span)}");
            return InboundReply.Ok;
        }
    }

    private sealed class Line(TcpClient client) : IDisposable
    {
        private readonly StreamReader reader = new(client.GetStream());

        internal static async Task<Line> OpenAsync(int port)
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return new Line(client);
        }

        internal async Task BeginAsync(string recipient)
        {
            await ReadAsync();
            await SayAsync("LHLO x", "MAIL FROM:<s@b>", $"RCPT TO:<{recipient}>", "DATA");
            Assert.Equal(354, (await CodesAsync(9))[^1]);
        }

        internal Task SayAsync(params string[] lines) => RawAsync(string.Concat(lines.Select(l => l + "\r\n")));

        internal Task RawAsync(string text) => client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();

        internal async Task<string> ReadAsync() => await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) ?? "";

        internal async Task<string[]> ReadsAsync(int count)
        {
            var lines = new string[count];
            for (var at = 0; at < count; at++)
            {
                lines[at] = await ReadAsync();
            }

            return lines;
        }

        internal async Task<List<int>> CodesAsync(int count) => (await ReadsAsync(count)).Select(l => int.Parse(l[..3])).ToList();

        public void Dispose()
        {
            reader.Dispose();
            client.Dispose();
        }
    }
}
