using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>From a suspicion (a failed look, or one without an answer for 3 s) or a first OK to the check-now requests that it wants.</summary>
internal static class CheckNowFlow
{
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(2);

    // Of a large group, who is asked for more evidence.
    private const int MostSeen = 3 * StormRules.Many;

    /// <summary>A host's key desk-wide, shared by all its items.</summary>
    internal static string HostKey(ItemPlan item) => $"{item.Customer}/{item.Host}";

    internal static WantedLook Want(ItemPlan item, LookAsk ask, TimeSpan sinceMono) => new(item.Id, HostKey(item), item.IsHostCheck, ask, sinceMono);

    internal static IReadOnlyList<WantedLook> Wanted(DeskBoard board, LookRequests requests, ResultBatch batch, Moment now)
    {
        if (batch.Unanswered.Count == 0 && batch.Results.All(r => r.Answer.Status == CheckStatus.Ok))
        {
            return [];
        }

        var failed = batch.Results
            .Where(r => r.Answer.Status != CheckStatus.Ok && r.Answer.NoValue != NoValue.EngineFault)
            .Select(r => (r.Item, r.StartedMono));
        return [.. failed.Concat(batch.Unanswered.Select(u => (u.Item, u.StartedMono)))
            .SelectMany(s => Wanted(board, requests, s.Item, new Suspect(batch.Site, now.Mono - (batch.SentMono - s.StartedMono)), now))];
    }

    /// <summary>A posted failure that waits for the word of its host or of what it needs: looks at those. One that waits for nothing wants none, however often it is posted.</summary>
    internal static IReadOnlyList<WantedLook> WantedByPosts(DeskBoard board, LookRequests requests, ResultBatch posted, Moment now) =>
        Wanted(board, requests, posted with { Results = [.. posted.Results.Where(r => board.Item(r.Item) is { Waits: true })] }, now);

    /// <summary>An OK against an open problem: the other sites are asked whether they see it too.</summary>
    internal static IReadOnlyList<WantedLook> WantedForRecovery(DeskBoard board, LookRequests requests, ResultBatch batch, Moment now) =>
    [
        .. batch.Results.Where(r => r.Answer.Status == CheckStatus.Ok).Select(r => board.Item(r.Item))
            .OfType<ItemEntry>().Where(e => e.Verdict.ReliefMono is not null).SelectMany(e => Suspicion
                .AsksForRecovery(DeskWork.TermsOf(e.Plan), e.Views, requests.Pending(e.Plan.Id, now.Mono), e.Verdict, now)
                .Select(ask => Want(e.Plan, ask, now.Mono))),
    ];

    /// <summary>As time passes: the further look that a site left alone owes before it may speak for both.</summary>
    internal static IReadOnlyList<WantedLook> WantedAlone(DeskBoard board, LookRequests requests, Moment now) =>
    [
        .. board.Restless.Where(e => e.Verdict is { SingleSite: true, Reach: Reach.Undecided } && !board.Silences.Stopped.Contains(e.Plan.Id)).SelectMany(e =>
            Suspicion.AskAlone(DeskWork.TermsOf(e.Plan), e.Views, requests.Pending(e.Plan.Id, now.Mono), e.Verdict, now) is { } ask
                ? [Want(e.Plan, ask, now.Mono)]
                : Array.Empty<WantedLook>()),
    ];

    /// <summary>As time passes: looks at what still fails some time after its parent has recovered.</summary>
    internal static IReadOnlyList<WantedLook> WantedAfterParents(DeskBoard board, LookRequests requests, Moment now) =>
    [
        .. board.Restless.Where(e => e is { Waits: true, LooksFrom: not null }).SelectMany(e => Suspicion
            .AsksSince(DeskWork.TermsOf(e.Plan), e.Views, requests.Pending(e.Plan.Id, now.Mono), e.LooksFrom!.Value, now)
            .Select(ask => Want(e.Plan, ask, now.Mono))),
    ];

