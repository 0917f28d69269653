namespace Hinoban.Lab.Sim;

/// <summary>An item that failed for a while.</summary>
internal sealed record AwayFault(string Item, TimeSpan From, TimeSpan Until);

/// <summary>Who was dead and which lines were cut from a moment on.</summary>
internal sealed record AwayState(TimeSpan At, HashSet<string> Dead, HashSet<(string, string)> Cut)
{
    internal bool IsLike(AwayState other) => Dead.SetEquals(other.Dead) && Cut.SetEquals(other.Cut);
}

/// <summary>
/// The promise that a problem is told: where nothing else changes for long enough and any site lives, the last that the customer has read about an
/// item that fails is that it fails, whoever could speak.
/// </summary>
internal static class AwayTold
{
    /// <summary>Everybody has taken his part, and the slowest way to a verdict has been gone: a site alone, three looks a minute apart.</summary>
    internal static readonly TimeSpan ByThen = TimeSpan.FromMinutes(6);

    /// <summary>How many faults had to be told, all of them were; throws for one that was not.</summary>
    internal static int Judge(IReadOnlyList<AwayFault> faults, IReadOnlyList<AwayState> states, IReadOnlyList<string> sites, IReadOnlyList<(TimeSpan At, string Subject)> mails)
    {
        var stood = 0;
        foreach (var (from, until) in Still(states).Where(w => sites.Any(s => !w.State.Dead.Contains(s))).Select(w => (w.From, w.Until)))
        {
            foreach (var fault in faults)
            {
                var due = Later(from, fault.From) + ByThen;
                if (due > until || due > fault.Until)
                {
                    continue;
                }

                stood++;
                var last = mails.LastOrDefault(m => m.At <= due && m.Subject.Contains($"{fault.Item} is ", StringComparison.Ordinal)).Subject ?? "nothing";
                if (!last.Contains("PROBLEM", StringComparison.Ordinal))
                {
                    throw new InvalidOperationException($"{fault.Item} fails since {fault.From}, nothing else has changed since {from}, and at {due} the customer has last read: {last}.");
                }
            }
        }

        return stood;
    }

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    // States that are alike one after the other are one.
    private static IEnumerable<(TimeSpan From, TimeSpan Until, AwayState State)> Still(IReadOnlyList<AwayState> states)
    {
        for (var i = 0; i < states.Count;)
        {
            var next = i + 1;
            while (next < states.Count && states[next].IsLike(states[i]))
            {
                next++;
            }

            yield return (states[i].At, next < states.Count ? states[next].At : TimeSpan.MaxValue, states[i]);
            i = next;
        }
    }
}
