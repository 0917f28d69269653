using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hinoban.Acceptance.Paths;

namespace Hinoban.Acceptance.Reload;

/// <summary>A start that fails.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_program_that_cannot_listen_has_looked_at_nothing_and_says_why_in_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var folder = Directory.CreateTempSubdirectory("hinoban-start-").FullName;
        var spec = Path.Combine(folder, "start.yaml");
        await File.WriteAllTextAsync(spec, """
            customer: start-trading
            mailing_list: { address: ops@example.test, members: [{ mail: tanaka@example.test }] }
            defaults: { interval: 1s, timeout: 1s }
            hosts: { web01: { address: 127.0.0.1, alive: none, checks: { gone: { kind: tcp, port: 1 } } } }
            """);
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var (exit, said) = await ProgramRun.RunAsync(
            "up", "--data", Path.Combine(folder, "data"), "--specs", spec, "--listen", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"), "--language", "en");
        Assert.Equal(78, exit);
        Assert.Contains($"127.0.0.1:{port}", said, StringComparison.Ordinal);
        Assert.DoesNotContain("runs plan", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
