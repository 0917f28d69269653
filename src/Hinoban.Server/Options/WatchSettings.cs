using System.Globalization;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Specs;

namespace Hinoban.Server.Options;

/// <summary>Reads how the watching is watched: anchors, carriers, the heartbeat. What is only doubtful is noted.</summary>
internal sealed class WatchSettings(SettingValues values, SettingSources sources, List<OptionProblem> notes)
{
    private const int FewAnchors = 3;

    /// <param name="outward">The site's looks leave this machine: without anchors its isolation cannot be told.</param>
    /// <param name="carriers">Whose networks the sites of this process go out by, as far as that is written.</param>
    internal AnchorPlan Anchors(bool outward, IReadOnlyCollection<string> carriers)
    {
        var words = Given(Settings.Anchors);
        if (words.Count == 0)
        {
            if (outward)
            {
                notes.Add(new OptionProblem(Settings.Anchors.Key, OptionText.NoAnchors, OptionText.NoAnchorsRight));
            }

            return AnchorPlan.None;
        }

        var anchors = words.Select(AnchorOf).ToList();
        if (anchors.Contains(null) || anchors.DistinctBy(a => a?.ToString()).Count() != anchors.Count)
        {
            values.Wrong(Settings.Anchors, anchors.Contains(null) ? OptionText.NotAnAnchor : OptionText.Twice, OptionText.AnchorRight);
        }
        else if (outward)
        {
            NoteDoubtful([.. anchors.OfType<Anchor>()], carriers);
        }

        return new AnchorPlan([.. anchors.OfType<Anchor>()], Quorum(anchors.Count));
    }

    private void NoteDoubtful(IReadOnlyList<Anchor> anchors, IReadOnlyCollection<string> carriers)
    {
        var where = sources.Of(Settings.Anchors)!.Where;
        if (anchors.Count < FewAnchors)
        {
            notes.Add(new OptionProblem(where, OptionText.FewAnchors, OptionText.FewAnchorsRight));
        }

        if (anchors[0].Carrier is { Length: > 0 } one && anchors.All(a => a.Carrier == one) && carriers.Contains(one))
        {
            notes.Add(new OptionProblem(where, OptionText.AnchorsOfOwnCarrier(one), OptionText.AnchorsOfOwnCarrierRight));
        }
    }

    /// <summary>At a site: its own carrier among those written, for its file may be the desk's too; null where there is none.</summary>
    internal string? OwnCarrier(string site) => Given(Settings.Carriers)
        .Select(w => w.Split('=', 2, StringSplitOptions.TrimEntries)).Where(w => w is [var name, { Length: > 0 }] && name == site).Select(w => w[1]).FirstOrDefault();

    /// <summary>What nobody would notice, or nobody would do, where the desk is not for this machine alone.</summary>
    internal void NoteUnwatched(DeskRoleOptions desk, bool apart)
    {
        if (desk.Heartbeat is null && sources.Of(Settings.HeartbeatUrl) is null)
        {
            notes.Add(new OptionProblem(Settings.HeartbeatUrl.Key, OptionText.NoHeartbeat, OptionText.NoHeartbeatRight));
        }

        if (apart && desk.Peers.Count == 0 && sources.Of(Settings.Peers) is null)
        {
            notes.Add(new OptionProblem(Settings.Peers.Key, OptionText.NoPeers, OptionText.NoPeersRight));
        }

        if (apart && desk.Sites.Count > 1 && desk.Sites.Where(s => !desk.Carriers.ContainsKey(s)).Select(s => s.Value).ToList() is { Count: > 0 } unknown)
        {
            notes.Add(new OptionProblem(Settings.Carriers.Key, OptionText.NoCarriers(string.Join(", ", unknown)), OptionText.NoCarriersRight));
        }
    }

