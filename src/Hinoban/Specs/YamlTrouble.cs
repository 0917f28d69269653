using YamlDotNet.Core;

namespace Hinoban.Specs;

/// <summary>Says a YAML syntax error in words of the person who wrote it: a tab, a quote, a bracket, an indentation.</summary>
internal static class YamlTrouble
{
    internal static void Report(string file, string text, YamlException broken, SpecProblems problems)
    {
        var line = (int)Math.Max(1, broken.Start.Line);
        var column = (int)Math.Max(1, broken.Start.Column);
        if (TabIn(text, line) is { } tab)
        {
            problems.Wrong(new SpecPlace(file, tab.Line, tab.Column), "a tab in the indentation", "indent with spaces");
            return;
        }

        problems.Wrong(new SpecPlace(file, line, column), $"not valid YAML: {Message(broken)}", Hint(broken.Message));
    }

    private static string Message(YamlException broken)
    {
        var message = broken.Message;
        var places = message.LastIndexOf("): ", StringComparison.Ordinal);
        message = (places >= 0 ? message[(places + 3)..] : message).Trim().TrimEnd('.');
        return Shown.As(message).Trim('`');
    }

    private static string Hint(string message) => message switch
    {
        _ when message.Contains("quoted scalar", StringComparison.Ordinal) => "close the quote",
        _ when message.Contains("flow", StringComparison.Ordinal) => "close the bracket, or separate by a comma",
        _ when message.Contains("anchor", StringComparison.Ordinal) || message.Contains("alias", StringComparison.Ordinal) =>
            "quote a text that begins with `&` or `*`",
        _ when message.Contains("tag", StringComparison.Ordinal) => "quote a text that begins with `!`",
        _ when message.Contains("cannot start any token", StringComparison.Ordinal) => "quote a text that begins with a sign such as `@`, `%` or a back quote",
        _ => "look at the indentation, the colons and the quotes of this line and the one above",
    };

    /// <summary>The library names the place where it gave up, which for a tab may be a line later.</summary>
    private static (int Line, int Column)? TabIn(string text, int near)
    {
        var lines = text.Split('\n');
        for (var number = Math.Min(near, lines.Length); number >= Math.Max(1, near - 1); number--)
        {
            var line = lines[number - 1];
            var indent = line.Length - line.TrimStart(' ', '\t').Length;
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab >= 0 && tab < indent)
            {
                return (number, tab + 1);
            }
        }

        return null;
    }
}
