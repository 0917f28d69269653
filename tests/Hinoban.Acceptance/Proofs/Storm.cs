using System.Globalization;
using System.Text.Json.Nodes;
using Hinoban.Acceptance.Scene;

namespace Hinoban.Acceptance.Proofs;

/// <summary>
/// <c>./dev proof storm</c>: 10,000 services on 2,000 hosts fail in one moment for five causes, and two more for none that anybody shares. One incident and one first mail for each, the
/// mail within 10 s of the verdict; pages and actions of the console under 200 ms meanwhile; one recovery each; every mail settles.
/// </summary>
[Collection(TownStories.Name)]
public sealed class Storm(ITestOutputHelper output)
{
    private const double MostWait = 200;
    private static readonly TimeSpan FirstMailWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    // To try it on a small machine: that many times fewer hosts.
    private static readonly int Fewer = int.TryParse(Environment.GetEnvironmentVariable("STORM_FEWER"), out var times) ? times : 1;

    private static readonly StormCause[] Causes =
    [
        new("storm-a", "idc", 800 / Fewer, 5, "idc-east", "127.20"),
        new("storm-a", "cloud", 400 / Fewer, 5, "cloud-west", "127.21"),
        new("storm-b", "net", 200 / Fewer, 5, "", "127.30"),
        new("storm-b", "lan", 200 / Fewer, 5, "", "127.31"),
        new("storm-b", "router", 400 / Fewer, 5, "", "127.40", Router: true),
        new("storm-a", "lone", 1, 1, "", "127.50"),
        new("storm-b", "apart", 1, 1, "", "127.51"),
    ];

    [Fact(Explicit = true)]
    public async Task Ten_thousand_services_fail_at_once()
    {
        await using var town = await StormTown.StartAsync(Causes, TimeSpan.FromSeconds(60));
        try
        {
            await PlayAsync(town);
        }
        catch
        {
            town.Tell();
            throw;
        }
    }

    private async Task PlayAsync(StormTown town)
    {
        var shift = new StormShift(town);
        await shift.BeginAsync();
        Say($"{town.Targets.Services} services on {Causes.Sum(c => c.Hosts)} hosts, all looked at by both sites; load {(await File.ReadAllTextAsync("/proc/loadavg")).Trim()}");
        var failed = TimeProvider.System.GetUtcNow();
        town.Targets.Fail();
        await Until.TrueAsync("every host that failed belongs to an incident", Patience, async () => Covered(await town.Client.IncidentsAsync()) >= Causes.Sum(c => c.Hosts + (c.Router ? 1 : 0)));
        var down = TimeProvider.System.GetUtcNow();
        await town.WaitAsync(TimeSpan.FromSeconds(20));
        var during = await town.IncidentsAsync();
        town.Targets.Mend();
        var mended = TimeProvider.System.GetUtcNow();
        await Until.TrueAsync("every incident has recovered and every mail is settled", Patience, async () => (await town.IncidentsAsync()).All(i => i["recovered_utc"] is not null && Settled(i)));
        var over = TimeProvider.System.GetUtcNow();
        var times = await shift.EndAsync();
        var after = await town.IncidentsAsync();

        Say($"all in incidents {(down - failed).TotalSeconds:0} s after the fault; all recovered, all mails settled {(over - mended).TotalSeconds:0} s after its end; load {(await File.ReadAllTextAsync("/proc/loadavg")).Trim()}");
        after.ToList().ForEach(i => Say($"{i.Word("host")}/{i.Word("service")}: {i.Number("joined")} joined, {i.Number("unreachable")} unreachable; verdict {(i.Instant("opened_utc") - failed).TotalSeconds:0.0} s after the fault, first mail accepted {FirstMail(i).TotalSeconds:0.00} s after it; mails: {string.Join(", ", i.List("mails").CountBy(m => m.Word("kind")).Select(k => $"{k.Value} {k.Key}"))}"));
        foreach (var (what, list) in times.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            Say($"{what,-22} {list.Count,5} times  median {list[list.Count / 2],6:0} ms  p99 {At(list, 0.99),6:0} ms  most {list[^1],6:0} ms");
        }

        Judge(town, during, after, shift);
        await CloseAsync(town, after);
        Assert.All(times, t => Assert.True(At(t.Value, 0.99) < MostWait, $"{t.Key}: p99 {At(t.Value, 0.99):0} ms"));
    }

    private static void Judge(StormTown town, IReadOnlyList<JsonObject> during, IReadOnlyList<JsonObject> after, StormShift shift)
    {
        Assert.Equal(Causes.Select(c => c.Name).Order(StringComparer.Ordinal), after.Select(i => i.Word("host").Split('-')[0]).Order(StringComparer.Ordinal));
        Assert.Equal(during.Select(i => i.Number("id")), after.Select(i => i.Number("id")));
        Assert.All(after, i =>
        {
            Assert.True(FirstMail(i) <= FirstMailWithin, $"{i.Word("host")}: first mail {FirstMail(i)} after the verdict");
            Assert.Single(i.Mails("alert"));
            Assert.Single(i.Mails("recovery"));
        });
        foreach (var customer in Causes.Select(c => c.Customer).Distinct())
        {
            Assert.Equal(
                after.Where(i => i.Word("customer") == customer).SelectMany(i => i.List("mails")).Select(m => m.Word("message_id")).Order(StringComparer.Ordinal),
                town.Mailbox(customer).Select(m => m.MessageId).Where(id => !DeliveredMail.IsOwn(id)).Order(StringComparer.Ordinal));
        }

        Assert.Empty(shift.Refused);
        Assert.Empty(town.Errors);
    }

    private static async Task CloseAsync(StormTown town, IReadOnlyList<JsonObject> after)
    {
        // Whoever looked again last may still wait for the answer: until then nobody closes it.
        foreach (var id in after.Select(i => i.Number("id")))
        {
            await Until.TrueAsync($"incident {id} is closed", TimeSpan.FromMinutes(2), async () =>
                (await town.Client.PostAsync($"incidents/{id}/close", new JsonObject { ["reason"] = "the storm is over" })).Status == 200);
        }

        Assert.Empty(await town.Client.IncidentsAsync());
    }

    // Hosts by the incident that is their own or that they belong to; a lone service counts as its host.
    private static long Covered(IReadOnlyList<JsonObject> open) => open.Where(i => i["recovered_utc"] is null).Sum(i => 1 + i.Number("joined") + i.Number("unreachable"));

    private static bool Settled(JsonObject incident) => incident.Mails("recovery").Count > 0 && incident.List("mails").All(m => m.List("deliveries").All(d => d.Word("state") == "accepted"));

    private static TimeSpan FirstMail(JsonObject incident) => incident.Events("delivery").Where(e => e.Word("kind") == "alert").Min(e => e.Instant("at_utc")) - incident.Instant("opened_utc");

    private static double At(List<double> sorted, double part) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * part))];

    private void Say(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
