using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Lab.Servers;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Tests.Checks;
using Hinoban.Tests.Results;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Flow;

/// <summary>A real Prometheus takes what is sent on, and has every value when it is asked.</summary>
public sealed class RealPrometheusTests : IDisposable
{
    private const string Program = "/usr/bin/prometheus";

    private readonly TempFolder folder = new();
    private readonly CountingDoor desk = new();
    private readonly Moment start = new(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 3600), TimeSpan.FromDays(1));
    private readonly int port = Ports.Free();
    private Process? prometheus;

    public void Dispose()
    {
        if (prometheus is { HasExited: false })
        {
            prometheus.Kill();
            prometheus.WaitForExit();
        }

        prometheus?.Dispose();
        desk.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Every_value_is_there_once_and_what_came_late_is_counted()
    {
        Assert.SkipUnless(File.Exists(Program), "the package prometheus is not installed");
        await StartAsync();
        var random = new Random(1);
        var sent = new Dictionary<(string Series, long At), double>();
        for (var minute = 0; minute < 30; minute++)
        {
            var results = Enumerable.Range(1, 20).Select(i => Look(random, i, minute)).ToArray();
            await desk.AcceptAsync(Some.Batch(minute + 1, start, results), default);
            Expect(sent, results);
            if (minute % 5 == 0)
            {
                await PassAsync();
            }
        }

        var view = await PassAsync();
        Assert.Equal((600, 0, 0), (view.Sent, view.Dropped, view.Waiting));
        Assert.Equal(sent, await AskAsync());

        // The desk ended after the last answer and before it could note it: all of that batch goes again, and nothing is there twice.
        desk.Db.Write(tx => Dapper.SqlMapper.Execute(tx.Connection, "update sample_exports set sequence = sequence - 1", null, tx.Transaction));
        Assert.Equal(0, (await PassAsync()).Dropped);
        Assert.Equal(sent, await AskAsync());

        // What waited at a site is older than what Prometheus has; what is new beside it arrives all the same.
        var fresh = Look(random, 1, 40);
        await desk.AcceptAsync(Some.Batch(99, start, Look(random, 2, 3.5), fresh), default);
        Expect(sent, [fresh]);
        Assert.Equal(1, (await PassAsync()).Dropped);
        Assert.Equal(sent, await AskAsync());
    }

    private async Task<RemoteWriteView> PassAsync()
    {
        using var pump = new RemoteWritePump(
            desk.Db, new RemoteWriteLink(new RemoteWriteOptions(new Uri($"http://127.0.0.1:{port}/api/v1/write"), null, null, null), TimeProvider.System), Item, TimeProvider.System, NullLogger<RemoteWritePump>.Instance);
        Assert.Null(await pump.PassAsync(TestContext.Current.CancellationToken));
        return pump.View;
    }

    private CheckResult Look(Random random, int item, double minute)
    {
        var result = Some.Result(item, start + TimeSpan.FromMinutes(minute) + TimeSpan.FromMilliseconds(item), perfdata: FormattableString.Invariant($"time=0.{random.Next(1_000_000):000000}s;3;8 'größe 表'={random.NextDouble()}"));
        return result with { Took = TimeSpan.FromMicroseconds(random.Next(1, 9_999_999)) };
    }

    private static void Expect(Dictionary<(string, long), double> sent, CheckResult[] results)
    {
        foreach (var series in ExportNames.Series("tokyo", results.Select(Sample.Of), Item))
        {
            foreach (var (at, value) in series.Samples)
            {
                sent[(string.Join(' ', series.Labels.Select(l => $"{l.Name}={l.Value}")), at)] = value;
            }
        }
    }

    private async Task<Dictionary<(string Series, long At), double>> AskAsync()
    {
        using var http = new HttpClient();
        var query = Uri.EscapeDataString("{__name__=~\"hinoban_.*\"}[3h]");
        using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/api/v1/query?query={query}"), TestContext.Current.CancellationToken));
        return answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().SelectMany(series =>
        {
            var name = string.Join(' ', series.GetProperty("metric").EnumerateObject().OrderBy(l => l.Name, StringComparer.Ordinal).Select(l => $"{l.Name}={l.Value.GetString()}"));
            return series.GetProperty("values").EnumerateArray().Select(v => (
                Key: (name, (long)Math.Round(v[0].GetDouble() * 1000)), Value: double.Parse(v[1].GetString()!, CultureInfo.InvariantCulture)));
        }).ToDictionary(v => v.Key, v => v.Value);
    }

    private async Task StartAsync()
    {
        File.WriteAllText(Path.Combine(folder.Path, "prometheus.yml"), "global: {}\n");
        prometheus = Process.Start(new ProcessStartInfo(Program)
        {
            ArgumentList = { $"--config.file={folder.Path}/prometheus.yml", $"--storage.tsdb.path={folder.Path}/data", $"--web.listen-address=127.0.0.1:{port}", "--web.enable-remote-write-receiver" },
            RedirectStandardError = true,
        })!;
        while (await prometheus.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("ready to receive web requests", StringComparison.Ordinal))
        {
        }

        // It would stop at a full pipe.
        _ = prometheus.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private static ItemPlan Item(int id) => new(
        new ItemId(id), new CustomerId("sample-trading"), $"web{id}", "http", "192.0.2.1", new TcpLookPlan(80, null, null), TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(10), 2, TimeSpan.FromSeconds(15), [], null, 1, 1);
}
