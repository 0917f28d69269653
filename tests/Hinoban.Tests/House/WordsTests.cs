using System.Text.RegularExpressions;

namespace Hinoban.Tests.House;

/// <summary>One word per thing: identifiers use the glossary's terms and none of the words it replaces.</summary>
public sealed partial class WordsTests
{
    [Fact]
    public void No_type_is_named_with_a_word_the_glossary_replaces()
    {
        var avoided = File.ReadLines(Repository.Path("eng", "glossary-avoid.txt"))
            .Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => l.Split(' ', 2)[0])
            .ToHashSet();
        Assert.NotEmpty(avoided);
        using var core = Repository.Core();
        using var console = Repository.Console();
        using var server = Repository.Server();
        using var agent = Repository.Agent();
        var wrong = new[] { core, console, server, agent }
            .SelectMany(Repository.Types)
            .Where(t => t.Namespace.StartsWith("Hinoban", StringComparison.Ordinal) && !t.Name.Contains('<', StringComparison.Ordinal))
            .Where(t => Word().Matches(t.Name).Any(w => avoided.Contains(w.Value)))
            .Select(t => t.FullName);
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_Japanese_text_uses_a_word_the_glossary_replaces()
    {
        var avoided = File.ReadLines(Repository.Path("eng", "glossary-avoid-ja.txt"))
            .Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => l.Split(' ', 2))
            .Select(w => (Word: new Regex(w[0], RegexOptions.CultureInvariant), Instead: w[1]))
            .ToList();
        Assert.NotEmpty(avoided);
        var texts = Repository.Files("src", ".cs", ".razor", ".ts", ".yaml").Concat(Repository.Files("lab", ".cs", ".yaml"))
            .Concat(Repository.Files("docs", ".md", ".yaml")).Append(Repository.Path("README.ja.md"));
        var wrong =
            from file in texts
            from line in File.ReadLines(file)
            from avoid in avoided
            where avoid.Word.IsMatch(line)
            select $"{Repository.Relative(file)}: {avoid.Word} → {avoid.Instead}: {line.Trim()}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_document_has_a_place_left_open()
    {
        var open = Repository.Files("docs", ".md").Where(f => OpenPlace().IsMatch(File.ReadAllText(f))).Select(Repository.Relative);
        Assert.Empty(open);
    }

    [Fact]
    public void Every_room_and_every_state_is_in_the_glossary()
    {
        var glossary = File.ReadAllText(Repository.Path("docs", "glossary.md"));
        string[] terms =
        [
            "site", "item", "host check", "service", "look", "result", "soft", "hard", "vote", "verdict", "path trouble",
            "incident", "episode", "claim", "runbook", "response report", "edition", "revision", "single-site", "no value",
        ];
        Assert.All(terms, t => Assert.Contains(t, glossary, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_repository_names_no_machine_path_and_no_registry()
    {
        var wrong =
            from folder in new[] { "src", "lab", "tests", "bench", "docs", "eng", ".ci" }
            where Directory.Exists(Repository.Path(folder))
            from file in Repository.Files(folder, ".cs", ".razor", ".md", ".sh", ".py", ".json", ".ts", ".css", ".props", ".csproj", ".yaml", ".txt")
            where !file.EndsWith("WordsTests.cs", StringComparison.Ordinal)
            from line in File.ReadLines(file)
            where Unwanted().IsMatch(line)
            select $"{Repository.Relative(file)}: {line.Trim()}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Links_in_the_documents_lead_somewhere()
    {
        var wrong =
            from file in Repository.Files("docs", ".md").Concat([Repository.Path("README.md"), Repository.Path("README.ja.md"), Repository.Path("src", "Hinoban", "README.md"), Repository.Path("CHANGELOG.md")])
            from Match link in Link().Matches(File.ReadAllText(file))
            let target = link.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
            let path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, target))
            where !File.Exists(path) && !Directory.Exists(path)
            select $"{Repository.Relative(file)}: {target}";
        Assert.Empty(wrong);
    }

    [GeneratedRegex("@[A-Z]{3,}@|T[B]D|FIX[M]E")]
    private static partial Regex OpenPlace();

    [GeneratedRegex("[A-Z][a-z0-9]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"/work/|/root/|registry\.npmjs|api\.nuget\.org|deb\.debian\.org")]
    private static partial Regex Unwanted();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
