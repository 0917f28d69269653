using System.Text.Json;
using Dapper;
using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Storage;

namespace Hinoban.Incidents;

/// <summary>
/// What desk and sites keep for the time that the desk is away: how far each episode was handed back, whom the peers trust, and at a site its plan and
/// the episodes' notes. No customer asks for any of it, hence no scope.
/// </summary>
internal sealed class AwayStore
{
    /// <summary>How many events of the episode have been handed back by the site.</summary>
    internal int Handed(Tx tx, SiteName site, ItemId item, int episode) => tx.Connection.ExecuteScalar<int?>(
        "select events from handed_back where site = @site and item = @item and episode = @episode",
        new { site = site.Value, item = item.Value, episode },
        tx.Transaction) ?? 0;

    internal void Handed(Tx tx, SiteName site, ItemId item, int episode, int events) => tx.Connection.Execute(
        """
        insert into handed_back (site, item, episode, events) values (@site, @item, @episode, @events)
        on conflict (site, item, episode) do update set events = excluded.events
        """,
        new { site = site.Value, item = item.Value, episode, events },
        tx.Transaction);

    internal IReadOnlyDictionary<SiteName, string> Pins(Tx tx) => tx.Connection.Query<(string Site, string Pin)>(
        "select site, pin from site_pins", null, tx.Transaction).ToDictionary(r => new SiteName(r.Site), r => r.Pin);

    /// <summary>True if it is another than before.</summary>
    internal bool Pin(Tx tx, SiteName site, string pin) => tx.Connection.Execute(
        """
        insert into site_pins (site, pin) values (@site, @pin)
        on conflict (site) do update set pin = excluded.pin where site_pins.pin <> excluded.pin
        """,
        new { site = site.Value, pin },
        tx.Transaction) > 0;

    internal void SavePlan(Tx tx, string body) => tx.Connection.Execute(
        "insert into away_plans (id, body) values (1, @body) on conflict (id) do update set body = excluded.body", new { body }, tx.Transaction);

    internal string? Plan(Tx tx) => tx.Connection.QuerySingleOrDefault<string>("select body from away_plans where id = 1", null, tx.Transaction);

    internal void Save(Tx tx, IEnumerable<EpisodeNote> notes)
    {
        foreach (var note in notes)
        {
            tx.Connection.Execute(
                "insert into episode_notes (item, body) values (@item, @body) on conflict (item) do update set body = excluded.body",
                new { item = note.Item.Value, body = JsonSerializer.Serialize(note, OrderCodec.Json) },
                tx.Transaction);
        }
    }

    internal IReadOnlyList<EpisodeNote> Notes(Tx tx) =>
        [.. tx.Connection.Query<string>("select body from episode_notes", null, tx.Transaction).Select(b => JsonSerializer.Deserialize<EpisodeNote>(b, OrderCodec.Json)!)];

    /// <summary>At a site: every incident of its own keeping, by item and episode.</summary>
    internal IReadOnlyList<KeptIncident> Kept(Tx tx) => [.. tx.Connection.Query<(long Id, int Item, int Episode, int Failing, int Open)>(
        "select id, item, episode, failing, is_open from incidents order by id", null, tx.Transaction)
        .Select(r => new KeptIncident(new IncidentId(r.Id), new ItemId(r.Item), r.Episode, r.Failing != 0 || r.Open != 0))];

    /// <summary>At a site: whether its engine goes on with the incident at its next start.</summary>
    internal void GoesOn(Tx tx, IncidentId incident, bool on) => tx.Connection.Execute(
        "update incidents set failing = @on, is_open = @on where id = @id", new { on = on ? 1 : 0, id = incident.Value }, tx.Transaction);

    /// <summary>The events from the given number on (0-based), as they were written.</summary>
    internal IReadOnlyList<string> Events(Tx tx, IncidentId incident, int from) => [.. tx.Connection.Query<string>(
        "select body from incident_events where incident = @id and seq > @from order by seq", new { id = incident.Value, from }, tx.Transaction)];

    /// <summary>At a site: its engine begins to judge by what the sites bring it, each look counted once.</summary>
    internal void ForgetViews(Tx tx) => tx.Connection.Execute("delete from site_views", null, tx.Transaction);

    /// <summary>At a site: the desk has everything. Mails and their recipients are not kept here for longer than they are needed.</summary>
    internal void Clear(Tx tx)
    {
        foreach (var table in new[] { "outbox_deliveries", "outbox_mails", "incident_events", "incidents", "handed_back", "site_views", "verdicts", "flap_histories" })
        {
            tx.Connection.Execute($"delete from {table}", null, tx.Transaction);
        }
    }
}

/// <summary>An incident in a site's own keeping. <see cref="On"/>: its engine goes on with it.</summary>
internal sealed record KeptIncident(IncidentId Id, ItemId Item, int Episode, bool On);
