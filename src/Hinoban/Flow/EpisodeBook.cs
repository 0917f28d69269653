using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Results;

namespace Hinoban.Flow;

/// <summary>How every item's latest episode stands, as far as this process knows. Safe for concurrent use.</summary>
internal sealed class EpisodeBook
{
    private readonly Lock gate = new();
    private readonly Dictionary<ItemId, EpisodeNote> notes = [];

    internal EpisodeNote? Of(ItemId item)
    {
        lock (gate)
        {
            return notes.GetValueOrDefault(item);
        }
    }

    internal IReadOnlyList<EpisodeNote> All
    {
        get
        {
            lock (gate)
            {
                return [.. notes.Values];
            }
        }
    }

    /// <summary>Takes what somebody else knows; gives what was news.</summary>
    internal IReadOnlyList<EpisodeNote> Merge(IEnumerable<EpisodeNote> others)
    {
        lock (gate)
        {
            var news = new List<EpisodeNote>();
            foreach (var other in others)
            {
                var before = notes.GetValueOrDefault(other.Item);
                var after = before?.With(other) ?? other;
                if (after != before)
                {
                    notes[other.Item] = after;
                    news.Add(after);
                }
            }

            return news;
        }
    }

    /// <summary>Number and episode of a problem that begins now, computed without asking anybody.</summary>
    internal (string Number, int Episode) Name(ItemId item) => Of(item) is { } last
        ? (last.Over ? IncidentNumber.Away(item, last.Next) : last.Number, last.Next)
        : (IncidentNumber.Away(item, 1), 1);

    /// <summary>What of this would be news.</summary>
    internal IReadOnlyList<EpisodeNote> News(IEnumerable<EpisodeNote> others)
    {
        lock (gate)
        {
            return [.. others.Select(o => (Before: notes.GetValueOrDefault(o.Item), After: notes.GetValueOrDefault(o.Item)?.With(o) ?? o)).Where(n => n.After != n.Before).Select(n => n.After)];
        }
    }

    /// <summary>
    /// What an incident says of its item's episode. One that others began and this process only keeps is theirs to tell of: null. With
    /// <paramref name="members"/> in the list, it is mailed when one of them got it; the desk's own mailbox is no customer.
    /// </summary>
    internal static EpisodeNote? NoteOf(Incident incident, string by, bool members)
    {
        if (by != DeskName && IsElsewhere(incident))
        {
            return null;
        }

        var alerts = incident.Events.OfType<DeliverySettled>().Where(d => d.Kind == NoticeKind.Alert && d.Reply != AwayResend.HandedOver).ToList();
        var got = alerts.Where(AwayResend.IsTold).ToList();
        return new EpisodeNote(
            incident.Facts.Item,
            incident.Facts.Episode,
            incident.Facts.Number,
            by,
            got.Exists(d => !d.Desk || !members),
            !incident.Failing,
            by != DeskName || incident.Failing ? JsonSerializer.Serialize<IncidentEvent>(incident.Opening, IncidentJson.Options) : "")
        {
            Got = incident.Failing ? EpisodeNote.Written(got.Select(d => d.Recipient)) : "",
            Missed = incident.Failing ? EpisodeNote.Written(alerts.Except(got).Select(d => d.Recipient)) : "",
        };
    }

    /// <summary>At a site: somebody else began it, and speaks of it.</summary>
    internal static bool IsElsewhere(Incident incident) => incident.Opening.By != IncidentRules.Engine;

    internal const string DeskName = "desk";
}
