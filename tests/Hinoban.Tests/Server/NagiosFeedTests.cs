using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Hinoban.Lab.Servers;
using Hinoban.Results;
using Hinoban.Server;
using Hinoban.Tests.House;
using Hinoban.Tests.Specs.Nagios;

namespace Hinoban.Tests.Server;

/// <summary><c>hinoban nagios feed</c> against the real API, and from a real Nagios.</summary>
public sealed class NagiosFeedTests
{
    [Fact]
    public async Task Lines_become_one_batch_with_the_keys_of_the_import()
    {
        await using var server = await SampleServer.StartAsync();
        var (exit, said, complained) = await FeedAsync(server, "web01\tRoot Partition\t1\tDISK WARNING\\nmore|free=1GB\r\nweb01\tbackup\t0\tOK |\n\u0017\n");
        Assert.Equal((0, "fed: 2, not taken: 0\n", ""), (exit, said, complained));
        Assert.Equal(["post sample-trading 2 sendersample-trading"], server.Desk.Done);
        var results = server.Desk.Posted.Select(p => JsonDocument.Parse(p).RootElement).ToList();
        Assert.Equal(["web01/Root-Partition 1 DISK WARNING\nmore|free=1GB", "web01/backup 0 OK"], results.Select(r => $"{r.GetProperty("item")} {r.GetProperty("state")} {r.GetProperty("output")}"));
        Assert.True(string.CompareOrdinal(results[0].GetProperty("time").GetString(), results[1].GetProperty("time").GetString()) < 0);
    }

