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

/// <summary>Tried again at a time by a relay; <see cref="Used"/> is the one of the attempt that has ended.</summary>
internal sealed record TryAgain(DateTimeOffset AtUtc, RelayRank By, RelayRank Used, DateTimeOffset TroubledUtc) : DeliveryStep;

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

    /// <summary>By which relay the next attempt goes. <paramref name="second"/> is null where there is none.</summary>
    internal static RelayRank Choose(DeliveryRow row, RelayStanding first, RelayStanding? second, TimeSpan after)
    {
        if (second is null)
        {
            return RelayRank.First;
        }

        if (row.OutcomeUnknown && row.UnknownRelay == RelayRank.First && !first.Away)
        {
            // Only the relay that may have it can be asked.
            return RelayRank.First;
        }

        if (row.Relay == RelayRank.Second)
        {
            return second.Away && !second.AskDue && !first.Away ? RelayRank.First : RelayRank.Second;
        }

        return first.AwayFor >= after && !first.AskDue && (!second.Away || second.AskDue) ? RelayRank.Second : RelayRank.First;
    }

    /// <summary>The relay that was chosen gives no line: whether the other one is tried in the same attempt.</summary>
    internal static bool MayFallBack(RelayRank tried, RelayStanding first, RelayStanding? second, TimeSpan after) =>
        second is not null && (tried == RelayRank.First ? first.AwayFor >= after && (!second.Away || second.AskDue) : !first.Away || first.AskDue);

    /// <summary>No relay is of use now: one delivery asks for all.</summary>
    internal static bool Blocked(RelayStanding first, RelayStanding? second, TimeSpan after) =>
        first.Away && !(second is { Away: false } && first.AwayFor >= after);

    /// <summary>What follows from an attempt's outcome.</summary>
    internal static DeliveryStep After(ClaimedDelivery claim, RelayRank used, SubmitOutcome outcome, DateTimeOffset nowUtc, MailOptions options)
    {
        var mayMove = used == RelayRank.First && options.Second is not null;
        var since = claim.Row.TroubledUtc ?? nowUtc;
        switch (outcome.Result)
        {
            case SubmitResult.Accepted:
                return new EndDelivery(DeliveryOutcome.Accepted);
            case SubmitResult.Permanent:
                // What cannot be written in an envelope no relay takes.
                return mayMove && claim.Row.Relay == RelayRank.First && outcome.Reason != SubmitReason.AddressInvalid
                    ? new TryAgain(nowUtc, RelayRank.Second, used, since)
                    : new EndDelivery(DeliveryOutcome.Rejected);
            case SubmitResult.Broken when outcome.Reason == SubmitReason.Stopping:
                return new LeaveDelivery();
            case SubmitResult.Unknown:
                // Not given up before it was looked up, and by nobody else than the relay that may have it.
                return new TryAgain(nowUtc + OutboxRules.Pause(claim.Row.Attempts), claim.Row.Relay, used, since);
            case SubmitResult.Transient:
            case SubmitResult.Broken:
            default:
                if (OutboxRules.Expired(claim.Mail.DateUtc, nowUtc, options))
                {
                    return new EndDelivery(DeliveryOutcome.Expired);
                }

                // A stepped clock may make this early, which costs nothing: the second relay takes it as well.
                return mayMove && nowUtc - since >= options.SecondAfter
                    ? new TryAgain(nowUtc, RelayRank.Second, used, since)
                    : new TryAgain(nowUtc + OutboxRules.Pause(claim.Row.Attempts), claim.Row.Relay, used, since);
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
