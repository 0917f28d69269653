using Hinoban.Basics;
using Hinoban.States;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>
/// After a time without a desk the outbox waits until the sites have said what they told meanwhile: what a crash left in it may have been mailed by one
/// of them. A site that does not come is not waited for longer than it would need to.
/// </summary>
internal sealed class MailHold
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    private readonly Func<bool> over;
    private readonly TimeProvider clock;
    private readonly TimeSpan until;

    private MailHold(Func<bool> over, TimeProvider clock, TimeSpan until) => (this.over, this.clock, this.until) = (over, clock, until);

    internal static MailHold After(Db db, DeskStores stores, DeskEngine engine, DeskGround ground, TimeProvider clock)
    {
        var now = Moment.Of(clock);
        var speaking = ground.Sites.Where(ground.Peers.ContainsKey).ToList();
        var last = db.Read(stores.Cursors.All).Select(c => c.LastUtc).DefaultIfEmpty().Max();

        // By the wall clocks, for there is no other between two processes: whatever else they say, the outbox waits.
        var wasShort = now.Utc - last is var gone && gone >= TimeSpan.Zero && gone < AwayRules.GoneAfter;
        return new MailHold(() => engine.Away.Heard(speaking), clock, speaking.Count == 0 || wasShort ? now.Mono : now.Mono + AwayRules.TakesPartWithin);
    }

    internal async Task ThenAsync(Func<CancellationToken, Task> run, CancellationToken cancel)
    {
        try
        {
            while (Moment.MonoOf(clock) < until && !over())
            {
                await Task.Delay(Step, clock, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return;
        }

        await run(cancel);
    }
}
