using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Notifying;

/// <summary>One attempt at one delivery: from the marked row to its settlement or its way back into the queue.</summary>
internal sealed class OutboxDelivery(
    Db db,
    OutboxQueue queue,
    LinePool pool,
    RelayGate gate,
    RelayRecords records,
    MailOptions options,
    TimeProvider clock,
    Action<Tx, SettledDelivery> settled,
    ILogger log)
{
    internal async Task RunAsync(ClaimedDelivery claim, CancellationToken hard)
    {
        if (MailAddress.Parse(claim.Mail.ListAddress) is null)
        {
            await SettleAsync(claim, DeliveryOutcome.Rejected, "", $"invalid list address: {Visible.Line(claim.Mail.ListAddress)}", hard);
            return;
        }

        // Composed before a line is taken: what cannot be composed must not cost a line.
        var envelope = EnvelopeOf(claim);
        var (opening, reused) = await pool.TakeAsync(hard);
        while (opening.Line is { } line)
        {
            if (await OnLineAsync(claim, envelope, line, reused, hard) is not { } outcome)
            {
                return;
            }

            if (reused && outcome is { Result: SubmitResult.Broken, Reason: SubmitReason.ConnectionLost or SubmitReason.RelayCloses })
            {
                // A line that idled too long says nothing about the relay or this recipient.
                await pool.CloseIdleAsync();
                (opening, reused) = await pool.TakeAsync(hard);
                continue;
            }

            await EndAsync(claim, outcome, hard);
            return;
        }

        await HoldAsync(claim, opening.Failure!, hard);
    }

    /// <summary>The attempt stopped on an error of ours: nobody knows how far it came.</summary>
    internal async Task FailedAsync(ClaimedDelivery claim, CancellationToken hard)
    {
        var failure = new SubmitOutcome(SubmitResult.Unknown, SubmitReason.InternalError, "");
        if (!claim.Row.OutcomeUnknown || !await GaveUpAsync(claim, failure, hard))
        {
            await PutBackAsync(claim, failure, clock.GetUtcNow() + OutboxRules.Pause(claim.Row.Attempts), hard);
        }
    }

    /// <summary>Null if nothing is to be sent (now). The line goes back whatever happens.</summary>
    private async Task<SubmitOutcome?> OnLineAsync(ClaimedDelivery claim, MailEnvelope envelope, IMailLine line, bool reused, CancellationToken hard)
    {
        try
        {
            if (!reused && gate.Opened())
            {
                OutboxLog.RelayBack(log, options.Host);
                db.Write(tx => queue.HurryAll(tx, clock.GetUtcNow()));
            }

            // The relay is asked what it knows only now: a live connection is also what proves that its log is being written.
            return claim.Row.OutcomeUnknown && !await ResolveAsync(claim, hard) ? null : await line.SendAsync(envelope, hard);
        }
        finally
        {
            await pool.GiveBackAsync(line);
        }
    }

    private MailEnvelope EnvelopeOf(ClaimedDelivery claim) => new(Sender(claim), claim.Row.Recipient, MailComposer.Compose(claim.Mail, options), claim.Row.MailKey) { StillOurs = () => db.OnDuty };

    private string Sender(ClaimedDelivery claim) => MailNames.EnvelopeSender(claim.Mail.ListAddress, claim.Row.Id, options.Domain);

    /// <summary>False if nothing is to be sent (now).</summary>
    private async Task<bool> ResolveAsync(ClaimedDelivery claim, CancellationToken hard)
    {
        var now = clock.GetUtcNow();
        var since = claim.Row.AttemptUtc ?? now;
        var answer = records.LookUp(Sender(claim), MailNames.MessageId(claim.Mail.Key, options.Domain), since, now);
        OutboxLog.LookedUp(log, claim.Row.MailKey, claim.Row.Recipient, answer.Knows, answer.QueueId);
        switch (answer.Knows)
        {
            case RelayKnows.Accepted:
                await SettleAsync(claim, DeliveryOutcome.Accepted, answer.QueueId, "", hard, lookedUp: true);
                return false;
            case RelayKnows.TooEarly:
                db.Write(tx => queue.Release(tx, claim.Row.Id, since + RelayRecords.Grace, claim.Row.LastReply));
                return false;
            case RelayKnows.Absent:
            case RelayKnows.CannotTell:
            default:
                break;
        }

        // It has been looked up; a relay that never answers must not keep it alive for ever.
        if (await GaveUpAsync(claim, new SubmitOutcome(SubmitResult.Unknown, SubmitReason.ConnectionLost, claim.Row.LastReply), hard))
        {
            return false;
        }

        db.Write(tx =>
        {
            if (answer.Knows == RelayKnows.Absent)
            {
                queue.MarkKnown(tx, claim.Row.Id);
            }
            else
            {
                queue.MarkTwice(tx, claim.Row.Id);
            }
        });
        return true;
    }

    private async Task EndAsync(ClaimedDelivery claim, SubmitOutcome outcome, CancellationToken hard)
    {
        switch (outcome.Result)
        {
            case SubmitResult.Accepted:
                Milestones.Reached(Milestone.MailAccepted, claim.Row.MailKey);
                await SettleAsync(claim, DeliveryOutcome.Accepted, outcome.QueueId, outcome.Reply, hard);
                break;
            case SubmitResult.Permanent:
                OutboxLog.Refused(log, claim.Row.MailKey, claim.Row.Recipient, outcome.Reason, outcome.Reply);
                await SettleAsync(claim, DeliveryOutcome.Rejected, "", Words(outcome), hard);
                break;
            case SubmitResult.Broken when outcome.Reason == SubmitReason.Stopping:
                db.Write(tx => queue.Release(tx, claim.Row.Id, clock.GetUtcNow(), claim.Row.LastReply));
                break;
            case SubmitResult.Transient:
            case SubmitResult.Broken:
            case SubmitResult.Unknown:
            default:
                OutboxLog.Postponed(log, claim.Row.MailKey, claim.Row.Recipient, outcome.Reason, outcome.Reply);
                await PutBackAsync(claim, outcome, clock.GetUtcNow() + OutboxRules.Pause(claim.Row.Attempts), hard);
                break;
        }
    }

    // The relay gives no line: everything waits, and this row with it.
    private async Task HoldAsync(ClaimedDelivery claim, SubmitOutcome failure, CancellationToken hard)
    {
        if (failure.Reason == SubmitReason.Stopping)
        {
            db.Write(tx => queue.Release(tx, claim.Row.Id, clock.GetUtcNow(), claim.Row.LastReply));
            return;
        }

        var until = gate.Failed(Words(failure));
        OutboxLog.RelayAway(log, options.Host, options.Port, failure.Reason, failure.Reply);
        if (await GaveUpAsync(claim, failure, hard))
        {
            return;
        }

        db.Write(tx =>
        {
            queue.HoldAll(tx, clock.GetUtcNow(), until, Words(failure));
            queue.Release(tx, claim.Row.Id, until, Words(failure));
        });
    }

    private async Task PutBackAsync(ClaimedDelivery claim, SubmitOutcome outcome, DateTimeOffset nextUtc, CancellationToken hard)
    {
        // An attempt that has just become unknown is not given up: it gets its look-up first.
        var unknown = outcome.Result == SubmitResult.Unknown;
        if (unknown || !await GaveUpAsync(claim, outcome, hard))
        {
            db.Write(tx => queue.PutBack(tx, claim.Row.Id, nextUtc, unknown, Words(outcome)));
        }
    }

    private async Task<bool> GaveUpAsync(ClaimedDelivery claim, SubmitOutcome outcome, CancellationToken hard)
    {
        if (!OutboxRules.Expired(claim.Mail.DateUtc, clock.GetUtcNow(), options))
        {
            return false;
        }

        await SettleAsync(claim, DeliveryOutcome.Expired, "", Words(outcome), hard);
        return true;
    }

    private static string Words(SubmitOutcome outcome) => outcome.Reply.Length == 0 ? outcome.Reason.ToString() : $"{outcome.Reason}: {outcome.Reply}";

    // Settling must not be given up while the process lives: what the relay took would be sent again.
    private async Task SettleAsync(ClaimedDelivery claim, DeliveryOutcome outcome, string queueId, string reply, CancellationToken hard, bool lookedUp = false)
    {
        while (true)
        {
            try
            {
                db.Write(tx => Settle(tx, claim, outcome, queueId, reply, lookedUp));
                Milestones.Reached(Milestone.DeliverySettled, claim.Row.MailKey);
                return;
            }
            catch (Exception e) when (!hard.IsCancellationRequested)
            {
                OutboxLog.SettleFailed(log, claim.Row.MailKey, claim.Row.Recipient, e);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, hard);
            }
        }
    }

    private void Settle(Tx tx, ClaimedDelivery claim, DeliveryOutcome outcome, string queueId, string reply, bool lookedUp)
    {
        var now = clock.GetUtcNow();
        if (!queue.Settle(tx, claim.Row.Id, outcome, queueId, reply, lookedUp, now))
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
            now));
    }
}
