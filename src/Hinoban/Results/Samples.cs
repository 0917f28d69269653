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

/// <summary>What a site's look printed from then on, apart from its numbers.</summary>
internal sealed record TextChange(SiteName Site, DateTimeOffset AtUtc, CheckStatus Status, string Output);

/// <summary>How long samples are kept: as they came, summed up by hours, and by days.</summary>
internal sealed record SampleTerms(TimeSpan Raw, TimeSpan Hours, TimeSpan Days)
{
    internal static SampleTerms Usual { get; } = new(TimeSpan.FromDays(35), TimeSpan.FromDays(400), TimeSpan.FromDays(1830));
}

/// <summary>One customer's items of which something is read; nothing is, if the scope does not cover the owner.</summary>
internal sealed record SampleWish(Scope Scope, CustomerId Owner, IReadOnlyCollection<ItemId> Items, DateTimeOffset FromUtc, DateTimeOffset ToUtc);

/// <summary>Where the looks' values over time are kept.</summary>
internal interface ISampleStore
{
    /// <summary>Keeps a batch's samples, live or backlog, in its transaction: one statement, for backlog also one for each 100 items and one for each new text.</summary>
    void Append(Tx tx, ResultBatch batch);

    /// <summary>Keeps what a look printed, where that is new.</summary>
    void Note(Tx tx, SiteName site, CheckResult result)
    {
    }

    /// <summary>Samples between both ends, inclusive, of each item and site, oldest first.</summary>
    IReadOnlyDictionary<(ItemId Item, SiteName Site), List<Sample>> Raw(Tx tx, SampleWish wish) => new Dictionary<(ItemId, SiteName), List<Sample>>();

    /// <summary>Hours, or days, that begin between both ends, of each item and site, oldest first.</summary>
    IReadOnlyDictionary<(ItemId Item, SiteName Site), List<Rollup>> Rollups(Tx tx, SampleWish wish, RollupStep step) => new Dictionary<(ItemId, SiteName), List<Rollup>>();

    /// <summary>The latest changes of what looks printed between both ends, the latest first.</summary>
    IReadOnlyList<TextChange> Texts(Tx tx, SampleWish wish, int limit) => [];
}

/// <summary>What a rollup is of.</summary>
internal enum RollupStep : long
{
    /// <summary>An hour, UTC.</summary>
    Hour = 1,

    /// <summary>A day, UTC.</summary>
    Day = 2,
}
