namespace Hinoban.Specs;

/// <summary>What a host says of its parents.</summary>
internal sealed record WrittenParents(string Host, SpecPiece Node, IReadOnlyList<string> Names);

/// <summary>Parents exist, are not the host itself, and lead nowhere in a circle.</summary>
internal sealed class ParentRules
{
    private readonly SpecProblems problems;
    private readonly Dictionary<string, (int Order, WrittenParents Parents)> written = [];
    private readonly HashSet<string> done = [];
    private readonly List<string> path = [];
    private readonly HashSet<string> onPath = [];

    private ParentRules(SpecProblems problems) => this.problems = problems;

    internal static void Check(SpecProblems problems, IReadOnlyList<WrittenParents> parents, IReadOnlySet<string> hosts)
    {
        var rules = new ParentRules(problems);
        foreach (var one in parents)
        {
            rules.written[one.Host] = (rules.written.Count, one with { Names = [.. one.Names.Where(n => n != one.Host)] });
            foreach (var item in one.Node is SpecList list ? list.Items : [one.Node])
            {
                Known(problems, one.Host, item, hosts);
            }
        }

        foreach (var one in parents)
        {
            rules.Walk(one.Host);
        }
    }

    private static void Known(SpecProblems problems, string host, SpecPiece item, IReadOnlySet<string> hosts)
    {
        if (item is not SpecScalar { IsNull: false } name)
        {
            return;
        }

        if (name.Text == host)
        {
            problems.Wrong(item.At, CustomerText.OwnParent(host), CustomerText.DeviceBefore);
        }
        else if (!hosts.Contains(name.Text))
        {
            problems.Unknown(item.At, CustomerText.NoSuchHost(name.Text), name.Text, hosts);
        }
    }

    /// <summary>Depth first, each host once, without recursion: a chain of parents may be as long as the file.</summary>
    private void Walk(string start)
    {
        var open = new Stack<(string Host, int Next)>();
        Enter(start, open);
        while (open.TryPop(out var top))
        {
            var names = written.TryGetValue(top.Host, out var known) ? known.Parents.Names : [];
            if (top.Next == names.Count)
            {
                done.Add(top.Host);
                onPath.Remove(top.Host);
                path.RemoveAt(path.Count - 1);
                continue;
            }

            open.Push(top with { Next = top.Next + 1 });
            if (onPath.Contains(names[top.Next]))
            {
                Report(names[top.Next]);
            }
            else
            {
                Enter(names[top.Next], open);
            }
        }
    }

    private void Enter(string host, Stack<(string Host, int Next)> open)
    {
        if (!done.Contains(host) && onPath.Add(host))
        {
            path.Add(host);
            open.Push((host, 0));
        }
    }

    /// <summary>At the host of the circle that stands first in the file.</summary>
    private void Report(string again)
    {
        var circle = path.Skip(path.IndexOf(again)).ToList();
        var first = circle.MinBy(h => written[h].Order)!;
        var turned = circle.SkipWhile(h => h != first).Concat(circle.TakeWhile(h => h != first)).Append(first);
        problems.Wrong(
            written[first].Parents.Node.At,
            CustomerText.Circle(string.Join(" → ", turned.Take(12).Select(Shown.As))),
            CustomerText.NearerSites);
    }
}
