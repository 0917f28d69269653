using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Hinoban.Basics;
using Hinoban.Lab.Servers;

namespace Hinoban.Acceptance.Scene;

/// <summary>
/// Many incidents at once while processes die all the time: ports of web01 open and close, each a problem of its own, an operator works
/// the runbook of its web server off again and again, and first every named crash point is died at so many times, then everybody is
/// killed at random.
/// </summary>
internal sealed class KillStorm(RealTown town, Random random)
{
    // Nothing is held to a time here: a desk that lives for seconds gets on slowly, on a busy machine even more so.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);
    private static readonly Milestone[] AtSites = [Milestone.LookEnded, Milestone.ResultSpooled, Milestone.BatchPosted];
    private static readonly string Hook = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "Hinoban.CrashHook", "debug", "Hinoban.CrashHook.dll"));

    private readonly ConcurrentBag<KillRound> rounds = [];
    private readonly ConcurrentDictionary<Milestone, int> hits = new();
    private readonly ConcurrentDictionary<string, int> kills = new();
    private readonly CancellationTokenSource calm = new();
    private volatile IReadOnlyList<JsonObject> open = [];
    private int lives;
    private volatile int looks;

    internal IReadOnlyDictionary<Milestone, int> Hits => hits;

    internal IReadOnlyDictionary<string, int> Kills => kills;

    /// <summary>The problems that were had, for the count.</summary>
    internal IReadOnlyCollection<KillRound> Rounds => rounds;

    /// <summary>Plays until every point was died at so often and so many were killed at random; then all are up again and every problem has ended.</summary>
    internal async Task PlayAsync(int each, int atRandom, Action<string> tell)
    {
        var watching = WatchAsync();
        var problems = town.Plugs.Select((plug, i) => DriveAsync($"plug{i + 1}", plug.Close, id => Task.FromResult(plug.Open), TimeSpan.FromSeconds(i * 0.7)))
            .Append(DriveAsync("http", town.Web.Stop, RespondAsync, TimeSpan.Zero)).ToList();
        await BesideAsync(problems, DieAtPointsAsync(each, tell));
        await BesideAsync(problems, KillAtRandomAsync(atRandom, tell));
        await calm.CancelAsync();
        await Task.WhenAll(problems);
        await watching;
        await town.QuietAsync();
    }

    // A driver that gave up is the finding; without its problems some points would be waited for in vain.
    private static async Task BesideAsync(IReadOnlyList<Task> problems, Task deaths)
    {
        var endless = Task.WhenAny(problems);
        if (await Task.WhenAny(deaths, endless) == endless)
        {
            await await endless;
            throw new InvalidOperationException("A driver ended before the storm did.");
        }

        await deaths;
    }

    // One life after the other, each armed with the point that is most in need; desk and first site side by side.
    private async Task DieAtPointsAsync(int each, Action<string> tell)
    {
        var points = Enum.GetValues<Milestone>();
        var desk = LiveAsync(town.Desk, [.. points.Except(AtSites)], each);
        var site = LiveAsync(town.Sites[0], AtSites, each);
        await Task.WhenAll(desk, site);
        tell($"crash points: {string.Join(", ", points.Select(p => $"{p} {hits.GetValueOrDefault(p)}"))}; {rounds.Count} problems ended so far");
    }

    private async Task LiveAsync(TownProcess process, Milestone[] points, int each)
    {
        await process.StopAsync();
        while (points.Where(p => hits.GetValueOrDefault(p) < each).OrderBy(p => hits.GetValueOrDefault(p)).FirstOrDefault(p => true, (Milestone)(-1)) is var point && (int)point >= 0)
        {
            var log = town.In(string.Create(CultureInfo.InvariantCulture, $"life-{process.Name}-{Interlocked.Increment(ref lives)}.log"));
            process.Start(new Dictionary<string, string>
            {
                ["DOTNET_STARTUP_HOOKS"] = Hook,
                ["HINOBAN_CRASH_AT"] = string.Create(CultureInfo.InvariantCulture, $"{point}:{Passes(point)}"),
                ["HINOBAN_CRASH_LOG"] = log,
            });
            await process.EndedAsync().WaitAsync(Patience);
            if (File.ReadLines(log).LastOrDefault() == $"killed {point}")
            {
                hits.AddOrUpdate(point, 1, (_, n) => n + 1);
            }

            File.Delete(log);
        }

        process.Start();
    }

    /// <summary>What is passed all the time dies now and then only, or nobody would get on.</summary>
    private int Passes(Milestone point)
    {
        lock (random)
        {
            return point switch
            {
                Milestone.StepStarted or Milestone.StepEnded => 1,
                Milestone.CommandCommitted or Milestone.DeliveryMarked or Milestone.MailDotSent or Milestone.MailAccepted or Milestone.DeliverySettled => random.Next(1, 5),
                _ => random.Next(1, 40),
            };
        }
    }

    private async Task KillAtRandomAsync(int count, Action<string> tell)
    {
        for (var killed = 1; killed <= count; killed++)
        {
            // Once in four times whatever it is at, its start too; else the desk has got up, or nothing would come of its problems.
            if (random.Next(4) > 0)
            {
                var before = looks;
                await Until.TrueAsync("the desk answers", Patience, () => looks != before);
            }

            await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 2), TimeProvider.System);
            var who = random.Next(20);
            if (who == 0)
            {
                kills.AddOrUpdate("postfix", 1, (_, n) => n + 1);
                await town.Postfix.KillAsync();
                await town.Postfix.StartAsync();
                continue;
            }

            var victim = who < 10 ? town.Desk : town.Sites[who % town.Sites.Count];
            kills.AddOrUpdate(victim.Name, 1, (_, n) => n + 1);
            await victim.CrashAsync();
            if (killed % 100 == 0)
            {
                tell($"{killed} random kills; {rounds.Count} problems ended so far");
            }
        }
    }

    // One problem after the other: broken, seen, mended, recovered, closed.
    private async Task DriveAsync(string service, Action breaks, Func<long, Task<Action>> respond, TimeSpan after)
    {
        await Task.Delay(after, TimeProvider.System);
        while (!calm.IsCancellationRequested)
        {
            breaks();
            var id = (await Until.FoundAsync($"an incident of {service}", Patience, () => Task.FromResult(
                open.FirstOrDefault(i => i.Word("service") == service && i["recovered_utc"] is null)))).Number("id");
            (await respond(id))();
            await Until.TrueAsync($"incident {id} of {service} has recovered", Patience, () =>
                open.FirstOrDefault(i => i.Number("id") == id) is { } row && row["recovered_utc"] is not null);
            await Until.TrueAsync($"incident {id} is closed", Patience, async () =>
                (await town.Client.PostAsync($"incidents/{id}/close", new JsonObject { ["reason"] = "told" })).Status == 200
                || (await town.Client.IncidentAsync(id)).Word("stage") == "closed");
            rounds.Add(new KillRound($"{service} {id}", id, 0));
            await Until.TrueAsync($"incident {id} has left the queue", Patience, () => open.All(i => i.Number("id") != id));
        }
    }

    private async Task<Action> RespondAsync(long id)
    {
        await new Operator(town, id, Patience).RespondAsync(() => { });
        return () => { };
    }

    // One pair of eyes for all drivers.
    private async Task WatchAsync()
    {
        while (!calm.IsCancellationRequested || open.Count > 0)
        {
            try
            {
                open = await town.Client.IncidentsAsync();
                looks++;
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException or IOException)
            {
                // Somebody is just being killed.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        }
    }
}
