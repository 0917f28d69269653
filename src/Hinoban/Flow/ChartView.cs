using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Results;

namespace Hinoban.Flow;

/// <summary>How far back a chart goes.</summary>
internal enum ChartRange
{
    /// <summary>24 hours, look by look.</summary>
    Day,

    /// <summary>7 days, look by look as far as there is room.</summary>
    Week,

    /// <summary>35 days, by hours.</summary>
    FiveWeeks,

    /// <summary>13 months, by days of the customer's time zone.</summary>
    Year,
}

/// <summary>
/// A look, or what several looks come to: <see cref="Mean"/> null where none brought a value. Of one look all three are the same.
/// </summary>
internal readonly record struct ChartPoint(DateTimeOffset AtUtc, double? Min, double? Mean, double? Max, CheckStatus Worst);

/// <summary>A threshold that held for a time.</summary>
internal sealed record ChartLevel(bool Critical, double Value, DateTimeOffset FromUtc, DateTimeOffset ToUtc);

/// <summary>One site's line, with what it all comes to; <see cref="Whole"/> null where nothing was seen.</summary>
internal sealed record ChartSeries(SiteName Site, IReadOnlyList<ChartPoint> Points, Rollup? Whole);

/// <summary>
/// What a chart shows of one metric of an item. <see cref="Gap"/>: points further apart are not joined. <see cref="Levels"/>: thresholds that the looks themselves named, each for
/// its time; of the response time the item's present ones are all that is known.
/// </summary>
internal sealed record ChartView(
    ItemId Item,
    ChartRange Range,
    DateTimeOffset FromUtc,
    DateTimeOffset ToUtc,
    TimeSpan Gap,
    bool Summed,
    Metric Metric,
    IReadOnlyList<Metric> Metrics,
    IReadOnlyList<ChartSeries> Series,
    IReadOnlyList<ChartLevel> Levels)
{
    /// <summary>In which time zone its days begin.</summary>
    internal TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;
}

/// <summary>What is to be seen: of which metric (empty: the response time), and how many points of a line at most.</summary>
internal sealed record ChartWish(ChartRange Range, string Metric = "", int Most = ChartWish.Wide)
{
    /// <summary>Points that a chart across the page can show apart.</summary>
    internal const int Wide = 800;

    /// <summary>Points of a small one among others.</summary>
    internal const int Small = 120;
}
