using System.Collections.Immutable;
using Hinoban.Basics;

namespace Hinoban.Incidents;

/// <summary>What is asked of an incident's events again and again, folded as they come: an incident with thousands of them costs no more for each than one with ten.</summary>
internal sealed record IncidentFold
{
    internal static IncidentFold Nothing { get; } = new();

    internal SeverityChanged? Severity { get; private init; }

    internal Recovered? Recovery { get; private init; }

    internal Closed? Closing { get; private init; }

    internal Claimed? FirstClaim { get; private init; }

    internal Claimed? Holder { get; private init; }

    internal bool Flapping { get; private init; }

    internal bool Reported { get; private init; }

    /// <summary>A silence held the last alert back; what is said of services and hosts that fail with this one settles nothing about it.</summary>
    internal bool IsHeld { get; private init; }

    internal ImmutableHashSet<ItemId> Attached { get; private init; } = [];

    internal StormFold Storm { get; private init; } = StormFold.Nothing;

    internal LogFold Log { get; private init; } = LogFold.Nothing;

    internal IncidentFold With(IEnumerable<IncidentEvent> more) => more.Aggregate(this, (fold, next) => fold.With(next));

    private IncidentFold With(IncidentEvent next) => next switch
    {
        SeverityChanged e => this with { Severity = e },
        Recovered e => this with { Recovery = e },
        Closed e => this with { Closing = e },
        Claimed e => this with { FirstClaim = FirstClaim ?? e, Holder = e },
        Released => this with { Holder = null },
        FlappingStarted => this with { Flapping = true },
        FlappingEnded => this with { Flapping = false },
        ReportSent { Interim: false } => this with { Reported = true },
        ServiceAttached e => this with { Attached = Attached.Add(e.Item) },
        HostAttached e => this with { Attached = Attached.Add(e.Item) },
        NoticeDecided { Kind: NoticeKind.Alert, Reason: not (NoticeReason.HostIsDown or NoticeReason.ParentIsDown or NoticeReason.NeededFails) } e =>
            this with { IsHeld = e.Reason == NoticeReason.Silenced, Log = Log.With(e) },
        NoticeDecided e => this with { Storm = Storm.With(next), Log = Log.With(e) },
        StormJoined or StormLeft or LeadBack or LeadDown or Separated => this with { Storm = Storm.With(next) },
        LogHitsFound e => this with { Log = Log.With(e) },
        _ => this,
    };
}

/// <summary>
/// A list of events that grows at its end. All lists of one incident share one array, each with its own length; whoever finds the place after
/// its own taken (by a change that was not committed) copies.
/// </summary>
internal static class EventList
{
    internal static IReadOnlyList<IncidentEvent> Add(IReadOnlyList<IncidentEvent> events, IReadOnlyList<IncidentEvent> more)
    {
        if (more.Count == 0)
        {
            return events;
        }

        var count = events.Count + more.Count;
        if (events is ArraySegment<IncidentEvent> { Array: { } room, Offset: 0 }
            && room.Length >= count
            && Interlocked.CompareExchange(ref room[events.Count], more[0], null!) is null)
        {
            for (var i = 1; i < more.Count; i++)
            {
                room[events.Count + i] = more[i];
            }

            return new ArraySegment<IncidentEvent>(room, 0, count);
        }

        var grown = new IncidentEvent[Math.Max(8, count * 2)];
        for (var i = 0; i < count; i++)
        {
            grown[i] = i < events.Count ? events[i] : more[i - events.Count];
        }

        return new ArraySegment<IncidentEvent>(grown, 0, count);
    }
}
