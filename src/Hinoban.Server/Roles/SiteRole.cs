using System.Security.Cryptography;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Checks.Via;
using Hinoban.Flow;
using Hinoban.Notifying;
using Hinoban.Results;

namespace Hinoban.Server.Roles;

/// <summary>A site over its folder, real looks and its link.</summary>
internal static class SiteRole
{
    /// <summary>A log-in serves the looks of one round and ends before the next: a kept one is a process here and another on the host.</summary>
    private static readonly TimeSpan SshKept = TimeSpan.FromSeconds(30);

    /// <summary>The sites of <c>hinoban up</c>: they look from the same process and put their results straight onto the desk's door.</summary>
    internal static DeskParts Inside(Ground ground, DeskParts desk) => desk with
    {
        Runners =
        [
            .. desk.Runners,
            .. ground.Options.Desk!.Sites.Select(site => new Runner(
                $"site {site}", cancel => RunAsync(ground, site, ground.Folder.SiteFolder(site), new InProcessLink(desk.Door, site), cancel))),
        ],
    };

    /// <summary>A site of its own: dials out to its desk. Throws <see cref="SiteKeyWrongException"/> if the key is not this site's.</summary>
    internal static IReadOnlyList<Runner> Wire(Ground ground, PeerPost peers)
    {
        var site = ground.Options.Site!;
        var key = SiteKeyFile.Load(site.KeyFile);
        if (key.Site != site.Name)
        {
            throw new SiteKeyWrongException(RoleText.OtherSitesKey(site.KeyFile, key.Site, site.Name));
        }

        var link = new HttpSiteLink(site.Desks, key, ground.Clock, ground.Logs.CreateLogger<HttpSiteLink>());
        peers.Desk = link;
        return [new Runner($"site {site.Name}", cancel => RunAsync(ground, site.Name, ground.Folder.Path, link, cancel, () => Away(ground, peers, key)))];
    }

    /// <summary>What it stands on when the desk is away; a site that neither listens nor has a relay only keeps what it sees.</summary>
    private static AwayGround? Away(Ground ground, PeerPost peers, SiteKeyFile key)
    {
        var site = ground.Options.Site!;
        return site is { Listen: null, Mail: null } ? null : new AwayGround(
            AwayFolder.Open(ground.Folder.Path, site.Name, ground.Clock, ground.Logs.CreateLogger<AwaySite>()),
            site.Mail,
            site.Mail is { } mail ? NotifyingSetup.Relay(mail, ground.Clock, ground.Logs) : null,
            peers.Pin,
            peer => new HttpPeerLink(peer, key, ground.Clock, ground.Logs))
        {
            SecondRelay = site.Mail?.Second is { } second ? NotifyingSetup.Relay(second, ground.Clock, ground.Logs) : null,
            Opens = peers.Opens,
        };
    }

    private static async Task RunAsync(Ground ground, SiteName site, string folder, ISiteLink link, CancellationToken cancel, Func<AwayGround?>? away = null)
    {
        DataFolder.MakeFolder(folder);
        var place = new PlaceWatch(folder, ground.Clock, ground.Logs.CreateLogger<PlaceWatch>());
        LostCopies.Take(Path.Combine(folder, SpoolFolder.FileName), ground.Clock, ground.Logs.CreateLogger<PlaceWatch>());
        await using var spool = SpoolFolder.Open(folder, site, ground.Clock, ground.Logs.CreateLogger<SpoolFolder>());
        place.Watch(spool.Db);
        var stands = away?.Invoke();
        using var kept = stands?.Db;
        using var certificate = SiteCertificate.Open(folder, site.Value, ground.Clock);
        using var eye = new Looks(ground.Options.Plugins, ground.Clock, new ViaOptions(certificate, ground.Options.Ssh with { Folder = Path.Combine(folder, "ssh"), Persist = SshKept })
        {
            LogCursor = spool.Spool.LogCursor,
        });
        var random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
        if (stands is not null)
        {
            place.Watch(stands.Db);
        }

        await WatchedAsync(place, watched => SiteWiring.RunAsync(new SiteGround(site, spool.Spool, spool.Broken, eye, link, random, ground.Clock, ground.Logs)
        {
            Anchors = ground.Options.Anchors,
            Away = stands,
            Trace = new PathTrace(ground.Clock).RunAsync,
            Place = () => place.View.State,
        }, watched), cancel);
    }

    /// <summary>The eye on the folder is closed when the site has ended: nothing is written then, and the last copy has all of it.</summary>
    private static async Task WatchedAsync(PlaceWatch place, Func<CancellationToken, Task> run, CancellationToken cancel)
    {
        using var over = new CancellationTokenSource();
        var watching = place.RunAsync(over.Token);
        try
        {
            await run(cancel);
        }
        finally
        {
            await over.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            place.End();
        }
    }
}

/// <summary>The site's key cannot be used; the text says why.</summary>
internal sealed class SiteKeyWrongException(Text why) : Exception(why.En)
{
    internal Text Why { get; } = why;
}
