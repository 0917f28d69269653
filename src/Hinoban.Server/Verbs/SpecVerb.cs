using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Server.Verbs;

/// <summary><c>hinoban spec check</c> and <c>hinoban spec print</c>: specifications read by a person before the desk reads them.</summary>
internal static class SpecVerb
{
    /// <summary>sysexits' EX_CONFIG.</summary>
    internal const int Wrong = 78;

    private const string Red = "\e[31m";
    private const string Yellow = "\e[33m";
    private const string Green = "\e[32m";
    private const string Bold = "\e[1m";
    private const string Off = "\e[0m";

    /// <summary>
    /// Prints every problem of all paths, errors first, and a line that sums up; warnings, which are about the provider's configuration as
    /// much as about the file, go to <paramref name="error"/>. 0, or 78 if anything is wrong.
    /// </summary>
    internal static int Check(IReadOnlyList<string> paths, SpecOptions options, TextWriter output, TextWriter error, bool colour, Language language = Language.En)
    {
        var reading = SpecReader.Read(paths, options);
        var warnings = reading.Problems.Where(p => p.Level == ProblemLevel.Warning).ToList();
        var errors = reading.Problems.Where(p => p.Level == ProblemLevel.Error).ToList();
        var notes = reading.Notes.ToList();
        List(error, warnings, "", language);
        List(output, errors, colour ? Red : "", language);
        List(output, notes, colour ? Yellow : "", language);
        var seal = (Begin: colour ? Bold + (errors.Count > 0 ? Red : Green) : "", End: colour ? Off : "");
        var verdict = errors.Count > 0 ? SpecVerbText.NotAccepted : SpecVerbText.Accepted;
        var found = errors.Count > 0 ? SpecVerbText.Errors(errors.Count, errors.Select(e => e.File).Distinct().Count()) : Totals(reading);
        output.WriteLine($"{seal.Begin}{verdict.In(language)}{seal.End}: {found.In(language)}{SpecVerbText.Rest(warnings.Count, notes.Count).In(language)}");
        return errors.Count > 0 ? Wrong : 0;
    }

    /// <summary>Prints the plan of each customer as a specification with every default shown; problems instead if there are errors.</summary>
    internal static int Print(string path, IReadOnlyList<SiteName> sites, TextWriter output, TextWriter error, Language language = Language.En)
    {
        var reading = SpecReader.Read([path], new SpecOptions(sites));
        if (reading.HasErrors)
        {
            List(error, [.. reading.Problems.Where(p => p.Level == ProblemLevel.Error)], "", language);
            return Wrong;
        }

        foreach (var (customer, at) in reading.Customers.Select((c, i) => (c, i)))
        {
            if (at > 0)
            {
                output.WriteLine("---");
            }

            output.WriteLine($"# {SpecVerbText.AsRun(customer.At.File).In(language)}");
            if (customer.Sites is null && sites.Count == 0)
            {
                output.WriteLine($"# {SpecVerbText.AllSites.In(language)}");
            }

            output.WriteLine($"# {BoundText.Heading.In(language)}: {SpecVerbText.BeforeEach.In(language)} {BoundText.Conditions.In(language)}");
            SpecPrint.Write(output, PlanBuilder.Preview(customer, sites.Count > 0 ? sites : [new SiteName("tokyo"), new SiteName("osaka")]), item => Remarks(item, language));
        }

        return 0;
    }

    private static IEnumerable<string> Remarks(ItemPlan item, Language language) =>
        Bounds(item, language).Concat(Told(item.Look).Select(t => t.In(language)));

    private static IEnumerable<Text> Told(LookPlan look) =>
        look is LogLookPlan log ? LogPrint.Said(log) : InsidePrint.Shares(look) is { } shares ? [shares] : [];

    private static IEnumerable<string> Bounds(ItemPlan item, Language language) =>
        DetectionBound.FormsOf(item)
            .SelectMany(fault => new[] { BoundText.Line(fault, DetectionBound.Of(item, fault)), BoundText.AloneLine(fault, DetectionBound.Alone(item, fault)) })
            .OfType<Text>().Select(line => line.In(language));

    internal static void List(TextWriter output, IReadOnlyList<Problem> problems, string colour, Language language)
    {
        foreach (var problem in problems)
        {
            var line = problem.In(language);
            var place = $"{problem.File}:{problem.Line}:{problem.Column}:";
            output.WriteLine(colour.Length == 0 ? line : $"{colour}{place}{Off}{line[place.Length..]}");
        }

        if (problems.Count > 0)
        {
            output.WriteLine();
        }
    }

    private static Text Totals(SpecReading reading)
    {
        var hosts = reading.Customers.Sum(c => c.Hosts.Count);
        var items = reading.Customers.Sum(c => c.Hosts.Sum(h => h.All.Count()));
        return SpecVerbText.Totals(reading.Customers.Count, hosts, items);
    }
}
