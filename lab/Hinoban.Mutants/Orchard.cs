using System.Diagnostics;
using System.Globalization;
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

    private readonly HashSet<string> refused = [];

    /// <summary>Of what is planted: rules, state machines and calculations.</summary>
    private static bool IsWanted(string file, string only) =>
        (file.EndsWith("Rules.cs", StringComparison.Ordinal) || file.EndsWith("Machine.cs", StringComparison.Ordinal) || file.EndsWith("Math.cs", StringComparison.Ordinal))
        && Path.GetFileName(file).Contains(only, StringComparison.OrdinalIgnoreCase);

    /// <summary>Copies, plants and builds; mutants that do not compile are given up. Gives the assembly of the tests.</summary>
    internal (string Tests, IReadOnlyList<Mutant> Mutants, int Refused) Plant(string only)
    {
        Copied.ToList().ForEach(Copy);
        var files = Directory.GetFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => IsWanted(f, only) && !f.Contains("/obj/", StringComparison.Ordinal)).Select(f => Path.GetRelativePath(root, f)).Order(StringComparer.Ordinal).ToList();
        File.WriteAllText(Path.Combine(copy, "src/Hinoban/Basics/Mutant.cs"), Switch);
        for (var round = 1; ; round++)
        {
            var (mutants, written) = Write(files);
            var (exit, log) = Build();
            if (exit == 0)
            {
                return (Path.Combine(copy, "artifacts/bin/Hinoban.Tests/release/Hinoban.Tests.dll"), mutants, refused.Count);
            }

            var before = refused.Count;
            Refuse(log, written, mutants);
            Console.Error.WriteLine($"round {round}: {refused.Count - before} mutants do not compile");
            if (refused.Count == before || round == 12)
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
            File.WriteAllText(Path.Combine(copy, file), grown.ToFullString());
        }

        return (mutants, written);
    }

    // The mutants around an error; if there is none, all of the statement or member that it is in.
    private void Refuse(string log, Dictionary<string, SyntaxNode> written, IReadOnlyList<Mutant> mutants)
    {
        foreach (var (file, line, column) in Errors().Matches(log).Select(m => (m.Groups[1].Value, Number(m, 2), Number(m, 3))).Distinct())
        {
            if (!written.TryGetValue(file, out var tree))
            {
                // It needs a constant that is none any more.
                var words = Words().Matches(File.ReadLines(file).ElementAt(line - 1)).Select(m => m.Value).ToHashSet();
                refused.UnionWith(written.Values.SelectMany(t => t.DescendantNodes().OfType<PropertyDeclarationSyntax>()).Where(p => words.Contains(p.Identifier.Text))
                    .SelectMany(p => p.DescendantNodes()).SelectMany(n => n.GetAnnotations(Planter.Mark)).Select(a => mutants[int.Parse(a.Data!, CultureInfo.InvariantCulture)].ToString()));
                continue;
            }

            var position = CSharpSyntaxTree.Create((CSharpSyntaxNode)tree).GetText().Lines[line - 1].Start + column - 1;
            var node = tree.FindToken(position).Parent!;
            var around = node.AncestorsAndSelf().SelectMany(n => n.GetAnnotations(Planter.Mark)).ToList();
            for (var outer = node; around.Count == 0 && outer is not null; outer = outer.Parent)
            {
                around = [.. outer.DescendantNodesAndTokensAndSelf().SelectMany(n => n.GetAnnotations(Planter.Mark))];
            }

            refused.UnionWith(around.Select(a => mutants[int.Parse(a.Data!, CultureInfo.InvariantCulture)].ToString()));
        }
    }

    private (int Exit, string Log) Build()
    {
        var start = new ProcessStartInfo(
            "dotnet",
            ["build", "tests/Hinoban.Tests", "-c", "Release", "--nologo", "-v", "quiet", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-p:WarningsAsErrors=", "-p:UseSharedCompilation=true"])
        {
            WorkingDirectory = copy,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var log = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, log);
    }

    private void Copy(string path)
    {
        var from = Path.Combine(root, path);
        if (File.Exists(from))
        {
            Put(from);
        }
        else if (Directory.Exists(from))
        {
            Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(f => !f.Contains("/node_modules/", StringComparison.Ordinal)).ToList().ForEach(Put);
        }
    }

    private void Put(string file)
    {
        var target = Path.Combine(copy, Path.GetRelativePath(root, file));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(file, target, overwrite: true);
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(.+?)\((\d+),(\d+)\): error ", RegexOptions.Multiline)]
    private static partial Regex Errors();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
