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
    // While nothing comes back the oldest tells enough; the latest are those that may still come.
    private const int MostOut = 20;

    internal static ArrivalState Sent(ArrivalState state, long number, TimeSpan nowMono) =>
        state with { Out = (state.Out.Count < MostOut ? state.Out : state.Out.RemoveAt(1)).Add(new SentArrival(number, nowMono)) };

    /// <summary>
    /// One has come back: so would those sent before it have, had they not been lost; they are not waited for any more. Numbers tell which it is, not
    /// when it was sent: the wall clock that they are made of may be set back.
    /// </summary>
    internal static ArrivalState Arrived(ArrivalState state, long number) =>
        new(state.Out.RemoveRange(0, state.Out.FindIndex(s => s.Number == number) + 1), Seen: true);

    /// <summary>One is late.</summary>
    internal static bool Overdue(ArrivalState state, TimeSpan nowMono, TimeSpan within) => state.Out.Count > 0 && nowMono - state.Out[0].SentMono >= within;

    /// <summary>True: late; false: well; null while it cannot be told.</summary>
    internal static bool? Trouble(ArrivalState state, TimeSpan nowMono, TimeSpan within) =>
        Overdue(state, nowMono, within) ? true : state.Seen ? false : null;
}
