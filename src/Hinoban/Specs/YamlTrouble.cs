using Hinoban.Basics;
using YamlDotNet.Core;

namespace Hinoban.Specs;

/// <summary>Says a YAML syntax error in words of the person who wrote it: a tab, a quote, a bracket, an indentation.</summary>
internal static class YamlTrouble
{
    /// <param name="read">Where the last readable piece ended: some of the library's errors carry no place.</param>
    internal static void Report(string file, IReadOnlyDictionary<int, int> tabs, YamlException broken, Mark read, SpecProblems problems)
    {
        var at = broken.Start.Index > 0 ? broken.Start : read;
        var line = (int)Math.Max(1, at.Line);
        var tab = tabs.Keys.Where(l => l >= line - 1 && l <= line + 1).DefaultIfEmpty(0).Min();
        if (tab == 0 && tabs.Count > 0 && broken.Message.Contains("tab", StringComparison.Ordinal))
        {
            tab = tabs.Keys.Where(l => l >= line).DefaultIfEmpty(0).Min();
        }

        if (tab > 0)
        {
            Tab(new SpecPlace(file, tab, tabs[tab]), problems);
            return;
        }

        problems.Wrong(
            new SpecPlace(file, line, (int)Math.Max(1, at.Column)), SpecText.NotYaml(Shown.Tame(broken.Message.Trim().TrimEnd('.'), 160)), Hint(broken.Message));
    }

    internal static void Tab(SpecPlace at, SpecProblems problems) => problems.Wrong(at, SpecText.TabIndent, SpecText.IndentRight);

    /// <summary>Lines that are indented with a tab, with its column.</summary>
    internal static IReadOnlyDictionary<int, int> Tabs(string text)
    {
        var tabs = new Dictionary<int, int>();
        if (!text.Contains('\t', StringComparison.Ordinal))
        {
            return tabs;
        }

        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var indent = line.Length - line.TrimStart(" \t").Length;
            if (line[..indent].IndexOf('\t') is var tab and >= 0 && indent < line.Length && line[indent] != '#')
            {
                tabs[number] = tab + 1;
            }
        }

        return tabs;
    }

    private static Text Hint(string message) => message switch
    {
        _ when message.Contains("escape", StringComparison.Ordinal) => new("二重引用符の中の円記号(バックスラッシュ)は `\\\\` と書くか、一重引用符を使ってください", "in double quotes write `\\\\` for a backslash, or use single quotes"),
        _ when message.Contains("quoted scalar", StringComparison.Ordinal) => new("引用符を閉じてください", "close the quote"),
        _ when message.Contains("flow", StringComparison.Ordinal) => new("括弧を閉じるか、カンマで区切ってください", "close the bracket, or separate by a comma"),
        _ when message.Contains("anchor", StringComparison.Ordinal) || message.Contains("alias", StringComparison.Ordinal) =>
            new("`&` や `*` で始まる文字列は引用符で囲んでください", "quote a text that begins with `&` or `*`"),
        _ when message.Contains("tag", StringComparison.Ordinal) => new("`!` で始まる文字列は引用符で囲んでください", "quote a text that begins with `!`"),
        _ when message.Contains("cannot start any token", StringComparison.Ordinal) => new("`@`、`%`、バッククォートなどの記号で始まる文字列は引用符で囲んでください", "quote a text that begins with a sign such as `@`, `%` or a back quote"),
        _ when message.Contains("invalid mapping", StringComparison.Ordinal) => new("`: ` を含む文字列は引用符で囲んでください", "quote a text that contains `: `"),
        _ => new("この行とその上の行の字下げ、コロン、引用符を確認してください", "look at the indentation, the colons and the quotes of this line and the one above"),
    };
}
