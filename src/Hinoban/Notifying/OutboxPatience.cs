using System.Collections.Concurrent;
using Hinoban.Basics;

namespace Hinoban.Notifying;

/// <summary>For how long each delivery has been tried by this process, by the monotonic clock.</summary>
internal sealed class OutboxPatience(MailOptions options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<long, (TimeSpan Age, TimeSpan Mono)> met = [];

    internal void Meet(ClaimedDelivery claim)
    {
        var now = Moment.Of(clock);
        var age = now.Utc - claim.Mail.DateUtc;
        met.TryAdd(claim.Row.Id, (age > TimeSpan.Zero ? age : TimeSpan.Zero, now.Mono));
    }

    internal bool IsOver(ClaimedDelivery claim) => met.TryGetValue(claim.Row.Id, out var then) && OutboxRules.Expired(then.Age, Moment.MonoOf(clock) - then.Mono, options);

    internal void Forget(ClaimedDelivery claim) => met.TryRemove(claim.Row.Id, out _);
}
