using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Hinoban.Mutants;

/// <summary>A copy of the checkout with all mutants in it, built.</summary>
internal sealed partial class Orchard(string root, string copy)
{
    private static readonly string[] Copied =
    [
        "src", "lab/Hinoban.Lab", "tests/Hinoban.Tests", "eng", "bench/Hinoban.Bench", "global.json", "Directory.Build.props", "Directory.Build.targets",
        "Directory.Packages.props", ".editorconfig", "Hinoban.slnx", "dev", "README.md", "CHANGELOG.md", "docs",
    ];

    private const string TestsBuilt = "artifacts/bin/Hinoban.Tests/release/Hinoban.Tests.dll";

    private const string Switch = """
        namespace Hinoban;

        public static class Mutant
        {
            public static volatile int Active = -1;
            public static bool[]? Seen;

            public static bool Is(int number)
            {
                if (Seen is { } seen)
                {
                    seen[number] = true;
                }

                return Active == number;
            }
        }
        """;

    private static readonly string[] NeedsConstant = ["CS0133", "CS0150", "CS0182", "CS1736", "CS9133", "CS9135"];

    private static readonly string[] NeedsAssignment = ["CS0165", "CS0177", "CS0269"];

    // Kept beside the copy: who tries again after a change need not find them again.
    private readonly string list = Path.Combine(copy, "refused.txt");
    private readonly string stamp = Path.Combine(copy, "built");
    private readonly HashSet<string> refused = [];

    // Agreement, bounds and silences decide as much as what is called a rule; and tests of the agreement name its door, or the scene they play it in.
    private static readonly string[] Agreement = ["SiteAgreement", "TwoSites", "Suspicion"];

    private static readonly Dictionary<string, string[]> AlsoWanted = new()
    {
        ["Bench"] = Agreement,
        ["CalmAgreement"] = Agreement,
        ["Relief"] = Agreement,
        ["Seat"] = Agreement,
        ["SiteAgreement"] = Agreement,
        ["Suspicion"] = Agreement,
        ["CheckNowBudget"] = ["CheckNowBudget"],
        ["DetectionBound"] = ["DetectionBound"],
        ["SilenceClock"] = ["SilenceClock", "SilenceRules"],
    };

    /// <summary>Of what is planted: rules, state machines and calculations.</summary>
    internal static bool IsWanted(string file, string only) =>
        (file.EndsWith("Rules.cs", StringComparison.Ordinal) || file.EndsWith("Machine.cs", StringComparison.Ordinal) || file.EndsWith("Math.cs", StringComparison.Ordinal)
            || AlsoWanted.ContainsKey(Path.GetFileNameWithoutExtension(file)))
        && only.Split(',').Any(part => Path.GetFileName(file).Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Copies, plants and builds; mutants that do not compile are given up, and named as they print. Gives the assembly of the tests.</summary>
    internal (string Tests, IReadOnlyList<Mutant> Mutants, IReadOnlyCollection<string> Refused) Plant(string only)
    {
        var files = Directory.GetFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => IsWanted(f, only) && !f.Contains("/obj/", StringComparison.Ordinal)).Select(f => Path.GetRelativePath(root, f)).Order(StringComparer.Ordinal).ToList();
        Copied.ToList().ForEach(path => Copy(path, files));
        Change(Path.Combine(copy, "src/Hinoban/Basics/Mutant.cs"), Switch);
        refused.UnionWith((File.Exists(list) ? File.ReadAllLines(list) : []).Select(l => l.Split(' ', 2)).Where(l => l[0] == Sum(FileOf(l[1]))).Select(l => l[1]));
        for (var round = 1; ; round++)
        {
            var (mutants, written) = Write(files);
            if (File.Exists(stamp))
            {
                return (Path.Combine(copy, TestsBuilt), mutants, refused);
            }

            // The first of these builds quickly and finds almost all that does not compile.
            var (exit, log) = Build("src/Hinoban");
            if (exit == 0)
            {
                (exit, log) = Build("tests/Hinoban.Tests");
            }

            if (exit == 0)
            {
                File.WriteAllText(stamp, "");
                continue;
            }

            var before = refused.Count;
            Refuse(log, written, mutants);
            File.WriteAllLines(list, refused.Select(r => $"{Sum(FileOf(r))} {r}"));
            Console.Error.WriteLine($"round {round}: {refused.Count - before} mutants do not compile");
            if (refused.Count == before || round == 20)
            {
                throw new InvalidOperationException($"The mutants do not build:\n{log}");
            }
        }
    }

