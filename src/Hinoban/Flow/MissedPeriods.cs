namespace Hinoban.Flow;

/// <summary>
/// Whether a site misses cycles again and again. One stall says something of that moment only; the machine is too slow when cycles are missed in two
/// review periods in a row. Periods are counted from the first miss, so that one stall cannot fall into two of them. Pure.
/// </summary>
internal sealed record MissedPeriods
{
    internal static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    private MissedPeriods()
    {
    }

    /// <summary>True once cycles were missed in two periods in a row, false after one without; null in between, where it cannot be told.</summary>
    internal bool? Missed { get; private init; }

    // As the site counts, since its own start.
    private long Count { get; init; }

    // When the period under way began; null while there is none.
    private TimeSpan? From { get; init; }

    private bool InThis { get; init; }

    private bool InLast { get; init; }

    /// <summary>The first word of a site: what it missed before is not ours to judge, and that it misses none is known after a period.</summary>
    internal static MissedPeriods Begin(long count, TimeSpan now) => new() { Count = count, From = now };

    /// <summary>The site's next word. A smaller count is a new start of the site.</summary>
    internal MissedPeriods Next(long count, TimeSpan now)
    {
        var (at, more) = (At(now), count > Count);
        return !more ? at with { Count = count } : at with
        {
            Count = count,
            From = at.InThis || at.InLast ? at.From : now,
            InThis = true,
            Missed = at.InLast || at.Missed is true ? true : null,
        };
    }

    // Without the periods that are over.
    private MissedPeriods At(TimeSpan now) =>
        From is not { } from || now - from < Period ? this
        : InThis ? (this with { From = from + Period, InLast = true, InThis = false }).At(now)
        : new() { Count = Count, Missed = false };
}
