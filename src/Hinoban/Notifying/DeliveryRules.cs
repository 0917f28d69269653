using Hinoban.Incidents;

namespace Hinoban.Notifying;

/// <summary>How a relay stands: <see cref="AwayFor"/> is null while it gives lines; <see cref="AskDue"/>: away, and to be asked again now.</summary>
internal sealed record RelayStanding(TimeSpan? AwayFor, bool AskDue)
{
    internal static readonly RelayStanding Open = new(null, AskDue: false);

    internal bool Away => AwayFor is not null;
}

/// <summary>What is done with a delivery after an attempt.</summary>
internal abstract record DeliveryStep;

/// <summary>It is over.</summary>
internal sealed record EndDelivery(DeliveryOutcome Outcome) : DeliveryStep;

/// <summary>Tried again at a time by a relay; <see cref="RefusedBy"/>: those that have refused this recipient for good.</summary>
internal sealed record TryAgain(DateTimeOffset AtUtc, RelayRank By, RelaySet RefusedBy, DateTimeOffset TroubledUtc) : DeliveryStep;

/// <summary>Nothing was attempted: as before.</summary>
internal sealed record LeaveDelivery : DeliveryStep;

/// <summary>
/// A recipient's way from the first relay over the second to its end, and from there to the desk's alarm. Each recipient goes it alone. Pure.
/// </summary>
internal static class DeliveryRules
{
    /// <summary>A bounce may take this long; an acceptance that is younger says nothing about an address that has bounced.</summary>
    internal static readonly TimeSpan BounceTakes = TimeSpan.FromMinutes(15);

    /// <summary>The desk's alarm about a recipient stands this long after the last failure, if no mail has proven the opposite.</summary>
    internal static readonly TimeSpan AlarmStands = TimeSpan.FromHours(24);

    /// <summary>
    /// By which relay the next attempt goes. <paramref name="second"/> is null where there is none. A relay that is away is not asked by mails while the
    /// other one does its work: an empty line asks (<see cref="RelayWays.ToAsk"/>), so that no mail waits for an answer that does not come.
    /// </summary>
    internal static RelayRank Choose(DeliveryRow row, RelayStanding first, RelayStanding? second, TimeSpan after)
    {
        if (second is null || row.RefusedBy == RelaySet.Second)
        {
            return RelayRank.First;
        }

        if (row.RefusedBy == RelaySet.First)
        {
            return RelayRank.Second;
        }

        // Only a relay that may have it can be asked, and its log proves nothing while it does not answer.
        if (row.MayHave.HasFlag(RelaySet.First) && !first.Away)
        {
            return RelayRank.First;
        }

        if (row.MayHave == RelaySet.Second && !second.Away)
        {
            return RelayRank.Second;
        }

        return row.Relay == RelayRank.Second
            ? second.Away && !first.Away ? RelayRank.First : RelayRank.Second
            : first.AwayFor >= after && (!second.Away || (second.AskDue && !first.AskDue)) ? RelayRank.Second : RelayRank.First;
    }

    /// <summary>The relay that was chosen gives no line: whether the other one is tried in the same attempt.</summary>
    internal static bool MayFallBack(RelayRank tried, RelaySet refusedBy, RelayStanding first, RelayStanding? second, TimeSpan after) =>
        second is not null && !refusedBy.HasFlag(Other(tried).AsSet())
        && (tried == RelayRank.First ? first.AwayFor >= after && (!second.Away || second.AskDue) : !first.Away || first.AskDue);

    /// <summary>No relay is of use now: one delivery asks for all.</summary>
    internal static bool Blocked(RelayStanding first, RelayStanding? second, TimeSpan after) =>
        first.Away && !(second is { Away: false } && first.AwayFor >= after);

    internal static RelayRank Other(RelayRank relay) => relay == RelayRank.First ? RelayRank.Second : RelayRank.First;

    /// <summary>What follows from an attempt's outcome. <paramref name="expired"/>: it has been tried for as long as it is to be.</summary>
    internal static DeliveryStep After(ClaimedDelivery claim, RelayRank used, SubmitOutcome outcome, DateTimeOffset nowUtc, bool expired, MailOptions options)
    {
        var refusedBy = claim.Row.RefusedBy;
        // Once: with the second away the row comes back to the first, and without a pause it would go round between them.
        var mayMove = options.Second is not null && used == RelayRank.First && claim.Row.Relay == RelayRank.First && !refusedBy.HasFlag(RelaySet.Second);
        var since = claim.Row.TroubledUtc ?? nowUtc;
        switch (outcome.Result)
        {
            case SubmitResult.Accepted:
                return new EndDelivery(DeliveryOutcome.Accepted);
            case SubmitResult.Permanent:
                // One relay's word is not the last: it may be set up wrongly, or not serve this recipient. What cannot be written in an envelope none takes.
                return options.Second is not null && outcome.Reason != SubmitReason.AddressInvalid && !refusedBy.HasFlag(Other(used).AsSet())
                    ? new TryAgain(nowUtc, Other(used), refusedBy | used.AsSet(), since)
                    : new EndDelivery(DeliveryOutcome.Rejected);
            case SubmitResult.Broken when outcome.Reason == SubmitReason.Stopping:
                return new LeaveDelivery();
            case SubmitResult.Unknown:
                // Not given up before it was looked up, and by nobody else than the relay that may have it.
                return new TryAgain(nowUtc + OutboxRules.Pause(claim.Row.Attempts), claim.Row.Relay, refusedBy, since);
            case SubmitResult.Transient:
            case SubmitResult.Broken:
            default:
                if (expired)
                {
                    return new EndDelivery(DeliveryOutcome.Expired);
                }

                // A stepped clock may make this early, which costs nothing: the second relay takes it as well.
                return mayMove && nowUtc - since >= options.SecondAfter
                    ? new TryAgain(nowUtc, RelayRank.Second, refusedBy, since)
                    : new TryAgain(nowUtc + OutboxRules.Pause(claim.Row.Attempts), claim.Row.Relay, refusedBy, since);
        }
    }

    /// <summary>The recipient does not get the customer's mail, as far as anybody knows.</summary>
    internal static bool IsCutOff(RecipientTrouble trouble, DateTimeOffset nowUtc) =>
        nowUtc - trouble.FailedUtc < AlarmStands
        && !(trouble.GoodUtc is { } good && good > trouble.FailedUtc && (!trouble.Bounced || nowUtc - good >= BounceTakes));
}

/// <summary>A recipient whose mail failed of late. <see cref="GoodUtc"/>: the latest mail that a relay took for it since, and that nobody reported as failed.</summary>
internal sealed record RecipientTrouble(
    Basics.CustomerId Customer, string Recipient, string Words, bool Bounced, DateTimeOffset FailedUtc, DateTimeOffset? GoodUtc);
