using Hinoban.Basics;

namespace Hinoban.Results;

/// <summary>A hand-back in pages: first what the site did itself, then what it knows of others, so that a page that is refused holds up no other.</summary>
internal static class HandBackPages
{
    internal static IReadOnlyList<HandBack> Of(SiteName site, string pin, IReadOnlyList<EpisodeNote> notes, IReadOnlyList<HandedEpisode> episodes)
    {
        List<HandBack> pages =
        [
            .. episodes.Count == 0 ? [] : AwayCodec.Pages(episodes.SelectMany(Pieces)).Select(page => new HandBack(site, pin, [], page)),
            .. notes.Count == 0 ? [] : AwayCodec.Pages(notes).Select(page => new HandBack(site, pin, page, [])),
        ];

        // With nothing to tell it says so: the desk waits to hear that.
        return pages.Count == 0 ? [new HandBack(site, pin, [], [])] : [.. pages.Select((page, i) => page with { More = i < pages.Count - 1 })];
    }

    /// <summary>A page that was not taken, in two; null if it says one thing only.</summary>
    internal static (HandBack First, HandBack Second)? Halves(HandBack page)
    {
        var (episodes, notes) = (page.Episodes.Count / 2, page.Notes.Count / 2);
        return page.Episodes.Count + page.Notes.Count < 2 ? null
            : page.Episodes.Count > 0 && page.Notes.Count > 0 ? (page with { Notes = [], More = true }, page with { Episodes = [] })
            : (page with { Episodes = [.. page.Episodes.Take(episodes)], Notes = [.. page.Notes.Take(notes)], More = true },
                page with { Episodes = [.. page.Episodes.Skip(episodes)], Notes = [.. page.Notes.Skip(notes)] });
    }

    private static IEnumerable<HandedEpisode> Pieces(HandedEpisode episode)
    {
        var from = episode.From;
        foreach (var events in AwayCodec.Pages(episode.Events))
        {
            yield return episode with { From = from, Events = events };
            from += events.Count;
        }
    }
}
