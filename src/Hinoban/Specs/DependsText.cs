using Hinoban.Basics;

namespace Hinoban.Specs;

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
