using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Specs;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>The peers as the plan has them, each with its talk; one that is reached as before goes on as it is. Safe for concurrent use.</summary>
internal sealed class PeerRing(SiteName site, Func<PeerPlan, IPeerLink> dial, TimeProvider clock, ILogger log)
{
    private readonly Lock gate = new();
    private readonly Dictionary<SiteName, (PeerTalk Talk, CancellationTokenSource Stop)> peers = [];

    internal IReadOnlyList<PeerTalk> All
    {
        get
        {
            lock (gate)
            {
                return [.. peers.Values.Select(p => p.Talk)];
            }
        }
    }

    internal PeerTalk? Find(SiteName name) => All.FirstOrDefault(p => p.Plan.Name == name);

    /// <summary>Talks to the peers of the plan from now on, to those whose certificate is known.</summary>
    internal void Take(AwayPlan plan, Func<PeerWord> mine, Action<PeerWord> heard, CancellationToken stop)
    {
        lock (gate)
        {
            foreach (var (name, gone) in peers.ToList())
            {
                if (!plan.Peers.Any(p => p.Name == name && SameAs(p, gone.Talk.Plan)))
                {
                    gone.Stop.Cancel();
                    gone.Talk.Link.Dispose();
                    peers.Remove(name);
                }
            }

            foreach (var peer in plan.Peers.Where(p => p.Pin.Length > 0 && !peers.ContainsKey(p.Name)))
            {
                var talk = new PeerTalk(site, peer, plan.RankOf(peer.Name), dial(peer), clock, log);
                var ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
                peers[peer.Name] = (talk, ends);
                _ = talk.RunAsync(mine, heard, ends.Token);
            }
        }
    }

    private static bool SameAs(PeerPlan a, PeerPlan b) => (a.Address, a.Pin) == (b.Address, b.Pin) && a.Keys.SequenceEqual(b.Keys);
}
