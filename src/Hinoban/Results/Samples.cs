using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>
/// A point of a chart. <see cref="Value"/> in seconds (how long the look took), null where the look brought no value;
/// <see cref="Perf"/> the first value of the plugin's performance data in the plugin's own unit, if there was one.
/// </summary>
internal readonly record struct SamplePoint(DateTimeOffset AtUtc, double? Value, CheckStatus Status, double? Perf = null);

/// <summary>A look at an item over time, a line per site. Where a site did not look there is no point; nothing is filled in.</summary>
internal sealed record SampleSeries(SiteName Site, IReadOnlyList<SamplePoint> Points);

/// <summary>Where the looks' values over time are kept.</summary>
internal interface ISampleStore
{
    /// <summary>Keeps a batch's samples, live or backlog, in its transaction; one statement.</summary>
    void Append(Tx tx, ResultBatch batch);

    /// <summary>An item's points from both ends inclusive, a series per site, oldest first; empty if the scope does not cover the owner.</summary>
    IReadOnlyList<SampleSeries> Read(Tx tx, Scope scope, CustomerId owner, ItemId item, DateTimeOffset fromUtc, DateTimeOffset toUtc);

    /// <summary>Moves some of what is older into the form that is small and quick to read per item; returns how many batches. Repeat until 0.</summary>
    int Compact(Tx tx, DateTimeOffset olderThanUtc);

    /// <summary>Deletes what is older, rounded up to whole blocks of time.</summary>
    void Prune(Tx tx, DateTimeOffset olderThanUtc);
}
