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

    /// <summary>What an incident says of its item's episode. One that others began and this process only keeps is theirs to tell of: null.</summary>
    internal static EpisodeNote? NoteOf(Incident incident, string by) => by != DeskName && IsElsewhere(incident) ? null : new EpisodeNote(
        incident.Facts.Item,
        incident.Facts.Episode,
        incident.Facts.Number,
        by,
        incident.Events.Any(e => e is DeliverySettled { Kind: NoticeKind.Alert }),
        !incident.Failing,
        by != DeskName || incident.Failing ? JsonSerializer.Serialize<IncidentEvent>(incident.Opening, IncidentJson.Options) : "");

    /// <summary>At a site: somebody else began it, and speaks of it.</summary>
    internal static bool IsElsewhere(Incident incident) => incident.Opening.By != IncidentRules.Engine;

    internal const string DeskName = "desk";
}
