using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace Hinoban.Tests.House;

/// <summary>Sizes: a file past 400 lines or a method past 60 needs a line in eng/budgets.txt with its reason.</summary>
public sealed class BudgetTests
{
    private const int FileLines = 400;
    private const int MethodLines = 60;
    private static readonly string[] Folders = ["src", "lab", "bench", "tests"];

    [Fact]
    public void Files_stay_short()
    {
        var allowed = Allowed();
        var wrong = Folders.SelectMany(f => Repository.Files(f, ".cs", ".razor", ".ts"))
            .Select(f => (File: Repository.Relative(f), Lines: File.ReadLines(f).Count()))
            .Where(f => f.Lines > FileLines && !allowed.Contains(f.File))
            .Select(f => $"{f.File}: {f.Lines} lines");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Methods_stay_short()
    {
        var allowed = Allowed();
        using var core = Repository.Core();
        using var server = Repository.Server();
        using var agent = Repository.Agent();
        var wrong = new[] { core, server, agent }
            .SelectMany(m => m.GetAllTypes())
            .Where(t => !t.FullName.Contains("Generated", StringComparison.Ordinal))
            .SelectMany(t => t.Methods)
            .Where(m => m.Name != ".cctor") // a type's tables are data
            .Select(m => (Name: NameOf(m), Lines: LinesOf(m)))
            .Where(m => m.Lines > MethodLines && !allowed.Contains(m.Name))
            .Select(m => $"{m.Name}: {m.Lines} lines");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_exception_is_still_needed()
    {
        var stale = Allowed().Where(a => a.EndsWith(".cs", StringComparison.Ordinal) || a.EndsWith(".razor", StringComparison.Ordinal) || a.EndsWith(".ts", StringComparison.Ordinal))
            .Where(a => !File.Exists(Repository.Path(a)) || File.ReadLines(Repository.Path(a)).Count() <= FileLines);
        Assert.Empty(stale);
    }

    // The state machine of an async method or iterator stands for the method that was written.
    private static string NameOf(MethodDefinition method)
    {
        var type = method.DeclaringType;
        return type.Name.StartsWith('<') && type.DeclaringType is { } outer
            ? $"{outer.FullName}.{type.Name[1..type.Name.IndexOf('>', StringComparison.Ordinal)]}"
            : $"{type.FullName}.{method.Name}";
    }

    private static int LinesOf(MethodDefinition method)
    {
        var points = method.DebugInformation.SequencePoints.Where(p => !p.IsHidden).ToList();
        return points.Count == 0 || points[0].Document.Url.EndsWith(".g.cs", StringComparison.Ordinal) || points[0].Document.Url.EndsWith(".razor", StringComparison.Ordinal)
            ? 0
            : points.Max(p => p.EndLine) - points.Min(p => p.StartLine) + 1;
    }

    private static HashSet<string> Allowed() => File.ReadLines(Repository.Path("eng", "budgets.txt"))
        .Where(l => l.Length > 0 && l[0] != '#')
        .Select(l => l.Split(' ', 2)[0])
        .ToHashSet();
}
