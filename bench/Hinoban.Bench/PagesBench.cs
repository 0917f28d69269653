using System.Globalization;
using System.Net;
using Hinoban.Basics;
using Hinoban.Console;
using Hinoban.Console.Shell;
using Hinoban.Flow;
using Hinoban.People;
using Hinoban.Server;
using Hinoban.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hinoban.Bench;

/// <summary>
/// What the console's pages cost amid a storm, and with charts of 20 services over 13 months, over a real web server: processor time (of server and client together) and bytes allocated for each, once the program is warm and for the first time.
/// </summary>
internal static class PagesBench
{
    private const int Times = 60;

    internal static async Task<int> RunAsync()
    {
        using var storm = StormBench.Amid(hosts: 500);
        var incident = storm.Queries.Incidents(Scope.Across("bench")).MaxBy(i => i.Joined)!;
        await OfAsync(storm.Db, storm.Queries, ["/", $"/incidents/{incident.Id}", "/hosts", "/hosts?problems=on", "/hosts/bench/h17", "/sites", "/strip", $"/incidents/{incident.Id}/all?of=together&q=-17"]);
        using var charts = new ChartDesk();
        await OfAsync(charts.Db, charts.Queries, [.. new[] { "24h", "7d", "35d", "13m" }.SelectMany(range => new[] { $"/hosts/bench/h1?range={range}", $"/hosts/bench/h1/s1?range={range}" })]);
        return 0;
    }

    private static async Task OfAsync(Db db, IDeskQueries queries, IReadOnlyList<string> paths)
    {
        var folder = Directory.CreateTempSubdirectory("hinoban-pages-").FullName;
        await using var app = Build(db, queries, Path.Combine(folder, "keys"));
        await app.StartAsync();
        app.Services.GetRequiredService<Accounts>().Add("sato", "Sato", Role.Lead, null, "a long password", Moment.Of(TimeProvider.System), "bench");
        using var http = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        var form = await http.GetStringAsync(new Uri("/login", UriKind.Relative));
        var key = System.Text.RegularExpressions.Regex.Match(form, "__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        using var fields = new FormUrlEncodedContent([new("name", "sato"), new("password", "a long password"), new("__RequestVerificationToken", WebUtility.HtmlDecode(key))]);
        (await http.PostAsync(new Uri("/login", UriKind.Relative), fields)).EnsureSuccessStatusCode();
        foreach (var path in paths)
        {
            await SayAsync(http, path);
        }

        await app.StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task SayAsync(HttpClient http, string path)
    {
        var first = await CpuAsync(() => http.GetStringAsync(new Uri(path, UriKind.Relative)));
        for (var i = 0; i < Times; i++)
        {
            await http.GetStringAsync(new Uri(path, UriKind.Relative));
        }

        var (before, length) = (GC.GetTotalAllocatedBytes(precise: true), 0);
        var warm = await CpuAsync(async () =>
        {
            for (var i = 0; i < Times; i++)
            {
                length = (await http.GetStringAsync(new Uri(path, UriKind.Relative))).Length;
            }
        });
        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {path,-34} first {first,7:0.0} ms CPU, warm {warm / Times,6:0.0} ms CPU, {(GC.GetTotalAllocatedBytes(precise: true) - before) / Times / 1024,6} KiB; {length / 1024,5} K characters"));
    }

    private static async Task<double> CpuAsync(Func<Task> act)
    {
        var before = Environment.CpuUsage.TotalTime;
        await act();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }

    private static WebApplication Build(Db db, IDeskQueries queries, string keys)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrel(k => k.Listen(IPAddress.Loopback, 0));
        KeyRing.AddServices(builder.Services, keys);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(db);
        builder.Services.AddSingleton<Accounts>();
        builder.Services.AddSingleton(queries);
        builder.Services.AddSingleton<IDeskCommands>(_ => throw new NotSupportedException());
        builder.Services.AddSingleton<IDeskChanges>(new DeskChanges());
        builder.Services.AddAuthentication(Viewer.Scheme).AddCookie(Viewer.Scheme);
        builder.Services.AddConsole(TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"));
        var built = builder.Build();
        built.UseConsoleRouting();
        built.MapConsole();
        return built;
    }
}
