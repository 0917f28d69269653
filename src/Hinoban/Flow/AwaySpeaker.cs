using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>What makes an engine at a site another one than the desk's: whose it is, who looks with it, and whose word it must not repeat.</summary>
internal sealed class AwaySpeaker(SiteName site, EpisodeBook book)
{
    /// <summary>With which others it judges; of none it speaks alone.</summary>
    internal IReadOnlyList<SiteName> Lookers { get; set; } = [site];

    internal bool Alone { get; set; }

    internal SiteName Site => site;

    internal EpisodeBook Book => book;

    /// <summary>Number and episode of a problem that begins now. What this site has on its own disk is never begun a second time, whatever it was told.</summary>
    internal (string Number, int Episode) Name(Tx tx, IncidentStore incidents, ItemId item)
    {
        var (number, episode) = book.Name(item);
        var last = incidents.NextEpisode(tx, item) - 1;
        return episode > last ? (number, episode) : (IncidentNumber.Away(item, last + 1), last + 1);
    }

    /// <summary>A mail without those who have it from somebody else.</summary>
    internal OutboxMail Unreached(OutboxMail mail, ProblemFacts problem) => mail.Kind == NoticeKind.Alert && book.Of(problem.Item) is { } note && note.Episode == problem.Episode && note.By != site.Value
        ? mail with { Recipients = [.. mail.Recipients.Where(r => !note.HasReached(r.Address))] }
        : mail;

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
        new AwayMail(Mail.Domain, Mail.DeskMailbox, Mail.DeskName) { Seal = Mail.Seal?.For(site).Export() ?? "" });
}
