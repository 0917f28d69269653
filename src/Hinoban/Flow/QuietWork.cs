using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>What the desk does all the time though nothing changes that it would have to write: done in memory, without a transaction.</summary>
internal static class QuietWork
{
    /// <summary>Time may have changed these verdicts, and did not: each gets the instant at which it may do so next. False if one is another now; then nothing is done.</summary>
    internal static bool TryRenew(DeskWork work, IReadOnlyList<ItemId> due, DeskChanges changes)
    {
        foreach (var id in due)
        {
            if (work.Item(id) is not { Problem: null, Waits: false, Verdict.Judgement: Judgement.Working } entry)
            {
                return false;
            }

            var verdict = work.Verdict(entry);
            if (!verdict.SaysSameAs(entry.Verdict))
            {
                return false;
            }

            work.Set(entry with { Verdict = verdict, WaitsUntil = null, LooksFrom = null });
        }

        return TryPublish(work, changes);
    }

    /// <summary>The results tell nothing new. False if one does; then nothing is done.</summary>
    internal static bool TryTake(DeskWork work, ResultBatch batch, DeskChanges changes) =>
        !batch.Results.Any(r => CheckFlow.Step(work, batch, r)) && TryPublish(work, changes);

    /// <summary>The item has changed in what the database keeps of it.</summary>
    internal static bool IsWorthARow(ItemEntry before, ItemEntry after)
    {
        var (item, customer) = (after.Plan.Id, after.Plan.Customer);
        if (before.Views.Length != after.Views.Length
            || before.Flaps?.Newest != after.Flaps?.Newest
            || StateRows.IsWorthWriting(new VerdictToSave(item, customer, before.Verdict, after.Verdict, after.VerdictSinceUtc)))
        {
            return true;
        }

        for (var i = 0; i < after.Views.Length; i++)
        {
            if (!ReferenceEquals(before.Views[i], after.Views[i]) && StateRows.IsWorthWriting(new ViewToSave(item, customer, before.Views[i], after.Views[i])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryPublish(DeskWork work, DeskChanges changes)
    {
        if (!work.ChangesNoRow)
        {
            return false;
        }

        work.Publish(changes);
        return true;
    }
}
