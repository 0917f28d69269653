using System.Collections.Immutable;

namespace Hinoban.Notifying.Inbound;

/// <summary>
/// The desk's own mails through the whole chain that have not come back yet, oldest first, by the monotonic clock. <see cref="Seen"/>: one has come back
/// since the desk started, or one is late; before that nothing is known.
/// </summary>
internal sealed record ArrivalState(ImmutableList<SentArrival> Out, bool Seen)
{
    internal static readonly ArrivalState Nothing = new([], Seen: false);
}

/// <summary>One of them.</summary>
internal sealed record SentArrival(long Number, TimeSpan SentMono);

/// <summary>Whether what the desk sends comes back. Pure; times are monotonic.</summary>
internal static class ArrivalRules
{
    // While nothing comes back the oldest tell enough.
    private const int MostOut = 20;

    internal static ArrivalState Sent(ArrivalState state, long number, TimeSpan nowMono) =>
        state.Out.Count >= MostOut ? state : state with { Out = state.Out.Add(new SentArrival(number, nowMono)) };

    /// <summary>One has come back: so would those before it have, had they not been lost; they are not waited for any more.</summary>
    internal static ArrivalState Arrived(ArrivalState state, long number) =>
        new(state.Out.RemoveAll(s => s.Number <= number), Seen: true);

    /// <summary>One is late.</summary>
    internal static bool Overdue(ArrivalState state, TimeSpan nowMono, TimeSpan within) => state.Out.Count > 0 && nowMono - state.Out[0].SentMono >= within;

    /// <summary>True: late; false: well; null while it cannot be told.</summary>
    internal static bool? Trouble(ArrivalState state, TimeSpan nowMono, TimeSpan within) =>
        Overdue(state, nowMono, within) ? true : state.Seen ? false : null;
}
