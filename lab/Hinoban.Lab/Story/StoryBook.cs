namespace Hinoban.Lab.Story;

/// <summary>Everything that happened, in order: what was expected of it, and who waits for more.</summary>
internal sealed class StoryBook(LabClock clock)
{
    private readonly List<StoryEntry> entries = [];
    private readonly List<string> expectedLogs = [];
    private readonly List<string> possibleLogs = [];
    private readonly HashSet<string> metLogs = [];
    private readonly List<Waiter> waiters = [];

    internal IReadOnlyList<StoryEntry> Entries => entries;

    internal string Timeline => string.Join('\n', entries);

    /// <summary>Mails, commands and logs that nobody claimed, and expected logs that never came.</summary>
    internal IEnumerable<string> Surprises =>
        entries.Where(e => e is { MustBeClaimed: true, Claimed: false }).Select(e => e.ToString())
            .Concat(expectedLogs.Where(l => !metLogs.Contains(l)).Select(l => $"expected and never logged: {l}"));

    internal StoryEntry Note(string who, EntryKind kind, string text, SinkMail? mail = null)
    {
        var entry = new StoryEntry(clock.Elapsed, who, kind, text) { Mail = mail };
        if (kind == EntryKind.Log)
        {
            Match(entry);
        }

        entries.Add(entry);
        return entry;
    }

    /// <summary>Logs that contain the words are expected from now on, and those that came already; at least one must come.</summary>
    internal void ExpectLog(string words)
    {
        expectedLogs.Add(words);
        entries.Where(e => e is { Kind: EntryKind.Log, Claimed: false }).ToList().ForEach(Match);
    }

    /// <summary>The same, but none need come.</summary>
    internal void AllowLog(string words)
    {
        possibleLogs.Add(words);
        entries.Where(e => e is { Kind: EntryKind.Log, Claimed: false }).ToList().ForEach(Match);
    }

    /// <summary>Claims the first unclaimed entry that fits, once there is one.</summary>
    internal async Task<StoryEntry> ClaimAsync(EntryKind kind, Func<StoryEntry, bool> fits, string what, TimeSpan within)
    {
        StoryEntry? found = null;
        await UntilAsync(() => (found = entries.Find(e => e.Kind == kind && !e.Claimed && fits(e))) is not null, what, within);
        found!.Claimed = true;
        return found;
    }

    /// <summary>Ends as soon as the condition holds; it is asked whenever a moment is over.</summary>
    internal Task UntilAsync(Func<bool> holds, string what, TimeSpan within)
    {
        if (holds())
        {
            return Task.CompletedTask;
        }

        var waiter = new Waiter(holds, what, clock.Elapsed + within, new TaskCompletionSource());
        waiters.Add(waiter);
        return waiter.Done.Task;
    }

    /// <summary>A moment is over: whoever waits is asked.</summary>
    internal void Settled()
    {
        for (var i = waiters.Count - 1; i >= 0; i--)
        {
            var waiter = waiters[i];
            var holds = waiter.Holds();
            if (holds || clock.Elapsed > waiter.Until)
            {
                waiters.RemoveAt(i);
                Tell(waiter, holds);
            }
        }
    }

    private void Tell(Waiter waiter, bool holds)
    {
        if (holds)
        {
            waiter.Done.SetResult();
        }
        else
        {
            waiter.Done.SetException(new TimeoutException($"It did not come to this: {waiter.What}"));
        }
    }

    private void Match(StoryEntry entry)
    {
        if (expectedLogs.Concat(possibleLogs).FirstOrDefault(l => entry.Text.Contains(l, StringComparison.Ordinal)) is { } words)
        {
            entry.Claimed = true;
            metLogs.Add(words);
        }
    }

    private sealed record Waiter(Func<bool> Holds, string What, TimeSpan Until, TaskCompletionSource Done);
}
