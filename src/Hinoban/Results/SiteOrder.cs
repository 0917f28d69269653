using System.Text.Json.Serialization;
using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Results;

/// <summary>What the desk tells a site on the held stream.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "order")]
[JsonDerivedType(typeof(PlanOrder), "plan")]
[JsonDerivedType(typeof(LookNowOrder), "look-now")]
[JsonDerivedType(typeof(TraceOrder), "trace")]
[JsonDerivedType(typeof(AwayOrder), "away")]
[JsonDerivedType(typeof(EpisodesOrder), "episodes")]
[JsonDerivedType(typeof(BeatOrder), "beat")]
internal abstract record SiteOrder;

/// <summary>The site's whole plan; replaces the one before without a gap in checking.</summary>
internal sealed record PlanOrder(SitePlan Plan) : SiteOrder;

/// <summary>Look now: start within 3 s, with this time-out. The result carries <see cref="Request"/>.</summary>
internal sealed record LookNowOrder(long Request, ItemId Item, TimeSpan Timeout) : SiteOrder;

/// <summary>
/// Follow the way to an address, hop by hop. The answer is a result of <see cref="Item"/> (the desk's own item about this site's ways) with
/// the hops as its long output: it steps no view, for this site does not look at that item.
/// </summary>
internal sealed record TraceOrder(long Request, ItemId Item, string Address) : SiteOrder;

/// <summary>What the site must know to speak when the desk is away; replaces the one before.</summary>
internal sealed record AwayOrder(AwayPlan Plan) : SiteOrder;

/// <summary>Episodes that began, were told or ended since the last word of them: a small order, so that every site can name the next one by itself.</summary>
internal sealed record EpisodesOrder(IReadOnlyList<EpisodeNote> Notes) : SiteOrder
{
    /// <summary>First on a stream: which start of the judging engine this is; it knows no more than it was told since. 0 later.</summary>
    public long Run { get; init; }
}

/// <summary>Nothing to do; the connection lives.</summary>
internal sealed record BeatOrder : SiteOrder;
