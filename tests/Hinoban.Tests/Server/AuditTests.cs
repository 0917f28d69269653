using System.Diagnostics;
using System.Net;
using Dapper;
using Hinoban.Basics;
using Hinoban.Checks.Ssh;
using Hinoban.Flow;
using Hinoban.People;
using Hinoban.Responding;
using Hinoban.Results;
using Hinoban.Server.Roles;
using Hinoban.Specs;
using Hinoban.Tests.Console;
using Hinoban.Tests.Flow;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Server;

/// <summary>A person's commands in the audit, through both doors of the real server over the real desk.</summary>
public sealed class AuditTests : IAsyncLifetime, IShell
{
    private static readonly Scope All = Scope.Across("test");

    private readonly DeskBench bench = new(Plan());
    private SampleServer server = null!;
    private IDeskCommands commands = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var item in bench.Plan.Items)
        {
            bench.Post(DeskBench.Tokyo, item.Id, DeskBench.Ok);
            bench.Post(DeskBench.Osaka, item.Id, DeskBench.Ok);
        }

        bench.BothSee(new ItemId(2), DeskBench.Refused);
        Assert.Single(bench.Incidents());
        var steps = new StepFlow(bench.Engine, this, bench.Clock, NullLogger<StepFlow>.Instance, CancellationToken.None);
        commands = new DeskCommands(bench.Engine, bench.Db, bench.Stores, steps);
        server = await SampleServer.StartAsync(clock: bench.Clock, wire: ground => new DeskParts(
            bench.Db, new Accounts(bench.Db), bench.Queries, commands, new DeskChanges(), bench.Engine, new SiteKeyStore(bench.Db, ground.Clock), []));
        Assert.Null(server.Accounts.Add("sato", "佐藤 花子", Role.Operator, null, ConsoleHost.Password, Moment.Of(bench.Clock), "test"));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        bench.Dispose();
    }

    [Fact]
    public async Task A_claim_over_the_api_is_one_entry_and_a_refused_one_none()
    {
        var token = server.Token("operator");
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Post, "/api/v1/incidents/1/claim", token)).Status);
        Assert.Equal([new AuditEntry(bench.Clock.GetUtcNow(), "operator", "127.0.0.1", "incident-claimed", "INC-260414-0001")], Commanded());

        // So already, refused by the rules, refused by the role, refused as input.
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Post, "/api/v1/incidents/1/claim", token)).Status);
        Assert.Equal(422, (await server.SendAsync(HttpMethod.Post, "/api/v1/incidents/1/notes", token, """{"text":" "}""")).Status);
        Assert.Equal(403, (await server.SendAsync(HttpMethod.Post, "/api/v1/incidents/1/claim", server.Token("viewer", "sample-trading"))).Status);
        Assert.Equal(409, (await server.SendAsync(HttpMethod.Post, "/api/v1/incidents/1/claim", Second())).Status);
        Assert.Single(Commanded());

        string Second() => server.Accounts.AddToken("second", Role.Operator, null, Moment.Of(bench.Clock), "test").Token!;
    }

    [Fact]
    public async Task Trying_mails_now_is_one_entry_however_often_it_is_asked_and_by_whichever_door()
    {
        var (signals, later) = (bench.Signals, bench.Clock.GetUtcNow().AddMinutes(5));
        Postpone();
        Assert.Equal(3, bench.Queries.MailsWaiting(All));
        Assert.Equal(403, (await server.SendAsync(HttpMethod.Post, "/api/v1/mails/retry", server.Token("viewer", "sample-trading"))).Status);
        Assert.Equal(3, Later());

        Assert.Equal(200, (await server.SendAsync(HttpMethod.Post, "/api/v1/mails/retry", server.Token("operator"))).Status);
        Assert.Equal((0, signals + 1), (Later(), bench.Signals));
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Post, "/api/v1/mails/retry", server.Token("operator"))).Status);

        Postpone();
        using var sato = await Visitor.SignedInAsync(server.App.Address, "sato");
        using var answer = await sato.PostAsync("/account", "/mails/retry");
        Assert.Equal((HttpStatusCode.Redirect, 0), (answer.StatusCode, Later()));
        Assert.Equal(
            ["operator 127.0.0.1 3 deliveries", "sato 127.0.0.1 3 deliveries"],
            bench.Db.Read(tx => AuditStore.Latest(tx, All, 100)).Where(e => e.Action == "mails-retried").Reverse().Select(e => $"{e.Who} {e.Origin} {e.About}"));

        void Postpone() => bench.Db.Write(tx => tx.Connection.Execute("update outbox_deliveries set next_utc = @later, last_reply = '450 later'", new { later }, tx.Transaction));
        int Later() => bench.Db.Read(tx => tx.Connection.ExecuteScalar<int>("select count(*) from outbox_deliveries where next_utc = @later", new { later }, tx.Transaction));
    }

    [Fact]
    public async Task What_is_done_at_the_console_is_one_entry_each()
    {
        using var sato = await Visitor.SignedInAsync(server.App.Address, "sato");
        await DoAsync("/incidents/1/claim");
        await DoAsync("/incidents/1/steps/1/run");
        await DoAsync("/incidents/1/notes", ("text", "log を確認"));
        await DoAsync("/incidents/1/report", ("situation", "a"), ("cause", "b"), ("actions", "c"), ("calls", "d"), ("interim", "true"));
        Assert.Equal(
            [
                "sato 127.0.0.1 incident-claimed INC-260414-0001",
                "sato 127.0.0.1 step-started INC-260414-0001 step 1 run 1 read on web01",
                "sato 127.0.0.1 note-added INC-260414-0001",
                "sato 127.0.0.1 report-sent INC-260414-0001 interim",
            ],
            Commanded().Select(e => $"{e.Who} {e.Origin} {e.Action} {e.About}"));
        Assert.DoesNotContain(bench.Incidents().Single().Events, e => e.ToString().Contains("127.0.0.1", StringComparison.Ordinal));

        async Task DoAsync(string path, params (string, string)[] fields)
        {
            using var answer = await sato.PostAsync("/account", path, fields);
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_command_whose_transaction_fails_leaves_neither_effect_nor_entry()
    {
        using (BeforeCommit.Throws())
        {
            await Assert.ThrowsAsync<IOException>(() => commands.ClaimAsync(Sato, new IncidentId(1)));
        }

        Assert.Empty(Commanded());
        Assert.Null(bench.Queries.Incidents(All).Single().ClaimedBy);

        Assert.Null((await commands.ClaimAsync(Sato, new IncidentId(1))).Refusal);
        using (BeforeCommit.Throws())
        {
            await Assert.ThrowsAsync<IOException>(() => commands.RunStepAsync(Sato, new IncidentId(1), 1, null, null, CancellationToken.None));
        }

        Assert.Equal(["incident-claimed"], Commanded().Select(e => e.Action));
        Assert.Empty(bench.Queries.Incident(All, new IncidentId(1))!.Steps[0].Runs);
    }

    Task<ShellOutcome> IShell.RunAsync(ShellTarget target, string command, TimeSpan timeout, CancellationToken cancel) =>
        Task.FromResult(new ShellOutcome(true, 0, "up 3 days", false, TimeSpan.FromSeconds(1)));

    private static Actor Sato { get; } = new("sato", "佐藤 花子", Role.Operator, All) { Origin = "192.0.2.10" };

    /// <summary>The audit without signing in and making accounts, oldest first.</summary>
    private List<AuditEntry> Commanded() =>
        [.. bench.Db.Read(tx => AuditStore.Latest(tx, All, 100)).Where(e => e.About.StartsWith("INC-", StringComparison.Ordinal)).Reverse()];

    private static DeskPlan Plan()
    {
        var customer = TestPlans.CustomerPlan(1, ["http"]);
        var host = customer.Hosts[0];
        return new DeskPlan(1, [customer with
        {
            Hosts = [host with { Ssh = new SshPlan("ops", 22, ["ssh-ed25519 AAAA"]), Services = [host.Services[0] with { Runbook = "look" }] }],
            Runbooks = [new RunbookPlan("look", Text.Same("look"), RunbookRisk.Read, [new ReadStepPlan("web01", "uptime", 0, null, TimeSpan.FromSeconds(60), StepElse.Stop, "")])],
        }]);
    }

    /// <summary>Lets this thread's next commit fail, as a full disk would.</summary>
    private sealed class BeforeCommit : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly int thread = Environment.CurrentManagedThreadId;
        private readonly List<IDisposable> subscriptions = [];

        internal static BeforeCommit Throws()
        {
            var failing = new BeforeCommit();
            failing.subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(failing));
            return failing;
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == Milestones.ListenerName)
            {
                subscriptions.Add(value.Subscribe(this));
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key == nameof(Milestone.BatchBeforeCommit) && Environment.CurrentManagedThreadId == thread)
            {
                throw new IOException("disk full");
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose() => subscriptions.ForEach(s => s.Dispose());
    }
}
