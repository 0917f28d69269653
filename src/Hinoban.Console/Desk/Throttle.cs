namespace Hinoban.Console.Desk;

/// <summary>
/// Lets each name through at most once in a time, the first at once. What came too soon waits for its turn; however often it came, it is
/// let through once, and the last is never lost.
/// </summary>
internal sealed class Throttle(TimeSpan every)
{
    private readonly Dictionary<string, TimeSpan> last = [];
    private readonly HashSet<string> waiting = [];

    /// <summary>True if the name may pass now; otherwise it waits.</summary>
    internal bool Pass(string name, TimeSpan now)
    {
        if (last.TryGetValue(name, out var at) && now - at < every)
        {
            waiting.Add(name);
            return false;
        }

        last[name] = now;
        return true;
    }

    /// <summary>What has waited long enough, and passes with this.</summary>
    internal IReadOnlyList<string> Due(TimeSpan now)
    {
        foreach (var old in last.Where(l => now - l.Value >= every && !waiting.Contains(l.Key)).Select(l => l.Key).ToList())
        {
            last.Remove(old);
        }

        var due = waiting.Where(w => now - last[w] >= every).Order(StringComparer.Ordinal).ToList();
        foreach (var name in due)
        {
            waiting.Remove(name);
            last[name] = now;
        }

        return due;
    }
}
