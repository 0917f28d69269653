using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>
/// The check-now requests that are out, by item, and who waits for their answers. A request is answered by its own result, and
/// settled as well by any later look of that site at that item. Lives in memory: after a restart nobody waits any more.
/// </summary>
internal sealed class LookRequests(long first)
{
    private readonly Dictionary<ItemId, List<Request>> byItem = [];
    private long last = first;

    internal IReadOnlyList<PendingLook> Pending(ItemId item) =>
        byItem.TryGetValue(item, out var list) ? list.ConvertAll(r => new PendingLook(r.Number, r.Site, r.Asked)) : [];

    /// <summary>Notes a request that is being sent; the task ends with the result that answers it, or never.</summary>
    internal (long Number, Task<CheckResult> Answer) Add(ItemId item, SiteName site, TimeSpan now)
    {
        var request = new Request(++last, site, now, new TaskCompletionSource<CheckResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!byItem.TryGetValue(item, out var list))
        {
            byItem[item] = list = [];
        }

        list.Add(request);
        return (request.Number, request.Answer.Task);
    }

    /// <summary>A result came in, whose look started at <paramref name="started"/> (desk clock). A look from before a request says nothing about it.</summary>
    internal void Answered(CheckResult result, SiteName site, TimeSpan started)
    {
        if (!byItem.TryGetValue(result.Item, out var list))
        {
            return;
        }

        foreach (var request in list.Where(r => r.Site == site && (r.Number == result.Request || started >= r.Asked)).ToList())
        {
            list.Remove(request);
            request.Answer.TrySetResult(result);
        }

        if (list.Count == 0)
        {
            byItem.Remove(result.Item);
        }
    }

    /// <summary>Forgets requests asked before <paramref name="before"/>: long unanswered, their verdict has been drawn.</summary>
    internal void Forget(TimeSpan before)
    {
        foreach (var (item, list) in byItem.ToList())
        {
            foreach (var old in list.Where(r => r.Asked < before).ToList())
            {
                list.Remove(old);
                old.Answer.TrySetCanceled();
            }

            if (list.Count == 0)
            {
                byItem.Remove(item);
            }
        }
    }

    private sealed record Request(long Number, SiteName Site, TimeSpan Asked, TaskCompletionSource<CheckResult> Answer);
}
