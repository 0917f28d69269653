using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Specs;

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
        [.. looks.Select(look => (look, Item: board.OwnItem(look.Host, look.Service))).Where(l => l.Item is not null).Select(l => Result(l.look, l.Item!, now))],
        [],
        new SiteHealth(board.Plan.Revision, looks.Count, 0, 0, 0, TimeSpan.Zero, TimeSpan.Zero, 0));

    private static CheckResult Result(OwnLook look, ItemEntry item, Moment now) =>
        new(item.Plan.Id, item.Plan.Revision, LookCause.Scheduled, 0, 1, now.Utc, now.Mono, TimeSpan.Zero, look.Answer);
}
