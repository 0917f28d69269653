using System.Text.Json;
using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Specs;

namespace Hinoban.Flow;

/// <summary>The outcome of posting a batch: what became of each result, or all that is wrong with it.</summary>
internal sealed record PostOutcome(CommandOutcome Outcome, IReadOnlyList<PostedProblem> Problems, IReadOnlyList<PostedFateOf> Fates)
{
    internal static PostOutcome No(Refusal refusal, Text why) => new(new CommandOutcome(refusal, why), [], []);
}

/// <summary>What became of one posted result, in the order of the batch.</summary>
internal sealed record PostedFateOf(string Item, PostedFate Fate);

/// <summary>
/// Results that others found, for the customer's passive items: a batch is taken whole or not at all, in one transaction with the verdicts that follow.
/// A batch that is posted again changes nothing.
/// </summary>
internal sealed class PostDesk(DeskEngine engine, DeskStores stores)
{
    internal PostOutcome Post(Actor by, CustomerId customer, IReadOnlyList<JsonElement> written)
    {
        // Before anything that may have to wait: what is in time by now stays so.
        var arrived = engine.Now();
        if (!by.Scope.Covers(customer))
        {
            return PostOutcome.No(Refusal.NotFound, PostedText.NoSuchCustomer);
        }

        if (!by.MayPost)
        {
            return PostOutcome.No(Refusal.Forbidden, PostedText.MayNot);
        }

        using var waiting = engine.Door.Enter(customer, written.Select(PostedReader.TitleOf).OfType<string>(), arrived.Mono);
        if (engine.Look((board, _, _) => board.Plan.Customer(customer)) is not { IsProvider: false } plan)
        {
            return PostOutcome.No(Refusal.NotFound, PostedText.NoSuchCustomer);
        }

        var (results, problems) = PostedReader.Read(plan, written, arrived.Utc);
        return problems.Count > 0
            ? new PostOutcome(new CommandOutcome(Refusal.Invalid, PostedText.Refused(problems.Count)), problems, [])
            : new PostOutcome(CommandOutcome.Done, [], engine.Change(work => Take(work, results, arrived)));
    }

    private List<PostedFateOf> Take(DeskWork work, IReadOnlyList<PostedResult> results, Moment arrived)
    {
        var fates = new PostedFateOf[results.Count];
        var taken = new List<PostedResult>();
        foreach (var (result, index) in results.Select((r, i) => (r, i)).OrderBy(r => r.r.TimeUtc).ThenBy(r => r.i))
        {
            var fate = FateOf(work, result, arrived.Utc);
            fates[index] = new PostedFateOf(result.Title, fate);
            if (fate == PostedFate.Taken)
            {
                taken.Add(result);
            }
        }

        Step(work, taken, arrived);
        return [.. fates];
    }

    private PostedFate FateOf(DeskWork work, PostedResult result, DateTimeOffset arrivedUtc)
    {
        if (work.Item(result.Item) is not { Plan.IsPassive: true } entry || work.Silences.Stopped.Contains(result.Item))
        {
            return PostedFate.NotWatched;
        }

        var (fate, last) = PostedRules.Take(stores.Posted.Last(work.Tx, result.Item), result, arrivedUtc);
        if (fate == PostedFate.Taken)
        {
            stores.Posted.Save(work.Tx, result.Item, entry.Plan.Customer, last!);
        }

        return fate;
    }

    // As a batch of the desk's own: it never travels and moves no cursor, but the charts get it.
    private void Step(DeskWork work, List<PostedResult> taken, Moment arrived)
    {
        if (taken.Count == 0)
        {
            return;
        }

        var (epoch, sequence) = stores.Posted.NextBatch(work.Tx);
        var batch = new ResultBatch(
            ProviderPlan.Desk, epoch, sequence, Lane.Live, arrived.Utc, work.Now.Mono, [.. taken.Select(r => Result(work, r, arrived))], [],
            new SiteHealth(work.Plan.Revision, 0, 0, 0, 0, TimeSpan.Zero, TimeSpan.Zero, 0));
        stores.Samples.Append(work.Tx, batch);
        work.Posted = batch;
        foreach (var result in batch.Results.Where(r => CheckFlow.Take(work, batch, r)))
        {
            work.MustJudge(result.Item);
        }
    }

    // Two that overtook each other before the gate are in the order of their own times; what has been heard is not unheard.
    private static CheckResult Result(DeskWork work, PostedResult posted, Moment arrived)
    {
        var entry = work.Item(posted.Item)!;
        var mono = entry.Views[0].LookMono > arrived.Mono ? entry.Views[0].LookMono!.Value : arrived.Mono;
        return new CheckResult(posted.Item, entry.Plan.Revision, LookCause.Scheduled, 0, 1, arrived.Utc, mono, TimeSpan.Zero, posted.Answer);
    }
}
