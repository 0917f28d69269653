namespace Hinoban.Lab.Sim;

/// <summary>A stretch of virtual time, its end not included.</summary>
internal readonly record struct SimSpan(TimeSpan From, TimeSpan Until)
{
    internal TimeSpan Length => Until - From;

    internal bool Meets(SimSpan other) => From < other.Until && other.From < Until;

    internal bool Holds(TimeSpan at) => From <= at && at < Until;
}

/// <summary>Stretches of time in order, none touching another.</summary>
internal sealed class SimSpans
{
    private readonly List<SimSpan> spans = [];

    internal SimSpans(IEnumerable<SimSpan> any)
    {
        foreach (var span in any.Where(s => s.Length > TimeSpan.Zero).OrderBy(s => s.From))
        {
            if (spans.Count > 0 && span.From <= spans[^1].Until)
            {
                spans[^1] = spans[^1] with { Until = Max(spans[^1].Until, span.Until) };
            }
            else
            {
                spans.Add(span);
            }
        }
    }

    internal static SimSpans None { get; } = new([]);

    internal IReadOnlyList<SimSpan> All => spans;

    internal bool Holds(TimeSpan at) => spans.Exists(s => s.Holds(at));

    internal bool Meets(SimSpan other) => spans.Exists(s => s.Meets(other));

    /// <summary>True if no instant of <paramref name="other"/> is left out.</summary>
    internal bool Covers(SimSpan other) => spans.Exists(s => s.From <= other.From && other.Until <= s.Until);

    internal SimSpans Or(SimSpans other) => new(spans.Concat(other.spans));

    internal SimSpans And(SimSpans other) => new(
        from a in spans
        from b in other.spans
        where a.Meets(b)
        select new SimSpan(Max(a.From, b.From), Min(a.Until, b.Until)));

    /// <summary>What these leave of <paramref name="whole"/>.</summary>
    internal IEnumerable<SimSpan> Between(SimSpan whole)
    {
        var from = whole.From;
        foreach (var span in spans.Where(s => s.Meets(whole)))
        {
            yield return new SimSpan(from, Max(from, span.From));
            from = Max(from, span.Until);
        }

        yield return new SimSpan(from, Max(from, whole.Until));
    }

    internal SimSpans Wider(TimeSpan before, TimeSpan after) => new(spans.Select(s => new SimSpan(s.From - before, s.Until + after)));

    /// <summary>The instant at which <paramref name="need"/> of time has passed since <paramref name="from"/>, these stretches not counted.</summary>
    internal TimeSpan After(TimeSpan from, TimeSpan need)
    {
        var at = from;
        foreach (var span in spans.Where(s => s.Until > from))
        {
            if (span.From - at >= need)
            {
                break;
            }

            need -= Max(span.From - at, TimeSpan.Zero);
            at = Max(at, span.Until);
        }

        return at + need;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
