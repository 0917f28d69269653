using Hinoban.Basics;
using Hinoban.Results;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>
/// Before the first batch of a contact the desk learns what was done without it, and this site speaks no more. What the desk does not take is kept, said
/// in the log and told again later; results go on meanwhile.
/// </summary>
internal sealed class AwayGreeting(SiteName site, string pin, EpisodeBook book, AwayDesk? speaks, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim one = new(1);
    private DeskWay? greeted;
    private TimeSpan pause = FirstPause;
    private TimeSpan again = TimeSpan.MinValue;
    private bool deskSends;

    internal async Task GreetAsync(DeskWay by, Action<DeskWay> answered, CancellationToken cancel)
    {
        if (IsDone(by))
        {
            return;
        }

        await one.WaitAsync();
        try
        {
            if (!IsDone(by))
            {
                await TellAsync(by, answered, cancel);
            }
        }
        finally
        {
            one.Release();
        }
    }

    internal void Lost(DeskWay by) => greeted = greeted == by ? null : greeted;

    private bool IsDone(DeskWay by) => greeted == by && (speaks is null || speaks is { Door: null } && (Now < again || !(deskSends && speaks.MayHandOver) && speaks.Owed().Count == 0));

    private TimeSpan Now => Moment.MonoOf(clock);

    // Two passes at most: what was decided while the desk was being told is told too, before any result.
    private async Task TellAsync(DeskWay by, Action<DeskWay> answered, CancellationToken cancel)
    {
        var refused = "";
        if (greeted != by || speaks is { Door: not null })
        {
            refused = await HandBackAsync(by, [.. book.All.Where(n => n.By != EpisodeBook.DeskName)], answered, cancel);
            if (speaks is not null)
            {
                await speaks.StopAsync();
            }
        }

        if (deskSends)
        {
            speaks?.HandOver();
        }

        if (refused.Length == 0 && speaks?.Owed().Count > 0)
        {
            refused = await HandBackAsync(by, [], answered, cancel);
        }

        greeted = by;
        Rest(speaks?.Owed().Count ?? 0, refused);
    }

    private void Rest(int left, string refused)
    {
        if (left == 0)
        {
            (pause, again) = (FirstPause, TimeSpan.MinValue);
            return;
        }

        AwayLog.NotTaken(log, site, Counted.Of(left, "episode"), refused.Length > 0 ? refused : "the desk did not say why", pause.TotalSeconds);
        again = Now + pause;
        pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
    }

    // Why not all of it was taken; empty if it was, as far as the desk says.
    private async Task<string> HandBackAsync(DeskWay by, IReadOnlyList<EpisodeNote> notes, Action<DeskWay> answered, CancellationToken cancel)
    {
        var owed = speaks?.Owed() ?? [];
        var refused = "";
        foreach (var page in HandBackPages.Of(site, pin, notes, owed))
        {
            try
            {
                refused = await HandBackAsync(by, page, answered, cancel) ?? refused;
            }
            catch (SiteLinkException old) when (old.Fault == SiteLinkFault.NotKnown)
            {
                // A desk of an earlier version knows nothing of this; its sites only keep what they see.
                return old.Message;
            }
        }

        if (owed.Count > 0)
        {
            AwayLog.HandsBack(log, site, Counted.Of(owed.Count, "episode"));
        }

        return refused;
    }

    // A page that the desk cannot take is told in smaller parts, so that only what is wrong with it stays behind.
    private async Task<string?> HandBackAsync(DeskWay by, HandBack page, Action<DeskWay> answered, CancellationToken cancel)
    {
        try
        {
            var receipt = await by.Link.HandBackAsync(page, cancel);
            answered(by);
            deskSends = receipt.Sends;
            speaks?.Note(receipt);
            return null;
        }
        catch (SiteLinkException no) when (no.Fault is SiteLinkFault.BadBatch or SiteLinkFault.Failed)
        {
            if (HandBackPages.Halves(page) is not var (first, second))
            {
                return no.Message;
            }

            var (a, b) = (await HandBackAsync(by, first, answered, cancel), await HandBackAsync(by, second, answered, cancel));
            return a ?? b;
        }
    }
}
