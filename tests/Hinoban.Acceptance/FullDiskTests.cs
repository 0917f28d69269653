using System.Diagnostics;
using Hinoban.Acceptance.Scene;

namespace Hinoban.Acceptance;

/// <summary>The sites' disks are full, or a spool is garbage: alerts go out all the same, and the desk says what is wrong.</summary>
[Collection(TownStories.Name)]
public sealed class FullDiskTests
{
    [Fact]
    public Task An_alert_goes_out_while_every_sites_disk_is_full()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can mount a file system to fill");
        return RealTown.PlayAsync(async town =>
        {
            foreach (var site in town.Sites)
            {
                await site.StopAsync();
                await RunAsync("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", town.In(site.Name));
            }

            try
            {
                town.Sites.ToList().ForEach(site => site.Start());
                var started = TimeProvider.System.GetUtcNow();
                await SitesAsync(town, "both sites are back", s => s["last_heard_utc"]!.GetValue<DateTimeOffset>() > started && s.Number("looks_done") > 0);
                await town.QuietAsync();
                town.Sites.ToList().ForEach(site => Fill(Path.Combine(town.In(site.Name), "ballast")));
                await SitesAsync(town, "both sites say that they cannot keep results", s => s["not_kept_since_utc"] is not null && s.Number("not_kept") > 0);

                // One site as it was, one that a supervisor starts on its full disk.
                await town.Sites[0].StopAsync();
                town.Sites[0].Start();
                town.Web.Stop();
                var id = (await town.IncidentAsync("web01", "http")).Number("id");
                await town.WhenAsync(id, "the alert is out", i => RealTown.AllAccepted(i, "alert"));
                await SitesAsync(town, "the disks are still full", s => s["not_kept_since_utc"] is not null);
                Assert.InRange(File.ReadAllText(town.Desk.LogFile).Split("cannot keep results, since").Length - 1, 2, 3);

                town.Sites.ToList().ForEach(site => File.Delete(Path.Combine(town.In(site.Name), "ballast")));
                await town.Sites[0].StopAsync();
                town.Sites[0].Start();
                town.Web.Start();
                await town.WhenAsync(id, "the recovery is out", i => RealTown.AllAccepted(i, "recovery"));
                await SitesAsync(town, "both sites keep results again", s => s["not_kept_since_utc"] is null && s.Number("spool_backlog") == 0);
            }
            finally
            {
                foreach (var site in town.Sites)
                {
                    await RunAsync("umount", "-l", town.In(site.Name));
                }
            }
        });
    }

    [Fact]
    public Task A_site_whose_spool_is_garbage_sets_it_aside_and_looks_on() => RealTown.PlayAsync(async town =>
    {
        var site = town.Sites[0];
        await site.StopAsync();
        var garbage = new byte[65_536];
        new Random(7).NextBytes(garbage);
        await File.WriteAllBytesAsync(Path.Combine(town.In(site.Name), "site.db"), garbage);
        site.Start();
        await Until.TrueAsync("the desk knows of the broken spool", RealTown.Patience, async () =>
            (await town.Client.GetAsync("sites")).List("sites").Count(s => s["spool_broken_utc"] is not null) == 1);
        await town.QuietAsync();
        Assert.Equal(garbage, await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(town.In(site.Name), "site.db.broken-*"))));
        Assert.Contains("was set aside as", File.ReadAllText(site.LogFile), StringComparison.Ordinal);

        town.Web.Stop();
        var id = (await town.IncidentAsync("web01", "http")).Number("id");
        await town.WhenAsync(id, "the alert is out", i => RealTown.AllAccepted(i, "alert"));
        Assert.Equal(0, await site.StopAsync());
    });

    private static Task SitesAsync(RealTown town, string what, Func<System.Text.Json.Nodes.JsonNode, bool> holds) =>
        Until.TrueAsync(what, RealTown.Patience, async () => (await town.Client.GetAsync("sites")).List("sites").All(s => holds(s)));

    private static void Fill(string path)
    {
        using var ballast = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        try
        {
            while (true)
            {
                ballast.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
