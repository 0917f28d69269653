using System.Security.Cryptography;
using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Specs;

namespace Hinoban.Server.Roles;

/// <summary>Where a site's process listens for its peers: what the web server and the site's loops hand each other.</summary>
internal sealed class PeerPost
{
    private readonly Lock gate = new();
    private readonly Dictionary<(SiteName Site, string Key), ECDsa?> keys = [];
    private IPeerDoor? door;

    /// <summary>SHA-256 of the certificate that peers see; empty where the site does not listen.</summary>
    internal string Pin { get; init; } = "";

    /// <summary>The site's own line to the desk, by which it carries for its peers.</summary>
    internal HttpSiteLink? Desk { get; set; }

    /// <summary>Null until the site's loops run.</summary>
    internal IPeerDoor? Door => Volatile.Read(ref door);

    internal void Opens(IPeerDoor opened) => Volatile.Write(ref door, opened);

    /// <summary>The key that a peer's request names, if the desk has shipped it.</summary>
    internal ECDsa? Find(SiteName site, string keyId)
    {
        lock (gate)
        {
            if (keys.TryGetValue((site, keyId), out var known) && Door?.KeyOf(site, keyId) is not null)
            {
                return known;
            }

            if (Door?.KeyOf(site, keyId) is not { } shipped)
            {
                return null;
            }

            var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(shipped.Spki, out _);
            return keys[(site, keyId)] = key;
        }
    }
}

/// <summary>The link to a peer over HTTPS: requests signed with this site's key, the peer's certificate pinned.</summary>
internal sealed class HttpPeerLink : IPeerLink
{
    internal const string HelloPath = "/peer/v1/hello";

    private readonly HttpSiteLink relay;
    private readonly HttpSiteLink jury;

    internal HttpPeerLink(PeerPlan peer, SiteKeyFile key, TimeProvider clock, ILoggerFactory logs)
    {
        var (pinned, log) = (key with { DeskFingerprint = peer.Pin }, logs.CreateLogger<HttpPeerLink>());
        relay = new HttpSiteLink(new Uri(peer.Address), pinned, clock, log);
        jury = new HttpSiteLink(new Uri(peer.Address), pinned, clock, log, LinkPaths.Peer);
    }

    public IHandBackLink Relay => relay;

    public ISiteLink Jury => jury;

    public Task<PeerWord> HearAsync(PeerWord mine, CancellationToken cancel) => jury.PostAsync<PeerWord>(HelloPath, AwayCodec.Write(mine), OrderCodec.Json, cancel);

    public void Dispose()
    {
        relay.Dispose();
        jury.Dispose();
    }
}
