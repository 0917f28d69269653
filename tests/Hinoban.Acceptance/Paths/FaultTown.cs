using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Hinoban.Acceptance.Scene;
using Hinoban.Basics;
using Hinoban.Lab.Servers;
using Hinoban.Specs;

namespace Hinoban.Acceptance.Paths;

/// <summary>How long things take in a fault town; the true ones, or shortened so that many faults can be tried.</summary>
internal sealed record FaultTimes(TimeSpan Interval, TimeSpan Timeout, TimeSpan Retry)
{
    internal static FaultTimes Short { get; } = new(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));

    /// <summary>The defaults of the specification.</summary>
    internal static FaultTimes True { get; } = new(TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15));

    internal bool AreTrue => this == True;
}

/// <summary>
/// Two sites, a desk with its Postfix, and a target with nginx and a name server: each a process in a network of its own, whose clocks,
/// disks and ways can be broken. Nothing of Hinoban runs inside the test.
/// </summary>
internal sealed class FaultTown : IAsyncDisposable
{
    internal const string Http = "web01/http";
    internal const string Named = "web02/http";
    private const string Member = "tanaka";
    private const string Name = "www.lab.test";
    private const string NameServer = "/usr/sbin/dnsmasq";

    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-faults-").FullName;
    private readonly Dictionary<string, TownProcess> programs = [];
    private readonly List<string> disks = [];
    private readonly bool clocks;
    private readonly bool peers;
    private Process? names;
    private DeskClient? client;
    private PostfixServer? postfix;

    private FaultTown(NetLab net, FaultTimes times, bool clocks, bool peers) => (Net, Times, this.clocks, this.peers) = (net, times, clocks, peers);

    internal NetLab Net { get; }

    internal FaultTimes Times { get; }

    internal NginxServer Web { get; private set; } = null!;

    /// <summary>What is watched, for the bounds.</summary>
    internal CustomerPlan Plan { get; private set; } = null!;

    private static string[] Sites => [NetLab.Tokyo, NetLab.Osaka];

