using System.Text.Json.Nodes;

namespace Hinoban.Acceptance.Scene;

/// <summary>What one story with deaths in it left behind.</summary>
internal sealed record KillRound(string Name, long Incident, int Unknown);

/// <summary>
/// Alert, claim, first response and recovery while processes die; afterwards counts what reached the maildirs. Lost: a member lacks a mail of
/// an incident. Double: a member has one twice; explained if the incident's record says possibly twice.
/// </summary>
internal sealed class KillStory(RealTown town)
{
    // Restarts, look-ups (10 s each) and the pauses of the relay's line add up.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly List<KillRound> rounds = [];

    internal async Task<KillRound> PlayAsync(string name, IDeaths deaths)
    {
        await deaths.ArmAsync();
        deaths.AlertBegins();
        town.Web.Stop();
        var id = (await town.IncidentAsync("web01", "http")).Number("id");
        var person = new Operator(town, id);
        await person.RespondAsync(deaths.MendingBegins);
        await town.WhenAsync(id, "recovered and all mails settled", i => i["recovered_utc"] is not null && RealTown.AllAccepted(i, "alert") && RealTown.AllAccepted(i, "recovery"), Patience);
        await deaths.EndAsync();
        await town.QuietAsync();
        await Until.TrueAsync($"incident {id} is closed", RealTown.Patience, async () =>
            (await town.Client.PostAsync($"incidents/{id}/close", new JsonObject { ["reason"] = "told" })).Status == 200
            || (await town.Client.IncidentAsync(id)).Word("stage") == "closed");
        var round = new KillRound(name, id, person.Unknown);
        rounds.Add(round);
        return round;
    }

    /// <summary>An incident that was played elsewhere is counted too.</summary>
    internal void Add(KillRound round) => rounds.Add(round);

    /// <summary>Counts over all rounds, and says what is wrong; empty if nothing is.</summary>
    internal async Task<(KillTally Tally, IReadOnlyList<string> Wrong)> CountAsync()
    {
        await town.Postfix.UntilAsync(TownSpec.Members[^1], rounds.Count * 2, RealTown.Patience);
        var delivered = TownSpec.Members.ToDictionary(m => m, m => town.Mailbox(m).Where(d => !DeliveredMail.IsOwn(d.MessageId)).ToLookup(d => d.MessageId));
        var tally = new KillTally();
        var wrong = new List<string>();
        var expected = new HashSet<string>();
        foreach (var round in rounds)
        {
            var incident = await town.Client.IncidentAsync(round.Incident);
            foreach (var mail in incident.List("mails"))
            {
                expected.Add(mail.Word("message_id"));
                wrong.AddRange(TownSpec.Members.Select(m => Count(incident, mail, m, delivered[m][mail.Word("message_id")].Count(), tally)).OfType<string>().Select(w => $"{round.Name}: {w}"));
            }

            wrong.AddRange(new[] { "alert", "recovery" }.Where(k => incident.Mails(k).Count != 1).Select(k => $"{round.Name}: {incident.Mails(k).Count} {k} mails decided"));
        }

        wrong.AddRange(delivered.SelectMany(m => m.Value).SelectMany(m => m).Where(m => !expected.Contains(m.MessageId)).Select(m => $"unexpected: {m}"));
        wrong.AddRange((await OthersAsync()).Select(i => $"an incident of no problem: {i.Word("number")} {i.Word("host")}/{i.Word("service")}"));
        return (tally, wrong);
    }

    // By their ids, for the list of closed ones has an end.
    private async Task<IReadOnlyList<JsonObject>> OthersAsync()
    {
        var own = rounds.Select(r => r.Incident).ToHashSet();
        var newest = (await town.Client.IncidentsAsync()).Concat(await town.Client.IncidentsAsync("closed")).Select(i => i.Number("id")).Append(0).Max();
        var others = new List<JsonObject>();
        for (var id = 1L; id <= newest; id++)
        {
            if (!own.Contains(id) && await town.Client.TryIncidentAsync(id) is { } other && other.Word("customer") != "provider")
            {
                others.Add(other);
            }
        }

        return others;
    }

    /// <summary>What is wrong with a mail as one member got it; null if nothing is.</summary>
    internal static string? Count(JsonObject incident, JsonObject mail, string member, int copies, KillTally tally)
    {
        var id = mail.Word("message_id");
        var settled = incident.Events("delivery").SingleOrDefault(d => d.Word("mail_key") == mail.Word("key") && d.Word("recipient").StartsWith($"{member}@", StringComparison.Ordinal));
        tally.Add(copies, settled?.Flag("looked_up") == true, settled?.Flag("possibly_twice") == true);
        return copies == 0 ? $"{id} is lost for {member}"
            : settled is null ? $"{id} to {member}: delivered, not settled"
            : copies > 1 && !settled.Flag("possibly_twice") ? $"{id} reached {member} {copies} times, and the record does not say so"
            : null;
    }
}

/// <summary>Deliveries, counted.</summary>
internal sealed class KillTally
{
    private int wanted, lost, twice, lookedUp, possiblyTwice;

    internal int Wanted => wanted;

    internal int Lost => lost;

    internal int Twice => twice;

    internal int PossiblyTwice => possiblyTwice;

    internal void Add(int copies, bool found, bool maybe)
    {
        wanted++;
        lost += copies == 0 ? 1 : 0;
        twice += copies > 1 ? 1 : 0;
        lookedUp += found ? 1 : 0;
        possiblyTwice += maybe ? 1 : 0;
    }

    public override string ToString() =>
        $"deliveries wanted {wanted}, lost {lost}, delivered twice {twice}, recorded as possibly twice {possiblyTwice}, settled by look-up {lookedUp}";
}
