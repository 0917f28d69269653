using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Results;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>
/// The engine's part in the time without a desk: what the sites must know to speak, told as it changes, and what they did, taken over. Everything here
/// happens under the engine's gate.
/// </summary>
internal sealed class DeskAway(Db db, DeskStores stores, DeskBoard board, SiteLines lines, long run, ILogger log)
{
    private readonly HashSet<SiteName> heardBack = [];

    internal AwayTerms? Terms { get; set; }

    private bool Spreads => Terms is not null || stores.Speaker is not null;

    /// <summary>At the engine's start. A site's own episodes are its book's already; the desk's are read from its incidents.</summary>
    internal void Start()
    {
        if (stores.Speaker is null)
        {
            stores.Episodes.Merge(db.Read(Notes));
        }
    }

    /// <summary>What a stream begins with, after the plan.</summary>
    internal IEnumerable<SiteOrder> Orders(SiteName site)
    {
        if (Terms is { } terms)
        {
            var (pins, keys) = db.Read(tx => (stores.Away.Pins(tx), terms.Keys.All(tx)));
            yield return new AwayOrder(terms.PlanFor(site, board, pins, keys.Where(k => k.RevokedUtc is null).ToLookup(k => k.Site, k => k.PublicKey)));
        }

        if (Spreads)
        {
            yield return new EpisodesOrder(stores.Episodes.All) { Run = run };
        }
    }

    internal void SendPlans()
    {
        if (Terms is null)
        {
            return;
        }

        lock (db.Gate)
        {
            lines.All.ToList().ForEach(line => Orders(line.Site).ToList().ForEach(order => line.Send(order)));
        }
    }

    /// <summary>At a site, in the work's transaction: what it says of its own episodes it must know after a restart too.</summary>
    internal void Save(DeskWork work)
    {
        if (stores.Speaker is not null && work.ChangedIncidents.Count > 0)
        {
            stores.Away.Save(work.Tx, stores.Episodes.News(Notes(work)));
        }
    }

    private IEnumerable<EpisodeNote> Notes(DeskWork work)
    {
        var by = stores.Speaker?.Site.Value ?? EpisodeBook.DeskName;
        return work.ChangedIncidents.Where(i => !i.Facts.IsLog).Select(i => EpisodeBook.NoteOf(i, by, HasMembers(i))).OfType<EpisodeNote>();
    }

    // Before the plan runs nobody's list is known: the mailbox of the desk is then not taken for a customer.
    private bool HasMembers(Incident incident) =>
        board.Plan.Customer(incident.Facts.Customer) is not { } customer || ListRecipients.Of(customer.MailingList, stores.Mail).Any(r => !r.Desk);

    /// <summary>After a commit: what has changed about episodes and silences, for all who may have to speak.</summary>
    internal void Spread(DeskWork work)
    {
        if (stores.Episodes.Merge(Notes(work)) is { Count: > 0 } news && Spreads)
        {
            lines.All.ToList().ForEach(line => line.Send(new EpisodesOrder(news)));
        }

        if (work.Silenced)
        {
            SendPlans();
        }
    }

    /// <summary>Takes over what a site did, in the work's transaction.</summary>
    internal HandBackReceipt Take(DeskWork work, HandBack back)
    {
        var receipt = AwayAdoption.Take(work, back);
        var pinned = back.Pin.Length > 0 && stores.Away.Pin(work.Tx, back.Site, back.Pin);
        work.Tx.Committed.Add(() =>
        {
            if (!back.More)
            {
                heardBack.Add(back.Site);
            }

            DeskLog.HandedBack(log, back);
            if (pinned)
            {
                SendPlans();
            }
        });
        return receipt;
    }

    internal bool Heard(IEnumerable<SiteName> sites)
    {
        lock (db.Gate)
        {
            return sites.All(heardBack.Contains);
        }
    }

    private IReadOnlyList<EpisodeNote> Notes(Tx tx)
    {
        var failing = stores.Incidents.Unfinished(tx).Where(i => i is { Failing: true, Facts.IsLog: false }).Select(i => EpisodeBook.NoteOf(i, EpisodeBook.DeskName, HasMembers(i))!)
            .OrderByDescending(n => n.Episode).DistinctBy(n => n.Item).ToDictionary(n => n.Item);
        return
        [
            .. stores.Incidents.LastEpisodes(tx).Select(e => failing.TryGetValue(e.Item, out var open) && open.Episode == e.Episode
                ? open
                : new EpisodeNote(e.Item, e.Episode, e.Number, EpisodeBook.DeskName, Mailed: true, e.Over, "")),
        ];
    }
}
