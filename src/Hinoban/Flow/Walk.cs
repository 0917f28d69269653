namespace Hinoban.Flow;

/// <summary>Ways through what is behind what, without recursion: a chain may be as long as the files.</summary>
internal static class Walk
{
    /// <summary>All that is reached from the start, nearest first, each once, the start not among them.</summary>
    internal static IEnumerable<T> From<T>(T start, Func<T, IEnumerable<T>> next)
    {
        var seen = new HashSet<T> { start };
        var open = new Queue<T>([start]);
        while (open.TryDequeue(out var at))
        {
            foreach (var found in next(at).Where(seen.Add))
            {
                open.Enqueue(found);
                yield return found;
            }
        }
    }

    /// <summary>How deep each is behind what comes before it: one deeper than the deepest of those; measured when all of them are. Those at the front are left out.</summary>
    internal static Dictionary<T, int> Depths<T>(IReadOnlyCollection<T> all, Func<T, int> before, Func<T, IEnumerable<T>> behind)
        where T : notnull
    {
        var depths = new Dictionary<T, int>();
        var missing = all.ToDictionary(one => one, before);
        var ready = new Queue<T>(all.Where(one => missing[one] == 0));
        while (ready.TryDequeue(out var at))
        {
            foreach (var next in behind(at))
            {
                depths[next] = Math.Max(depths.GetValueOrDefault(next), depths.GetValueOrDefault(at) + 1);
                if (--missing[next] == 0)
                {
                    ready.Enqueue(next);
                }
            }
        }

        return depths;
    }
}
