using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>The desk's own looks as a batch of the vantage point <c>desk</c>: it never travels, so it moves no cursor and fills no history.</summary>
internal static class OwnResults
{
    internal static ResultBatch Of(DeskBoard board, IReadOnlyList<OwnLook> looks, Moment now) => new(
        ProviderPlan.Desk,
        1,
        0,
        Lane.Live,
        now.Utc,
        now.Mono,
        News(board, looks, now),
        [],
        new SiteHealth(board.Plan.Revision, looks.Count, 0, 0, 0, TimeSpan.Zero, TimeSpan.Zero, 0));

    private static List<CheckResult> News(DeskBoard board, IReadOnlyList<OwnLook> looks, Moment now)
    {
        var news = new List<CheckResult>();
        foreach (var look in looks)
        {
            if (board.OwnItem(look.Host, look.Service) is { } item && !IsKnown(item, look.Answer, now))
            {
                news.Add(Result(look, item, now));
            }
        }

        return news;
    }

    // Said again once in half an interval, what is well is never old; and nothing but its age would change.
    private static bool IsKnown(ItemEntry item, LookAnswer answer, Moment now) =>
        answer.Status == CheckStatus.Ok
        && item is { Problem: null, Verdict: { Judgement: Judgement.Working, Reach: Reach.Reached }, Views: [{ Known: true, Status: CheckStatus.Ok, Type: StateType.Hard } view] }
        && view.Output == answer.Output
        && now.Mono - view.LookMono < item.Plan.Interval / 2;

    private static CheckResult Result(OwnLook look, ItemEntry item, Moment now) =>
        new(item.Plan.Id, item.Plan.Revision, LookCause.Scheduled, 0, 1, now.Utc, now.Mono, TimeSpan.Zero, look.Answer);
}
