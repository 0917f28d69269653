using System.Text.Json;
using Hinoban.Agent.Serving;
using Hinoban.Agent.Setup;
using Hinoban.Checks.Nrpe;

namespace Hinoban.Agent.Tests;

/// <summary>The agent over the wire: whom it answers, what, and what it bears.</summary>
public sealed class ServerTests
{
    private static readonly Dictionary<string, CommandPlan> Some = new()
    {
        ["load"] = new LoadPlan(false, [default, default, default]),
        ["users"] = new UsersPlan(default),
        ["warn"] = new RunPlan(["/bin/sh", "-c", "echo 'WARNING - 火|a=1;2'; echo more; exit 1"], TimeSpan.FromSeconds(10), null),
        ["mend"] = new ActionPlan(["/bin/sh", "-c", "echo mended"], TimeSpan.FromSeconds(10)),
    };

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_command_is_answered_in_the_version_of_the_query_and_the_connection_ends(short version)
    {
        await using var agent = new TestAgent(Some);
        await using var stream = await agent.ConnectAsync(agent.Site);
        var answer = await TestAgent.AskAsync(stream, "warn", (NrpeVersion)version);
        Assert.Equal(new NrpePacket((NrpeVersion)version, NrpeKind.Response, 1, "WARNING - 火 |a=1;2\nmore"), answer);
        Assert.Equal(0, await stream.ReadAsync(new byte[8].AsMemory(0, version == 3 ? 0 : 8)));
    }

