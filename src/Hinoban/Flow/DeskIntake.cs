using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.States;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>Where the sites' batches come in: each is heard, counted by the cursor in the transaction that takes it, and judged.</summary>
internal sealed class DeskIntake(
    DeskEngine engine, Db db, DeskStores stores, DeskBoard board, SiteLines lines, LookRequests requests, LookAsker asker, DeskChanges changes, ILogger log)
{
    internal BatchReceipt Accept(ResultBatch batch)
    {
        Milestones.Reached(Milestone.BatchArrived, batch.Site);
        var (arrived, line) = (engine.Now().Mono, lines.Of(batch.Site));
        lock (line.Taking)
        {
            var receipt = batch.Sequence == 0 && batch.Results.Count == 0 ? db.Turns.Last(() => TakeBeat(line, batch)) : null;
            for (var first = true; receipt is null; first = false)
            {
                receipt = db.Turns.Last(() => TakePart(line, batch, arrived, first));
            }

            return receipt;
        }
    }

    // Every 5 s from each site: with nothing to write and nothing to judge it costs no transaction.
    private BatchReceipt? TakeBeat(SiteLine line, ResultBatch batch)
    {
        var now = engine.Now();
        if (line.Cursor is not { } cursor || lines.Signal(batch.Site, now).SilentSince is not null)
        {
            return null;
        }

        DeskLog.SiteTurned(log, line, line.Heard(batch, now).Health);
        asker.Send(now, batch.Lane == Lane.Live ? CheckNowFlow.Wanted(board, requests, batch, now) : []);
        changes.Announce("sites", null);
        engine.Changed(now);
        return cursor;
    }

    // As much of the batch as may be taken at once; null: more is to come.
    private BatchReceipt? TakePart(SiteLine line, ResultBatch batch, TimeSpan arrived, bool first)
    {
        var now = engine.Now();
        var part = BatchPart.Next(board, batch.Aged(now.Mono - arrived), line.Taken, whole: stores.Speaker is not null);
        var returned = first && lines.Signal(batch.Site, now).SilentSince is not null;
        var answers = batch.Lane == Lane.Live && requests.Any
            ? part.Batch.Results.SelectMany(r => requests.Settle(r, batch.Site, now.Mono - part.Batch.AgeOf(r))).ToList()
            : [];
        line.PostedMono = now.Mono;
        if (returned)
        {
            // Who waits for an answer that has come with this batch gets it.
            engine.BeginAnew(now);
        }

        var heardBefore = first ? line.Heard(batch, now) : line.StillHeard(now);
        var (receipt, isNew) = (new BatchReceipt(batch.Epoch, batch.Sequence), false);
        try
        {
            engine.Transact(now, work => (receipt, isNew) = Take(work, part, returned));
            line.Cursor = part.IsLast || !isNew ? receipt : line.Cursor;
        }
        catch
        {
            // What the database did not take has not happened: the batch comes again.
            line.Unheard(heardBefore);
            requests.Unsettle(answers);
            throw;
        }

        DeskLog.SiteTurned(log, line, heardBefore.Health);
        answers.ForEach(a => a.Tell());
        if (isNew && !part.IsLast)
        {
            return null;
        }

        asker.Send(now, isNew && batch.Lane == Lane.Live
            ? [.. CheckNowFlow.Wanted(board, requests, part.Whole, now), .. CheckNowFlow.WantedForRecovery(board, requests, part.Whole, now)]
            : []);
        changes.Announce("sites", null);
        engine.Changed(now);
        return receipt;
    }

    // The receipt is the desk's cursor, not the batch's echo: a site whose spool was put back learns of it.
    private (BatchReceipt Receipt, bool IsNew) Take(DeskWork work, BatchPart part, bool returned)
    {
        var (whole, batch) = (part.Whole, part.Batch);
        if (returned)
        {
            // The site is heard again: what was judged without it is judged with it.
            foreach (var entry in board.Items.Where(e => e.Verdict.SingleSite && e.Plan.Sites.Contains(batch.Site)))
            {
                work.MustJudge(entry.Plan.Id);
            }
        }

        if (whole.Sequence == 0 || !part.Count(stores.Cursors, work.Tx))
        {
            return (stores.Cursors.Receipt(work.Tx, batch.Site), whole.Sequence == 0);
        }

        if (part.Taken is { } begun)
        {
            work.Tx.Committed.Add(() => lines.Of(batch.Site).Taken = begun);
        }
        else
        {
            stores.Samples.Append(work.Tx, whole);
        }

        // In both lanes: what stands in a log does not grow old, and nobody else will bring it.
        for (var i = 0; i < batch.Results.Count; i++)
        {
            if (batch.Results[i].Answer.Log is not null)
            {
                LogFlow.Take(work, batch.Site, batch.Results[i]);
            }
        }

        foreach (var result in batch.Lane == Lane.Live ? batch.Results.Where(r => CheckFlow.Take(work, batch, r)) : [])
        {
            work.MustJudge(result.Item);
        }

        return (new BatchReceipt(whole.Epoch, whole.Sequence), true);
    }
}
