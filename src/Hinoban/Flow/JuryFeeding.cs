using Hinoban.Basics;
using Hinoban.Results;

namespace Hinoban.Flow;

/// <summary>To whom this site's looks go while the desk is away: one feed at a time, to whoever speaks.</summary>
internal sealed class JuryFeeding(SiteGround site, SiteEngine engine, LatestLooks latest, Action<SiteOrder> ordered)
{
    private JuryFeed? feed;
    private SiteName? fedTo;

    /// <summary>A look has ended: it goes to whoever judges, if anybody does here.</summary>
    internal void Note(CheckResult result)
    {
        // What logs say is the desk's alone: nobody mails it in its place.
        result = result.Answer.Log is null ? result : result with { Answer = result.Answer with { Log = null } };
        latest.Note(result);
        _ = feed?.AddAsync(result);
    }

    /// <summary>From now on to this one; <paramref name="link"/> is asked for when it is another than before.</summary>
    internal async Task TurnAsync(SiteName? speaker, Func<SiteName, ISiteLink?> link, CancellationToken stop)
    {
        if (speaker == fedTo)
        {
            return;
        }

        var before = feed;
        (feed, fedTo) = (null, null);
        if (before is not null)
        {
            await before.DisposeAsync();
        }

        if (speaker is { } to && link(to) is { } line)
        {
            var name = FormattableString.Invariant($"jury-{site.Site}-{site.Random.NextInt64()}");
            var feeds = new PumpFeeds(ordered, engine.Unanswered, engine.Health);
            (feed, fedTo) = (new JuryFeed(name, site.Site, line, feeds, () => latest.All, site.Random, site.Clock, stop), speaker);
        }
    }
}
