using System.Collections.Immutable;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Specs;

namespace Hinoban.States;

/// <summary>An item's last 21 states by verdict, oldest first; <see cref="LastMono"/> is when the newest was noted, by the desk's clock.</summary>
internal sealed record FlapHistory(ImmutableArray<CheckStatus> States, TimeSpan LastMono, DateTimeOffset LastUtc)
{
    internal const int Length = 21;

    internal static FlapHistory Calm(Moment now) => new([.. Enumerable.Repeat(CheckStatus.Ok, Length)], now.Mono, now.Utc);

    internal CheckStatus Newest => States[^1];

    internal FlapHistory With(CheckStatus state, TimeSpan mono, DateTimeOffset utc) => new(States.RemoveAt(0).Add(state), mono, utc);
}

/// <summary>
/// Nagios' flap detection over verdicts: how much the last 21 states changed, the newest changes counting most. A state is noted when it
/// changes, and once an interval while it stays; the latter needs no look and no statement, for it is reckoned when the next change comes.
/// </summary>
internal static class FlapRules
{
    // Nagios 4, base/flapping.c. Its manual rounds them to 0.8 and 1.2.
    private const double OldestWeight = 0.75;
    private const double NewestWeight = 1.25;

    /// <summary>The history as it is now, with the state that the item has now; null: what it had still counts.</summary>
    internal static FlapHistory Note(FlapHistory before, CheckStatus? state, TimeSpan interval, Moment now)
    {
        // A change that comes an interval after the state before it is Nagios' next check; only what lies in between is filled.
        var changed = state is { } other && other != before.Newest;
        var passed = Math.Max(0, (now.Mono - before.LastMono) / interval);
        var same = changed ? Math.Max(0, Math.Round(passed) - 1) : Math.Floor(passed);
        var after = before;
        for (var i = 0; i < Math.Min(same, FlapHistory.Length); i++)
        {
            after = after.With(after.Newest, after.LastMono, after.LastUtc);
        }

        var noted = changed ? TimeSpan.Zero : now.Mono - before.LastMono - (interval * same);
        return changed ? after.With(state!.Value, now.Mono, now.Utc)
            : same > 0 ? after with { LastMono = now.Mono - noted, LastUtc = now.Utc - noted }
            : before;
    }

    /// <summary>How much the states changed, in percent of the most they can.</summary>
    internal static double Percent(FlapHistory history)
    {
        var sum = 0.0;
        for (var i = 1; i < FlapHistory.Length; i++)
        {
            if (history.States[i] != history.States[i - 1])
            {
                sum += ((i - 1) * (NewestWeight - OldestWeight) / (FlapHistory.Length - 2)) + OldestWeight;
            }
        }

        return sum * 100 / (FlapHistory.Length - 1);
    }

    /// <summary>From the high threshold on it flaps, from the low one down it does not; in between it goes on as it was.</summary>
    internal static bool Flaps(FlapPlan? terms, double percent, bool before) =>
        terms is not null && (percent >= terms.High || (percent > terms.Low && before));
}
