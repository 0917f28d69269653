using Hinoban.Incidents;

namespace Hinoban.Reporting;

/// <summary>Where an incident's SLO clock stands.</summary>
internal enum SloState
{
    /// <summary>No mail has been accepted yet: the clock has not started.</summary>
    NotStarted,

    /// <summary>The clock runs.</summary>
    Running,

    /// <summary>Past due, and nobody has claimed it: missed already.</summary>
    Overdue,

    /// <summary>Claimed in time (or before the mail was accepted).</summary>
    Met,

    /// <summary>Claimed too late, or recovered unclaimed after it was due.</summary>
    Missed,

    /// <summary>自然復旧: recovered in time before anybody claimed it; counted apart, not in the quota.</summary>
    NaturalRecovery,
}

/// <summary>The SLO of one incident: from mail accepted to response started (対応開始).</summary>
/// <param name="State">Where it stands.</param>
/// <param name="StartedUtc">The mail's acceptance, later by the agreed wait where there is one; null before the acceptance.</param>
/// <param name="DueUtc">Start plus the agreed time.</param>
/// <param name="ClaimedUtc">The first claim; null before it.</param>
internal sealed record SloResult(SloState State, DateTimeOffset? StartedUtc, DateTimeOffset? DueUtc, DateTimeOffset? ClaimedUtc)
{
    /// <summary>Null while open, and for a natural recovery, which is neither.</summary>
    internal bool? Met => State switch
    {
        SloState.Met => true,
        SloState.Missed or SloState.Overdue => false,
        SloState.NotStarted or SloState.Running or SloState.NaturalRecovery => null,
    };

    /// <summary>From the mail's acceptance to the claim; zero if the claim was first; null without either.</summary>
    internal TimeSpan? Taken =>
        StartedUtc is { } start && ClaimedUtc is { } claimed ? (claimed > start ? claimed - start : TimeSpan.Zero) : null;
}

/// <summary>The measure of R80: start of response within the agreed time of the alert mail's acceptance. A fold over events, nothing stored.</summary>
internal static class SloMath
{
    internal static SloResult Of(IReadOnlyList<IncidentEvent> events, TimeSpan startWithin, DateTimeOffset now)
    {
        var start = StartOf(events) + WaitOf(events);
        var due = start + startWithin;
        var claim = events.OfType<Claimed>().FirstOrDefault(c => c.By != People.Actor.Engine.Name);
        var result = new SloResult(SloState.NotStarted, start, due, claim?.AtUtc);
        if (RecoveryBefore(events, claim) is { } recovered)
        {
            return result with { State = due is null || recovered <= due ? SloState.NaturalRecovery : SloState.Missed };
        }

        return result with
        {
            State = (claim, due) switch
            {
                (not null, null) => SloState.Met,
                (not null, { } by) => claim.AtUtc <= by ? SloState.Met : SloState.Missed,
                (null, null) => SloState.NotStarted,
                (null, { } by) => now <= by ? SloState.Running : SloState.Overdue,
            },
        };
    }

    /// <summary>
    /// The desk's own mailbox decides, as agreed. Where it has none, or until (or although) its delivery settles otherwise, the first
    /// acceptance by the relay counts: a clock that never starts would hide that nobody responded.
    /// </summary>
    private static DateTimeOffset? StartOf(IReadOnlyList<IncidentEvent> events)
    {
        var accepted = events.OfType<DeliverySettled>()
            .Where(d => d is { Kind: NoticeKind.Alert, Outcome: DeliveryOutcome.Accepted })
            .ToList();
        return (accepted.FirstOrDefault(d => d.Desk) ?? accepted.FirstOrDefault())?.AtUtc;
    }

    /// <summary>時限静観: the clock begins when the time for self-recovery is over.</summary>
    internal static TimeSpan WaitOf(IReadOnlyList<IncidentEvent> events) => events.OfType<ResponseWaits>().FirstOrDefault()?.For ?? TimeSpan.Zero;

    private static DateTimeOffset? RecoveryBefore(IReadOnlyList<IncidentEvent> events, Claimed? claim) =>
        events.TakeWhile(e => !ReferenceEquals(e, claim)).OfType<Recovered>().FirstOrDefault()?.AtUtc;
}
