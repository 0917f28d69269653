using System.Runtime.CompilerServices;
using Hinoban.Basics;
using Hinoban.Results;

namespace Hinoban.Flow;

/// <summary>
/// A site's link to its desk as its pump sees it: straight, or by way of a peer. Before anything else a desk that was found again is told what
/// happened without it.
/// </summary>
internal sealed class AwayLink(AwaySite away) : ISiteLink
{
    public async Task<BatchReceipt> PostAsync(ResultBatch batch, CancellationToken cancel)
    {
        var way = away.Way;
        try
        {
            await away.GreetAsync(way, cancel);
            var receipt = await way.Link.PostAsync(batch, cancel);
            away.Answered(way);
            return receipt;
        }
        catch (SiteLinkException)
        {
            away.Lost(way);
            throw;
        }
    }

    public async IAsyncEnumerable<SiteOrder> OrdersAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var way = away.Way;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, way.Left);
        await away.GreetAsync(way, either.Token);
        await using var orders = way.Link.OrdersAsync(either.Token).GetAsyncEnumerator(either.Token);
        while (await NextAsync(orders, way, cancel))
        {
            yield return orders.Current;
        }
    }

    // Another way was found meanwhile: the stream ends, and the next one goes there.
    private static async Task<bool> NextAsync(IAsyncEnumerator<SiteOrder> orders, DeskWay way, CancellationToken cancel)
    {
        try
        {
            return await orders.MoveNextAsync();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested && way.Left.IsCancellationRequested)
        {
            return false;
        }
    }
}

/// <summary>A way to the desk: straight (<see cref="By"/> null) or by a peer; <see cref="Left"/> is cancelled when another is taken.</summary>
internal sealed record DeskWay(IHandBackLink Link, SiteName? By, CancellationToken Left);
