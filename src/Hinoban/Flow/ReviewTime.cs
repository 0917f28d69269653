using Hinoban.Basics;

namespace Hinoban.Flow;

/// <summary>
/// When time alone may change something that the desk decides. What has no instant of its own is asked for every second while there is any of
/// it; with nothing of that kind, an item's own review or a site's falling silent is next.
/// </summary>
internal static class ReviewTime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    internal static TimeSpan Next(DeskBoard board, SiteLines lines, LookRequests requests, Moment now)
    {
        var next = now.Mono + (IsRestless(board, requests) || lines.Turned(now).Count > 0 ? Soon : Longest);
        foreach (var line in lines.All)
        {
            var silent = lines.SilentFrom(line);
            next = silent > now.Mono && silent < next ? silent : next;
        }

        return board.NextReview < next ? board.NextReview : next;
    }

    private static bool IsRestless(DeskBoard board, LookRequests requests) =>
        requests.Any || board.IsRestless || board.Held.Count > 0 || board.Joined.Count > 0 || board.Silences.AnyStop;
}
