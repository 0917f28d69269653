using System.Text.Json.Nodes;
using Hinoban.Lab.Servers;

namespace Hinoban.Acceptance.Scene;

/// <summary>
/// A real town on loopback, each inhabitant a process of its own: a desk and two sites of the built program, an nginx to watch, an sshd to
/// mend it through, a Postfix that delivers to the members' maildirs. Nothing of Hinoban runs inside the test.
/// </summary>
internal sealed class RealTown : IAsyncDisposable
{
    internal const string MailDomain = "mon.example.test";
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string folder;
    private readonly LoopbackHost? second;
    private readonly bool relayLogReadable;
    private readonly TownDatabase? database;
    private readonly IReadOnlyDictionary<string, int>? peerPorts;
    private NginxServer? secondWeb;

    private RealTown(string folder, PostfixServer postfix, LoopbackHost? second, bool relayLogReadable, TownDatabase? database, int plugs, bool away)
    {
        (this.folder, Postfix, this.second, this.relayLogReadable, this.database) = (folder, postfix, second, relayLogReadable, database);
        Plugs = [.. Enumerable.Range(0, plugs).Select(_ => new Plug())];
        peerPorts = away ? new Dictionary<string, int> { ["tokyo"] = Ports.Free(), ["osaka"] = Ports.Free() } : null;
        (WebPort, Listen) = (Ports.Free(), new Uri($"http://127.0.0.1:{Ports.Free()}"));
        Web = new NginxServer(In("web01"), new NginxOptions(WebPort));
        Ssh = SshServer.Start(TimeProvider.System);
        Desk = new TownProcess(
            "desk", folder, "desk", "--data", In("desk"), "--specs", In("spec.yaml"), "--listen", Listen.ToString(), "--smtp", $"127.0.0.1:{postfix.Port}",
            "--sites", "tokyo,osaka", "--config", In("hinoban.yaml"));
        var url = new Uri($"http://127.0.0.1:{Ports.Free()}");
        OtherDesk = database is null ? null : new TownProcess(
            "desk2", folder, "desk", "--data", In("desk2"), "--specs", In("spec.yaml"), "--listen", url.ToString(), "--smtp", $"127.0.0.1:{postfix.Port}",
            "--sites", "tokyo,osaka", "--config", In("hinoban2.yaml"));
        Listens = database is null ? [Listen] : [Listen, url];
        Sites = [.. new[] { "tokyo", "osaka" }.Select(name => new TownProcess(
            name, folder, "site", "--name", name, "--desk", string.Join(',', Listens), "--key", In($"{name}.key"), "--data", In(name)))];
    }

    /// <summary>Between Postfix and the desk's door for mail.</summary>
    internal Mouth? Mouth { get; private init; }

    internal PostfixServer Postfix { get; }

    internal SshServer Ssh { get; }

    /// <summary>What web01 serves.</summary>
    internal NginxServer Web { get; }

    /// <summary>The second host, whose address can be cut off.</summary>
    internal LoopbackHost Second => second ?? throw new InvalidOperationException("This town has no second host.");

    /// <summary>Ports of web01 that open and close in no time.</summary>
    internal IReadOnlyList<Plug> Plugs { get; }

    internal TownProcess Desk { get; }

    /// <summary>The second node of a desk that has two.</summary>
    internal TownProcess? OtherDesk { get; }

    /// <summary>The desk's database, where it is a server with a standby.</summary>
    internal TownDatabase Database => database ?? throw new InvalidOperationException("This town's desk has a file.");

    internal IReadOnlyList<TownProcess> Sites { get; }

    internal DeskClient Client { get; private set; } = null!;

    internal Uri Listen { get; }

    /// <summary>Of every node.</summary>
    internal IReadOnlyList<Uri> Listens { get; }

    /// <summary>The whole specification; before the start another one may be put here.</summary>
    internal Func<RealTown, string>? Specification { get; init; }

    internal int WebPort { get; }

    internal string In(string name) => Path.Combine(folder, name);

