using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hinoban.Lab.Servers;
using Hinoban.Storage;
using Hinoban.Tests.House;
using Hinoban.Tests.Storage;

namespace Hinoban.Tests.Server;

/// <summary>The real executable as a process: exit codes, what it prints, and how it stops.</summary>
public sealed class ExecutableTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-exe-").FullName;
    private readonly List<Process> running = [];

    public ExecutableTests() => File.WriteAllText(Path.Combine(folder, "spec.yaml"), """
        customer: sample-trading
        name: { ja: サンプル商事株式会社, en: Sample Trading }
        contract: MC-1
        language: en
        time_zone: Asia/Tokyo
        edition: 1
        mailing_list: { address: l@lists.example.jp, members: [ { name: A, mail: a@example.jp } ] }
        defaults: { interval: 5s, timeout: 3s, attempts: 2, retry: 1s }
        hosts: { web01: { address: 127.0.0.1, alive: none, checks: { http: { port: 9, crit: 2s } } } }
        """);

    public void Dispose()
    {
        foreach (var process in running)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }

            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("", 64, "Required command was not provided.")]
    [InlineData("fly", 64, "fly")]
    [InlineData("up --nonsense", 64, "--nonsense")]
    [InlineData("up --data", 64, "--data")]
    [InlineData("token", 64, "Required command was not provided.")]
    [InlineData("token add --data d --user ci", 64, "--role")]
    [InlineData("token add --data d --user ci --role boss", 64, "A role is one of sender, viewer, operator, lead, admin")]
    [InlineData("token add --data d --user Ci --role operator", 64, "An account name starts")]
    [InlineData("token add --data d --user ci --role viewer", 64, "A viewer or a sender needs the customer")]
    [InlineData("token add --user ci --role operator", 64, "--data: this is not set")]
    [InlineData("token revoke --data made hin_nothing", 1, "There is no such valid token")]
    [InlineData("token revoke --data d hin_nothing", 78, "There is no data folder ")]
    [InlineData("token list --data d", 78, "There is no data folder ")]
    [InlineData("token list --data .", 78, "there is no desk.db in it")]
    [InlineData("token add --data . --user ci --role operator", 0, "hin_")]
    [InlineData("account disable --data d --user sato", 78, "There is no data folder ")]
    [InlineData("site revoke --data d --name tokyo", 78, "There is no data folder ")]
    [InlineData("account password --data made --user nobody", 1, "There is no account 'nobody'")]
    [InlineData("account add --data d --user sato --role boss", 64, "A role is one of")]
    [InlineData("site key --data d --name Tokyo", 64, "Tokyo")]
    [InlineData("spec check missing.yaml", 78, "missing.yaml")]
    [InlineData("up", 78, "data: this is not set")]
    [InlineData("up", 78, "\n    hinoban up --data ./hinoban-data --specs ./specs\n")]
    [InlineData("up --data d", 78, "\n    hinoban up --data d --specs ./specs\n")]
    [InlineData("desk --specs spec.yaml", 78, "\n    hinoban desk --data ./hinoban-data --specs spec.yaml --listen https://0.0.0.0:8443\n")]
    [InlineData("site --name osaka", 78, "\n    hinoban site --name osaka --desk https://desk.example.jp:8443 --key ./tokyo.key --data ./tokyo-data\n")]
    [InlineData("desk --data d --specs missing.yaml", 78, "this is neither a file nor a folder")]
    [InlineData("up --data d --specs spec.yaml --listen ftp://x", 78, "--listen: this is not a URL")]
    [InlineData("up --data d --specs spec.yaml --data e", 78, "--data: only one value is possible")]
    [InlineData("up --data d --specs wrong.yaml --listen http://127.0.0.1:0", 78, "wrong.yaml:1:1:")]
    [InlineData("site --name tokyo --desk http://127.0.0.1:9 --key spec.yaml --data d", 78, "spec.yaml")]
    [InlineData("up --data torn --specs spec.yaml", 78, "hinoban.yaml:2:1: not readable as YAML")]
    [InlineData("up --data shut --specs spec.yaml --listen http://127.0.0.1:0", 78, "shut cannot be used: ")]
    [InlineData("up --data broken --specs spec.yaml --listen http://127.0.0.1:0", 78, "broken is broken (26 SQLite")]
    [InlineData("up --data d --specs spec.yaml --config sjis.yaml", 78, "sjis.yaml:2:11: not UTF-8, from here on")]
    [InlineData("up --data d --specs spec.yaml --listen http://127.0.0.1:0 --config bom.yaml", 78, "bom.yaml:3:1: nonsense: there is no such setting")]
    [InlineData("up --data d --specs spec.yaml --listen http://127.0.0.1:0 --config utf16.yaml", 78, "utf16.yaml:3:1: nonsense: there is no such setting")]
    [InlineData("spec check /dev/null", 78, "/dev/null:1:1: this is no regular file")]
    [InlineData("demo break --data d", 1, "No demo is running")]
    [InlineData("--help", 0, "hinoban [command]")]
    [InlineData("up --help", 0, "HINOBAN_SMTP")]
    [InlineData("up --data d --specs spec.yaml --config zone.yaml", 78, "not a time zone")]
    [InlineData("version", 0, "hinoban 0.")]
    [InlineData("--version", 0, "hinoban 0.")]
    [InlineData("spec check spec.yaml", 0, "ok: 1 customer")]
    [InlineData("account list --data made", 0, "")]
    public async Task Exit_codes_are_as_documented(string arguments, int code, string said)
    {
        File.WriteAllText(Path.Combine(folder, "wrong.yaml"), "customre: x\n");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "broken")).FullName, "desk.db"), new string('x', 5000));
        File.WriteAllBytes(Path.Combine(folder, "sjis.yaml"), [.. "language: en\nprovider: "u8, 0x93, 0x8c, .. "\n"u8]);
        foreach (var (name, encoding) in new[] { ("bom", Encoding.UTF8), ("utf16", Encoding.Unicode) })
        {
            File.WriteAllText(Path.Combine(folder, $"{name}.yaml"), "# 日本\r\nlanguage: en\r\nnonsense: 1\r\n", encoding);
        }

        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "torn")).FullName, "hinoban.yaml"), "smtp: [1,2\nfoo: bar\n");

        // A lock that nobody can open, whoever he is: as in a folder that may only be read.
        Directory.CreateDirectory(Path.Combine(folder, "shut", "in-use"));
        Db.OpenFile(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "made")).FullName, "desk.db"), SchemaKind.Desk).Dispose();
        File.WriteAllText(Path.Combine(folder, "zone.yaml"), "time_zone: Moon/Base\n");
        var (exit, output, error) = await RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(exit == code, $"{exit}: {output}{error}");
        Assert.True(code == 0 || !Directory.Exists(Path.Combine(folder, "d")) || arguments.StartsWith("up", StringComparison.Ordinal) || arguments.StartsWith("site --name", StringComparison.Ordinal), "a data folder was made by accident");
        Assert.Contains(said, output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_all_that_is_printed_and_works_while_the_desk_runs()
    {
        var desk = await StartAsync("up", "--data", "d", "--specs", "spec.yaml", "--listen", "http://127.0.0.1:0", "--smtp", "127.0.0.1:9");
        var (exit, output, _) = await RunAsync(["token", "add", "--data", "d", "--user", "ci", "--role", "operator"]);
        Assert.Equal(0, exit);
        Assert.Matches(@"\Ahin_\w{40}\n\z", output);

        using var http = new HttpClient { BaseAddress = desk.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", output.Trim());
        var sites = JsonDocument.Parse(await http.GetStringAsync("/api/v1/sites")).RootElement.GetProperty("sites");
        Assert.Equal(["osaka", "tokyo"], sites.EnumerateArray().Select(s => s.GetProperty("name").GetString()));
        Assert.Equal(0, (await RunAsync(["token", "revoke", "--data", "d", output[..12]])).Exit);
        Assert.Equal(401, (int)(await http.GetAsync("/api/v1/sites")).StatusCode);

        Assert.Contains(desk.Lines, l => l.Contains("one-time password", StringComparison.Ordinal));
        Assert.Equal(78, (await RunAsync(["up", "--data", "d", "--specs", "spec.yaml", "--listen", "http://127.0.0.1:0"])).Exit);
        await StopAsync(desk.Process);

        var again = await StartAsync("up", "--data", "d", "--specs", "spec.yaml", "--listen", "http://127.0.0.1:0");
        Assert.DoesNotContain(again.Lines, l => l.Contains("one-time password", StringComparison.Ordinal));
        Assert.Contains(again.Errors, l => l.Contains("admin has not changed its initial password yet. If it is lost: hinoban account password --data ", StringComparison.Ordinal));
        await StopAsync(again.Process);
    }

    [Fact]
    public async Task A_site_of_its_own_reaches_a_desk_whose_certificate_it_pins()
    {
        var desk = await StartAsync("desk", "--data", "d", "--specs", "spec.yaml", "--listen", "https://127.0.0.1:0", "--smtp", "127.0.0.1:9", "--sites", "tokyo");
        var fingerprint = desk.Lines.Single(l => l.StartsWith("SHA-256", StringComparison.Ordinal))[^64..];
        Assert.Equal(0, (await RunAsync(["site", "key", "--data", "d", "--name", "tokyo", "--out", "tokyo.key"])).Exit);
        Assert.Contains(fingerprint, File.ReadAllText(Path.Combine(folder, "tokyo.key")), StringComparison.Ordinal);
        var token = (await RunAsync(["token", "add", "--data", "d", "--user", "ci", "--role", "operator"])).Output.Trim();

        var site = Begin("site", "--name", "tokyo", "--desk", desk.Url.ToString(), "--key", "tokyo.key", "--data", "s");
        using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown!.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256).Equals(fingerprint, StringComparison.OrdinalIgnoreCase) }) { BaseAddress = desk.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await UntilAsync(async () => (await http.GetStringAsync("/api/v1/sites")).Contains("\"connected\":true,", StringComparison.Ordinal)
            && JsonDocument.Parse(await http.GetStringAsync("/api/v1/sites")).RootElement.GetProperty("sites")[0].GetProperty("looks_done").GetInt32() > 0);

        await StopAsync(site);
        await StopAsync(desk.Process);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        var (exit, _, error) = await RunAsync(["up", "--data", "d", "--specs", "spec.yaml", "--listen", $"http://127.0.0.1:{port}"]);
        Assert.Equal(78, exit);
        Assert.Contains($"Cannot listen on 127.0.0.1:{port}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);

        // The password of the first account is not used up by a start that nobody could see.
        var desk = await StartAsync("up", "--data", "d", "--specs", "spec.yaml", "--listen", "http://127.0.0.1:0");
        Assert.Contains(desk.Lines, l => l.Contains("account admin, one-time password", StringComparison.Ordinal));
        await StopAsync(desk.Process);
    }

    [Fact]
    public async Task Two_nodes_without_a_synchronous_standby_do_not_start()
    {
        using var database = new DeskDatabase(Engine.Server);
        File.WriteAllText(Path.Combine(folder, "connection"), database.Connection);
        File.WriteAllText(Path.Combine(folder, "nodes.yaml"), "database_file: connection\nnodes: 2\nnode: { name: east }\n");
        var (exit, output, error) = await RunAsync(["desk", "--data", "d", "--specs", "spec.yaml", "--listen", "http://127.0.0.1:0", "--smtp", "127.0.0.1:9", "--config", "nodes.yaml"]);
        Assert.True(exit == 78, $"{exit}: {output}{error}");
        Assert.Contains("Two desk nodes need a PostgreSQL with a synchronous standby. What is wrong: synchronous_standby_names is empty", error, StringComparison.Ordinal);
        Assert.Contains("no standby follows the server", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);

        // It never had the desk: one node alone may.
        using var dialect = database.Dialect();
        Assert.NotNull(DutyLease.Take(dialect, new DeskNode("west/2", "http://west"), TimeProvider.System, out _));
    }

    [Theory]
    [InlineData("in-use")]
    [InlineData("desk.db")]
    [InlineData("keys")]
    [InlineData("reserve")]
    public async Task A_stop_in_the_middle_of_a_start_is_a_stop(string made)
    {
        var process = Begin("up", "--data", "d", "--specs", "spec.yaml", "--listen", "http://127.0.0.1:0");
        var error = process.StandardError.ReadToEndAsync();
        var path = Path.Combine(folder, "d", made);
        using (var limit = new CancellationTokenSource(Patience, TimeProvider.System))
        using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2), TimeProvider.System))
        {
            while (!File.Exists(path) && !Directory.Exists(path))
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }

        await StopAsync(process);
        Assert.DoesNotContain("   at ", await error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_specification_is_checked_in_the_language_of_the_caller()
    {
        File.WriteAllText(Path.Combine(folder, "wrong.yaml"), "customre: x\n");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "broken")).FullName, "desk.db"), new string('x', 5000));
        File.WriteAllBytes(Path.Combine(folder, "sjis.yaml"), [.. "language: en\nprovider: "u8, 0x93, 0x8c, .. "\n"u8]);
        foreach (var (name, encoding) in new[] { ("bom", Encoding.UTF8), ("utf16", Encoding.Unicode) })
        {
            File.WriteAllText(Path.Combine(folder, $"{name}.yaml"), "# 日本\r\nlanguage: en\r\nnonsense: 1\r\n", encoding);
        }

        var process = Begin(("HINOBAN_LANGUAGE", "ja"), "spec", "check", "wrong.yaml", "spec.yaml");
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(78, process.ExitCode);
        Assert.Contains("wrong.yaml:1:1: `customre` はお客様の記述のキーではありません。`customer` ではありませんか\n", said, StringComparison.Ordinal);
        Assert.Contains("受け付けられません: 1ファイルに誤り3件、注意1件\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_specification_does_not_stop_a_desk_that_has_an_agreed_one()
    {
        await StopAsync((await StartAsync("up", "--data", "d", "--specs", "spec.yaml", "--listen", "http://127.0.0.1:0")).Process);
        File.AppendAllText(Path.Combine(folder, "spec.yaml"), "\nnonsense: 1\n");
        var desk = await StartAsync("up", "--data", "d", "--specs", "spec.yaml", "--listen", "http://127.0.0.1:0", "--log", "json");
        await StopAsync(desk.Process);
        var log = desk.Errors.Where(l => l.StartsWith('{')).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Contains(log, l => l.GetProperty("level").GetString() == "error" && l.GetProperty("message").GetString()!.Contains("spec.yaml:", StringComparison.Ordinal));
        Assert.Contains(log, l => l.GetProperty("event").GetString() == "StartsWithAgreed");
    }

    [Fact]
    public async Task The_demo_breaks_alerts_mends_and_leaves_nothing_behind()
    {
        if (NginxServer.Program is null)
        {
            Assert.Skip("nginx is not installed: ./dev test installs it");
        }

        var demo = await StartAsync("demo", "--data", "demo", "--listen", "http://127.0.0.1:0");
        using var http = new HttpClient { BaseAddress = demo.Url };
        var town = Path.Combine(folder, "demo", "town", "web01", "nginx.pid");
        await UntilAsync(async () => (await http.GetStringAsync("/metrics")).Contains("hinoban_items{severity=\"ok\"}", StringComparison.Ordinal));
        Assert.True(File.Exists(town));

        Assert.Equal(0, (await RunAsync(["demo", "break", "--data", "demo"])).Exit);
        Assert.False(File.Exists(town));
        await UntilAsync(async () => (await http.GetStringAsync("/demo/mailbox")).Contains("PROBLEM", StringComparison.Ordinal));
        Assert.Equal(0, (await RunAsync(["demo", "mend", "--data", "demo"])).Exit);
        await UntilAsync(async () => (await http.GetStringAsync("/demo/mailbox")).Contains("RECOVERY", StringComparison.Ordinal));
        Assert.Equal(403, (int)(await http.PostAsync("/demo/break", new FormUrlEncodedContent([new("secret", "guessed")]))).StatusCode);

        await StopAsync(demo.Process);
        Assert.False(File.Exists(town));
        Assert.False(Directory.Exists(Path.Combine(folder, "demo", "town", "sshd")));
        Assert.Equal(1, (await RunAsync(["demo", "break", "--data", "demo"])).Exit);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static async Task StopAsync(Process process)
    {
        using var kill = Process.Start("/bin/kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        Assert.Equal(0, process.ExitCode);
    }

    private Process Begin(params string[] arguments) => Begin(("LANG", "C.UTF-8"), arguments);

    private Process Begin((string Name, string Value) variable, params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.Path("artifacts", "bin", "Hinoban.Server", "debug", "hinoban"), arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var other in start.Environment.Keys.Where(k => k.StartsWith("HINOBAN_", StringComparison.Ordinal) || k.StartsWith("LC_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(other);
        }

        start.Environment["LANG"] = "C.UTF-8";
        start.Environment[variable.Name] = variable.Value;
        var process = Process.Start(start)!;
        running.Add(process);
        return process;
    }

    private async Task<(int Exit, string Output, string Error)> RunAsync(string[] arguments)
    {
        var process = Begin(arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience, TimeProvider.System);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts a server and returns when it listens.</summary>
    private async Task<(Process Process, Uri Url, List<string> Lines, List<string> Errors)> StartAsync(params string[] arguments)
    {
        var process = Begin(arguments);
        List<string> lines = [], errors = [];
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) => errors.Add(line.Data ?? "");
        process.OutputDataReceived += (_, line) =>
        {
            lines.Add(line.Data ?? "");
            if (lines[^1].Split(' ')[^1] is var word && word.StartsWith("http", StringComparison.Ordinal) && !word.EndsWith("demo", StringComparison.Ordinal) && !word.EndsWith("mailbox", StringComparison.Ordinal))
            {
                listening.TrySetResult(new Uri(word));
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Task.WhenAny(listening.Task, process.WaitForExitAsync()).WaitAsync(Patience, TimeProvider.System);
        Assert.True(listening.Task.IsCompleted, string.Join('\n', errors));

        // What follows the address (fingerprint, password) comes with the same flush.
        var url = await listening.Task;
        using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true });
        await UntilAsync(async () => (await http.GetAsync(new Uri(url, "/healthz"))).IsSuccessStatusCode);
        return (process, url, lines, errors);
    }
}
