using System.Diagnostics;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Checks.Via;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Lab.Servers;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Tests.Flow;
using Hinoban.Tests.Results;
using Hinoban.Tests.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>
/// A line in a log, from the specification to the mail: our own agent reads it, two sites ask for it by their own cursors, spools and a desk take it. Rotation, a killed agent
/// and a lost cursor lie in between.
/// </summary>
public sealed class RealLogTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();
    private readonly int port = Ports.Free();
    private readonly CustomerPlan plan;
    private readonly ItemPlan item;
    private readonly DeskBench desk;
    private readonly List<Site> sites = [];
    private Process? agent;

    public RealLogTests()
    {
        Assert.SkipUnless(File.Exists(Program), $"{Program} was not built");
        File.WriteAllText(Log, "Error: from before anybody looked\n");
        plan = SpecSamples.Plan(SpecSamples.Head + $$"""
            hosts:
              web01:
                address: 127.0.0.1
                agent: { port: {{port}} }
                checks:
                  app:
                    kind: log
                    file: {{Log}}
                    match: [{ name: oom, regex: "Out of memory", level: critical }, "Error"]
                    except: "Error: 0"
                    context: { before: 1 }
                    mask: { regex: ['order=\d+'] }
            """);
        item = SpecSamples.Item(plan, "web01/app");
        desk = new DeskBench(new DeskPlan(1, [plan]));
        sites.AddRange([new Site(folder, DeskBench.Tokyo), new Site(folder, DeskBench.Osaka)]);
        Start();
    }

    private static string Program => Path.Combine(SpecSamples.Root, "artifacts", "bin", "Hinoban.Agent", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "hinoban-agent");

    private string Log => folder.File("app.log");

    public void Dispose()
    {
        Kill();
        sites.ForEach(s => s.Dispose());
        desk.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_line_in_a_log_is_one_hit_one_incident_and_one_mail_whatever_happens_on_the_way()
    {
        await UntilAsync(async () => (await LookAsync(sites[0])).Status == CheckStatus.Ok, "the log is read");
        Write("all is well", "Error: 0 problems", "Error: order=4711 failed");
        await UntilAsync(async () => await HitsAsync(sites[0]) == 1, "the first hit");
        await LookAsync(sites[1]);
        var mail = Assert.Single(desk.Mails()).Mail;
        Assert.StartsWith("** PROBLEM Service Alert: web01/app is WARNING **", mail.Subject);
        Assert.Contains("  * Error: *** failed\n", mail.Body);
        Assert.Contains("    Error: 0 problems\n", mail.Body);
        Assert.DoesNotContain("4711", mail.Body);
        Assert.DoesNotContain("from before", mail.Body);

        // A rotation, lines on both sides of it, and an agent that is killed in between.
        Write("Error: last of the old file");
        File.Move(Log, Log + ".1");
        Kill();
        Write("Out of memory: first of the new file", "Error: and another", "Error: and another");
        Start();
        await UntilAsync(async () => await HitsAsync(sites[1]) == 5, "all of it, by the other site");
        await LookAsync(sites[0]);
        Assert.Equal(5, Hits);

        // The spool is lost, and with it the cursor: all is read again, and nothing is new.
        sites[0].Dispose();
        sites[0] = new Site(folder, DeskBench.Tokyo);
        await UntilAsync(async () => (await LookAsync(sites[0])).Log is { Hits.Count: 5 }, "all of it once more");
        Assert.Equal(5, Hits);
        var incident = Assert.Single(desk.Incidents());
        Assert.Equal((CheckStatus.Critical, true), (incident.Severity, incident.Facts.IsLog));
        Assert.Equal(5, desk.Queries.LogHits(DeskBench.All, item.Id, 100).Select(h => h.Hit.Identity).Distinct().Count());
        Assert.All(desk.Mails(), m => Assert.Equal(NoticeKind.Alert, m.Mail.Kind));
    }

    [Fact]
    public async Task A_log_that_is_not_there_is_the_items_own_state()
    {
        File.Delete(Log);
        await UntilAsync(async () => (await LookAsync(sites[0])).Status == CheckStatus.Unknown, "the log is missed");
        Assert.Contains("app.log", (await LookAsync(sites[0])).Output);
        Assert.Empty(desk.Incidents());
    }

    private int Hits => desk.Incidents().Single().Log.Hits;

    private void Write(params string[] lines) => File.AppendAllLines(Log, lines);

    private async Task<int> HitsAsync(Site site)
    {
        await LookAsync(site);
        return desk.Incidents() is [var one] ? one.Log.Hits : 0;
    }

    // As a site does it: what was read is in the spool before the cursor moves, and goes to the desk from there.
    private async Task<LookAnswer> LookAsync(Site site)
    {
        var answer = await site.Looks.LookAsync(item, CheckItems.Long, default);
        var now = Moment.Of(TimeProvider.System);
        await site.Spool.Spool.AddAsync(new CheckResult(item.Id, 1, LookCause.Scheduled, 0, 1, now.Utc, now.Mono, TimeSpan.Zero, answer));
        var batch = site.Spool.Spool.Next()!;
        var sent = batch.Sent(site.Name, site.Spool.Spool.Epoch, Moment.Of(TimeProvider.System), [], Some.Health);
        desk.Accept(BatchCodec.Read(BatchCodec.Write(sent)));
        site.Spool.Spool.Note(new BatchReceipt(sent.Epoch, sent.Sequence));
        return answer;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"not seen: {what}");
        }
    }

    private void Start()
    {
        var terms = new AgentTerms(["127.0.0.1"], [.. sites.Select(s => s.Certificate.Fingerprint)]);
        File.WriteAllText(folder.File("agent.json"), AgentConfig.Json(AgentConfig.Items(plan, "web01", Via.Agent), port, terms).Replace("\"v\": 1,", $"\"v\": 1, \"data\": \"{folder.File("journal")}\",", StringComparison.Ordinal));
        using (var run = Process.Start(new ProcessStartInfo(Program, ["--config", folder.File("agent.json"), "certificate"]) { RedirectStandardOutput = true })!)
        {
            run.WaitForExit();
        }

        agent = Process.Start(Program, ["--config", folder.File("agent.json"), "serve"]);
        Assert.True(Pids.WaitUntil(() => Ports.Listens(port), TimeSpan.FromSeconds(30)), "the agent does not listen");
    }

    private void Kill()
    {
        agent?.Kill();
        agent?.WaitForExit();
        agent?.Dispose();
        agent = null;
    }

    private sealed class Site : IDisposable
    {
        internal Site(TempFolder folder, SiteName name)
        {
            Name = name;
            Certificate = SiteCertificate.Open(Directory.CreateDirectory(folder.File(name.Value)).FullName, name.Value, TimeProvider.System);
            Spool = new SpoolFile(TimeProvider.System);
            Looks = new Looks(PluginOptions.Default, TimeProvider.System, new ViaOptions(Certificate, null) { LogCursor = Spool.Spool.LogCursor });
        }

        internal SiteName Name { get; }

        internal SiteCertificate Certificate { get; }

        internal SpoolFile Spool { get; }

        internal Looks Looks { get; }

        public void Dispose()
        {
            Looks.Dispose();
            Certificate.Dispose();
            Spool.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