    internal IReadOnlyDictionary<SiteName, string> Carriers(IReadOnlyList<SiteName> sites)
    {
        var carriers = new Dictionary<SiteName, string>();
        foreach (var word in Given(Settings.Carriers))
        {
            if (word.Split('=', 2, StringSplitOptions.TrimEntries) is not [var site, { Length: > 0 } carrier] || !sites.Contains(new SiteName(site)))
            {
                values.Wrong(Settings.Carriers, OptionText.NotACarrier, OptionText.CarrierRight);
            }
            else if (!carriers.TryAdd(new SiteName(site), carrier))
            {
                values.Wrong(Settings.Carriers, OptionText.Twice, OptionText.CarrierRight);
            }
        }

        foreach (var shared in carriers.GroupBy(c => c.Value, c => c.Key.Value).Where(g => g.Count() > 1))
        {
            var which = $"{shared.Key}: {string.Join(", ", shared)}";
            notes.Add(new OptionProblem(
                sources.Of(Settings.Carriers)!.Where,
                new Text($"{OptionText.SitesShareCarrier.Ja}({which})", $"{OptionText.SitesShareCarrier.En} ({which})"),
                OptionText.SitesShareCarrierRight));
        }

        return carriers;
    }

    internal IReadOnlyDictionary<SiteName, Uri> Peers(IReadOnlyList<SiteName> sites)
    {
        var peers = new Dictionary<SiteName, Uri>();
        foreach (var word in Given(Settings.Peers))
        {
            if (word.Split('=', 2, StringSplitOptions.TrimEntries) is not [var site, var address] || !sites.Contains(new SiteName(site)) || PeerUrl(address) is not { } url)
            {
                values.Wrong(Settings.Peers, OptionText.NotAPeer, OptionText.PeerRight);
            }
            else if (!peers.TryAdd(new SiteName(site), url))
            {
                values.Wrong(Settings.Peers, OptionText.Twice, OptionText.PeerRight);
            }
        }

        return peers;
    }

    /// <summary>Between sites there is no word in the clear.</summary>
    internal static Uri? PeerUrl(string word) =>
        Uri.TryCreate(word, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url is { UserInfo.Length: 0, AbsolutePath: "/", Query.Length: 0, Fragment.Length: 0 } ? url : null;

    internal HeartbeatOptions? Heartbeat()
    {
        var post = values.OneOf(Settings.HeartbeatMethod, ("get", false), ("post", true));
        if (values.Optional(Settings.HeartbeatUrl) is not { } word)
        {
            return null;
        }

        if (Uri.TryCreate(word, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0)
        {
            return new HeartbeatOptions(url, post);
        }

        values.Wrong(Settings.HeartbeatUrl, OptionText.NotAUrl, OptionText.OutsideUrlRight);
        return null;
    }

    private IReadOnlyList<string> Given(Setting setting) => [.. (sources.Of(setting)?.Values ?? []).Where(w => w.Length > 0)];

    private int Quorum(int anchors)
    {
        if (values.Optional(Settings.AnchorQuorum) is not { } word)
        {
            return AnchorPlan.UsualQuorum(anchors);
        }

        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var quorum) && quorum >= 1 && quorum <= anchors)
        {
            return quorum;
        }

        values.Wrong(Settings.AnchorQuorum, OptionText.NotAQuorum, OptionText.QuorumRight(anchors));
        return 1;
    }

    private static Anchor? AnchorOf(string word)
    {
        if (word.Split('@', StringSplitOptions.TrimEntries) is [var place, { Length: > 0 } carrier])
        {
            return AnchorOf(place) is { } anchor ? anchor with { Carrier = carrier } : null;
        }

        if (Uri.CheckHostName(word) != UriHostNameType.Unknown)
        {
            return new Anchor(word, null);
        }

        var colon = word.LastIndexOf(':');
        var host = colon > 0 ? word[..colon].TrimStart('[').TrimEnd(']') : "";
        return host.Length > 0 && Uri.CheckHostName(host) != UriHostNameType.Unknown
            && int.TryParse(word.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? new Anchor(host, port)
            : null;
    }
}
