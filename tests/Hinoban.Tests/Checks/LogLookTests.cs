using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Checks.Nrpe;
using Hinoban.Checks.Via;
using Hinoban.Lab;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>A site reads a host's log from its agent: by its own cursor, to the end, and with no belief in what it gets.</summary>
public sealed class LogLookTests : IDisposable
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    private static readonly DateTimeOffset Now = new(2026, 4, 14, 3, 0, 0, TimeSpan.Zero);

    private readonly TempFolder folder = new();
    private readonly SiteCertificate own;
    private readonly AgentLook look;
    private string cursor = "";

    public LogLookTests()
    {
        own = SiteCertificate.Open(folder.Path, "tokyo", TimeProvider.System);
        look = new AgentLook(new Connector(), new ViaOptions(own, null) { LogCursor = _ => cursor }, TimeProvider.System);
    }

    public void Dispose()
    {
        look.Dispose();
        own.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task It_reads_from_its_cursor_on_document_by_document_to_the_end()
    {
        using var agent = new FakeAgent(query => Task.FromResult(query.Split('!')[3] switch
        {
            "j.7" => Document("j.8", more: true, Hit(1)),
            "j.8" => Document("j.9", more: false, Hit(2)),
            _ => "?",
        }));
        cursor = "j.7";
        var answer = await LookAsync(agent);
        Assert.Equal((CheckStatus.Ok, Reply.Answer, "LOG OK: reads 1 file", "hits=2c"), (answer.Status, answer.Reply, answer.Output, answer.Perfdata));
        Assert.Equal(["hinoban_log!1!syslog!j.7!50", "hinoban_log!1!syslog!j.8!50"], agent.Queries);
        Assert.Equal("j.9", answer.Log!.Cursor);
        Assert.Equal(["line 1", "line 2"], answer.Log.Hits.Select(h => h.Text));
        Assert.Equal(1, agent.Connections);
    }

    [Fact]
    public async Task A_site_that_is_behind_asks_again_at_once_and_leaves_for_the_next_look_what_is_too_much()
    {
        var at = 0;
        using var agent = new FakeAgent(_ => Task.FromResult(Document($"j.{++at}", more: true, [.. Enumerable.Range(0, LogAnswer.Most).Select(i => Hit((at * 100) + i))])));
        var answer = await LookAsync(agent);
        Assert.Equal((LogReading.Most, $"j.{AgentLine.MostBehind}", 1), (answer.Log!.Hits.Count, answer.Log.Cursor, agent.Connections));
    }

    [Fact]
    public async Task One_that_is_behind_with_long_records_reads_no_more_than_fits_in_memory()
    {
        var (at, text) = (0, new string('x', LogAnswer.LongestText));
        using var agent = new FakeAgent(_ => Task.FromResult(Document($"j.{++at}", more: true, [.. Enumerable.Range(0, 40).Select(i => Hit((at * 100) + i, text))])));
        var answer = await LookAsync(agent);
        Assert.Equal("j.4", answer.Log!.Cursor);
        Assert.True(answer.Log.Length > AgentLine.MostCharacters);
    }

    [Fact]
    public async Task One_that_is_behind_and_slow_takes_half_of_the_looks_time()
    {
        var (at, clock) = (0, new LabClock(Now));
        using var slowly = new AgentLook(new Connector(), new ViaOptions(own, null), clock);
        using var agent = new FakeAgent(_ =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(Document($"j.{++at}", more: true, Hit(at)));
        });
        Assert.Equal("j.10", (await slowly.LookAsync(Item(agent), TimeSpan.FromSeconds(20), default)).Log!.Cursor);
        at = 0;
        Assert.Equal("j.4", (await slowly.LookAsync(Item(agent), TimeSpan.FromSeconds(6), default)).Log!.Cursor);
    }

    [Fact]
    public async Task A_site_catches_up_on_few_hosts_at_once()
    {
        var (go, inside) = (new TaskCompletionSource(), new SemaphoreSlim(0));
        var agents = Enumerable.Range(0, AgentKeep.CatchingUp + 1).Select(_ => Behind(go.Task, inside)).ToList();
        try
        {
            var first = agents[1..].Select(a => LookAsync(a)).ToList();
            foreach (var _ in first)
            {
                await inside.WaitAsync(TestContext.Current.CancellationToken);
            }

            Assert.Equal($"j.{AgentLine.MostDocuments}", (await LookAsync(agents[0])).Log!.Cursor);
            go.SetResult();
            Assert.All(await Task.WhenAll(first), a => Assert.Equal($"j.{AgentLine.MostBehind}", a.Log!.Cursor));
            Assert.Equal($"j.{AgentLine.MostBehind + AgentLine.MostDocuments}", (await LookAsync(agents[0])).Log!.Cursor);
        }
        finally
        {
            agents.ForEach(a => a.Dispose());
        }
    }

    // Its fifth document waits.
    private static FakeAgent Behind(Task go, SemaphoreSlim inside)
    {
        var at = 0;
        return new FakeAgent(async _ =>
        {
            if (++at == AgentLine.MostDocuments + 1)
            {
                inside.Release();
                await go;
            }

            return Document($"j.{at}", more: true, Hit(at));
        });
    }

    [Fact]
    public async Task A_cursor_that_does_not_move_ends_the_reading()
    {
        using var agent = new FakeAgent(_ => Task.FromResult(Document("j.1", more: true)));
        cursor = "j.1";
        var answer = await LookAsync(agent);
        Assert.Null(answer.Log);
        Assert.Equal(2, agent.Queries.Count);
    }

    [Fact]
    public async Task What_left_the_agents_journal_unread_is_said()
    {
        using var agent = new FakeAgent(_ => Task.FromResult(Document("j.9", more: false, Hit(9)).Replace("\"lost\":0", "\"lost\":12", StringComparison.Ordinal)));
        cursor = "j.1";
        var answer = await LookAsync(agent);
        Assert.Equal("12 hits had left the agent's journal before this site read them", answer.LongOutput);
        var (lost, hit) = (answer.Log!.Hits[0], answer.Log.Hits[1]);
        Assert.Equal(("lost", CheckStatus.Warning, 12, "line 9"), (lost.Rule, lost.Level, lost.Count, hit.Text));
        Assert.Contains(answer.LongOutput, lost.Text);
        Assert.True(LogAnswer.IsIdentity(lost.Identity));
        Assert.Equal(lost.Identity, (await LookAsync(agent)).Log!.Hits[0].Identity);
        cursor = "j.2";
        Assert.NotEqual(lost.Identity, (await LookAsync(agent)).Log!.Hits[0].Identity);
        Assert.Equal(int.MaxValue, LogLost.Hit("", long.MaxValue, Now).Count);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("NRPE: Command 'hinoban_log' not defined")]
    [InlineData("cut")]
    public async Task What_fails_after_the_first_document_spoils_nothing_that_was_read(string said)
    {
        FakeAgent? cuts = null;
        using var agent = new FakeAgent(query =>
        {
            if (query.Contains("!j.8!", StringComparison.Ordinal))
            {
                if (said == "cut")
                {
                    cuts!.Cut();
                }

                return Task.FromResult(said);
            }

            return Task.FromResult(Document("j.8", more: true, Hit(1)));
        });
        cuts = agent;
        cursor = "j.7";
        var answer = await LookAsync(agent);
        Assert.Equal((CheckStatus.Ok, "j.8", "line 1"), (answer.Status, answer.Log!.Cursor, Assert.Single(answer.Log.Hits).Text));
    }

    [Fact]
    public async Task What_is_too_slow_after_the_first_document_spoils_nothing_that_was_read()
    {
        var never = new TaskCompletionSource<string>();
        using var agent = new FakeAgent(query => query.Contains("!j.8!", StringComparison.Ordinal) ? never.Task : Task.FromResult(Document("j.8", more: true, Hit(1))));
        cursor = "j.7";
        var answer = await LookAsync(agent, TimeSpan.FromSeconds(3));
        Assert.Equal((CheckStatus.Ok, "j.8"), (answer.Status, answer.Log!.Cursor));
    }

    [Fact]
    public async Task A_reading_goes_no_further_while_another_log_of_the_host_waits()
    {
        var (asked, go) = (new TaskCompletionSource(), new TaskCompletionSource<string>());
        using var agent = new FakeAgent(_ =>
        {
            asked.TrySetResult();
            return go.Task;
        });
        var first = LookAsync(agent);
        await asked.Task;
        var second = LookAsync(agent);
        go.SetResult(Document("j.1", more: true, Hit(1)));
        Assert.Single((await first).Log!.Hits);
        await second;
    }

    [Theory]
    [InlineData("NRPE: Command 'hinoban_log' not defined", "it is of a version that reads no logs")]
    [InlineData("NRPE: Command 'hinoban_log!1!syslog!!50' not defined", "it is of a version that reads no logs")]
    [InlineData("NRPE: Command 'syslog' not defined", "it does not know 'syslog' (hinoban spec agent web01 writes it)")]
    [InlineData("""{"v":1,"status":3,"output":"NRPE: Command 'syslog' not defined"}""", "it does not know 'syslog' (hinoban spec agent web01 writes it)")]
    public async Task An_older_agent_or_configuration_is_named(string said, string why)
    {
        using var agent = new FakeAgent(_ => Task.FromResult(said));
        var answer = await LookAsync(agent);
        Assert.Equal((CheckStatus.Unknown, Reply.Answer), (answer.Status, answer.Reply));
        Assert.EndsWith(why, answer.Output);
        Assert.Null(answer.Log);
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_is_the_items_own_trouble()
    {
        using var agent = new FakeAgent(_ => Task.FromResult("""{"v":1,"journal":"j","next":"j.4","more":false,"lost":0,"status":3,"output":"LOG UNKNOWN: /var/log/messages: permission denied","perf":"","hits":[]}"""));
        cursor = "j.4";
        var answer = await LookAsync(agent);
        Assert.Equal((CheckStatus.Unknown, "LOG UNKNOWN: /var/log/messages: permission denied", null), (answer.Status, answer.Output, answer.Log));
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("""{"v":2}""")]
    [InlineData("""{"v":1}""")]
    [InlineData("""{"v":1,"status":0,"hits":7}""")]
    [InlineData("""{"v":1,"status":0,"hits":[7]}""")]
    [InlineData("""{"v":1,"status":0,"next":"a!b","hits":[]}""")]
    [InlineData("""{"v":1,"status":0,"next":"a b","hits":[]}""")]
    [InlineData("""{"v":1,"status":0,"next":"a","hits":[{"id":"0123456789abcdef0123456789abcdef","text":7}]}""")]
    [InlineData("""{"v":1,"status":0,"next":"a","hits":[{"id":"0123456789abcdef0123456789abcdef","before":"x"}]}""")]
    [InlineData("""{"v":1,"status":0,"next":"a","hits":[{"id":"0123456789abcdef0123456789abcdef","at":1e99}]}""")]
    public void What_is_no_answer_is_refused(string text) => Assert.Throws<NrpeBrokenException>(() => Read(text));

    [Fact]
    public void What_is_too_long_is_cut_and_what_has_no_identity_is_no_hit()
    {
        var huge = new string('x', 10_000);
        var lines = JsonSerializer.Serialize(Enumerable.Repeat(huge, 100));
        var hits = string.Join(',', Enumerable.Repeat($$"""{"id":"{{Id}}","rule":"{{huge}}","level":9,"at":9999999999999,"source":"{{huge}}","offset":-5,"text":"{{huge}}","before":{{lines}},"after":{{lines}},"count":-1,"suppressed":99999999999}""", 60));
        var read = Read($$"""{"v":1,"status":0,"output":"{{huge}}","next":"j.1","lost":-7,"hits":[{"id":"short"},{"id":"{{Id.ToUpperInvariant()}}"},{{hits}}]}""");
        Assert.Equal((LogAnswer.Most - 2, 0), (read.Hits.Count, read.Lost));
        Assert.All(read.Hits, h => Assert.Equal(
            (200, CheckStatus.Warning, Now, 1000, 0L, LogAnswer.LongestText, LogAnswer.MostLines, LogAnswer.LongestLine, LogAnswer.MostLines, 0, int.MaxValue),
            (h.Rule.Length, h.Level, h.ReadUtc, h.Source.Length, h.Offset, h.Text.Length, h.Before.Count, h.Before[0].Length, h.After.Count, h.Count, h.Suppressed)));
        Assert.EndsWith("x…", read.Hits[0].Text);
    }

    [Fact]
    public void A_hit_is_read_whole()
    {
        var hit = Assert.Single(Read($$"""{"v":1,"status":0,"output":"LOG OK","next":"j.2","more":false,"lost":0,"hits":[{"seq":2,"id":"{{Id}}","rule":"oom","level":2,"at":1763905200123,"source":"/var/log/messages","offset":88121,"text":"a\nb","before":["x"],"after":["y","z"],"count":3,"suppressed":4}]}""").Hits);
        Assert.Equal((Id, "oom", CheckStatus.Critical, DateTimeOffset.FromUnixTimeMilliseconds(1763905200123), "/var/log/messages", 88121L, "a\nb", 3, 4), (hit.Identity, hit.Rule, hit.Level, hit.ReadUtc, hit.Source, hit.Offset, hit.Text, hit.Count, hit.Suppressed));
        Assert.Equal(["x"], hit.Before);
        Assert.Equal(["y", "z"], hit.After);
    }

    private static LogDocument Read(string text) => LogAnswer.Read(new NrpePacket(NrpeVersion.V4, NrpeKind.Response, 0, text), Now);

    private static string Hit(int number, string? text = null) => $$"""{"id":"{{number:x32}}","rule":"r","level":1,"at":1763905200123,"source":"/a","offset":{{number}},"text":"{{text ?? $"line {number}"}}","before":[],"after":[],"count":1,"suppressed":0}""";

    private static string Document(string next, bool more, params string[] hits) =>
        $$"""{"v":1,"journal":"j","next":"{{next}}","more":{{(more ? "true" : "false")}},"lost":0,"status":0,"output":"LOG OK: reads 1 file","perf":"hits=2c","hits":[{{string.Join(',', hits)}}]}""";

    private Task<LookAnswer> LookAsync(FakeAgent agent, TimeSpan? within = null) => look.LookAsync(Item(agent), within ?? CheckItems.Long, default);

    private static ItemPlan Item(FakeAgent agent) => CheckItems.Of(new LogLookPlan(
        InsideItems.Way(Via.Agent, agent.Port, "syslog"), ["/var/log/messages"], null, LogLookPlan.Utf8, null, null, [new LogMatchPlan("r", "Error", null, null, HitLevel.Warning)], [],
        LogLookPlan.UsualLimit, 0, 0, LogLookPlan.UsualMask));
}
