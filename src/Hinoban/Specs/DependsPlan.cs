using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>
/// What an item needs besides its host and the way there: items by title, all of them or any one. While what it needs fails, its own failure belongs to
/// that problem.
/// </summary>
internal sealed record DependsPlan(ParentsNeeded Needed, IReadOnlyList<string> Titles);

/// <summary>The same as it is written, with places, before it is known what is watched.</summary>
internal sealed record WrittenDepends(SpecPiece Node, ParentsNeeded Needed, IReadOnlyList<SpecScalar> Names)
{
    internal DependsPlan Plan => new(Needed, [.. Names.Select(n => n.Text).Distinct()]);
}

/// <summary>Reads <c>depends_on: [db01/mysql]</c>, <c>{ any: [a, b] }</c> or <c>{ all: [a, b] }</c>. A plain list: all of them.</summary>
internal static class DependsReader
{
    internal const string Key = "depends_on";

    private static readonly ClauseKeys Keys = new(SpecText.Key(Key), ["any", "all"], []);

    internal static WrittenDepends? Read(SpecProblems problems, SpecValues values, SpecPiece? node)
    {
        var needed = ParentsNeeded.All;
        if (node is SpecMap map)
        {
            Clause.Open(problems, map, map.At, Keys);
            if ((map.Find("any"), map.Find("all")) is not ((null, { }) or ({ }, null)))
            {
                problems.Wrong(map.At, DependsText.Either, DependsText.Right);
                return null;
            }

            needed = map.Find("any") is null ? ParentsNeeded.All : ParentsNeeded.Any;
            node = map.Find("any") ?? map.Find("all");
        }

        if (node is null)
        {
            return null;
        }

        var names = values.Many(node).Where(n => values.Word(n, SpecText.Key(Key), DependsText.Right) is not null).OfType<SpecScalar>().ToList();
        return names.Count == 0 ? null : new WrittenDepends(node, needed, names);
    }
}

/// <summary>What is needed exists and is watched, is not what needs it, and leads nowhere in a circle.</summary>
internal sealed class DependsRules
{
    private readonly SpecProblems problems;
    private readonly Dictionary<string, (int Order, SpecPiece Node, IReadOnlyList<string> Names)> written = [];
    private readonly HashSet<string> done = [];
    private readonly List<string> path = [];

    private DependsRules(SpecProblems problems) => this.problems = problems;

    internal static void Check(SpecProblems problems, HostShelf shelf)
    {
        var rules = new DependsRules(problems);
        var known = shelf.Hosts.SelectMany(h => h.All.Select(c => TitleOf(h, c))).ToHashSet();
        foreach (var host in shelf.Hosts)
        {
            foreach (var check in host.Services.Where(c => c.DependsOn is not null))
            {
                rules.written[TitleOf(host, check)] = (rules.written.Count, check.DependsOn!.Node, [.. rules.Known(host, check, known, shelf)]);
            }
        }

        foreach (var title in rules.written.Keys)
        {
            rules.Walk(title);
        }
    }

    private static string TitleOf(HostSpec host, CheckSpec check) => check.Key.Length == 0 ? host.Key : $"{host.Key}/{check.Key}";

    private IEnumerable<string> Known(HostSpec host, CheckSpec check, HashSet<string> known, HostShelf shelf)
    {
        foreach (var name in check.DependsOn!.Names)
        {
            if (name.Text == TitleOf(host, check))
            {
                problems.Wrong(name.At, DependsText.Itself(name.Text), DependsText.Right);
            }
            else if (name.Text == host.Key)
            {
                problems.Wrong(name.At, DependsText.OwnHost(name.Text), DependsText.OwnHostRight);
            }
            else if (shelf.Unwatched.Contains(name.Text))
            {
                problems.NotInForce(name.At, DependsText.On(name.Text), CheckText.NotLookedAt);
            }
            else if (!known.Contains(name.Text))
            {
                problems.Unknown(name.At, shelf.Keys.Contains(name.Text) ? DependsText.Unwatched(name.Text) : DependsText.Nothing(name.Text), name.Text, known);
            }
            else
            {
                yield return name.Text;
            }
        }
    }

    /// <summary>Depth first, each item once, without recursion: a chain may be as long as the file.</summary>
    private void Walk(string start)
    {
        var open = new Stack<(string Title, int Next)>();
        Enter(start, open);
        while (open.TryPop(out var top))
        {
            var names = written.TryGetValue(top.Title, out var known) ? known.Names : [];
            if (top.Next == names.Count)
            {
                done.Add(top.Title);
                path.RemoveAt(path.Count - 1);
                continue;
            }

            open.Push(top with { Next = top.Next + 1 });
            if (path.Contains(names[top.Next]))
            {
                Report(names[top.Next]);
            }
            else
            {
                Enter(names[top.Next], open);
            }
        }
    }

    private void Enter(string title, Stack<(string Title, int Next)> open)
    {
        if (!done.Contains(title))
        {
            path.Add(title);
            open.Push((title, 0));
        }
    }

    /// <summary>At the item of the circle that stands first in the file.</summary>
    private void Report(string again)
    {
        var circle = path.Skip(path.IndexOf(again)).ToList();
        var first = circle.MinBy(t => written[t].Order)!;
        var turned = circle.SkipWhile(t => t != first).Concat(circle.TakeWhile(t => t != first)).Append(first);
        problems.Wrong(written[first].Node.At, DependsText.Circle(string.Join(" → ", turned.Take(12).Select(Shown.As))), DependsText.CircleRight);
    }
}

/// <summary>What is wrong with dependencies, and what would be right.</summary>
internal static class DependsText
{
    internal static readonly Text Right = new(
        "`[db01/mysql, web02]` のように監視項目かホストを書いてください(すべて必要なら `all`、どれか1つでよければ `any`)",
        "name items or hosts, for instance `[db01/mysql, web02]`; `all` of them or `any` one");

    internal static readonly Text Either = new("`depends_on` には `any` か `all` のどちらか一方を書きます", "`depends_on` has either `any` or `all`");
    internal static readonly Text OwnHostRight = new("自分のホストは書かなくても考慮されます", "an item's own host is understood; leave it out");
    internal static readonly Text CircleRight = new("どれか1つの `depends_on` を外してください", "take one of these `depends_on` away");
    internal static readonly Text OnAlive = new("ホスト監視に `depends_on` は書けません", "a host check has no `depends_on`");
    internal static readonly Text OnAliveRight = new("手前の機器は `parents` に書いてください", "write the devices before it as `parents`");

    internal static Text Itself(string title) => new($"{Shown.As(title)} が自分自身に依存しています", $"{Shown.As(title)} depends on itself");

    internal static Text OwnHost(string host) => new($"{Shown.As(host)} はこの監視項目のホストです", $"{Shown.As(host)} is this item's own host");

    internal static Text On(string title) => new($"{Shown.As(title)} への依存", $"a dependency on {Shown.As(title)}");

    internal static Text Nothing(string title) => new($"監視項目 {Shown.As(title)} はありません", $"nothing that is watched is called {Shown.As(title)}");

    internal static Text Unwatched(string host) => new($"ホスト {Shown.As(host)} にはホスト監視がありません", $"host {Shown.As(host)} has no host check");

    internal static Text Circle(string path) => new($"依存が循環しています: {path}", $"dependencies go in a circle: {path}");
}
