using System.Text.Json.Nodes;
using Hinoban.Acceptance.Scene;
using Hinoban.Basics;
using Hinoban.Lab.Servers;
using Hinoban.Specs;
using Hinoban.States;
using Npgsql;

namespace Hinoban.Acceptance.Proofs;

/// <summary>
/// <c>./dev proof failover</c>: the PostgreSQL primary dies by kill -9 while results, incidents, mails and people's notes are under way, and its
/// synchronous standby is promoted. Nothing that was acknowledged is lost, every mail is settled and comes once, and a fault of that very moment is mailed
/// within its detection bound and 30 s.
/// </summary>
[Collection(TownStories.Name)]
public sealed class Failover
{
    private const int Services = 40;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private readonly Dictionary<Moment, Came> came = [];

    /// <summary>At which moment the primary dies.</summary>
    public enum Moment
    {
        /// <summary>The fault begins as the primary dies: the bound runs from here.</summary>
        AtTheFault,

        /// <summary>Some incidents are open, their mails under way.</summary>
        AmidAlerts,

        /// <summary>The relay has taken some of the mails.</summary>
        AmidMails,

        /// <summary>The services work again, recoveries are under way.</summary>
        AmidRecoveries,
    }

    [Fact(Explicit = true)]
    public async Task Nothing_is_lost()
    {
        var moments = Enum.GetValues<Moment>();
        foreach (var moment in moments)
        {
            await PlayAsync(moment);
        }

        var all = came.Select(c => c.Value).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"{came.Count} of {moments.Length} moments: deliveries wanted {all.Sum(c => c.Tally.Wanted)}, lost {all.Sum(c => c.Tally.Lost)}, twice {all.Sum(c => c.Tally.Twice)}; notes acknowledged {all.Sum(c => c.Notes)}, lost 0; slowest promotion {all.Max(c => c.Promoted.TotalSeconds):0.0} s; last alert of a fault at most {came.Where(c => c.Key != Moment.AmidRecoveries).Max(c => c.Value.Told.TotalSeconds):0.0} s after it, promised {(Bound + Grace).TotalSeconds:0} s"));
        Assert.Equal(moments, came.Keys.Order());
    }

    private Task PlayAsync(Moment moment) => RealTown.PlayAsync(
        async town =>
        {
            var notes = new NoteTaker(town, await FirstIncidentAsync(town));
            var writing = notes.RunAsync();
            var fault = TimeProvider.System.GetTimestamp();
            town.Web.Stop();
            if (moment != Moment.AtTheFault)
            {
                await ReachedAsync(town, moment);
            }

            var killed = TimeProvider.System.GetTimestamp();
            await town.Database.FailOverAsync();
            var promoted = TimeProvider.System.GetElapsedTime(killed);
            await Until.TrueAsync("every service's alert is with the relay", RealTown.Patience, async () => await ToldAsync(town, "alert"));
            var told = TimeProvider.System.GetElapsedTime(fault);
            TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
                $"{moment}: killed {TimeProvider.System.GetElapsedTime(fault, killed).TotalSeconds:0.0} s after the fault, promoted within {promoted.TotalSeconds:0.0} s, the last of {Services} alerts accepted {told.TotalSeconds:0.0} s after the fault (bound {Bound.TotalSeconds:0} s + {Grace.TotalSeconds:0} s)"));
            if (moment != Moment.AmidRecoveries)
            {
                Assert.InRange(told, TimeSpan.Zero, Bound + Grace);
                town.Web.Start();
            }

            await Until.TrueAsync("every service's recovery is with the relay", RealTown.Patience, async () => await ToldAsync(town, "recovery"));
            await notes.StopAsync(writing);
            came[moment] = new Came(promoted, told, notes.Acknowledged.Count, await CountAsync(town, notes));
        },
        twoDesks: true,
        specification: Specification);

    // Before the fault that is counted: somebody works on an incident, and has been told of it.
    private static async Task<long> FirstIncidentAsync(RealTown town)
    {
        town.Web.Stop();
        await Until.TrueAsync("an incident of each service", RealTown.Patience, async () => (await town.Client.IncidentsAsync()).Count == Services);
        var id = (await town.Client.IncidentsAsync())[0].Number("id");
        town.Web.Start();
        await town.QuietAsync();
        await Until.TrueAsync("all is told", RealTown.Patience, async () => (await AllAsync(town)).All(i => i["recovered_utc"] is not null && RealTown.AllAccepted(i, "alert") && RealTown.AllAccepted(i, "recovery")));
        return id;
    }

    private static async Task ReachedAsync(RealTown town, Moment moment)
    {
        if (moment == Moment.AmidRecoveries)
        {
            await Until.TrueAsync("every service's alert is with the relay", RealTown.Patience, async () => await ToldAsync(town, "alert"));
            town.Web.Start();
            await Until.TrueAsync("a service has recovered", RealTown.Patience, async () => (await NewAsync(town)).Any(i => i["recovered_utc"] is not null));
            return;
        }

        await Until.TrueAsync("incidents are open", RealTown.Patience, async () => (await town.Client.IncidentsAsync()).Count(i => i["recovered_utc"] is null) > Services / 8);
        if (moment == Moment.AmidMails)
        {
            var before = town.Mailbox(TownSpec.Desk).Count;
            await Until.TrueAsync("the relay has taken some", RealTown.Patience, () => town.Mailbox(TownSpec.Desk).Count > before);
        }
    }

    /// <summary>Every service fails in one of the newest incidents, as its own or attached, and all mails of this kind are accepted.</summary>
    private static async Task<bool> ToldAsync(RealTown town, string kind)
    {
        var incidents = await NewAsync(town);
        return incidents.Count == Services && incidents.All(i => RealTown.AllAccepted(i, kind));
    }

    private static async Task<IReadOnlyList<JsonObject>> AllAsync(RealTown town)
    {
        var rows = (await town.Client.IncidentsAsync()).Concat(await town.Client.IncidentsAsync("closed")).ToList();
        return await Task.WhenAll(rows.Select(r => town.Client.IncidentAsync(r.Number("id"))));
    }

    // Each service's second problem: the first was before the fault that is counted.
    private static async Task<IReadOnlyList<JsonObject>> NewAsync(RealTown town) =>
        [.. (await AllAsync(town)).GroupBy(i => $"{i.Word("host")}/{i.Word("service")}").Where(g => g.Count() > 1).Select(g => g.MaxBy(i => i.Number("id"))!)];

    private static async Task<KillTally> CountAsync(RealTown town, NoteTaker notes)
    {
        var tally = new KillTally();
        var wrong = new List<string>();
        var incidents = await AllAsync(town);
        foreach (var mail in incidents.SelectMany(i => i.List("mails").Select(m => (Incident: i, Mail: m))))
        {
            wrong.AddRange(TownSpec.Members.Select(m => KillStory.Count(mail.Incident, mail.Mail, m, town.Mailbox(m).Count(d => d.MessageId == mail.Mail.Word("message_id")), tally)).OfType<string>());
        }

        wrong.AddRange(incidents.Where(i => i.Mails("alert").Count != 1 || i.Mails("recovery").Count != 1).Select(i => $"{i.Word("number")}: {i.Mails("alert").Count} alerts, {i.Mails("recovery").Count} recoveries"));
        var kept = (await town.Client.IncidentAsync(notes.Incident)).Events("note").Select(n => n.Word("text")).ToHashSet();
        wrong.AddRange(notes.Acknowledged.Where(n => !kept.Contains(n)).Select(n => $"the note {n} was acknowledged and is lost"));
        await using var connection = new NpgsqlConnection(town.Database.Standby.Connection("hinoban"));
        await connection.OpenAsync();
        await using var gaps = new NpgsqlCommand("select coalesce(sum(gaps), 0)::bigint from sites", connection);
        var missing = (long)(await gaps.ExecuteScalarAsync())!;
        TestContext.Current.TestOutputHelper?.WriteLine($"{tally}; notes acknowledged {notes.Acknowledged.Count}; batches missing {missing}");
        Assert.Empty(wrong);
        Assert.Equal(0, tally.Lost);
        Assert.Equal(0, missing);
        Assert.True(notes.Acknowledged.Count > 10);
        return tally;
    }

    private static TimeSpan Bound { get; } = DetectionBound.Sum(DetectionBound.Of(Item(), FaultForm.Refused));

    private static ItemPlan Item() => PlanBuilder.Preview(SpecReader.ReadFiles([new SpecFile("spec.yaml", Specification(80))], SpecOptions.AnySite).Customers[0], [new SiteName("tokyo"), new SiteName("osaka")])
        .Hosts[0].All.First();

    private static string Specification(RealTown town) => Specification(town.WebPort);

    private static string Specification(int port) => $$"""
        customer: sample-trading
        name: { ja: サンプル商事, en: Sample Trading }
        sites: [tokyo, osaka]
        mailing_list:
          address: {{TownSpec.ListAddress}}
          members:
            - { name: 田中 一郎, mail: tanaka@{{PostfixServer.MailDomain}} }
            - { name: 山本 花子, mail: yamamoto@{{PostfixServer.MailDomain}} }
            - { desk: true }
        defaults: { interval: 4s, timeout: 4s, attempts: 2, retry: 1s }
        hosts:
        {{string.Join('\n', Enumerable.Range(1, Services).Select(i => $"  web{i:00}: {{ address: 127.0.0.1, alive: none, checks: {{ port: {{ kind: tcp, port: {port} }} }} }}"))}}

        """;

    /// <summary>What a failover came to.</summary>
    private sealed record Came(TimeSpan Promoted, TimeSpan Told, int Notes, KillTally Tally);

    /// <summary>Writes notes one after the other, and remembers those that the desk has acknowledged.</summary>
    private sealed class NoteTaker(RealTown town, long incident)
    {
        private readonly List<string> acknowledged = [];
        private volatile bool enough;

        internal long Incident => incident;

        internal IReadOnlyList<string> Acknowledged => acknowledged;

        internal async Task RunAsync()
        {
            for (var number = 1; !enough; number++)
            {
                var text = $"note {number}";
                try
                {
                    var (status, _) = await town.Client.PostAsync($"incidents/{incident}/notes", new JsonObject { ["text"] = text });
                    if (status is >= 200 and < 300)
                    {
                        acknowledged.Add(text);
                    }
                }
                catch (HttpRequestException)
                {
                    // Not acknowledged; the next one.
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }

        internal Task StopAsync(Task writing)
        {
            enough = true;
            return writing;
        }
    }
}