    /// <summary>Builds a town, lets a story happen in it, and tells everything it knows if the story goes wrong.</summary>
    internal static async Task PlayAsync(
        Func<RealTown, Task> story, bool withSecondHost = false, bool relayLogReadable = true, bool twoDesks = false, Func<RealTown, string>? specification = null, int plugs = 0, bool withInbound = false, bool away = false)
    {
        SkipUnlessPossible();
        Assert.SkipWhen(twoDesks && PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        var folder = Directory.CreateTempSubdirectory("hinoban-town-").FullName;
        await using var database = twoDesks ? await TownDatabase.StartAsync(folder) : null;
        var mouth = withInbound ? new Mouth() : null;
        await using var town = new RealTown(
            folder, await PostfixServer.StartAsync(folder, mouth?.Port, TownSpec.Members), withSecondHost ? new LoopbackHost() : null, relayLogReadable, database, plugs, away)
        { Specification = specification, Mouth = mouth };
        try
        {
            await town.StartAsync();
            await story(town);
        }
        catch (Exception e) when (e is not Xunit.Sdk.SkipException)
        {
            await town.TellAsync();
            throw;
        }
    }

    /// <summary>Waits until both sites look with the desk's plan and see everything working.</summary>
    internal Task QuietAsync() => Until.TrueAsync("both sites see everything working, no incident is open", Patience, async () =>
    {
        var sites = (await Client.GetAsync("sites")).List("sites").ToList();
        var services = (await Client.GetAsync("services")).List("services").ToList();
        return sites.Count == 2
            && sites.TrueForAll(s => s.Flag("connected") && s.Number("plan_revision") == s.Number("desk_revision"))
            && services.Count > 0
            && services.TrueForAll(s => s["views"]!.AsArray().Count == 2 && s.List("views").All(v => v.Flag("known") && v.Word("status") == "ok"))
            && (await Client.IncidentsAsync()).All(i => i["recovered_utc"] is not null);
    });

    /// <summary>The newest incident of a host's service (empty: of the host itself) that has not recovered.</summary>
    internal Task<JsonObject> IncidentAsync(string host, string service) => Until.FoundAsync($"an incident of {host}/{service}", Patience, async () =>
        (await Client.IncidentsAsync()).FirstOrDefault(i => i.Word("host") == host && i.Word("service") == service && i["recovered_utc"] is null) is { } row
            ? await Client.IncidentAsync(row.Number("id"))
            : null);

    /// <summary>An incident once it is as wanted.</summary>
    internal Task<JsonObject> WhenAsync(long incident, string what, Func<JsonObject, bool> holds, TimeSpan? patience = null) =>
        Until.FoundAsync($"incident {incident}: {what}", patience ?? Patience, async () =>
            await Client.IncidentAsync(incident) is { } now && holds(now) ? now : null);

    /// <summary>Every delivery of the incident's mails of one kind has been accepted.</summary>
    internal static bool AllAccepted(JsonObject incident, string kind) =>
        incident.Mails(kind) is { Count: > 0 } mails && mails.All(m => m.List("deliveries").All(d => d.Word("state") == "accepted"));

    internal IReadOnlyList<DeliveredMail> Mailbox(string member) => [.. Postfix.Mailbox(member).Select(DeliveredMail.Read)];

    /// <summary>Waits until a member has so many mails.</summary>
    internal async Task<IReadOnlyList<DeliveredMail>> MailboxAsync(string member, int count) =>
        [.. (await Postfix.UntilAsync(member, count, Patience)).Select(DeliveredMail.Read)];

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        foreach (var process in Desks.Concat(Sites))
        {
            await process.DisposeAsync();
        }

        Plugs.ToList().ForEach(p => p.Dispose());
        if (Mouth is not null)
        {
            await Mouth.DisposeAsync();
        }

        second?.Dispose();
        secondWeb?.Dispose();
        Web.Dispose();
        Ssh.Dispose();
        await Postfix.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static void SkipUnlessPossible()
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        Assert.SkipWhen(SshServer.Missing.Length > 0, SshServer.Missing);
        Assert.SkipWhen(NginxServer.Program is null, "nginx is not installed: ./dev test installs it");
        Assert.True(File.Exists(TownProcess.Program), $"{TownProcess.Program} is not built");
    }

    private async Task StartAsync()
    {
        Web.Start();
        var secondPort = Ports.Free();
        if (second is not null)
        {
            secondWeb = new NginxServer(In("web02"), new NginxOptions(secondPort) { Address = second.Address });
            secondWeb.Start();
        }

        await File.WriteAllTextAsync(In("spec.yaml"), Specification?.Invoke(this) ?? TownSpec.Write(Web, WebPort, Ssh, second?.Address, secondPort, [.. Plugs.Select(p => p.Port)], Mouth is not null));
        await File.WriteAllTextAsync(In("hinoban.yaml"), Settings());
        if (database is not null)
        {
            // The command line finds the database by the data folder's own settings.
            await File.WriteAllTextAsync(In("database"), database.Connection);
            await File.AppendAllTextAsync(In("hinoban.yaml"), $"database_file: {In("database")}\n");
            Directory.CreateDirectory(In("desk"));
            File.Copy(In("hinoban.yaml"), Path.Combine(In("desk"), "hinoban.yaml"));
            await File.AppendAllTextAsync(In("hinoban.yaml"), "nodes: 2\nnode: { name: east }\n");
            await File.WriteAllTextAsync(In("hinoban2.yaml"), (await File.ReadAllTextAsync(In("hinoban.yaml"))).Replace("east", "west", StringComparison.Ordinal));
        }

        foreach (var site in Sites)
        {
            await TownProcess.RunAsync("site", "key", "--name", site.Name, "--data", In("desk"), "--out", In($"{site.Name}.key"));
            await ListenForPeersAsync(site.Name);
        }

        Client = new DeskClient(Listens, await TownProcess.RunAsync("token", "add", "--data", In("desk"), "--user", "sato", "--role", "lead"));
        Desk.Start();
        if (OtherDesk is not null)
        {
            await HasDeskAsync(0);
            OtherDesk.Start();
        }

        foreach (var site in Sites)
        {
            site.Start();
        }

        await QuietAsync();
    }

