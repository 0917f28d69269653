using Hinoban.Basics;
using Hinoban.Console.Parts;
using Hinoban.Incidents;

namespace Hinoban.Console.Incidents;

/// <summary>Very many that join an incident, or leave it, one after the other: one entry of its story. A list of their own names each.</summary>
internal static class Crowd
{
    // So few are told one by one.
    private const int Few = 5;
    private const int Named = 10;

    /// <summary>How many events from <paramref name="from"/> on are one crowd; 0 if they are too few for one.</summary>
    internal static int Length(IReadOnlyList<IncidentEvent> events, int from)
    {
        if (NameOf(events[from]) is null)
        {
            return 0;
        }

        var (left, members, at) = (events[from] is StormLeft, 0, from);
        while (at < events.Count && (NameOf(events[at]) is null ? !left && GoesWithoutSaying(events[at]) : events[at] is StormLeft == left))
        {
            members += NameOf(events[at]) is null ? 0 : 1;
            at++;
        }

        return members > Few ? at - from : 0;
    }

    internal static Told Tell(IReadOnlyList<IncidentEvent> events)
    {
        var names = events.Select(NameOf).OfType<string>().Distinct().ToList();
        var services = events.OfType<ServiceAttached>().Select(e => e.Item).Distinct().Count();
        var quote = string.Join(", ", names.Take(Named).Select(n => Show.Line(n, 100))) + (names.Count > Named ? ", …" : "");
        return events[0] is StormLeft
            ? new Told(events[^1].AtUtc, events[0].By, Icons.Recovered, "quiet", ConsoleTextStorm.CrowdBack(names.Count), Text.Same(quote))
            : new Told(events[^1].AtUtc, events[0].By, Icons.Attach, "quiet", ConsoleTextStorm.CrowdJoined(names.Count - services, services), Text.Same(quote));
    }

    private static string? NameOf(IncidentEvent happened) => happened switch
    {
        ServiceAttached e => e.Service,
        HostAttached e => e.Host,
        StormJoined e => e.Host,
        StormLeft { Why: StormExit.Back } e => e.Host,
        _ => null,
    };

    private static bool GoesWithoutSaying(IncidentEvent happened) => happened is NoticeDecided { Told: false, Reason: NoticeReason.HostIsDown or NoticeReason.ParentIsDown };
}
