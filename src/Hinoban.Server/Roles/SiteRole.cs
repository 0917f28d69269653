using System.Security.Cryptography;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Results;

namespace Hinoban.Server.Roles;

/// <summary>A site over its folder, real looks and its link.</summary>
internal static class SiteRole
{
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
    internal static IReadOnlyList<Runner> Wire(Ground ground)
    {
        var site = ground.Options.Site!;
        var key = SiteKeyFile.Load(site.KeyFile);
        if (key.Site != site.Name)
        {
            throw new SiteKeyWrongException(RoleText.OtherSitesKey(site.KeyFile, key.Site, site.Name));
        }

        var link = new HttpSiteLink(site.Desks, key, ground.Clock, ground.Logs.CreateLogger<HttpSiteLink>());
        return [new Runner($"site {site.Name}", cancel => RunAsync(ground, site.Name, ground.Folder.Path, link, cancel))];
    }

    private static async Task RunAsync(Ground ground, SiteName site, string folder, ISiteLink link, CancellationToken cancel)
    {
        DataFolder.MakeFolder(folder);
        await using var spool = SpoolFolder.Open(folder, site, ground.Clock, ground.Logs.CreateLogger<SpoolFolder>());
        using var eye = new Looks(ground.Options.Plugins, ground.Clock);
        var random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
        await SiteWiring.RunAsync(new SiteGround(site, spool.Spool, spool.Broken, eye, link, random, ground.Clock, ground.Logs)
        {
            Anchors = ground.Options.Anchors,
            Trace = new PathTrace(ground.Clock).RunAsync,
        }, cancel);
    }
}

/// <summary>The site's key cannot be used; the text says why.</summary>
internal sealed class SiteKeyWrongException(Text why) : Exception(why.En)
{
    internal Text Why { get; } = why;
}
