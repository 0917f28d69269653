using Hinoban.Checks;
using Hinoban.Results;
using Hinoban.States;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>
/// As much of a batch as is taken in one transaction: all of it on most days, in a storm a stretch of its results after which whoever waits for the desk may go first.
/// </summary>
/// <param name="Whole">The batch.</param>
/// <param name="Batch">Of it, what this transaction takes.</param>
/// <param name="To">How many results of the whole are taken after it.</param>
internal sealed record BatchPart(ResultBatch Whole, ResultBatch Batch, int To)
{
    /// <summary>Results with something to decide that are taken at once, at most: each costs some tenths of a millisecond of the one writer's time.</summary>
    internal const int Most = 32;

    internal bool IsLast => To == Whole.Results.Count;

    /// <summary>What the cursor says when it is committed and more is to come.</summary>
    internal BatchBegun? Taken => IsLast ? null : new BatchBegun(Whole.Site, Whole.Epoch, Whole.Sequence, To);

    /// <summary>What comes next, after what was taken before; <paramref name="whole"/>: all of it, however much.</summary>
    internal static BatchPart Next(DeskBoard board, ResultBatch batch, BatchBegun? begun, bool whole)
    {
        var from = begun is { } known && (known.Epoch, known.Sequence) == (batch.Epoch, batch.Sequence) ? Math.Min(known.Results, batch.Results.Count) : 0;
        var to = whole ? batch.Results.Count : End(board, batch, from);
        return new BatchPart(batch, from == 0 && to == batch.Results.Count ? batch : batch with { Results = [.. batch.Results.Skip(from).Take(to - from)] }, to);
    }

    /// <summary>Moves the site's cursor, in the transaction that takes the part. False: the batch is counted already.</summary>
    internal bool Count(CursorStore cursors, Tx tx) => IsLast ? cursors.Advance(tx, Whole) : cursors.Begin(tx, Whole, To);

    private static int End(DeskBoard board, ResultBatch batch, int from)
    {
        var count = batch.Results.Count;
        if (count - from <= Most || batch.Lane != Lane.Live)
        {
            return count;
        }

        var loud = 0;
        for (var i = from; i < count; i++)
        {
            if (IsLoud(board, batch, batch.Results[i]) && ++loud > Most)
            {
                return i;
            }
        }

        return count;
    }

    // An OK after an OK of what works says nothing new and costs next to nothing.
    private static bool IsLoud(DeskBoard board, ResultBatch batch, CheckResult result) =>
        board.Item(result.Item) is { } entry
        && (result.Answer.Log is not null || IsLoud(entry, batch, result));

    private static bool IsLoud(ItemEntry entry, ResultBatch batch, CheckResult result) =>
        entry.SiteIndex(batch.Site) is >= 0 and var site
        && !(result.Answer.Status == CheckStatus.Ok && entry is { Problem: null, Verdict: { Judgement: Judgement.Working, Reach: Reach.Reached } } && entry.Views[site] is { Known: true, Status: CheckStatus.Ok });
}