    private IEnumerable<TownProcess> Desks => OtherDesk is null ? [Desk] : [Desk, OtherDesk];

    /// <summary>Waits until the node has the desk.</summary>
    internal Task HasDeskAsync(int node) => AnswersAsync(node, 200, "has the desk");

    /// <summary>Waits until the node says that it stands by.</summary>
    internal Task StandsByAsync(int node) => AnswersAsync(node, 503, "stands by");

    private Task AnswersAsync(int node, int status, string what) => Until.TrueAsync($"node {node} {what}", Patience, async () =>
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        using var answer = await http.GetAsync(new Uri(Listens[node], "/healthz"));
        return (int)answer.StatusCode == status;
    });

    private string Settings() => $$"""
        provider: { name: { ja: サンプル保守, en: Sample Care } }
        mail:
          tls: none
          domain: {{MailDomain}}
          desk_mailbox: {{TownSpec.Desk}}@{{PostfixServer.MailDomain}}
          relay_log: {{(relayLogReadable ? Postfix.LogFile : In("no-log"))}}
        ssh: { identity: {{Ssh.IdentityFile}} }
        {{(Mouth is null ? "" : $"inbound: {{ listen: \"127.0.0.1:{Mouth.Desk}\", arrival_every: 3s, arrival_within: 10s }}")}}
        {{(peerPorts is null ? "" : $"peers: [{string.Join(", ", peerPorts.Select(p => $"{p.Key}=https://127.0.0.1:{p.Value}"))}]")}}

        """;

    private async Task ListenForPeersAsync(string site)
    {
        if (peerPorts is not null)
        {
            Directory.CreateDirectory(In(site), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await File.WriteAllTextAsync(Path.Combine(In(site), "hinoban.yaml"), $$"""
                peer_listen: https://127.0.0.1:{{peerPorts[site]}}
                smtp: 127.0.0.1:{{Postfix.Port}}
                mail: { tls: none, relay_log: {{Postfix.LogFile}} }

                """);
        }
    }

    private async Task TellAsync()
    {
        var tell = TestContext.Current.TestOutputHelper;
        foreach (var process in Desks.Concat(Sites).Where(p => File.Exists(p.LogFile)))
        {
            tell?.WriteLine($"===== {process.Name} ({(process.Running ? "running" : "ended")})\n{Tail(process.LogFile, 60)}");
        }

        tell?.WriteLine($"===== postfix\n{Tail(Postfix.LogFile, 60)}");
        foreach (var member in TownSpec.Members)
        {
            tell?.WriteLine($"===== mailbox of {member}\n{string.Join('\n', Mailbox(member))}");
        }

        try
        {
            foreach (var row in (await Client.IncidentsAsync()).Concat(await Client.IncidentsAsync("closed")))
            {
                var incident = await Client.IncidentAsync(row.Number("id"));
                tell?.WriteLine($"===== incident {incident.Word("number")} {incident.Word("host")}/{incident.Word("service")}, mail trouble {incident.Word("mail_trouble")}");
                incident.List("events").Concat(incident.List("mails").SelectMany(m => m.List("deliveries"))).ToList().ForEach(e => tell?.WriteLine(e.ToJsonString()));
            }

            tell?.WriteLine("===== services and sites");
            (await Client.GetAsync("services")).List("services").Concat((await Client.GetAsync("sites")).List("sites")).ToList().ForEach(s => tell?.WriteLine(s.ToJsonString()));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or NullReferenceException)
        {
            tell?.WriteLine($"===== the desk does not answer: {e.Message}");
        }
    }

    private static string Tail(string file, int lines) => File.Exists(file) ? string.Join('\n', File.ReadLines(file).TakeLast(lines)) : "";
}

/// <summary>Stories in real towns are played one after the other: they need the machine for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TownStories
{
    public const string Name = "stories in a real town";
}
