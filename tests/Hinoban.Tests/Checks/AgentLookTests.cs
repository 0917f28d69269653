using Hinoban.Checks;
using Hinoban.Checks.Via;
using Hinoban.Lab.Servers;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>The site as the agent's client: what shares a query, what may not, and what silence means.</summary>
public sealed class AgentLookTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly SiteCertificate own;
    private readonly AgentLook look;

    public AgentLookTests()
    {
        own = SiteCertificate.Open(folder.Path, "tokyo", TimeProvider.System);
        look = new AgentLook(new Connector(), new ViaOptions(own, null), TimeProvider.System);
    }

    public void Dispose()
    {
        look.Dispose();
        own.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task What_starts_together_is_one_query_over_one_connection_under_the_site_s_own_certificate()
    {
        using var agent = new FakeAgent(FakeAgent.AllWell);
        string[] names = ["load", "swap", "disk", "users", "procs", "zombies"];

        var answers = await Task.WhenAll(names.Select(n => LookAsync(agent, n)));
        var again = await Task.WhenAll(names.Select(n => LookAsync(agent, n)));

        Assert.Equal(names.Select(n => $"{n} OK"), answers.Select(a => a.Output));
        Assert.All(answers, a => Assert.Equal((CheckStatus.Ok, Reply.Answer, NoValue.None, "more", "x=1"), (a.Status, a.Reply, a.NoValue, a.LongOutput, a.Perfdata)));
        Assert.All(again, a => Assert.Equal(CheckStatus.Ok, a.Status));
        Assert.Equal(["hinoban_batch!1!load!swap!disk!users!procs!zombies", "hinoban_batch!1!load!swap!disk!users!procs!zombies"], agent.Queries);
        Assert.Equal(1, agent.Connections);
        Assert.Equal([own.Fingerprint], agent.Sites);
    }

    [Fact]
    public async Task A_look_that_starts_while_a_query_is_out_gets_one_that_is_sent_after_it()
    {
        var first = new TaskCompletionSource();
        var held = new TaskCompletionSource();
        using var agent = new FakeAgent(FakeAgent.AllWell);
        agent.Answer = async query =>
        {
            if (first.TrySetResult())
            {
                await held.Task;
                return FakeAgent.Items(query, _ => "\"status\":0,\"output\":\"old\"");
            }

            return FakeAgent.Items(query, _ => "\"status\":2,\"output\":\"new\"");
        };

        var before = LookAsync(agent, "load");
        await first.Task;
        var after = await LookAsync(agent, "load");
        held.SetResult();

        Assert.Equal((CheckStatus.Critical, "new"), (after.Status, after.Output));
        Assert.Equal("old", (await before).Output);
    }

    [Fact]
    public async Task What_takes_long_holds_up_nothing_else()
    {
        var held = new TaskCompletionSource();
        using var agent = new FakeAgent(FakeAgent.AllWell);
        agent.Answer = async query =>
        {
            if (query.Contains("slow", StringComparison.Ordinal))
            {
                await held.Task;
            }

            return await FakeAgent.AllWell(query);
        };

        var slow = look.LookAsync(InsideItems.Plugin(Way(agent, "slow"), "check_slow"), CheckItems.Long, default);
        var quick = await LookAsync(agent, "load");
        Assert.False(slow.IsCompleted);
        held.SetResult();

        Assert.Equal("load OK", quick.Output);
        Assert.Equal("slow OK", (await slow).Output);
    }

    [Fact]
    public async Task An_agent_that_closed_the_kept_connection_is_asked_over_a_new_one()
    {
        using var agent = new FakeAgent(FakeAgent.AllWell);
        await LookAsync(agent, "load");
        agent.Cut();

        var after = await LookAsync(agent, "load");

        Assert.Equal((CheckStatus.Ok, 2), (after.Status, agent.Connections));
    }

    [Fact]
    public async Task Many_slow_ones_take_no_more_connections_than_an_agent_gives()
    {
        var (now, most) = (0, 0);
        var gate = new Lock();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var agent = new FakeAgent(FakeAgent.AllWell);
        agent.Answer = async query =>
        {
            lock (gate)
            {
                most = Math.Max(most, ++now);
            }

            await held.Task;
            lock (gate)
            {
                now--;
            }

            return await FakeAgent.AllWell(query);
        };

        var slow = Enumerable.Range(0, 16).Select(i => look.LookAsync(InsideItems.Plugin(Way(agent, $"slow{i}"), "check_slow"), CheckItems.Long, default)).ToList();
        Assert.True(Pids.WaitUntil(() => agent.Queries.Count == AgentKeep.Apart, CheckItems.Long));
        held.SetResult();

        Assert.All(await Task.WhenAll(slow), a => Assert.Equal(CheckStatus.Ok, a.Status));
        Assert.Equal((AgentKeep.Apart, 16), (most, agent.Queries.Count));
    }

    [Fact]
    public async Task A_kept_connection_grows_no_older_than_ten_minutes()
    {
        var clock = new AheadClock();
        using var agent = new FakeAgent(FakeAgent.AllWell);
        using var later = new AgentLook(new Connector(), new ViaOptions(own, null), clock);
        foreach (var (minutes, connections) in new[] { (0, 1), (4, 1), (8, 1), (11, 2), (15, 2) })
        {
            clock.Ahead = TimeSpan.FromMinutes(minutes);
            Assert.Equal(CheckStatus.Ok, (await later.LookAsync(InsideItems.Load(Way(agent, "load")), CheckItems.Long, default)).Status);
            Assert.Equal((minutes, connections), (minutes, agent.Connections));
        }
    }

    [Fact]
    public async Task A_command_that_the_agent_does_not_have_is_the_older_configuration_s()
    {
        using var agent = new FakeAgent(q => Task.FromResult(FakeAgent.Items(q, name => $"\"status\":3,\"output\":\"NRPE: Command '{name}' not defined\"")));
        var said = await LookAsync(agent, "load");
        Assert.Equal((CheckStatus.Unknown, Reply.Answer), (said.Status, said.Reply));
        Assert.EndsWith("its configuration is older than the specification, it does not know 'load' (hinoban spec agent web01 writes it)", said.Output);
    }

    [Fact]
    public async Task An_agent_that_is_not_there_says_nothing_of_the_item()
    {
        var answer = await look.LookAsync(InsideItems.Load(InsideItems.Way(Via.Agent, Ports.Free(), "load")), CheckItems.Long, default);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Refused), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Matches(@"^AGENT CRITICAL - the agent of web01 \(127\.0\.0\.1:\d+\) does not answer: connection refused", answer.Output);
    }

    [Fact]
    public async Task A_silent_agent_is_a_time_out_and_the_next_look_does_not_wait_for_it()
    {
        using var agent = new FakeAgent(_ => new TaskCompletionSource<string>().Task);
        var silent = await look.LookAsync(InsideItems.Load(Way(agent, "load")), CheckItems.Short, default);
        agent.Answer = FakeAgent.AllWell;
        var after = await LookAsync(agent, "load");

        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (silent.Status, silent.Reply, silent.NoValue));
        Assert.Equal(CheckStatus.Ok, after.Status);
    }

    [Fact]
    public async Task Another_certificate_than_the_pinned_one_is_not_believed()
    {
        using var agent = new FakeAgent(FakeAgent.AllWell);
        var right = await look.LookAsync(InsideItems.Load(Way(agent, "load") with { Certificate = agent.Fingerprint }), CheckItems.Long, default);
        var wrong = await look.LookAsync(InsideItems.Load(Way(agent, "load") with { Certificate = own.Fingerprint }), CheckItems.Long, default);

        Assert.Equal(CheckStatus.Ok, right.Status);
        Assert.Equal((Reply.Transport, NoValue.TlsCut), (wrong.Reply, wrong.NoValue));
        Assert.Contains(agent.Fingerprint, wrong.Output);
    }

    [Fact]
    public async Task That_the_agent_is_away_is_told_apart_from_a_database_that_is()
    {
        using var agent = new FakeAgent(q => Task.FromResult(FakeAgent.Items(q, _ => "\"status\":2,\"output\":\"POSTGRES CRITICAL - 192.0.2.20:5432: connection refused\"")));
        var database = CheckItems.Of(new DatabaseLookPlan(Way(agent, "db"), false, "192.0.2.20", 5432, "shop", "monitor", "web01-db", "select 1", null, null));
        var there = await look.LookAsync(database, CheckItems.Long, default);
        agent.Dispose();
        var away = await look.LookAsync(database, CheckItems.Long, default);

        Assert.Equal((Reply.Answer, "POSTGRES CRITICAL - 192.0.2.20:5432: connection refused"), (there.Reply, there.Output));
        Assert.Equal(Reply.Transport, away.Reply);
        Assert.StartsWith("AGENT CRITICAL - the agent of web01 (", away.Output);
        Assert.EndsWith("; nothing is known of the database at 192.0.2.20:5432", away.Output);
    }

    [Theory]
    [InlineData("no JSON at all", nameof(NoValue.Garbage), nameof(CheckStatus.Critical))]
    [InlineData("[]", nameof(NoValue.Garbage), nameof(CheckStatus.Critical))]
    [InlineData("{\"v\":2,\"items\":[]}", nameof(NoValue.Garbage), nameof(CheckStatus.Critical))]
    [InlineData("{\"v\":1,\"items\":[{}]}", nameof(NoValue.Garbage), nameof(CheckStatus.Critical))]
    [InlineData("{\"v\":1,\"items\":[{\"name\":7,\"status\":0}]}", nameof(NoValue.Garbage), nameof(CheckStatus.Critical))]
    [InlineData("{\"v\":1,\"items\":[]}", nameof(NoValue.Garbage), nameof(CheckStatus.Unknown))]
    [InlineData("{\"v\":1,\"items\":[{\"name\":\"load\",\"status\":9,\"output\":\"odd\"}]}", nameof(NoValue.None), nameof(CheckStatus.Unknown))]
    public async Task An_answer_that_is_none_is_the_host_s_fault(string answer, string why, string status)
    {
        using var agent = new FakeAgent(_ => Task.FromResult(answer));
        var said = await LookAsync(agent, "load");
        Assert.Equal((status, Reply.Answer, why), (said.Status.ToString(), said.Reply, said.NoValue.ToString()));
    }

    [Fact]
    public async Task A_look_that_is_called_off_ends()
    {
        using var agent = new FakeAgent(_ => new TaskCompletionSource<string>().Task);
        using var cancel = new CancellationTokenSource();
        var looking = look.LookAsync(InsideItems.Load(Way(agent, "load")), CheckItems.Long, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => looking);
    }

    [Fact]
    public void A_site_s_certificate_is_made_once_and_readable_for_its_owner_only()
    {
        using var again = SiteCertificate.Open(folder.Path, "tokyo", TimeProvider.System);
        Assert.Equal(own.Fingerprint, again.Fingerprint);
        Assert.Matches("^sha256:[0-9a-f]{64}$", own.Fingerprint);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("agent-client.pem")));
    }

    private static InsideWay Way(FakeAgent agent, string command) => InsideItems.Way(Via.Agent, agent.Port, command);

    private Task<LookAnswer> LookAsync(FakeAgent agent, string command) => look.LookAsync(InsideItems.Load(Way(agent, command)), CheckItems.Long, default);

    /// <summary>The system's clock, put ahead.</summary>
    private sealed class AheadClock : TimeProvider
    {
        internal TimeSpan Ahead { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);
    }
}
