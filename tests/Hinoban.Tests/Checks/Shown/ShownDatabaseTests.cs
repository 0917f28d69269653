using Hinoban.Checks;
using Hinoban.Lab;
using Hinoban.Lab.Servers;

namespace Hinoban.Tests.Checks.Shown;

/// <summary>R78: a web server's own agent uses a real PostgreSQL and a real MariaDB that are slow, wrong and away; and what is said when it is the agent that is away.</summary>
public sealed class ShownDatabaseTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task PostgreSQL_from_the_web_server()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(folder.File("pg"), durable: false);
        await StoryAsync("postgres", "POSTGRES", server.Port, server.Pid, "postgres", "pg_sleep", "role \"nobody\" does not exist");
    }

    [Fact]
    public async Task MariaDB_from_the_web_server()
    {
        Assert.SkipWhen(MariaDbServer.Missing is not null, MariaDbServer.Missing ?? "");
        await using var server = await MariaDbServer.StartAsync(folder.File("maria"), "create user mon@'127.0.0.1';\ncreate database postgres;\ngrant all on postgres.* to mon@'127.0.0.1';\n");
        await StoryAsync("mysql", "MYSQL", server.Port, server.Pid, "mon", "sleep", "Access denied for user 'nobody'@");
    }

    private static async Task StoryAsync(string kind, string word, int port, int pid, string user, string sleep, string nobody)
    {
        using var hole = new BreakableHost(HostMood.Hangs);
        using var mail = new BreakableHost(HostMood.Accepts, "220 mail.example.jp ESMTP\r\n220 and more of it\r\n");
        string At(string more, int timeout = 6, string who = "", string database = "postgres", int? where = null) =>
            $"{{ kind: {kind}, host: 127.0.0.1, port: {where ?? port}, user: {(who.Length > 0 ? who : user)}, database: {database}, timeout: {timeout}s, {more} }}";

        using var agent = new SiteAgent($"""
            db: {At("query: select 40 + 2, warn: 1s, crit: 4s")}
            late: {At($"query: select {sleep}(1.2), warn: 1s, crit: 4s")}
            toolate: {At($"query: select {sleep}(1.2), warn: 500ms, crit: 1s")}
            hangs: {At($"query: select {sleep}(30)", timeout: 4)}
            nobody: {At("warn: 2s", who: "nobody")}
            nowhere: {At("warn: 2s", database: "nowhere")}
            nothing: {At("query: select nothing")}
            hole: {At("warn: 1s", timeout: 2, where: hole.Port)}
            mail: {At("warn: 2s", where: mail.Port)}
            """);
        await UntilQuickAsync(agent);

        var well = await SaysAsync(agent, "db", CheckStatus.Ok, $"{word} OK - ", $" second connection, login and query on 127.0.0.1 port {port}");
        Assert.Equal("the query gave: 42", well.LongOutput);
        await SaysAsync(agent, "late", CheckStatus.Warning, $"{word} WARNING - ", " second connection, login and query on ");
        await SaysAsync(agent, "toolate", CheckStatus.Critical, $"{word} CRITICAL - ", " second connection, login and query on ");
        await SaysAsync(agent, "hangs", CheckStatus.Critical, $"{word} CRITICAL - 127.0.0.1 port {port}: query failed: no answer within 3 seconds", "");
        await SaysAsync(agent, "nobody", CheckStatus.Critical, $"{word} CRITICAL - 127.0.0.1 port {port}: login failed: ", nobody);
        await SaysAsync(agent, "nowhere", CheckStatus.Critical, $"{word} CRITICAL - 127.0.0.1 port {port}: login failed: ", "nowhere");
        await SaysAsync(agent, "nothing", CheckStatus.Critical, $"{word} CRITICAL - 127.0.0.1 port {port}: query failed: ", "nothing");
        await SaysAsync(agent, "hole", CheckStatus.Critical, $"{word} CRITICAL - 127.0.0.1 port {hole.Port}: connection failed: no answer within 1 seconds", "");
        await SaysAsync(agent, "mail", CheckStatus.Critical, $"{word} CRITICAL - 127.0.0.1 port {mail.Port}: login failed: ", "protocol");

        var slow = await Standstill.WhileAsync(pid, TimeSpan.FromMilliseconds(1300), () => agent.LookAsync("web01/db"));
        Assert.Equal((CheckStatus.Warning, Reply.Answer), (slow.Status, slow.Reply));
        using var still = new Standstill(pid);
        await SaysAsync(agent, "db", CheckStatus.Critical, $"{word} CRITICAL - 127.0.0.1 port {port}: login failed: no answer within 5 seconds", "");
        var dying = agent.LookAsync("web01/db");
        still.Kill();
        var cut = await dying;
        Assert.Equal((CheckStatus.Critical, Reply.Answer), (cut.Status, cut.Reply));
        await SaysAsync(agent, "db", CheckStatus.Critical, $"{word} CRITICAL - 127.0.0.1 port {port}: connection failed: connection refused", "");

        using var gone = new Standstill(agent.Pid);
        gone.Kill();
        var away = await agent.LookAsync("web01/db");
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Refused), (away.Status, away.Reply, away.NoValue));
        Assert.Equal($"AGENT CRITICAL - the agent of web01 (127.0.0.1:{agent.Port}) does not answer: connection refused; nothing is known of the database at 127.0.0.1:{port}", away.Output);
    }

    // The first log-in after a server's start reads its catalogues from the disk.
    private static async Task UntilQuickAsync(SiteAgent agent)
    {
        for (var i = 0; i < 20 && (await agent.LookAsync("web01/db")).Status != CheckStatus.Ok; i++)
        {
        }
    }

    private static async Task<LookAnswer> SaysAsync(SiteAgent agent, string item, CheckStatus status, string begins, string contains)
    {
        var answer = await agent.LookAsync($"web01/{item}");
        Assert.StartsWith(begins, answer.Output, StringComparison.Ordinal);
        Assert.Contains(contains, answer.Output, StringComparison.Ordinal);
        Assert.Equal((status, Reply.Answer, NoValue.None), (answer.Status, answer.Reply, answer.NoValue));
        return answer;
    }
}
