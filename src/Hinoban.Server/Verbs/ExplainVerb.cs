using System.Globalization;
using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Server.Verbs;

/// <summary><c>hinoban spec explain</c>: an item's detection bound with the source of each term, for whoever writes or signs a specification.</summary>
internal static class ExplainVerb
{
    private static readonly SiteName[] Shown = [new("tokyo"), new("osaka")];

    /// <summary>0; 78 if the specification has mistakes, or no such item (the ones it has are then listed).</summary>
    internal static int Run(string title, string path, IReadOnlyList<SiteName> sites, TextWriter output, TextWriter error, Language language)
    {
        var reading = SpecReader.Read([path], new SpecOptions(sites));
        if (reading.HasErrors)
        {
            SpecVerb.List(error, [.. reading.Problems.Where(p => p.Level == ProblemLevel.Error)], "", language);
            return SpecVerb.Wrong;
        }

        var items = reading.Customers.SelectMany(c => PlanBuilder.Preview(c, sites.Count > 0 ? sites : Shown).Hosts)
            .SelectMany(host => host.All.Select(item => (Item: item, Host: host))).ToList();
        var found = items.Where(i => i.Item.Title == title).ToList();
        if (found.Count == 0)
        {
            error.WriteLine(SpecVerbText.NoItem(title).In(language));
            items.ForEach(i => error.WriteLine($"  {i.Item.Title}"));
            return SpecVerb.Wrong;
        }

        foreach (var (item, host) in found)
        {
            Print(item, output, language);
            if (Before(item, host) is { Count: > 0 } before)
            {
                output.WriteLine(SpecVerbText.InDoubt(string.Join(", ", before), HostRules.WaitAtMost, HostRules.TimeToStart).In(language));
            }
        }

        return 0;
    }

    private static void Print(ItemPlan item, TextWriter output, Language language)
    {
        output.WriteLine($"{item.Customer} {item.Title} ({item.Look.Kind}; {(item.IsPassive ? item.Look.Thresholds : string.Join(", ", item.Sites))})");
        foreach (var fault in DetectionBound.FormsOf(item))
        {
            output.WriteLine();
            output.WriteLine(BoundText.Form(fault).In(language));
            Print(DetectionBound.Of(item, fault), BoundText.Heading, output, language);
            if (DetectionBound.Alone(item, fault) is { Count: > 0 } alone)
            {
                output.WriteLine();
                Print(alone, BoundText.Alone, output, language);
            }
        }

        output.WriteLine();
        output.WriteLine(BoundText.ConditionsOf(item).In(language));
    }

    private static void Print(IReadOnlyList<BoundTerm> terms, Text sum, TextWriter output, Language language)
    {
        foreach (var term in terms)
        {
            output.WriteLine($"  {Seconds(term.Time)}  {term.Name.In(language)}: {term.Source.In(language)}");
        }

        output.WriteLine($"  {Seconds(DetectionBound.Sum(terms))}  {sum.In(language)}");
    }

    // Whose word the alert may have to wait for: a service's host and what it depends on, a host's parents.
    private static IReadOnlyList<string> Before(ItemPlan item, HostPlan host) =>
        [.. item.IsHostCheck || host.Alive is null ? host.Parents : [host.Key], .. item.DependsOn?.Titles ?? []];

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture),6} s";
}
