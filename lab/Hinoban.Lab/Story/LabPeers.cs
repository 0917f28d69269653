using System.Runtime.CompilerServices;
using Hinoban.Basics;
using Hinoban.Results;

namespace Hinoban.Lab.Story;

/// <summary>The lines between sites: one way in each direction, cut together.</summary>
internal sealed class LabPeers
{
    private readonly Dictionary<(SiteName From, SiteName To), LabWay> ways = [];

    internal void Cut(StoryWorld world, SiteName a, SiteName b)
    {
        Way(world, a, b).Cut();
        Way(world, b, a).Cut();
    }

    internal void Mend(StoryWorld world, SiteName a, SiteName b)
    {
        Way(world, a, b).Mend();
        Way(world, b, a).Mend();
    }

    internal IPeerLink Dial(StoryWorld world, StorySite from, SiteName to, LabNode node) =>
        new LabPeerLink(from.Name, Way(world, from.Name, to), Way(world, to, from.Name), world.Sites.First(s => s.Name == to).PeerDoor, node);

    private LabWay Way(StoryWorld world, SiteName from, SiteName to)
    {
        if (!ways.TryGetValue((from, to), out var way))
        {
            ways[(from, to)] = way = new LabWay(world.Clock);
        }

        return way;
    }
}

/// <summary>What a site's process does for its peers now, if it runs.</summary>
internal sealed class LabPeerDoor
{
    internal (LabNode Node, IPeerDoor Door)? Open { get; private set; }

    internal LabDoor Jury { get; } = new();

    internal LabDoor Relay { get; } = new();

    internal void Opens(LabNode node, IPeerDoor door, StoryWorld world)
    {
        Open = (node, door);
        Jury.Opens(node, new AtPeer(door));
        Relay.Opens(node, new ByPeer(world, node));
    }

    internal void Closes()
    {
        Open = null;
        Jury.Closes();
        Relay.Closes();
    }

    private sealed class AtPeer(IPeerDoor door) : IResultDoor
    {
        private IResultDoor Door => door.Jury ?? throw new SiteLinkException("this site does not judge");

        public Task<BatchReceipt> AcceptAsync(ResultBatch batch, CancellationToken cancel) => Door.AcceptAsync(batch, cancel);

        public IAsyncEnumerable<SiteOrder> OrdersAsync(SiteName site, CancellationToken cancel) => Door.OrdersAsync(site, cancel);
    }

    // The peer's own line to the desk, used in the origin's name.
    private sealed class ByPeer(StoryWorld world, LabNode node) : IHandBackDoor
    {
        public Task<BatchReceipt> AcceptAsync(ResultBatch batch, CancellationToken cancel) => For(batch.Site).PostAsync(batch, cancel);

        public Task<HandBackReceipt> TakeBackAsync(HandBack back, CancellationToken cancel) => For(back.Site).HandBackAsync(back, cancel);

        public async IAsyncEnumerable<SiteOrder> OrdersAsync(SiteName site, [EnumeratorCancellation] CancellationToken cancel)
        {
            await foreach (var order in For(site).OrdersAsync(cancel))
            {
                yield return order;
            }
        }

        private IHandBackLink For(SiteName origin)
        {
            var own = world.Sites.First(s => s.Node == node).Link;
            return new LabLink(origin, own.Up, own.Down, world.Door, _ => { }).For(node);
        }
    }
}

/// <summary>A site's link to a peer, as its process holds it.</summary>
internal sealed class LabPeerLink(SiteName from, LabWay up, LabWay down, LabPeerDoor to, LabNode node) : IPeerLink
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly LabLink relay = new(from, up, down, to.Relay, _ => { });
    private readonly LabLink jury = new(from, up, down, to.Jury, _ => { });

    public IHandBackLink Relay => relay.For(node);

    public ISiteLink Jury => jury.For(node);

    public async Task<PeerWord> HearAsync(PeerWord mine, CancellationToken cancel)
    {
        var answer = new TaskCompletionSource<PeerWord>();
        up.Carry(() =>
        {
            if (to.Open is { } peer)
            {
                peer.Node.Post(() =>
                {
                    var word = peer.Door.Hear(mine);
                    down.Carry(() => node.Post(() => answer.TrySetResult(word)));
                });
            }
            else
            {
                down.Carry(() => node.Post(() => answer.TrySetException(new SiteLinkException("connection refused"))));
            }
        });
        try
        {
            return await answer.Task.WaitAsync(AnswerLimit, node.Clock, cancel);
        }
        catch (TimeoutException)
        {
            answer.TrySetCanceled(CancellationToken.None);
            throw new SiteLinkException("the peer was silent for too long");
        }
    }

    public void Dispose()
    {
    }
}
