using System.Globalization;
using Hinoban.Lab.Servers;

namespace Hinoban.Bench;

/// <summary>
/// HTTP checks of nginx through a site and a desk process, a new connection each: processor per 1,000 from schedule to stored sample, without the server's.
/// <c>http [PER_SECOND [SECONDS]]</c>.
/// </summary>
internal static class HttpBench
{
    private const int Interval = 10;

    internal static async Task<int> RunAsync(string[] args)
    {
        int Number(int at, int usual) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : usual;
        var (perSecond, seconds) = (Number(0, 2_000), Number(1, 60));
        var folder = Directory.CreateTempSubdirectory("hinoban-nginx-").FullName;
        var port = Ports.Free();
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), Configuration(folder, port));
        using (Caged.Start("nginx", null, _ => { }, "/usr/sbin/nginx", "-e", "stderr", "-p", folder, "-c", Path.Combine(folder, "nginx.conf")))
        {
            await MeasureAsync(perSecond, seconds, string.Create(CultureInfo.InvariantCulture, $"kind: http, port: {port}"));
        }

        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static async Task MeasureAsync(int perSecond, int seconds, string check)
    {
        var clock = TimeProvider.System;
        using var pair = new DeskAndSite();
        await pair.StartDeskAsync(new BenchLoad(perSecond * Interval, $"{Interval}s", check));
        await pair.StartSiteAsync();
        await Task.Delay(TimeSpan.FromSeconds(3 * Interval), clock);
        var (desk, site, looks, at) = (pair.Desk.Cpu, pair.Site.Cpu, await LooksAsync(), clock.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(seconds), clock);
        var done = await LooksAsync() - looks;
        var (d, s, took) = ((pair.Desk.Cpu - desk).TotalSeconds / done * 1000, (pair.Site.Cpu - site).TotalSeconds / done * 1000, clock.GetElapsedTime(at).TotalSeconds);
        var metrics = await pair.Page.ReadAsync();
        System.Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"http asked_per_s={perSecond} looks_per_s={done / took:0} cpu_s_per_1000={d + s:0.0000} site={s:0.0000} desk={d:0.0000} lateness_p99_ms={DeskPage.Of(metrics, "hinoban_lateness_p99_seconds") * 1000:0} open_incidents={DeskPage.Of(metrics, "hinoban_open_incidents"):0}"));

        Task<double> LooksAsync() => pair.Page.ReadAsync("hinoban_looks_total");
    }

    private static string Configuration(string folder, int port) => $$"""
        daemon off;
        worker_processes 1;
        pid {{folder}}/nginx.pid;
        events { worker_connections 4096; }
        http {
          access_log off;
          keepalive_timeout 0;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          server {
            listen 0.0.0.0:{{port}} backlog=4096;
            location / { return 200 "It works\n"; }
          }
        }
        """;
}
