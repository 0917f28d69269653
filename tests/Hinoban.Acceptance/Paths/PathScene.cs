using System.Globalization;
using System.Text.Json.Nodes;
using Hinoban.Lab;
using Hinoban.Lab.Servers;

namespace Hinoban.Acceptance.Paths;

/// <summary>
/// One desk, two sites and a real web server, each a process in a network of its own, with a router between them. Started once for all
/// tests of the class.
/// </summary>
public sealed class PathScene : IAsyncLifetime
{
    /// <summary>One look of one site; the specification says the same.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(4);

    private const int DeskPort = 8443;
    private const int WebPort = 80;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);

    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-paths-").FullName;
    private readonly List<ProgramRun> programs = [];
    private string whyNot = "";
    private NginxServer? nginx;
    private MailSink? mails;
    private DeskClient? desk;

    internal NetLab Net { get; private set; } = null!;

    internal MailSink Mails => mails!;

    internal DeskClient Api => desk!;

    /// <summary>What any of the processes has logged as an error of its own.</summary>
    internal IReadOnlyList<string> Errors => [.. programs.SelectMany(p => p.Lines).Where(l => l.Contains(" error ", StringComparison.Ordinal) || l.Contains(" fatal ", StringComparison.Ordinal))];

    /// <summary>Skips the test, loudly, where the scene cannot be had.</summary>
    internal void Need() => Assert.SkipWhen(whyNot.Length > 0, whyNot);

    public async ValueTask InitializeAsync()
    {
        if (NginxServer.Program is null)
        {
            whyNot = "nginx is not installed: ./dev test installs it";
            return;
        }

        if (NetLab.Create(out whyNot) is not { } net)
        {
            return;
        }

        Net = net;
        nginx = new NginxServer(Directory.CreateDirectory(Path.Combine(folder, "nginx")).FullName, new NginxOptions(WebPort) { Address = NetLab.AddressOf(NetLab.Target) });
        Net.Inside(NetLab.Target, () =>
        {
            nginx.Start();
            return 0;
        });
        mails = Net.Inside(NetLab.Desk, () => MailSink.Start());
        await StartDeskAsync();
        await Task.WhenAll(StartSiteAsync(NetLab.Tokyo), StartSiteAsync(NetLab.Osaka));
        await AllWellAsync(StartPatience);
    }

    /// <summary>Returns when both sites reach everything and nothing stands open.</summary>
    internal Task AllWellAsync(TimeSpan patience) => Api.UntilAsync(
        "services", s => Services(s).All(i => Word(i, "reach") == "reached" && Views(i).Count(v => v["known"]!.GetValue<bool>() && Word(v, "status") == "ok") == 2),
        patience, "both sites reach everything");

    internal static IEnumerable<JsonNode> Services(JsonNode services) => services["services"]!.AsArray().Select(s => s!);

    internal static IEnumerable<JsonNode> Views(JsonNode service) => service["views"]!.AsArray().Select(v => v!);

    internal static string Word(JsonNode node, string key) => node[key]!.GetValue<string>();

    public async ValueTask DisposeAsync()
    {
        foreach (var program in programs)
        {
            await program.DisposeAsync();
        }

        desk?.Dispose();
        if (mails is not null)
        {
            await mails.DisposeAsync();
        }

        nginx?.Dispose();
        if (Net is not null)
        {
            await Net.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private string DeskData => Path.Combine(folder, "desk");

    private async Task StartDeskAsync()
    {
        var specs = Path.Combine(folder, "paths.yaml");
        await File.WriteAllTextAsync(specs, Specification);
        var token = await ProgramRun.TokenAsync(DeskData, "operator");
        var listen = string.Create(CultureInfo.InvariantCulture, $"https://{NetLab.AddressOf(NetLab.Desk)}:{DeskPort}");
        var run = Start(
            NetLab.Desk,
            "desk", "--data", DeskData, "--specs", specs, "--listen", listen, "--smtp", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{mails!.Port}"),
            "--sites", "tokyo,osaka", "--language", "ja");
        var line = await run.LineAsync("SHA-256");
        var pin = line[(line.LastIndexOf(' ') + 1)..];
        desk = new DeskClient(new Uri(listen), token, pin, (context, cancel) => Net.ConnectAsync(NetLab.Desk, new System.Net.IPEndPoint(System.Net.IPAddress.Parse(context.DnsEndPoint.Host), context.DnsEndPoint.Port), cancel));
    }

    private async Task StartSiteAsync(string site)
    {
        var key = Path.Combine(folder, $"{site}.key");
        var (exit, said) = await ProgramRun.RunAsync("site", "key", "--data", DeskData, "--name", site, "--out", key);
        Assert.True(exit == 0, said);
        var url = string.Create(CultureInfo.InvariantCulture, $"https://{NetLab.AddressOf(NetLab.Desk)}:{DeskPort}");
        var data = Directory.CreateDirectory(Path.Combine(folder, site)).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "hinoban.yaml"), $"anchors: [{NetLab.AddressOf(NetLab.Anchor)}]\n");
        Start(site, "site", "--name", site, "--desk", url, "--key", key, "--data", data);
    }

    private ProgramRun Start(string place, params string[] arguments)
    {
        var run = ProgramRun.Start(arguments, Net.Name(place));
        programs.Add(run);
        return run;
    }

    private static string Specification => $$"""
        customer: path-trading
        name: { ja: 経路商事株式会社, en: Path Trading }
        language: ja
        edition: 1
        mailing_list:
          address: ops@example.test
          members:
            - { name: 田中 一郎, mail: tanaka@example.test }
        defaults: { interval: 4s, retry: 1s, attempts: 2, timeout: 2s }
        hosts:
          web01:
            address: {{NetLab.AddressOf(NetLab.Target)}}
            alive: { kind: ping, packets: 2 }
            checks:
              http: { kind: http, path: /, expect: { status: 200, contains: "Welcome" } }
              port: { kind: tcp, port: 80 }
        """;
}
