using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Results;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>
/// The check-now requests that are out, by item, and who waits for their answers. A request is answered by its own result, and
/// settled as well by any later look of that site at that item. Lives in memory: after a restart nobody waits any more.
/// </summary>
internal sealed class LookRequests(long first, Moment started)
{
    private CheckNowBudget budget = CheckNowBudget.Full(started);
    private readonly Dictionary<ItemId, List<Request>> byItem = [];
    private long last = first;

    /// <summary>Something is out, or waits to be.</summary>
    internal bool Any => byItem.Count > 0 || Waiting.Count > 0;

    /// <summary>Looks that are wanted but had to wait for the budget.</summary>
    internal IReadOnlyList<WantedLook> Waiting { get; private set; } = [];

    /// <summary>What is out for an item; what only waits for the budget counts as asked this moment, so that its verdict waits with it.</summary>
    internal IReadOnlyList<PendingLook> Pending(ItemId item, TimeSpan now) =>
    [
        .. byItem.TryGetValue(item, out var list) ? list.Select(r => new PendingLook(r.Number, r.Site, r.Asked)) : [],
        .. Waiting.Where(w => w.Item == item).Select(w => new PendingLook(0, w.Ask.Site, now)),
    ];

    /// <summary>Grants what the budget allows of what is wanted, together with what waited before.</summary>
    internal IReadOnlyList<WantedLook> Spend(IEnumerable<WantedLook> wanted, Func<ItemId, string?> hostChecked, Moment now)
    {
        var hostLooksOut = byItem
            .SelectMany(pair => hostChecked(pair.Key) is { } host ? pair.Value.Select(r => (host, r.Site)) : [])
            .ToHashSet();
        var grant = budget.Spend([.. Waiting, .. wanted], hostLooksOut, now);
        (budget, Waiting) = (grant.After, grant.Wait);
        return grant.Send;
    }

    /// <summary>Drops what waits but is no longer wanted.</summary>
    internal void Unwant(Func<WantedLook, bool> stale) => Waiting = [.. Waiting.Where(w => !stale(w))];

    /// <summary>Notes a request that is being sent; the task ends with the result that answers it, or never.</summary>
    internal (LookNowOrder Order, Task<CheckResult> Answer) Add(ItemId item, SiteName site, TimeSpan timeout, TimeSpan now)
    {
        var order = new LookNowOrder(++last, item, timeout);
        return (order, Add(order.Request, item, site, order, now));
    }

    /// <summary>Notes that a site is asked to follow the way to an address, for one of the provider's own items.</summary>
    internal (TraceOrder Order, Task<CheckResult> Answer) AddTrace(ItemId item, SiteName site, string address, TimeSpan now)
    {
        var order = new TraceOrder(++last, item, address);
        return (order, Add(order.Request, item, site, order, now));
    }

    private Task<CheckResult> Add(long number, ItemId item, SiteName site, SiteOrder order, TimeSpan now)
    {
        var request = new Request(number, site, now, order, new TaskCompletionSource<CheckResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        ListOf(item).Add(request);
        return request.Answer.Task;
    }

    /// <summary>What is out for a site, to be sent again when it comes back: the stream before may have taken the orders with it.</summary>
    internal IReadOnlyList<SiteOrder> OrdersFor(SiteName site) =>
        [.. byItem.Values.SelectMany(list => list.Where(r => r.Site == site)).OrderBy(r => r.Number).Select(r => r.Order)];

    /// <summary>
    /// A result came in, whose look started at <paramref name="started"/> (desk clock): what it answers is no longer pending. A look from
    /// before a request says nothing about it. Returned is who waits, to be told when the result is committed, or put back if it is not.
    /// </summary>
    internal IReadOnlyList<AnsweredLook> Settle(CheckResult result, SiteName site, TimeSpan started)
    {
        if (!byItem.TryGetValue(result.Item, out var list))
        {
            return [];
        }

        if (result.Answer.NoValue == NoValue.EngineFault)
        {
            // The site did not look: whoever waits for its word still waits, and a site that cannot look is soon judged without.
            return [];
        }

        var answered = list.Where(r => r.Site == site && (r.Number == result.Request || started >= r.Asked)).ToList();
        list.RemoveAll(answered.Contains);
        if (list.Count == 0)
        {
            byItem.Remove(result.Item);
        }

        return answered.ConvertAll(r => new AnsweredLook(r, result));
    }

    /// <summary>The results were not committed: their requests are out as before.</summary>
    internal void Unsettle(IEnumerable<AnsweredLook> answers)
    {
        foreach (var answer in answers)
        {
            ListOf(answer.Result.Item).Add(answer.Request);
        }
    }

    /// <summary>Forgets requests asked before <paramref name="before"/>: long unanswered, their verdict has been drawn.</summary>
    internal void Forget(TimeSpan before)
    {
        if (byItem.Count == 0)
        {
            return;
        }

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

    private List<Request> ListOf(ItemId item)
    {
        if (!byItem.TryGetValue(item, out var list))
        {
            byItem[item] = list = [];
        }

        return list;
    }

    /// <summary>One look that somebody asked for and may wait for.</summary>
    internal sealed record Request(long Number, SiteName Site, TimeSpan Asked, SiteOrder Order, TaskCompletionSource<CheckResult> Answer);
}

/// <summary>A request with the result that answers it.</summary>
internal sealed record AnsweredLook(LookRequests.Request Request, CheckResult Result)
{
    internal void Tell() => Request.Answer.TrySetResult(Result);
}
