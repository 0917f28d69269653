using Hinoban.Basics;

namespace Hinoban.Results;

/// <summary>The link of a site that runs inside the desk's process: straight onto the door.</summary>
internal sealed class InProcessLink(IResultDoor door, SiteName site) : ISiteLink
{
    public Task<BatchReceipt> PostAsync(ResultBatch batch, CancellationToken cancel) => door.AcceptAsync(batch, cancel);

    public IAsyncEnumerable<SiteOrder> OrdersAsync(CancellationToken cancel) => door.OrdersAsync(site, cancel);
}
