using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Results;
using Hinoban.Specs;

namespace Hinoban.Flow;

/// <summary>What makes an engine at a site another one than the desk's: whose it is, who looks with it, and whose word it must not repeat.</summary>
internal sealed class AwaySpeaker(SiteName site, EpisodeBook book)
{
    /// <summary>With which others it judges; of none it speaks alone.</summary>
    internal IReadOnlyList<SiteName> Lookers { get; set; } = [site];

    internal bool Alone { get; set; }

    internal SiteName Site => site;

    internal EpisodeBook Book => book;

    internal AwayLine Line => new(site, Alone, Lookers);

    internal SpokenAway Event(DateTimeOffset utc) => new(utc, IncidentRules.Engine, site, Alone, Lookers);
}

/// <summary>What the desk needs to make each site able to speak for it: the sites' addresses and keys. Null at a desk whose sites do not listen for peers.</summary>
internal sealed record AwayTerms(IReadOnlyList<SiteName> Sites, IReadOnlyDictionary<SiteName, Uri> Addresses, SiteKeyStore Keys, MailOptions Mail)
{
    internal AwayPlan PlanFor(SiteName site, DeskBoard board, IReadOnlyDictionary<SiteName, string> pins, ILookup<SiteName, string> keys) => new(
        site,
        board.Plan.Revision,
        [
            .. Sites.Select(s => new PeerPlan(s, Addresses.GetValueOrDefault(s)?.ToString() ?? "", pins.GetValueOrDefault(s, ""), [.. keys[s]])),
        ],
        [
            .. board.Plan.Customers.Where(c => !c.IsProvider).Select(c => AwayCustomer.Of(c, [.. board.Silences.Of(c.Id).Select(s => s.Plan)])),
        ],
        new AwayMail(Mail.Domain, Mail.DeskMailbox, Mail.DeskName));
}