    private (List<Mutant> Mutants, Dictionary<string, SyntaxNode> Written) Write(IReadOnlyList<string> files)
    {
        var mutants = new List<Mutant>();
        var written = new Dictionary<string, SyntaxNode>();
        foreach (var file in files)
        {
            var tree = CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(root, file)), new CSharpParseOptions(LanguageVersion.Preview));
            var planter = new Planter(file, mutants.Count, refused);
            var grown = planter.Visit(tree.GetRoot())!;
            mutants.AddRange(planter.Planted);
            written[Path.Combine(copy, file)] = grown;
            Change(Path.Combine(copy, file), grown.ToFullString());
        }

        return (mutants, written);
    }

    /// <summary>The classes of tests whose sources name a rule: they are asked about it.</summary>
    internal IReadOnlyList<string> TestsThatName(string rule) =>
    [
        .. Directory.GetFiles(Path.Combine(root, "tests/Hinoban.Tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)
            .Where(text => Words().Matches(text).Any(w => w.Value == rule || Array.IndexOf(AlsoWanted.GetValueOrDefault(rule, []), w.Value) >= 0)).SelectMany(text => Classes().Matches(text)).Select(c => c.Groups[1].Value).Distinct(),
    ];

    private void Refuse(string log, Dictionary<string, SyntaxNode> written, IReadOnlyList<Mutant> mutants)
    {
        // Of a line the first: what is wrong after it may come from it.
        foreach (var (file, line, column, code) in Errors().Matches(log)
            .Select(m => (File: m.Groups[1].Value, Line: Number(m, 2), Column: Number(m, 3), m.Groups[4].Value)).OrderBy(e => e.Column).DistinctBy(e => (e.File, e.Line)))
        {
            var guilty = !written.TryGetValue(file, out var tree) || NeedsConstant.Contains(code)
                ? MarksOfConstants(File.ReadLines(file).ElementAt(line - 1), written.Values)
                : MarksAround(tree.FindToken(CSharpSyntaxTree.Create((CSharpSyntaxNode)tree).GetText().Lines[line - 1].Start + column - 1).Parent!, code, mutants);
            refused.UnionWith(guilty.Select(a => Of(a, mutants).ToString()));
        }
    }

    // A constant whose number is switched is none any more.
    private static IEnumerable<SyntaxAnnotation> MarksOfConstants(string line, IEnumerable<SyntaxNode> written)
    {
        var words = Words().Matches(line).Select(m => m.Value).ToHashSet();
        return written.SelectMany(t => t.DescendantNodes().OfType<PropertyDeclarationSyntax>()).Where(p => words.Contains(p.Identifier.Text))
            .SelectMany(p => p.DescendantNodes()).SelectMany(n => n.GetAnnotations(Planter.Mark));
    }

    // The mutant whose own text is wrong; else the innermost around; else those of the statement or member, of which a left-out statement is the likeliest: it assigns what is needed later.
    private static List<SyntaxAnnotation> MarksAround(SyntaxNode wrong, string code, IReadOnlyList<Mutant> mutants)
    {
        var around = wrong.AncestorsAndSelf().Where(n => n.HasAnnotations(Planter.Mark)).ToList();
        var own = around.Find(n => n is ParenthesizedExpressionSyntax { Expression: ConditionalExpressionSyntax choice } && choice.WhenTrue.Span.Contains(wrong.Span)) ?? around.FirstOrDefault();
        List<SyntaxAnnotation> marks = own is null || NeedsAssignment.Contains(code) ? [] : [.. own.GetAnnotations(Planter.Mark)];
        for (var outer = NeedsAssignment.Contains(code) ? wrong.FirstAncestorOrSelf<MemberDeclarationSyntax>() : wrong; marks.Count == 0 && outer is not null; outer = outer.Parent)
        {
            marks = [.. outer.DescendantNodesAndTokensAndSelf().SelectMany(n => n.GetAnnotations(Planter.Mark))];
            var statements = marks.FindAll(a => Of(a, mutants).Operator == "statement left out");
            marks = statements.Count > 0 ? statements : marks;
        }

        return marks;
    }

    private static Mutant Of(SyntaxAnnotation mark, IReadOnlyList<Mutant> mutants) => mutants[int.Parse(mark.Data!, CultureInfo.InvariantCulture)];

    private static string FileOf(string mutant) => mutant[..mutant.IndexOf(':')];

    // What did not compile in another text of the file says nothing about this one.
    private string Sum(string file) =>
        File.Exists(Path.Combine(root, file)) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(root, file))))[..16] : "";

    private (int Exit, string Log) Build(string project)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            ["build", project, "-m:1", "-c", "Release", "--nologo", "-v", "quiet", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-p:WarningsAsErrors=", "-p:UseSharedCompilation=true"])
        {
            WorkingDirectory = copy,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var log = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, log);
    }

    private void Copy(string path, IReadOnlyList<string> planted)
    {
        var from = Path.Combine(root, path);
        var files = File.Exists(from) ? [from] : Directory.Exists(from) ? Directory.GetFiles(from, "*", SearchOption.AllDirectories) : [];
        foreach (var file in files.Where(f => !f.Contains("/node_modules/", StringComparison.Ordinal) && !planted.Contains(Path.GetRelativePath(root, f))))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(root, file));
            if (!File.Exists(target) || File.GetLastWriteTimeUtc(target) != File.GetLastWriteTimeUtc(file))
            {
                File.Delete(stamp);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target, overwrite: true);
            }
        }
    }

    // A file that stays as it is need not be built again.
    private void Change(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (!File.Exists(file) || File.ReadAllText(file) != text)
        {
            File.Delete(stamp);
            File.WriteAllText(file, text);
        }
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(.+?)\((\d+),(\d+)\): error (\w+)", RegexOptions.Multiline)]
    private static partial Regex Errors();

    [GeneratedRegex(@"class (\w+)")]
    private static partial Regex Classes();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