    /// <summary>
    /// After the desk's start: what was failing when it ended, and is told by nobody yet, has lost its votes with their ages. The next slot may be an interval away,
    /// so it is looked at again at once. A soft failure is retried by its site anyway.
    /// </summary>
    internal static IReadOnlyList<WantedLook> WantedAfterStart(DeskBoard board, LookRequests requests, TimeSpan started, Moment now) => now.Mono > started + AfterStart
        ? []
        :
        [
            .. board.Items.Where(e => e.Verdict.Standing != Judgement.Failing && e.Views.Any(v => v is { HardFailing: true, LookMono: null })).SelectMany(e => Suspicion
                .AsksSince(DeskWork.TermsOf(e.Plan), [.. e.Views.Where(v => v.HardFailing)], requests.Pending(e.Plan.Id, now.Mono), started, now)
                .Select(ask => Want(e.Plan, ask, now.Mono))),
        ];

    private static IEnumerable<WantedLook> Wanted(DeskBoard board, LookRequests requests, ItemId item, Suspect suspect, Moment now)
    {
        if (board.Item(item) is not { } entry)
        {
            return [];
        }

        var asks = Suspicion
            .AsksFor(DeskWork.TermsOf(entry.Plan), entry.Views, requests.Pending(item, now.Mono), suspect, now)
            .Select(ask => Want(entry.Plan, ask, now.Mono));
        return asks.Concat(board.Depends.Needs(item).Items.Select(board.Item).OfType<ItemEntry>()
                .SelectMany(needed => OfNeeded(requests, needed, suspect, now).Concat(needed.Plan.IsHostCheck ? [] : OfHost(board, requests, needed.Plan, needed.Plan.Host, suspect, now))))
            .Concat(entry.Plan.IsHostCheck ? [] : OfHost(board, requests, entry.Plan, entry.Plan.Host, suspect, now))
            .Concat(board.Tree.Ancestors(entry.Plan.Customer, entry.Plan.Host).SelectMany(h => OfHost(board, requests, entry.Plan, h, suspect, now)))
            .Concat(InGroup(board, entry).SelectMany(h => OfHost(board, requests, entry.Plan, h, suspect, now)));
    }

    // Once every site misses a host, some others that share a cause with it are looked at too: so the verdict finds what it needs to tell a
    // storm from a single host. Where a storm is known already, nobody needs to ask.
    private static IEnumerable<string> InGroup(DeskBoard board, ItemEntry entry)
    {
        if (!entry.Plan.IsHostCheck
            || board.Groups.Of(entry.Plan.Id) is not { } group
            || entry.Views.Any(v => !v.Known || v.Status == CheckStatus.Ok || v.Reply == Reply.Answer)
            || (group.Lead is { } lead && board.Incident(lead) is { Failing: true }))
        {
            return [];
        }

        var at = group.Hosts.IndexOf(entry.Plan.Id);
        return Enumerable.Range(1, Math.Min(MostSeen, group.Hosts.Length - 1)).Select(i => board.Item(group.Hosts[(at + i) % group.Hosts.Length]))
            .OfType<ItemEntry>().Where(e => !StormRules.Sight(new HostSight(e.Verdict, e.Views)).Fails).Select(e => e.Plan.Host).Take(StormRules.Many);
    }

    // The item's own host, or one before it: the failure may be of any of them, and none of them need have been looked at since.
    private static IEnumerable<WantedLook> OfHost(DeskBoard board, LookRequests requests, ItemPlan item, string onTheWay, Suspect suspect, Moment now)
    {
        var host = board.Tree.Host(item.Customer, onTheWay)?.Alive is { } alive ? board.Item(alive.Id) : null;
        return host is null ? [] : OfNeeded(requests, host, suspect, now);
    }

    private static IEnumerable<WantedLook> OfNeeded(LookRequests requests, ItemEntry needed, Suspect suspect, Moment now) => Suspicion
        .AsksForHost(DeskWork.TermsOf(needed.Plan), needed.Views, needed.Verdict, requests.Pending(needed.Plan.Id, now.Mono), suspect, now)
        .Select(ask => Want(needed.Plan, ask, now.Mono));
}
