using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hinoban.Acceptance.Hostile;
using Hinoban.Acceptance.Paths;
using Hinoban.Lab;
using Microsoft.Data.Sqlite;

namespace Hinoban.Acceptance.Reload;

/// <summary>A specification replaced under a running program: a wrong one changes nothing, a right one is live without a gap.</summary>
public sealed partial class ReloadTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-reload-").FullName;

    [Fact]
    public async Task A_wrong_specification_changes_nothing_and_a_right_one_leaves_no_gap()
    {
        using var web = new TcpListener(IPAddress.Loopback, 0);
        web.Start(64);
        await using var mails = MailSink.Start();
        var (file, data) = (Path.Combine(folder, "reload.yaml"), Path.Combine(folder, "data"));
        Replace(file, Specification(web, edition: 1, "a", "b", "c"));
        var token = await ProgramRun.TokenAsync(data, "operator");
        await using var run = ProgramRun.Start(
        [
            "up", "--data", data, "--specs", file, "--listen", "http://127.0.0.1:0", "--smtp", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{mails.Port}"), "--language", "en",
        ]);
        var line = await run.LineAsync("http://127.0.0.1:");
        using var api = new DeskClient(new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..].Trim()), token);
        var before = await api.UntilAsync("services", s => Looked(s).Count() == 6, Patience, "both sites look at all three");

        await WrongAsync(run, api, file, before);
        await RightAsync(api, web, file, data);
        Assert.Empty(mails.Mails);
        Assert.Equal(0, await run.StopAsync());
        Directory.Delete(folder, recursive: true);
    }

    private async Task WrongAsync(ProgramRun run, DeskClient api, string file, JsonNode before)
    {
        var wrong = await File.ReadAllTextAsync(Mistakes());
        var looks = Looks(await api.GetAsync("sites"));
        Replace(file, wrong);
        var (exit, said) = await ProgramRun.RunAsync("spec", "check", file);
        var named = said.Split('\n').Where(l => Located().IsMatch(l) && !Note().IsMatch(l)).ToList();
        Assert.Equal(78, exit);
        Assert.Equal(30, named.Count);

        // The log says each of them too; the places are the same, the words are escaped for a log.
        var places = named.Select(l => Located().Match(l).Value).ToList();
        await run.LineAsync(places[^1], Patience);
        Assert.All(places, place => Assert.Contains(run.Lines, l => l.Contains(place, StringComparison.Ordinal)));
        await api.UntilAsync("sites", s => Looks(s).Zip(looks, (now, then) => now >= then + 9).All(more => more), Patience, "three more rounds of looks at each site");
        var after = await api.GetAsync("services");
        Assert.Equal(Running(before), Running(after));
        Assert.Equal(Looked(before).Count(), Looked(after).Count());
        output.WriteLine("30 problems at once, exit 78; revision and items unchanged, looks go on");
    }

    private async Task RightAsync(DeskClient api, TcpListener web, string file, string data)
    {
        var started = TimeProvider.System.GetUtcNow();
        Replace(file, Specification(web, edition: 2, "a", "b", "c", "extra"));
        var services = await api.UntilAsync("services", s => Looked(s).Count() == 8, Patience, "both sites look at the new item");
        Assert.All(PathScene.Services(services), s => Assert.Equal(2, s["revision"]!.GetValue<int>()));
        var accepted = AcceptedUtc(data, 2);
        await api.UntilAsync("services", s => PathScene.Services(s).All(i => PathScene.Views(i).All(v => v["look_utc"]!.GetValue<DateTimeOffset>() > accepted + (Interval * 3))), Patience, "three more rounds");

        var extra = PathScene.Services(services).Single(s => PathScene.Word(s, "service") == "extra");
        var first = (await TimesAsync(api, extra)).Select(times => times[0] - accepted).ToList();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"file to accepted {(accepted - started).TotalSeconds:0.00} s; accepted to first look at the new item {string.Join(" and ", first.Select(f => f.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)))} s"));
        Assert.All(first, f => Assert.InRange(f, TimeSpan.Zero, Interval + TimeSpan.FromSeconds(1)));

        foreach (var old in PathScene.Services(services).Where(s => s != extra))
        {
            foreach (var times in await TimesAsync(api, old))
            {
                var largest = times.Zip(times.Skip(1), (a, b) => b - a).Max();
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{PathScene.Word(old, "service")}: {times.Count} samples, largest gap {largest.TotalSeconds:0.00} s of {Interval.TotalSeconds:0} s"));
                Assert.True(largest < Interval * 1.5, $"a gap of {largest.TotalSeconds:0.0} s");
            }
        }
    }

    private static async Task<List<List<DateTimeOffset>>> TimesAsync(DeskClient api, JsonNode service)
    {
        var samples = await api.GetAsync(string.Create(CultureInfo.InvariantCulture, $"services/{service["id"]!.GetValue<int>()}/samples"));
        var series = samples["series"]!.AsArray().Select(s => s!["points"]!.AsArray().Select(p => p!["at_utc"]!.GetValue<DateTimeOffset>()).ToList()).ToList();
        Assert.Equal(2, series.Count);
        return series;
    }

    private static IEnumerable<JsonNode> Looked(JsonNode services) => PathScene.Services(services).SelectMany(PathScene.Views).Where(v => v["known"]!.GetValue<bool>());

    private static List<(int Id, string Service, int Revision, int Edition)> Running(JsonNode services) =>
        [.. PathScene.Services(services).Select(s => (s["id"]!.GetValue<int>(), PathScene.Word(s, "service"), s["revision"]!.GetValue<int>(), s["edition"]!.GetValue<int>()))];

    private static List<long> Looks(JsonNode sites) => [.. sites["sites"]!.AsArray().Select(s => s!["looks_done"]!.GetValue<long>())];

    private static DateTimeOffset AcceptedUtc(string data, int revision)
    {
        using var db = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = HostileScene.DeskFile(data), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        db.Open();
        using var read = db.CreateCommand();
        read.CommandText = "select accepted_utc from spec_revisions where revision = $revision";
        read.Parameters.AddWithValue("$revision", revision);
        return DateTimeOffset.UnixEpoch.AddMicroseconds((long)read.ExecuteScalar()!);
    }

    // As an editor does it: whole at once.
    private static void Replace(string file, string text)
    {
        File.WriteAllText(file + ".new", text);
        File.Move(file + ".new", file, overwrite: true);
    }

    private static string Mistakes()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Hinoban.slnx")))
        {
            root = Path.GetDirectoryName(root.TrimEnd('/')) ?? throw new InvalidOperationException("not inside a checkout");
        }

        return Path.Combine(root, "tests", "Hinoban.Tests", "Specs", "thirty-mistakes.yaml");
    }

    private static string Specification(TcpListener web, int edition, params string[] items)
    {
        var port = ((IPEndPoint)web.LocalEndpoint).Port;
        var checks = string.Join(", ", items.Select(i => string.Create(CultureInfo.InvariantCulture, $"{i}: {{ kind: tcp, port: {port} }}")));
        return string.Create(CultureInfo.InvariantCulture, $$"""
            customer: reload-trading
            name: Reload Trading
            language: en
            edition: {{edition}}
            mailing_list: { address: ops@example.test, members: [{ mail: tanaka@example.test }] }
            defaults: { interval: 3s, retry: 1s, timeout: 2s }
            hosts:
              web01: { address: 127.0.0.1, alive: none, checks: { {{checks}} } }
            """);
    }

    [GeneratedRegex(@"[^ ]+\.yaml:\d+:\d+: ")]
    private static partial Regex Located();

    [GeneratedRegex(@"\.yaml:\d+:\d+: note: ")]
    private static partial Regex Note();
}
