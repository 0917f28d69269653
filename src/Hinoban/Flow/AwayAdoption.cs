using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>
/// The desk takes over what sites did while it was away: their episodes become its incidents, in the transaction that counts how far they were taken.
/// A problem that a site has mailed is not mailed again, and its recovery is owed like that of any other.
/// </summary>
internal static class AwayAdoption
{
    private static readonly Scope All = Scope.Across("away");

    internal static HandBackReceipt Take(DeskWork work, HandBack back)
    {
        var taken = back.Episodes.Select(e => Take(work, back.Site, e)).ToList();
        foreach (var note in back.Notes.Where(n => n.By != EpisodeBook.DeskName))
        {
            Know(work, back.Site, note);
        }

        return new HandBackReceipt(taken) { Sends = true };
    }

    private static HandedUpTo Take(DeskWork work, SiteName site, HandedEpisode handed)
    {
        var known = work.Stores.Away.Handed(work.Tx, site, handed.Item, handed.Episode);
        var total = handed.From + handed.Events.Count;
        var events = handed.Events.Skip(Math.Max(0, known - handed.From)).Select(Read).OfType<IncidentEvent>().Select(e => e with { By = NameOf(site) }).ToList();
        if (handed.From > known || total <= known)
        {
            // A gap means that the desk was put back to an older state: the site sends it whole again.
            return new HandedUpTo(handed.Item, handed.Episode, known);
        }

        var incident = Find(work, handed.Item, handed.Episode);
        if (incident is null && events is [Opened opened, ..] && opened.Problem.Item == handed.Item && opened.Problem.Episode == handed.Episode)
        {
            incident = Create(work, opened);
        }

        if (incident is null)
        {
            return new HandedUpTo(handed.Item, handed.Episode, known);
        }

        foreach (var one in events)
        {
            Append(work, incident.Id, one);
        }

        AwayResend.Send(work, incident.Id, NameOf(site), events.OfType<DeliverySettled>());
        work.Stores.Away.Handed(work.Tx, site, handed.Item, handed.Episode, total);
        GoOn(work, incident.Id);
        return new HandedUpTo(handed.Item, handed.Episode, total);
    }

    /// <summary>Another site's episode, known by its note only: that site may never come back, and what it told must not be told again.</summary>
    private static void Know(DeskWork work, SiteName teller, EpisodeNote note)
    {
        if (Find(work, note.Item, note.Episode) is { } known)
        {
            Close(work, known, note);
            SendUnreached(work, known, note);
            return;
        }

        if (Read(note.Opening) is not Opened opened || opened.Problem.Item != note.Item || opened.Problem.Episode != note.Episode)
        {
            return;
        }

        var incident = Create(work, opened with { By = NameOf(new SiteName(note.By)) });
        work.Record(incident, new SpokenAway(opened.AtUtc, NameOf(teller), new SiteName(note.By), Alone: false, Lookers(opened)));
        if (note.Mailed)
        {
            work.Record(incident, new NoticeDecided(opened.AtUtc, NameOf(new SiteName(note.By)), NoticeKind.Alert, NoticeReason.NewProblem, Told: true, AlertKey(opened), ""));
        }

        SendUnreached(work, incident, note);

        Close(work, work.Incident(incident.Id)!, note);
        if (work.Incident(incident.Id) is { Failing: true } failing && !note.Mailed)
        {
            // Who began it died before it could tell.
            NoticeFlow.Tell(work, failing, opened);
        }

        GoOn(work, incident.Id);
    }

    // Members whom the relay of whoever told it refused: no site tries them again.
    private static void SendUnreached(DeskWork work, Incident incident, EpisodeNote note)
    {
        if (note is { Mailed: true, Over: false })
        {
            AwayResend.Send(work, incident.Id, NameOf(new SiteName(note.By)), AlertKey(incident.Opening), note.Unreached);
        }
    }

    private static string AlertKey(Opened opened) => new MailThread([]).NextKey(opened.Problem, NoticeKind.Alert);

    private static IReadOnlyList<SiteName> Lookers(Opened opened) =>
        [.. opened.Evidence.Where(e => e.Vote is not (VoteKind.VoidSilent or VoteKind.VoidUnknown)).Select(e => e.Site)];

    // Over according to a note: its recovery was told by whoever began it, or will be by the desk if nobody did.
    private static void Close(DeskWork work, Incident incident, EpisodeNote note)
    {
        if (note.Over && incident.Failing && incident.Opening.By == NameOf(new SiteName(note.By)))
        {
            Over(work, incident, incident.Opening.By);
        }
    }

    private static void Over(DeskWork work, Incident incident, string by) => work.Record(
        incident,
        new Recovered(work.Now.Utc, by, [], RecoveryReason.SeenWorking),
        new NoticeDecided(work.Now.Utc, by, NoticeKind.Recovery, NoticeReason.ToldAway, Told: false, "", ""));

    private static void Append(DeskWork work, IncidentId id, IncidentEvent one)
    {
        var incident = work.Incident(id)!;
        switch (one)
        {
            case Opened:
            case SpokenAway { Alone: false } spoken when incident.Spoken.Any(s => s.Site == spoken.Site && s.AtUtc == spoken.AtUtc):
            case Recovered when !incident.Failing:
            case NoticeDecided { Told: true } told when incident.Events.Any(e => e is NoticeDecided { Told: true } n && n.MailKey == told.MailKey && n.By == told.By):
                break;
            case DeliverySettled { Reply: AwayResend.HandedOver }:
                break;
            case DeliverySettled { Outcome: DeliveryOutcome.Accepted } settled:
                work.Stores.Outbox.SettledElsewhere(work.Tx, settled);
                work.Record(incident, settled);
                break;
            default:
                work.Record(incident, one);
                break;
        }
    }

    private static Incident Create(DeskWork work, Opened opened)
    {
        var incident = work.Stores.Incidents.Create(work.Tx, opened);
        work.Keep(incident);
        return incident;
    }

    /// <summary>Still failing, it is the item's problem from now on: the verdicts to come continue or end it.</summary>
    private static void GoOn(DeskWork work, IncidentId id)
    {
        var incident = work.Incident(id)!;
        if (work.Item(incident.Facts.Item) is not { } entry)
        {
            work.Append(incident, IncidentRules.Retire(incident, work.Now));
        }
        else if (incident.Failing && entry.Problem is null)
        {
            work.Set(entry with { Problem = id });
        }
        else if (incident.Failing && work.ProblemOf(entry) is { Failing: true } other && other.Id != id)
        {
            // A later episode says that the earlier is over, whoever saw it end.
            var (earlier, later) = other.Facts.Episode < incident.Facts.Episode ? (other, incident) : (incident, other);
            Over(work, earlier, IncidentRules.Engine);
            work.Set((work.Item(entry.Plan.Id) ?? entry) with { Problem = later.Id });
        }
        else if (!incident.Failing && entry.Problem == id)
        {
            work.ProblemEnded(entry);
        }
    }

    private static Incident? Find(DeskWork work, ItemId item, int episode)
    {
        if (work.Stores.Incidents.ByEpisode(work.Tx, item, episode) is not { } id || work.Load(All, id) is not { } incident)
        {
            return null;
        }

        work.Keep(incident);
        return incident;
    }

    internal static string NameOf(SiteName site) => $"site {site}";

    private static IncidentEvent? Read(string body)
    {
        try
        {
            return body.Length == 0 ? null : JsonSerializer.Deserialize<IncidentEvent>(body, IncidentJson.Options);
        }
        catch (JsonException)
        {
            // Of a newer site: what this desk does not know it cannot record.
            return null;
        }
    }
}
