using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying.Inbound;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Notifying;

/// <summary>One attempt at one delivery: from the marked row to its settlement or its way back into the queue.</summary>
internal sealed class OutboxDelivery(
    Db db,
    OutboxQueue queue,
    RelayWays ways,
    MailOptions options,
    TimeProvider clock,
    Action<Tx, SettledDelivery> settled,
    ILogger log)
{
    private readonly OutboxPatience patience = new(options, clock);

    internal async Task RunAsync(ClaimedDelivery taken, CancellationToken hard)
    {
        patience.Meet(taken);
        if (MailAddress.Parse(taken.Mail.ListAddress) is null)
        {
            await SettleAsync(taken, RelayRank.First, DeliveryOutcome.Rejected, "", $"invalid list address: {Visible.Line(taken.Mail.ListAddress)}", hard);
            return;
        }

        var way = ways.Of(taken.By);
        if (ways.Rests(way))
        {
            await HoldAsync(taken, way, way.Gate.State.Reply, hard);
            return;
        }

        // Read and composed before a line is taken: what cannot be composed must not cost a line.
        var claim = taken.Mail.Archived is { } archived ? taken with { Mail = taken.Mail with { Passed = InboundStore.Content(db, archived) } } : taken;
        var envelope = EnvelopeOf(claim);
        if (way.Rank != claim.Row.Relay)
        {
            OutboxLog.OtherRelay(log, claim.Row.MailKey, claim.Row.Recipient, way.Host);
        }

        var failure = await TryAsync(claim, envelope, way, hard);
        if (failure is { Reason: not SubmitReason.Stopping } && ways.Instead(way, claim.Row.RefusedBy) is { } other)
        {
            OutboxLog.OtherRelay(log, claim.Row.MailKey, claim.Row.Recipient, other.Host);
            var wasAway = other.Gate.Down;
            way = other;
            db.Write(tx => queue.GoesBy(tx, claim.Row.Id, other.Rank));
            failure = await TryAsync(claim, envelope, way, hard);
            if (failure is null && !wasAway)
            {
                // What was held back for the relay that is away need not wait any longer.
                db.Write(tx => queue.HurryHeld(tx, clock.GetUtcNow()));
            }
        }

        if (failure is { Reason: SubmitReason.Stopping })
        {
            db.Write(tx => queue.Release(tx, claim.Row.Id, clock.GetUtcNow(), claim.Row.LastReply));
        }
        else if (failure is not null)
        {
            await HoldAsync(claim, way, Words(failure), hard);
        }
    }

    /// <summary>Asks a relay that is away whether it is back, by a line without a mail; true if it is.</summary>
    internal async Task<bool> AskAsync(RelayWay way, CancellationToken hard)
    {
        var opening = await way.Pool.OpenAsync(hard);
        if (opening.Line is not { } line)
        {
            Gone(way, opening.Failure!);
            return false;
        }

        Back(way);
        await way.Pool.GiveBackAsync(line);
        return true;
    }

    /// <summary>
    /// The attempt stopped on an error of ours: nobody knows how far it came. Not given up while the process lives: a row left as being sent is looked at by
    /// nobody before the next start, and every later mail of its incident and recipient would wait behind it.
    /// </summary>
    internal async Task FailedAsync(ClaimedDelivery claim, CancellationToken hard)
    {
        while (true)
        {
            try
            {
                await PutBackUnknownAsync(claim, hard);
                return;
            }
            catch (Exception e) when (!hard.IsCancellationRequested)
            {
                OutboxLog.SettleFailed(log, claim.Row.MailKey, claim.Row.Recipient, e);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, hard);
            }
        }
    }

    private async Task PutBackUnknownAsync(ClaimedDelivery claim, CancellationToken hard)
    {
        var failure = new SubmitOutcome(SubmitResult.Unknown, SubmitReason.InternalError, "");
        if (!claim.Row.OutcomeUnknown || !await GaveUpAsync(claim, claim.By, Words(failure), hard))
        {
            await EndAsync(claim, claim.By, failure, hard);
        }
    }

    /// <summary>By one relay. Gives why there is no line; null if the attempt came to an end of its own.</summary>
    private async Task<SubmitOutcome?> TryAsync(ClaimedDelivery claim, MailEnvelope envelope, RelayWay way, CancellationToken hard)
    {
        var (opening, reused) = await way.Pool.TakeAsync(hard);
        while (opening.Line is { } line)
        {
            if (await OnLineAsync(claim, envelope, way, line, reused, hard) is not { } outcome)
            {
                return null;
            }

            if (reused && outcome is { Result: SubmitResult.Broken, Reason: SubmitReason.ConnectionLost or SubmitReason.RelayCloses })
            {
                // A line that idled too long says nothing about the relay or this recipient.
                await way.Pool.CloseIdleAsync();
                (opening, reused) = await way.Pool.TakeAsync(hard);
                continue;
            }

            await EndAsync(claim, way.Rank, outcome, hard);
            return null;
        }

        Gone(way, opening.Failure!);
        return opening.Failure;
    }

    private void Gone(RelayWay way, SubmitOutcome failure)
    {
        if (failure.Reason != SubmitReason.Stopping)
        {
            way.Gate.Failed(Words(failure));
            OutboxLog.RelayAway(log, way.Host, way.Port, failure.Reason, failure.Reply);
        }
    }

    private void Back(RelayWay way)
    {
        if (way.Gate.Opened())
        {
            OutboxLog.RelayBack(log, way.Host);
            db.Write(tx => queue.HurryHeld(tx, clock.GetUtcNow()));
        }
    }

    /// <summary>Null if nothing is to be sent (now). The line goes back whatever happens.</summary>
    private async Task<SubmitOutcome?> OnLineAsync(ClaimedDelivery claim, MailEnvelope envelope, RelayWay way, IMailLine line, bool reused, CancellationToken hard)
    {
        try
        {
            if (!reused)
            {
                Back(way);
            }

            // The relay is asked what it knows only now: a live connection is also what proves that its log is being written.
            return claim.Row.OutcomeUnknown && !await ResolveAsync(claim, way, hard) ? null : await line.SendAsync(envelope, hard);
        }
        finally
        {
            await way.Pool.GiveBackAsync(line);
        }
    }

    private MailEnvelope EnvelopeOf(ClaimedDelivery claim) => new(Sender(claim), claim.Row.Recipient, MailComposer.Compose(claim.Mail, options), claim.Row.MailKey) { StillOurs = () => db.OnDuty };

    private string Sender(ClaimedDelivery claim) => options.AwaySeal is { } away && AwayBounce.Of(claim.Mail.Key, claim.Row.Recipient) is { } bounce
        ? MailNames.EnvelopeSender(claim.Mail.ListAddress, bounce, options.Domain, away)
        : MailNames.EnvelopeSender(claim.Mail.ListAddress, claim.Row.Id, options.Domain, options.Seal);

    /// <summary>False if nothing is to be sent (now).</summary>
    private async Task<bool> ResolveAsync(ClaimedDelivery claim, RelayWay way, CancellationToken hard)
    {
        var now = clock.GetUtcNow();
        var since = claim.Row.AttemptUtc ?? now;
        var answers = Enum.GetValues<RelayRank>().Where(r => claim.Row.MayHave.HasFlag(r.AsSet())).Select(r => (Relay: r, Answer: Ask(claim, r, since, now))).ToList();
        if (answers.Find(a => a.Answer.Knows == RelayKnows.Accepted) is { Answer: { } found } accepted)
        {
            await SettleAsync(claim, accepted.Relay, DeliveryOutcome.Accepted, found.QueueId, "", hard, lookedUp: true);
            return false;
        }

        if (answers.Exists(a => a.Answer.Knows == RelayKnows.TooEarly))
        {
            db.Write(tx => queue.Release(tx, claim.Row.Id, OutboxRules.Within(since + RelayRecords.Grace, now), claim.Row.LastReply));
            return false;
        }

        // It has been looked up; a relay that never answers must not keep it alive for ever.
        if (await GaveUpAsync(claim, way.Rank, Words(new SubmitOutcome(SubmitResult.Unknown, SubmitReason.ConnectionLost, claim.Row.LastReply)), hard))
        {
            return false;
        }

        // The log of a relay that is away may end before what it took: only one that answers proves an absence.
        var open = answers.Where(a => a.Answer.Knows != RelayKnows.Absent || a.Relay != way.Rank).Aggregate(RelaySet.None, (set, a) => set | a.Relay.AsSet());
        db.Write(tx => queue.StillOpen(tx, claim.Row.Id, open));
        return true;
    }

    // A relay that the settings name no more has no log to look into.
    private RelayAnswer Ask(ClaimedDelivery claim, RelayRank relay, DateTimeOffset since, DateTimeOffset now)
    {
        var answer = ways.Find(relay)?.Records.LookUp(Sender(claim), MailNames.MessageId(claim.Mail.Key, options.Domain), since, now) ?? new RelayAnswer(RelayKnows.CannotTell);
        OutboxLog.LookedUp(log, claim.Row.MailKey, claim.Row.Recipient, answer.Knows, answer.QueueId);
        return answer;
    }

    private async Task EndAsync(ClaimedDelivery claim, RelayRank used, SubmitOutcome outcome, CancellationToken hard)
    {
        switch (DeliveryRules.After(claim, used, outcome, clock.GetUtcNow(), patience.IsOver(claim), options))
        {
            case EndDelivery { Outcome: DeliveryOutcome.Accepted }:
                Milestones.Reached(Milestone.MailAccepted, claim.Row.MailKey);
                await SettleAsync(claim, used, DeliveryOutcome.Accepted, outcome.QueueId, outcome.Reply, hard);
                break;
            case EndDelivery end:
                if (end.Outcome == DeliveryOutcome.Rejected)
                {
                    OutboxLog.Refused(log, claim.Row.MailKey, claim.Row.Recipient, outcome.Reason, outcome.Reply);
                }

                await SettleAsync(claim, used, end.Outcome, "", Words(outcome), hard);
                break;
            case TryAgain again:
                OutboxLog.Postponed(log, claim.Row.MailKey, claim.Row.Recipient, outcome.Reason, outcome.Reply);
                db.Write(tx => queue.PutBack(
                    tx, claim.Row.Id, again, outcome.Result == SubmitResult.Unknown, Words(outcome), held: outcome.Result is SubmitResult.Broken or SubmitResult.Unknown));
                break;
            default:
                db.Write(tx => queue.Release(tx, claim.Row.Id, clock.GetUtcNow(), claim.Row.LastReply));
                break;
        }
    }

    // No relay that this row can go by gives a line: it waits, and where none gives one to anybody, everything does.
    private async Task HoldAsync(ClaimedDelivery claim, RelayWay way, string words, CancellationToken hard)
    {
        if (await GaveUpAsync(claim, way.Rank, words, hard))
        {
            return;
        }

        var now = clock.GetUtcNow();
        var until = OutboxRules.Within(way.Gate.State.NextUtc ?? now + OutboxRules.RelayPause(1), now);
        db.Write(tx =>
        {
            if (ways.Blocked)
            {
                queue.HoldAll(tx, now, until, words);
            }

            queue.Release(tx, claim.Row.Id, until, words, held: true);
        });
    }

    private async Task<bool> GaveUpAsync(ClaimedDelivery claim, RelayRank used, string words, CancellationToken hard)
    {
        if (!patience.IsOver(claim))
        {
            return false;
        }

        await SettleAsync(claim, used, DeliveryOutcome.Expired, "", words, hard);
        return true;
    }

    private static string Words(SubmitOutcome outcome) => outcome.Reply.Length == 0 ? outcome.Reason.ToString() : $"{outcome.Reason}: {outcome.Reply}";

    // Settling must not be given up while the process lives: what the relay took would be sent again.
    private async Task SettleAsync(ClaimedDelivery claim, RelayRank relay, DeliveryOutcome outcome, string queueId, string reply, CancellationToken hard, bool lookedUp = false)
    {
        // From now on, however long the database refuses it: the response clock runs from the relay's acceptance.
        var now = clock.GetUtcNow();
        while (true)
        {
            try
            {
                db.Write(tx => Settle(tx, claim, relay, outcome, queueId, reply, lookedUp, now));
                Milestones.Reached(Milestone.DeliverySettled, claim.Row.MailKey);
                patience.Forget(claim);
                return;
            }
            catch (Exception e) when (!hard.IsCancellationRequested)
            {
                OutboxLog.SettleFailed(log, claim.Row.MailKey, claim.Row.Recipient, e);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, hard);
            }
        }
    }

    private void Settle(Tx tx, ClaimedDelivery claim, RelayRank relay, DeliveryOutcome outcome, string queueId, string reply, bool lookedUp, DateTimeOffset now)
    {
        if (!queue.Settle(tx, claim.Row.Id, relay, outcome, queueId, reply, lookedUp, now))
        {
            return;
        }

        settled(tx, new SettledDelivery(
            claim.Row.Incident,
            claim.Mail.Customer,
            claim.Mail.Kind,
            claim.Row.MailKey,
            claim.Row.Recipient,
            claim.Row.Desk,
            outcome,
            queueId,
            reply,
            queue.WasTwice(tx, claim.Row.Id),
            lookedUp,
            now)
        {
            Relay = relay,
        });
    }
}
