using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hinoban.Lab.Servers;

namespace Hinoban.Acceptance.Scene;

/// <summary>
/// A desk, two sites, a Postfix and thousands of TCP services on loopback, of which whole groups fail in one moment. Desk, sites and Postfix are processes of their own.
/// </summary>
internal sealed partial class StormTown : IAsyncDisposable
{
    private const string Password = "a long password for the storm";
    private static readonly string[] Customers = ["storm-a", "storm-b"];

    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-storm-").FullName;
    private readonly List<TownProcess> programs = [];
    private PostfixServer? postfix;

    private StormTown(IReadOnlyList<StormCause> causes) => (Causes, Targets) = (causes, new StormTargets(causes));

    internal IReadOnlyList<StormCause> Causes { get; }

    internal StormTargets Targets { get; }

    internal Uri Listen { get; } = new($"http://127.0.0.1:{Ports.Free()}");

    internal DeskClient Client { get; private set; } = null!;

    internal PostfixServer Postfix => postfix!;

    /// <summary>What the programs logged as wrong.</summary>
    internal IReadOnlyList<string> Errors => [.. programs.Where(p => File.Exists(p.LogFile)).SelectMany(p => File.ReadLines(p.LogFile).Where(l => Bad().IsMatch(l)).Select(l => $"{p.Name}: {l}"))];

    /// <summary>Two sites look at everything, nothing is open.</summary>
    internal static async Task<StormTown> StartAsync(IReadOnlyList<StormCause> causes, TimeSpan interval)
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        Assert.True(File.Exists(TownProcess.Program), $"{TownProcess.Program} is not built");
        var town = new StormTown(causes);
        try
        {
            await town.StartAsync(interval);
            return town;
        }
        catch
        {
            town.Tell();
            await town.DisposeAsync();
            throw;
        }
    }

    internal Task<StormVisitor> SignInAsync() => StormVisitor.SignedInAsync(Listen, "sato", Password);

    /// <summary>The storm goes on for so long.</summary>
    internal Task WaitAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);

    /// <summary>Mails in a customer's mailbox.</summary>
    internal IReadOnlyList<DeliveredMail> Mailbox(string customer) => [.. Postfix.Mailbox(customer).Select(DeliveredMail.Read)];

    /// <summary>The customers' open incidents, each whole.</summary>
    internal async Task<IReadOnlyList<JsonObject>> IncidentsAsync()
    {
        var whole = new List<JsonObject>();
        foreach (var row in await Client.IncidentsAsync())
        {
            whole.Add(await Client.IncidentAsync(row.Number("id")));
        }

        return [.. whole.OrderBy(i => i.Number("id"))];
    }

    internal void Tell() => programs.Where(p => File.Exists(p.LogFile)).ToList()
        .ForEach(p => TestContext.Current.TestOutputHelper?.WriteLine($"===== {p.Name}\n{string.Join('\n', File.ReadLines(p.LogFile).TakeLast(40))}"));

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        foreach (var program in programs)
        {
            await program.DisposeAsync();
        }

        Targets.Dispose();
        if (postfix is not null)
        {
            await postfix.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private string In(string name) => Path.Combine(folder, name);

    private async Task StartAsync(TimeSpan interval)
    {
        postfix = await PostfixServer.StartAsync(folder, [.. Customers, "desk"]);
        Directory.CreateDirectory(In("specs"));
        foreach (var (file, text) in Targets.Specifications(interval))
        {
            await File.WriteAllTextAsync(Path.Combine(In("specs"), file), text);
        }

        await File.WriteAllTextAsync(In("hinoban.yaml"), $$"""
            provider: { name: Sample Care }
            mail: { tls: none, domain: mon.example.test, desk_mailbox: desk@{{PostfixServer.MailDomain}}, relay_log: "{{postfix.LogFile}}" }

            """);
        programs.Add(new TownProcess(
            "desk", folder, "desk", "--data", In("desk"), "--specs", In("specs"), "--listen", Listen.ToString(), "--config", In("hinoban.yaml"), "--smtp", $"127.0.0.1:{postfix.Port}", "--sites", "tokyo,osaka"));
        foreach (var site in new[] { "tokyo", "osaka" })
        {
            await TownProcess.RunAsync("site", "key", "--name", site, "--data", In("desk"), "--out", In($"{site}.key"));
            programs.Add(new TownProcess(site, folder, "site", "--name", site, "--desk", Listen.ToString(), "--key", In($"{site}.key"), "--data", In(site)));
        }

        Client = new DeskClient(Listen, await TownProcess.RunAsync("token", "add", "--data", In("desk"), "--user", "script", "--role", "lead"));
        await TownProcess.TellAsync(Password, "account", "add", "--data", In("desk"), "--user", "sato", "--role", "lead", "--password-stdin");
        programs.ForEach(p => p.Start());
        await Until.TrueAsync("both sites have looked at everything", (interval * 3) + TimeSpan.FromMinutes(2), async () =>
            await LooksAsync() >= 2.1 * Targets.Items && (await Client.IncidentsAsync()).Count == 0);
    }

    private async Task<double> LooksAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        using var http = new HttpClient { BaseAddress = Listen };
        return Looks().Matches(await http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Sum(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^hinoban_looks_total(?:\{[^}]*\})? ([0-9.eE+-]+)$", RegexOptions.Multiline)]
    private static partial Regex Looks();

    [GeneratedRegex(@"\b(error|critical|fail)\b:", RegexOptions.IgnoreCase)]
    private static partial Regex Bad();
}
