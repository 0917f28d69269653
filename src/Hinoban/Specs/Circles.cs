namespace Hinoban.Specs;

/// <summary>Circles among named things that need each other, in the order of the file.</summary>
internal sealed class Circles
{
    private const int MostShown = 12;

    private readonly OrderedDictionary<string, IReadOnlyList<string>> needs;
    private readonly HashSet<string> done = [];
    private readonly List<string> path = [];
    private readonly HashSet<string> onPath = [];
    private readonly List<IReadOnlyList<string>> found = [];

    private Circles(OrderedDictionary<string, IReadOnlyList<string>> needs) => this.needs = needs;

    /// <summary>Each circle, beginning with the one of it that stands first in the file.</summary>
    internal static IReadOnlyList<IReadOnlyList<string>> Of(OrderedDictionary<string, IReadOnlyList<string>> needs)
    {
        var circles = new Circles(needs);
        foreach (var name in needs.Keys)
        {
            circles.Walk(name);
        }

        return circles.found;
    }

    /// <summary>Once round, as a message shows it.</summary>
    internal static string Shows(IReadOnlyList<string> circle) => string.Join(" → ", circle.Append(circle[0]).Take(MostShown).Select(Shown.As));

    /// <summary>Depth first, each once, without recursion: a chain may be as long as the file.</summary>
    private void Walk(string start)
    {
        var open = new Stack<(string Name, int Next)>();
        Enter(start, open);
        while (open.TryPop(out var top))
        {
            var names = needs.GetValueOrDefault(top.Name) ?? [];
            if (top.Next == names.Count)
            {
                done.Add(top.Name);
                onPath.Remove(top.Name);
                path.RemoveAt(path.Count - 1);
                continue;
            }

            open.Push(top with { Next = top.Next + 1 });
            if (onPath.Contains(names[top.Next]))
            {
                Note([.. path.Skip(path.IndexOf(names[top.Next]))]);
            }
            else
            {
                Enter(names[top.Next], open);
            }
        }
    }

    private void Enter(string name, Stack<(string Name, int Next)> open)
    {
        if (!done.Contains(name) && onPath.Add(name))
        {
            path.Add(name);
            open.Push((name, 0));
        }
    }

    private void Note(IReadOnlyList<string> circle)
    {
        var first = circle.MinBy(needs.IndexOf)!;
        found.Add([.. circle.SkipWhile(n => n != first), .. circle.TakeWhile(n => n != first)]);
    }
}