    [Fact]
    public async Task What_is_wrong_or_refused_is_told_and_the_rest_is_posted()
    {
        await using var server = await SampleServer.StartAsync();
        server.Desk.Judge = results => [.. results.Index().Where(r => r.Item.GetProperty("item").GetString() != "a/good").Select(r => new PostedProblem(r.Index + 1, "item", PostedText.NoSuchItem(r.Item.GetProperty("item").GetString()!, null)))];
        var (exit, said, complained) = await FeedAsync(server, "a\tbad\t0\tx\na\tgood\t2\ty\nonly\t0\thost\nnonsense\na\tb\t7\tz\n");
        Assert.Equal((1, "fed: 1, not taken: 4\n"), (exit, said));
        Assert.Equal(["post sample-trading 2 sendersample-trading", "post sample-trading 1 sendersample-trading"], server.Desk.Done);
        Assert.Equal(
        [
            "`only 0 host`: a host's result cannot be fed: only services are passive",
            "`nonsense`: write `host<TAB>service<TAB>code<TAB>output`",
            "`a b 7 z`: the code `7` is none of 0, 1, 2, 3",
            "a/bad was not taken: the specification has no item `a/bad`",
        ],
        complained.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_wrong_token_ends_it_and_is_nowhere_to_be_seen()
    {
        await using var server = await SampleServer.StartAsync();
        var (exit, said, complained) = await FeedAsync(server, "a\tb\t0\tx\n", token: "hnb_wrongwrongwrong");
        Assert.Equal(1, exit);
        Assert.StartsWith("the desk takes nothing (401): ", complained, StringComparison.Ordinal);
        Assert.DoesNotContain("wrongwrong", said + complained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_arrive_is_tried_again_with_the_same_times()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var bodies = AnswerAsync(listener, 0, 503, 200);
        var (exit, said, _) = await RunAsync($"nagios feed --desk http://{listener.LocalEndpoint} --customer sample-trading --retry-for 20s", "a\tb\t0\tx\n", "token");
        Assert.Equal((0, "fed: 1, not taken: 0\n"), (exit, said));
        var tried = await bodies;
        Assert.Equal(3, tried.Count);
        Assert.Single(tried.Distinct());
        Assert.Contains("\"item\":\"a/b\"", tried[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_is_too_large_is_posted_in_parts()
    {
        await using var server = await SampleServer.StartAsync();
        // Each of these characters is six bytes on its way.
        var (exit, said, complained) = await FeedAsync(server, string.Concat(Enumerable.Range(1, 8).Select(n => $"a\tb{n}\t0\t{new string('\u0001', 7900)}\n")));
        Assert.Equal((0, "fed: 8, not taken: 0\n", ""), (exit, said, complained));
        Assert.Equal([3, 4, 1], server.Desk.Done.Select(d => int.Parse(d.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(Enumerable.Range(1, 8).Select(n => $"a/b{n}"), server.Desk.Posted.Select(Item));
    }

    [Fact]
    public async Task A_result_that_is_too_large_is_named_and_the_rest_is_posted()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var bodies = AnswerAsync(listener, 413, 413, 200);
        var (exit, said, complained) = await RunAsync($"nagios feed --desk http://{listener.LocalEndpoint} --customer sample-trading", "a\tb\t0\tx\na\tc\t0\tx\n", "token");
        Assert.Equal((1, "fed: 1, not taken: 1\n", "a/b was not taken: its result is larger than the desk takes\n"), (exit, said, complained));
        Assert.Equal(3, (await bodies).Count);
    }

    [Fact]
    public async Task A_result_has_the_time_at_which_its_line_was_read()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var (asked, read) = (new TaskCompletionSource(), new TaskCompletionSource());
        var before = DateTimeOffset.MinValue;
        var bodies = AnswerAsync(listener, async () =>
        {
            asked.TrySetResult();
            await read.Task;
            before = before == DateTimeOffset.MinValue ? TimeProvider.System.GetUtcNow() : before;
        }, 200, 200);
        using var lines = new Lines(async n =>
        {
            if (n == 1)
            {
                await asked.Task;
            }
            else if (n == 2)
            {
                read.SetResult();
            }

            return n < 2 ? "a\tb\t0\tx" : null;
        });
        Assert.Equal(0, (await RunAsync($"nagios feed --desk http://{listener.LocalEndpoint} --customer sample-trading", lines, "token")).Exit);
        var second = JsonDocument.Parse((await bodies)[1]).RootElement.GetProperty("results")[0].GetProperty("time").GetDateTimeOffset();
        Assert.True(second <= before, $"{second:O} is after {before:O}");
    }

    [Fact]
    public async Task Input_that_breaks_ends_it_after_what_was_read()
    {
        await using var server = await SampleServer.StartAsync();
        using var lines = new Lines(n => n == 0 ? Task.FromResult<string?>("a\tb\t0\tx") : throw new IOException("the pipe is gone"));
        var (exit, said, complained) = await RunAsync($"nagios feed --desk {server.App.Address} --customer sample-trading", lines, server.Token("sender", "sample-trading"));
        Assert.Equal((1, "fed: 1, not taken: 0\n", "standard input could not be read to its end: the pipe is gone\n"), (exit, said, complained));
    }

    [Theory]
    [InlineData("nagios feed --desk http://127.0.0.1:1 --customer a --fingerprint 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "t", 64)]
    [InlineData("nagios feed --desk nowhere --customer a", "t", 64)]
    [InlineData("nagios feed --desk http://127.0.0.1:1 --customer A", "t", 64)]
    [InlineData("nagios feed --desk http://127.0.0.1:1 --customer a --retry-for soon", "t", 64)]
    [InlineData("nagios feed --desk http://127.0.0.1:1 --customer a --fingerprint 12", "t", 64)]
    [InlineData("nagios feed --desk http://127.0.0.1:1 --customer a", "", 78)]
    [InlineData("nagios feed --desk http://127.0.0.1:1 --customer a --token-file /nowhere/at/all", "", 78)]
    [InlineData("nagios feed --desk http://127.0.0.1:1 --customer a --retry-for 10ms", "t", 1)]
    public async Task What_cannot_be_is_said(string line, string token, int exit)
    {
        var (ended, _, complained) = await RunAsync(line, "a\tb\t0\tx\n", token);
        Assert.Equal(exit, ended);
        Assert.NotEqual("", complained);
    }

    [Fact]
    public async Task A_token_file_that_everybody_can_read_is_refused()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "token\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            Assert.Equal(78, (await RunAsync($"nagios feed --desk http://127.0.0.1:1 --customer a --token-file {file}", "", "")).Exit);
            File.SetUnixFileMode(file, UnixFileMode.UserRead);
            Assert.Equal(0, (await RunAsync($"nagios feed --desk http://127.0.0.1:1 --customer a --token-file {file}", "", "")).Exit);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_running_Nagios_feeds_the_desk_by_its_ocsp_command()
    {
        Assert.SkipUnless(File.Exists(NagiosScene.Program) && File.Exists("/usr/lib/nagios/plugins/check_dummy"), "nagios4 or its plugins are not installed: ./dev test installs them");
        await using var server = await SampleServer.StartAsync();
        var folder = Directory.CreateTempSubdirectory("hinoban-feed-");
        using var nagios = new Process();
        using var feed = new Process();
        try
        {
            var config = Running(folder.FullName);
            feed.StartInfo = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" nagios feed --desk \"$1\" --customer sample-trading 0<>\"$2\"", Executable, server.App.Address.ToString(), Path.Combine(folder.FullName, "pipe")])
            {
                Environment = { ["HINOBAN_TOKEN"] = server.Token("sender", "sample-trading") },
            };
            feed.Start();
            nagios.StartInfo = new ProcessStartInfo(NagiosScene.Program, [config]) { RedirectStandardOutput = true };
            nagios.Start();
            _ = nagios.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
            while (server.Desk.Posted.Select(Item).Distinct().Count() < 2)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
            }

            Assert.Contains(server.Desk.Posted, p => Item(p) == "web1/Disk-of-data" && JsonDocument.Parse(p).RootElement.GetProperty("state").GetInt32() == 2);
            // Nagios makes a colon of the semicolon, which parts fields in its own files.
            Assert.Contains(server.Desk.Posted, p => Item(p) == "web1/Fine" && JsonDocument.Parse(p).RootElement.GetProperty("output").GetString() == "OK: all: well");
        }
        finally
        {
            Stop(feed);
            Stop(nagios);
            folder.Delete(recursive: true);
        }
    }

    private static string Executable => Repository.Path("artifacts", "bin", "Hinoban.Server", "debug", "hinoban");

    private static string Item(string posted) => JsonDocument.Parse(posted).RootElement.GetProperty("item").GetString()!;

    private static void Stop(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It never began.
        }
    }

    // A Nagios of two services, each looked at every second, whose results go into the pipe.
    private static string Running(string folder)
    {
        var work = Path.Combine(folder, "work");
        Directory.CreateDirectory(work);
        const UnixFileMode all = (UnixFileMode)0b111_111_111;
        File.SetUnixFileMode(folder, all);
        File.SetUnixFileMode(work, all);
        File.Copy(Repository.Path("docs", "reference", "nagios-feed.sh"), Path.Combine(folder, "feed.sh"));
        Process.Start("mkfifo", ["-m", "666", Path.Combine(folder, "pipe")]).WaitForExit();
        const string dummy = "/usr/lib/nagios/plugins/check_dummy $ARG1$ \"$ARG2$\"";
        var feed = $"/bin/sh {folder}/feed.sh {folder}/pipe \"$HOSTNAME$\" \"$SERVICEDESC$\" \"$SERVICESTATEID$\" \"$SERVICEOUTPUT$\" \"$SERVICEPERFDATA$\"";
        var objects = Path.Combine(folder, "objects.cfg");
        File.WriteAllText(objects, string.Concat(
            NagiosFiles.Command("dummy", dummy),
            NagiosFiles.Command("feed", feed),
            NagiosFiles.Define("timeperiod", "timeperiod_name never", "alias never"),
            NagiosFiles.Nobody("never", "dummy"),
            NagiosFiles.Define("host", "host_name web1", "address 127.0.0.1", "max_check_attempts 1"),
            NagiosFiles.Define("service", "name any", "register 0", "host_name web1", "check_interval 1", "max_check_attempts 1"),
            NagiosFiles.Define("service", "use any", "service_description Disk of data", "check_command dummy!2!full"),
            NagiosFiles.Define("service", "use any", "service_description Fine", "check_command dummy!0!all\\; well")));
        var config = Path.Combine(folder, "nagios.cfg");
        File.WriteAllText(config, NagiosFiles.Main(
            objects,
            work,
            "service_inter_check_delay_method=n",
            "check_result_reaper_frequency=1",
            "obsess_over_services=1",
            "ocsp_command=feed"));
        return config;
    }

    private static async Task<string> RequestAsync(NetworkStream stream)
    {
        var received = new StringBuilder();
        var buffer = new byte[65536];
        while (true)
        {
            var text = received.ToString();
            if (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is > 0 and var end
                && int.Parse(text.Split("Content-Length: ")[1].Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture) <= text.Length - end - 4)
            {
                return text[(end + 4)..];
            }

            var read = await stream.ReadAsync(buffer);
            Assert.True(read > 0, "the request ended early");
            received.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
    }

    private static Task<List<string>> AnswerAsync(TcpListener listener, params int[] statuses) => AnswerAsync(listener, () => Task.CompletedTask, statuses);

    /// <summary>Takes a request for each status and gives their bodies; 0: closes without an answer.</summary>
    private static async Task<List<string>> AnswerAsync(TcpListener listener, Func<Task> first, params int[] statuses)
    {
        var seen = new List<string>();
        foreach (var status in statuses)
        {
            using var client = await listener.AcceptTcpClientAsync();
            seen.Add(await RequestAsync(client.GetStream()));
            await first();
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(status == 0 ? "" : $"HTTP/1.1 {status} x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"));
        }

        return seen;
    }

    private sealed class Lines(Func<int, Task<string?>> line) : TextReader
    {
        private int next;

        public override Task<string?> ReadLineAsync() => line(next++);
    }

    private static Task<(int Exit, string Said, string Complained)> FeedAsync(SampleServer server, string lines, string? token = null) =>
        RunAsync($"nagios feed --desk {server.App.Address} --customer sample-trading", lines, token ?? server.Token("sender", "sample-trading"));

    private static Task<(int Exit, string Said, string Complained)> RunAsync(string line, string input, string token) => RunAsync(line, new StringReader(input), token);

    private static async Task<(int Exit, string Said, string Complained)> RunAsync(string line, TextReader input, string token)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var around = new Surroundings(
            new Dictionary<string, string> { ["LANG"] = "C", ["HINOBAN_TOKEN"] = token }, Path.GetTempPath(), input, output, error, TimeProvider.System);
        return (await CommandTree.RunAsync(line.Split(' '), around), output.ToString(), error.ToString());
    }
}