    [Fact]
    public async Task A_batch_answers_all_but_actions_and_its_connection_stays()
    {
        await using var agent = new TestAgent(Some);
        await using var stream = await agent.ConnectAsync(agent.Site);
        for (var round = 0; round < 3; round++)
        {
            var items = Items(await TestAgent.AskAsync(stream, "hinoban_batch!1"));
            Assert.Equal(["load", "users", "warn"], items.Select(i => i.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
            var warn = items.Single(i => i.GetProperty("name").GetString() == "warn");
            Assert.Equal((1, "WARNING - 火", "more", "a=1;2"), (warn.GetProperty("status").GetInt32(), Text(warn, "output"), Text(warn, "long"), Text(warn, "perf")));
            Assert.InRange(warn.GetProperty("ms").GetInt64(), 0, 60_000);
        }

        var named = Items(await TestAgent.AskAsync(stream, "hinoban_batch!1!mend!nothing!mend"));
        Assert.Equal([("mend", 0, "mended"), ("nothing", 3, "NRPE: Command 'nothing' not defined")], named.Select(i => (Text(i, "name"), i.GetProperty("status").GetInt32(), Text(i, "output"))));

        // Single questions may follow on it too.
        Assert.Equal(1, (await TestAgent.AskAsync(stream, "warn"))!.Result);
        Assert.Equal(0, (await TestAgent.AskAsync(stream, "users"))!.Result);
    }

    [Fact]
    public async Task Queries_written_together_are_answered_one_after_the_other()
    {
        await using var agent = new TestAgent(Some);
        await using var stream = await agent.ConnectAsync(agent.Site);
        byte[] both = [.. NrpeCodec.Write(new NrpePacket(NrpeVersion.V4, NrpeKind.Query, 0, "hinoban_batch!1!users")), .. NrpeCodec.Write(new NrpePacket(NrpeVersion.V4, NrpeKind.Query, 0, "warn"))];
        await stream.WriteAsync(both.AsMemory(0, 1500));
        await stream.WriteAsync(both.AsMemory(1500));
        Assert.Single(Items(await TestAgent.ReadAsync(stream)));
        Assert.Equal(1, (await TestAgent.ReadAsync(stream))!.Result);
    }

    [Fact]
    public async Task Arguments_unknown_names_and_too_many_are_refused_in_words()
    {
        await using var agent = new TestAgent(Some);
        Assert.Equal((3, "NRPE: this agent takes no arguments: they stand in its configuration"), Said(await agent.AskAsync("warn!-w!1")));
        Assert.Equal((3, "NRPE: Command 'a?b' not defined"), Said(await agent.AskAsync("a\nb")));
        Assert.StartsWith("NRPE v4", (await agent.AskAsync("_NRPE_CHECK"))!.Text, StringComparison.Ordinal);
        Assert.Contains("up to 500 names", Said(await agent.AskAsync($"hinoban_batch!1!{string.Join('!', Enumerable.Range(0, 501))}")).Item2, StringComparison.Ordinal);

        // Versions 2 and 3 know no batch.
        Assert.Equal(3, (await agent.AskAsync("hinoban_batch!1", NrpeVersion.V3))!.Result);

        static (int, string) Said(NrpePacket? packet) => (packet!.Result, packet.Text);
    }

    [Fact]
    public async Task A_batch_longer_than_a_packet_is_cut_in_fair_shares()
    {
        var chatty = Enumerable.Range(0, 30).ToDictionary(i => $"c{i}", _ => (CommandPlan)new RunPlan(["/bin/sh", "-c", "echo first; head -c 65000 /dev/zero | tr '\\0' '\\001'"], TimeSpan.FromSeconds(30), null));
        await using var agent = new TestAgent(chatty);
        var items = Items(await agent.AskAsync("hinoban_batch!1"));
        Assert.Equal(30, items.Count);
        Assert.All(items, i => Assert.Equal("first", Text(i, "output")));
        Assert.All(items, i => Assert.InRange(Text(i, "long").Length, 1000, 65_000));
    }

    [Fact]
    public async Task Only_the_named_certificates_are_answered()
    {
        await using var agent = new TestAgent(Some);
        foreach (var shown in new[] { agent.Stranger, null })
        {
            Assert.Null(await UnlessRefusedAsync(agent, shown));
        }

        Assert.NotNull(await agent.AskAsync("users"));
    }

    [Fact]
    public async Task Where_anybody_may_ask_no_certificate_is_wanted_and_no_action_carried_out()
    {
        await using var agent = new TestAgent(Some, anybody: true);
        Assert.Equal(0, (await UnlessRefusedAsync(agent, null))!.Result);
        await using var stream = await agent.ConnectAsync(null);
        var answer = await TestAgent.AskAsync(stream, "mend");
        Assert.Equal(3, answer!.Result);
        Assert.Contains("only for sites", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_does_not_outlive_the_permission_it_was_opened_by()
    {
        await using var agent = new TestAgent(Some, anybody: true);
        await using var anonymous = await agent.ConnectAsync(null);
        Assert.NotNull(await TestAgent.AskAsync(anonymous, "hinoban_batch!1!users"));
        agent.Reload();
        Assert.Null(await TestAgent.AskAsync(anonymous, "mend"));

        await using var site = await agent.ConnectAsync(agent.Site);
        Assert.NotNull(await TestAgent.AskAsync(site, "hinoban_batch!1!users"));
        agent.Reload();
        Assert.NotNull(await TestAgent.AskAsync(site, "mend"));
        agent.Reload(allow: "127.0.0.9/32");
        Assert.Null(await TestAgent.AskAsync(site, "users"));
        Assert.Contains("no longer allowed to ask", agent.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugins_that_hang_hold_up_no_measure()
    {
        var folder = Directory.CreateTempSubdirectory("hinoban-agent-").FullName;
        var gate = Path.Combine(folder, "gate");
        var hang = new RunPlan(["/bin/sh", "-c", "touch \"$0.begun\"; while [ ! -e \"$0\" ]; do sleep 0.05; done", gate], TimeSpan.FromSeconds(60), null);
        await using var agent = new TestAgent(new Dictionary<string, CommandPlan>(Some) { ["hang"] = hang }, limits: new ServingLimits { Together = 1 });
        var hanging = agent.AskAsync("hang");
        Assert.True(Lab.Servers.Pids.WaitUntil(() => File.Exists($"{gate}.begun"), TimeSpan.FromSeconds(20)));
        Assert.Equal(0, (await agent.AskAsync("users"))!.Result);
        Assert.False(hanging.IsCompleted);
        await File.WriteAllTextAsync(gate, "");
        Assert.Equal(0, (await hanging)!.Result);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task One_command_s_fault_is_its_own_answer_and_no_other_s()
    {
        await using var agent = new TestAgent(new Dictionary<string, CommandPlan>(Some) { ["odd"] = new OddPlan() });
        var items = Items(await agent.AskAsync("hinoban_batch!1!odd!users"));
        Assert.Equal([("odd", 3), ("users", 0)], items.Select(i => (Text(i, "name"), i.GetProperty("status").GetInt32())));
        Assert.Equal("UNKNOWN - cannot be looked at: a fault of the agent (InvalidOperationException)", Text(items[0], "output"));
        Assert.Contains("OddPlan is no known command", agent.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_address_is_turned_away_before_TLS()
    {
        await using var agent = new TestAgent(Some, allow: "127.0.0.1/32");
        Assert.Equal(0, (await agent.AskAsync("users"))!.Result);
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(async () =>
        {
            // The reset comes with the connection or with its first or second use.
            using var socket = await agent.DialAsync("127.0.0.2");
            while (true)
            {
                await socket.SendAsync(new byte[] { 22, 3, 1, 0, 1 });
                if (await socket.ReceiveAsync(new byte[1]) == 0)
                {
                    throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionReset);
                }
            }
        });
        Assert.Contains("127.0.0.2", agent.Log, StringComparison.Ordinal);
        Assert.Contains("not allowed to ask", agent.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_packets_end_the_connection_and_harm_nobody()
    {
        await using var agent = new TestAgent(Some);
        var random = new Random(7);
        for (var run = 0; run < 40; run++)
        {
            await using var stream = await agent.ConnectAsync(agent.Site);
            var bytes = NrpeCodec.Write(new NrpePacket(NrpeVersion.V4, run % 5 == 0 ? NrpeKind.Response : NrpeKind.Query, 0, "users"));
            var at = random.Next(2) == 0 ? random.Next(10) : random.Next(12, bytes.Length); // nobody reads the two bytes of alignment
            bytes[at] ^= run % 5 == 0 ? (byte)0 : (byte)0x41;
            await stream.WriteAsync(bytes);
            if (run % 2 == 0)
            {
                await stream.ShutdownAsync();
            }
            else
            {
                // Enough for whatever length was announced; the agent may have gone before it all is written.
                await Record.ExceptionAsync(() => stream.WriteAsync(new byte[70_000]).AsTask());
            }

            Assert.Null(await TestAgent.ReadAsync(stream));
        }

        Assert.Contains("no query:", agent.Log, StringComparison.Ordinal);
        Assert.InRange(agent.Log.Split("no query:").Length - 1, 1, 10); // of one kind no more in a minute
        Assert.Equal(0, (await agent.AskAsync("users"))!.Result);
    }

    [Fact]
    public async Task Who_says_nothing_or_not_enough_is_let_go()
    {
        var quick = new ServingLimits { Handshake = TimeSpan.FromSeconds(3), Query = TimeSpan.FromSeconds(3), Idle = TimeSpan.FromMilliseconds(300) };
        await using var agent = new TestAgent(Some, limits: quick);
        using var mute = await agent.DialAsync();
        await using var half = await agent.ConnectAsync(agent.Site);
        await half.WriteAsync(new byte[] { 0, 4, 0, 1 });
        Assert.Equal(0, await mute.ReceiveAsync(new byte[1]));
        Assert.Null(await TestAgent.ReadAsync(half));
        await using var kept = await agent.ConnectAsync(agent.Site);
        Assert.NotNull(await TestAgent.AskAsync(kept, "hinoban_batch!1!users"));
        Assert.Null(await TestAgent.ReadAsync(kept));
    }

    [Fact]
    public async Task One_address_has_its_share_of_connections_and_gets_it_back()
    {
        await using var agent = new TestAgent(Some, limits: new ServingLimits { Connections = 5, PerAddress = 3 });
        var held = new List<System.Net.Security.SslStream>();
        for (var i = 0; i < 3; i++)
        {
            held.Add(await agent.ConnectAsync(agent.Site));
        }

        await Assert.ThrowsAnyAsync<Exception>(() => agent.ConnectAsync(agent.Site));
        await using (var other = await agent.ConnectAsync(agent.Site, "127.0.0.9"))
        {
            Assert.NotNull(await TestAgent.AskAsync(other, "users"));
        }

        foreach (var stream in held)
        {
            Assert.NotNull(await TestAgent.AskAsync(stream, "users"));
            await stream.DisposeAsync();
        }

        Assert.True(Lab.Servers.Pids.WaitUntil(() => UnlessRefusedAsync(agent, agent.Site).GetAwaiter().GetResult() is not null, TimeSpan.FromSeconds(20)));
        Assert.Contains("too many connections", agent.Log, StringComparison.Ordinal);
    }

    private static async Task<NrpePacket?> UnlessRefusedAsync(TestAgent agent, System.Security.Cryptography.X509Certificates.X509Certificate2? show)
    {
        try
        {
            await using var stream = await agent.ConnectAsync(show);
            return await TestAgent.AskAsync(stream, "users");
        }
        catch (Exception refused) when (refused is IOException or System.Security.Authentication.AuthenticationException or System.Net.Sockets.SocketException)
        {
            return null;
        }
    }

    private static List<JsonElement> Items(NrpePacket? packet)
    {
        Assert.Equal(0, packet!.Result);
        using var document = JsonDocument.Parse(packet.Text);
        Assert.Equal(1, document.RootElement.GetProperty("v").GetInt32());
        return [.. document.RootElement.GetProperty("items").EnumerateArray().Select(i => i.Clone())];
    }

    private static string Text(JsonElement item, string key) => item.GetProperty(key).GetString()!;

    private sealed record OddPlan : CommandPlan;
}
