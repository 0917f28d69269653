using System.Buffers;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Logs;

/// <summary>
/// Which rules a record meets. The linear engine is far too slow for every line, so all patterns' literals are searched for at once in whole buffers, and only a
/// line that holds one is shown to the patterns.
/// </summary>
internal sealed class Matcher
{
    private readonly LogPlan plan;
    private readonly Literals?[] literals;
    private readonly Literals?[] excepted;
    private readonly SearchValues<string>? any;

    internal Matcher(LogPlan plan)
    {
        this.plan = plan;
        literals = [.. plan.Rules.Select(r => r.Regex is null ? null : Literals.Of(r.Regex.Text))];
        excepted = [.. plan.Except.Select(e => Literals.Of(e.Text))];
        EveryLine = plan.Format != LogFormat.Text || plan.Record is not null || literals.Any(l => l is null);
        if (!EveryLine)
        {
            // Without regard to case finds more, never less.
            var comparison = literals.Any(l => l!.IgnoreCase) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
            any = SearchValues.Create([.. literals.SelectMany(l => l!.AnyOf).Distinct(StringComparer.Ordinal)], comparison);
        }
    }

    /// <summary>Each line must be looked at on its own.</summary>
    internal bool EveryLine { get; }

    /// <summary>Lines that are not what the format says.</summary>
    internal long Malformed { get; set; }

    /// <summary>Where in the text something stands that may be part of a hit; -1 if there is no such place.</summary>
    internal int Candidate(ReadOnlySpan<char> text) => any is null ? 0 : text.IndexOfAny(any);

    /// <summary>The rules, by their places in the plan, that the record meets.</summary>
    internal void Match(ReadOnlySpan<char> record, List<int> met)
    {
        met.Clear();
        var status = 0;
        if (plan.Format == LogFormat.ApacheAccess)
        {
            status = AccessLine.Status(record);
            Malformed += status < 0 ? 1 : 0;
        }
        else if (plan.Format == LogFormat.ApacheError && !AccessLine.IsError(record))
        {
            Malformed++;
        }

        for (var i = 0; i < literals.Length; i++)
        {
            var rule = plan.Rules[i];
            if ((rule.Status is not { } range || (status >= range.From && status <= range.To)) && (rule.Regex is null || Meets(rule.Regex, literals[i], record)))
            {
                met.Add(i);
            }
        }

        for (var i = 0; met.Count > 0 && i < excepted.Length; i++)
        {
            if (Meets(plan.Except[i], excepted[i], record))
            {
                met.Clear();
            }
        }
    }

    private static bool Meets(Pattern pattern, Literals? literals, ReadOnlySpan<char> record) => (literals is null || literals.In(record)) && pattern.IsIn(record);
}