    private static string? FakeTime { get; } = Directory.Exists("/usr/lib")
        ? Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).FirstOrDefault()
        : null;

    /// <summary>Its processes are started; when all is well in it, it says (<see cref="AllWellAsync"/>). Skips, loudly, where it cannot be had.</summary>
    /// <param name="times">How long things take.</param>
    /// <param name="clocks">Its programs' clocks can be stepped.</param>
    /// <param name="peers">Its sites can stand in for the desk: they hear each other and reach the relay.</param>
    internal static async Task<FaultTown> StartAsync(FaultTimes times, bool clocks = false, bool peers = false)
    {
        Assert.SkipWhen(NginxServer.Program is null, "nginx is not installed: ./dev test installs it");
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        Assert.SkipWhen(clocks && FakeTime is null, "libfaketime is not installed: ./dev test installs it");
        Assert.SkipUnless(File.Exists(NameServer), "dnsmasq is not installed: ./dev test installs it");
        var net = NetLab.Create(out var whyNot);
        Assert.SkipWhen(net is null, whyNot);
        var town = new FaultTown(net!, times, clocks, peers);
        try
        {
            await town.StartAsync();
            return town;
        }
        catch
        {
            await town.DisposeAsync();
            throw;
        }
    }

    /// <summary>Mails to the customer so far, oldest first; the provider's own alarms are not his.</summary>
    internal IReadOnlyList<DeliveredMail> Mails => [.. postfix!.Mailbox(Member).Select(DeliveredMail.Read).Where(m => !DeliveredMail.IsOwn(m.MessageId))];

    internal TownProcess Program(string place) => programs[place];

    internal Task<JsonNode> AskAsync(string path) => client!.GetAsync(path);

    /// <summary>Both sites reach everything and nothing stands open.</summary>
    internal Task AllWellAsync() => Until.TrueAsync("both sites reach everything", TimeSpan.FromSeconds(90) + (Times.Interval * 3), async () =>
    {
        var services = (await client!.GetAsync("services"))["services"]!.AsArray().Select(s => s!).ToList();
        return services.Count > 0
            && services.TrueForAll(i => PathScene.Word(i, "reach") == "reached" && PathScene.Views(i).Count(v => v["known"]!.GetValue<bool>() && PathScene.Word(v, "status") == "ok") == 2)
            && (await client.GetAsync("incidents"))["incidents"]!.AsArray().All(i => i!["recovered_utc"] is not null || PathScene.Word(i!, "customer") == "provider");
    });

    /// <summary>kill -9, and up again at once.</summary>
    internal Task CrashAsync(string place) => programs[place].CrashAsync();

    /// <summary>Nothing happens if it runs.</summary>
    internal void StartWeb()
    {
        if (!Web.Running)
        {
            Net.Inside(NetLab.Target, () =>
            {
                Web.Start();
                return 0;
            });
        }
    }

    /// <summary>The wall clock of a place's program is off by so much; its monotonic clock goes on.</summary>
    internal void StepClock(string place, TimeSpan by) => File.WriteAllText(ClockFile(place), string.Create(CultureInfo.InvariantCulture, $"{by.TotalSeconds:+0;-0}\n"));

    /// <summary>The data folder's disk has no byte left.</summary>
    internal void FillDisk(string place)
    {
        using var ballast = new FileStream(Path.Combine(In(place), "ballast"), FileMode.Create);
        try
        {
            for (var block = new byte[65_536]; ; ballast.Flush(flushToDisk: true))
            {
                ballast.Write(block);
            }
        }
        catch (IOException)
        {
            // Full.
        }

        Assert.InRange(new DriveInfo(In(place)).AvailableFreeSpace, 0, 4095);
    }

    internal void FreeDisk(string place) => File.Delete(Path.Combine(In(place), "ballast"));

    /// <summary>What everybody said of late, and what the desk knows.</summary>
    internal async Task<string> TellAsync()
    {
        var said = programs.Values.Select(p => $"===== {p.Name}\n{string.Join('\n', File.Exists(p.LogFile) ? File.ReadLines(p.LogFile).TakeLast(40) : [])}");
        try
        {
            var incidents = (await AskAsync("incidents")).List("incidents").Select(i => i.Number("id")).ToList();
            var known = await Task.WhenAll(incidents.TakeLast(4).Select(id => AskAsync($"incidents/{id}")).Append(AskAsync("services")).Append(AskAsync("sites")));
            return string.Join('\n', said.Append("===== the desk").Concat(known.Select(k => k.ToJsonString())));
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
        {
            return string.Join('\n', said.Append($"===== the desk does not answer: {away.Message}"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        foreach (var program in programs.Values)
        {
            await program.DisposeAsync();
        }

        names?.Kill();
        names?.Dispose();
        Web?.Dispose();
        if (postfix is not null)
        {
            await postfix.DisposeAsync();
        }

        await Net.DisposeAsync();
        disks.ForEach(disk => Run("umount", "-l", disk));
        Directory.Delete(folder, recursive: true);
    }

    private static string PeerUrl(string site) => $"https://{NetLab.AddressOf(site)}:8444";

    private string In(string name) => Path.Combine(folder, name);

    private string ClockFile(string place) => In($"{place}.clock");

    private async Task StartAsync()
    {
        Web = new NginxServer(Directory.CreateDirectory(In("nginx")).FullName, new NginxOptions(80) { Address = NetLab.AddressOf(NetLab.Target) });
        StartWeb();
        names = Process.Start(new ProcessStartInfo("ip", [
            "netns", "exec", Net.Name(NetLab.Target), NameServer, "--keep-in-foreground", "--no-resolv", "--no-hosts", "--no-daemon", "--pid-file=",
            $"--listen-address={NetLab.AddressOf(NetLab.Target)}", "--bind-interfaces", $"--address=/{Name}/{NetLab.AddressOf(NetLab.Target)}", "--local-ttl=0"]));
        postfix = await PostfixServer.StartAsync(folder, null, [Member, "desk"], Net.Name(NetLab.Desk), peers ? NetLab.AddressOf(NetLab.Desk) : null);
        await StartDeskAsync();
        foreach (var site in Sites)
        {
            Net.NamesFrom(site, NetLab.Target);
            await StartSiteAsync(site);
        }
    }

    private async Task StartDeskAsync()
    {
        var spec = In("faults.yaml");
        await File.WriteAllTextAsync(spec, Specification());
        var reading = SpecReader.Read([spec], new SpecOptions([new SiteName(NetLab.Tokyo), new SiteName(NetLab.Osaka)]));
        Plan = PlanBuilder.Preview(reading.Customers[0], [new SiteName(NetLab.Tokyo), new SiteName(NetLab.Osaka)]);
        Disk(NetLab.Desk, 96);
        await File.WriteAllTextAsync(In("desk.yaml"), $$"""
            provider: { name: Sample Care }
            mail: { tls: none, domain: mon.example.test, desk_mailbox: desk@{{PostfixServer.MailDomain}}, relay_log: "{{postfix!.LogFile}}" }
            {{(peers ? $"peers: [{string.Join(", ", Sites.Select(s => $"{s}={PeerUrl(s)}"))}]" : "")}}

            """);
        var listen = new Uri($"https://{NetLab.AddressOf(NetLab.Desk)}:8443");
        var desk = Make(
            NetLab.Desk, "desk", "--data", In(NetLab.Desk), "--specs", spec, "--listen", listen.ToString(), "--config", In("desk.yaml"),
            "--smtp", $"127.0.0.1:{postfix.Port}", "--sites", string.Join(',', Sites));
        var token = (await TownProcess.RunAsync("token", "add", "--data", In(NetLab.Desk), "--user", "script", "--role", "operator")).Split('\n')[^1].Trim();
        desk.Start();
        var pin = await Until.FoundAsync("the desk's certificate", TimeSpan.FromSeconds(60), () => Task.FromResult(
            File.Exists(desk.LogFile) ? File.ReadLines(desk.LogFile).FirstOrDefault(l => l.Contains("SHA-256", StringComparison.Ordinal)) : null));
        client = new DeskClient(listen, token, pin[(pin.LastIndexOf(' ') + 1)..], (context, cancel) =>
            Net.ConnectAsync(NetLab.Desk, new IPEndPoint(IPAddress.Parse(context.DnsEndPoint.Host), context.DnsEndPoint.Port), cancel));
    }

    private async Task StartSiteAsync(string site)
    {
        await TownProcess.RunAsync("site", "key", "--data", In(NetLab.Desk), "--name", site, "--out", In($"{site}.key"));
        Disk(site, 16);
        string[] settings = [
            $"anchors: [{NetLab.AddressOf(NetLab.Anchor)}]",
            .. !peers ? [] : (string[])[
                $"peer_listen: {PeerUrl(site)}",
                string.Create(CultureInfo.InvariantCulture, $"smtp: {NetLab.AddressOf(NetLab.Desk)}:{postfix!.Port}"),
                $"mail: {{ tls: none, relay_log: {postfix.LogFile} }}",
            ],
        ];
        await File.WriteAllLinesAsync(Path.Combine(In(site), "hinoban.yaml"), settings);
        Make(site, "site", "--name", site, "--desk", $"https://{NetLab.AddressOf(NetLab.Desk)}:8443", "--key", In($"{site}.key"), "--data", In(site)).Start();
    }

    private TownProcess Make(string place, params string[] arguments)
    {
        File.WriteAllText(ClockFile(place), "+0\n");
        return programs[place] = new TownProcess(place, folder, arguments)
        {
            Inside = Net.Name(place),
            Environment = !clocks ? [] : new Dictionary<string, string>
            {
                ["LD_PRELOAD"] = FakeTime!,
                ["FAKETIME_TIMESTAMP_FILE"] = ClockFile(place),
                ["FAKETIME_CACHE_DURATION"] = "1",

                // Otherwise each wait of the run-time ends at once and begins again, and costs a processor.
                ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
                ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            },
        };
    }

    // A small disk of its own, which can be filled.
    private void Disk(string place, int megabytes)
    {
        Directory.CreateDirectory(In(place));
        Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "tmpfs", In(place));
        disks.Add(In(place));
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
    }

    private string Specification() => string.Create(CultureInfo.InvariantCulture, $$"""
        customer: path-trading
        name: Path Trading
        language: en
        edition: 1
        mailing_list:
          address: ops@lists.example.test
          members:
            - { name: Tanaka, mail: {{Member}}@{{PostfixServer.MailDomain}} }
        defaults: { interval: {{Times.Interval.TotalSeconds}}s, retry: {{Times.Retry.TotalSeconds}}s, attempts: 2, timeout: {{Times.Timeout.TotalSeconds}}s, flapping: off }
        hosts:
          web01:
            address: {{NetLab.AddressOf(NetLab.Target)}}
            alive: { kind: ping, packets: 2 }
            checks:
              http: { kind: http, path: /, expect: { status: 200, contains: "Welcome" } }
          web02:
            address: {{Name}}
            alive: none
            checks:
              http: { kind: http, path: /, expect: { status: 200 } }
        """);
}
