using Hinoban.Basics;
using Hinoban.States;

namespace Hinoban.Tests.States;

/// <summary>Every case of who answers has its role, and of sites that hear each other at most one speaks.</summary>
public sealed class AwayRulesTests
{
    private static readonly SiteName Tokyo = new("tokyo");
    private static readonly SiteName Osaka = new("osaka");
    private static readonly SiteName Nagoya = new("nagoya");

    // Own rank 1 (osaka). Peers as "rank age desk-age isolated? may-speak?"; anchors: y(es), n(o), -(none).
    [Theory]
    [InlineData(0, "y", true, "", "desk")]
    [InlineData(14.9, "y", true, "0 1 0", "desk")]
    [InlineData(14.9, "n", true, "", "desk")]
    [InlineData(15, "y", true, "0 1 0", "by tokyo")]
    [InlineData(15, "n", true, "0 1 0", "by tokyo")]
    [InlineData(15, "y", false, "2 1 0", "by nagoya")]
    [InlineData(15, "y", true, "2 1 0|0 1 0", "by tokyo")]
    [InlineData(15, "y", true, "0 1 20|2 1 0", "by nagoya")]
    [InlineData(15, "y", true, "0 14 0.9", "by tokyo")]
    [InlineData(15, "y", true, "0 14 1", "jury tokyo")]
    [InlineData(15, "y", true, "0 1 99 i", "jury osaka")]
    [InlineData(15, "y", true, "0 1 99 mute", "jury osaka")]
    [InlineData(15, "y", true, "0 1 99", "jury tokyo")]
    [InlineData(15, "-", true, "2 1 99", "jury osaka")]
    [InlineData(15, "y", true, "2 1 99", "jury osaka")]
    [InlineData(15, "n", true, "2 1 99", "jury nagoya")]
    [InlineData(15, "y", false, "2 1 99", "jury nagoya")]
    [InlineData(15, "n", true, "2 1 99 i", "isolated")]
    [InlineData(15, "y", false, "2 1 99 mute", "isolated")]
    [InlineData(15, "y", true, "0 15 0", "alone")]
    [InlineData(15, "y", true, "", "alone")]
    [InlineData(15, "y", false, "", "isolated")]
    [InlineData(15, "n", true, "", "isolated")]
    [InlineData(15, "-", true, "", "isolated")]
    public void Who_answers_makes_the_role(double deskAge, string anchors, bool maySpeak, string peers, string role)
    {
        var own = new OwnSight(Osaka, 1, TimeSpan.FromSeconds(deskAge), anchors == "-" ? null : anchors == "y", maySpeak);
        var sights = peers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(Peer).ToList();
        Assert.Equal(role, Word(AwayRules.Decide(own, sights)));
        Assert.Equal(role, Word(AwayRules.Decide(own, [.. sights.AsEnumerable().Reverse()])));
    }

    /// <summary>All combinations: three sites without a desk that hear each other fully name the same speaker, and it is one that may.</summary>
    [Fact]
    public void Sites_that_all_hear_each_other_name_the_same_speaker()
    {
        SiteName[] names = [Tokyo, Osaka, Nagoya];
        for (var bits = 0; bits < 64; bits++)
        {
            var able = names.Select((_, i) => (Isolated: (bits >> i & 1) == 1, Speaks: (bits >> (i + 3) & 1) == 1)).ToList();
            var roles = names.Select((name, rank) => AwayRules.Decide(
                new OwnSight(name, rank, TimeSpan.FromSeconds(20), !able[rank].Isolated, able[rank].Speaks),
                [.. names.Select((n, i) => new PeerSight(n, i, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), able[i].Isolated, able[i].Speaks)).Where(p => p.Site != name)])).ToList();
            Assert.Single(roles.Distinct());
            var first = able.FindIndex(a => a is { Isolated: false, Speaks: true });
            Assert.Equal(first < 0 ? new Isolated() : new Jury(names[first]), roles[0]);
        }
    }

    [Fact]
    public void A_part_is_taken_when_the_desk_no_longer_counts_on_the_site_and_not_before()
    {
        Assert.Equal(AgreementTimes.SilentAfter, AwayRules.GoneAfter);
        Assert.Equal(TimeSpan.FromSeconds(21), AwayRules.TakesPartWithin);
    }

    private static PeerSight Peer(string text)
    {
        var words = text.Split(' ');
        var rank = int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture);
        TimeSpan Seconds(int at) => TimeSpan.FromSeconds(double.Parse(words[at], System.Globalization.CultureInfo.InvariantCulture));
        return new PeerSight(rank == 0 ? Tokyo : Nagoya, rank, Seconds(1), Seconds(2), words.Contains("i"), !words.Contains("mute"));
    }

    private static string Word(AwayRole role) => role switch
    {
        WithDesk => "desk",
        Relayed relayed => $"by {relayed.By}",
        Jury jury => $"jury {jury.Speaker}",
        Alone => "alone",
        _ => "isolated",
    };
}
