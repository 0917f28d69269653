using System.Net;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Results;
using static Hinoban.Tests.Flow.DeskBench;

namespace Hinoban.Tests.Flow;

/// <summary>Sites that come from one network are marked, as far as the desk sees their addresses.</summary>
public sealed class SiteNetworksTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.200", true)]
    [InlineData("192.0.2.1", "192.0.3.1", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.9", true)]
    [InlineData("2001:db8:1::1", "2001:db8:1:ffff::2", true)]
    [InlineData("2001:db8:1::1", "2001:db8:2::1", false)]
    [InlineData("192.0.2.1", "2001:db8::1", false)]
    public void Are_two_addresses_of_one_network(string a, string b, bool one) => Assert.Equal(one, SiteNetworks.AreOne(IPAddress.Parse(a), IPAddress.Parse(b)));

    [Fact]
    public void The_sites_page_knows_who_comes_from_one_network()
    {
        using var desk = new DeskBench(TestPlans.Web());
        Assert.All(desk.Queries.Sites(All), s => Assert.Null(s.From));
        Come(desk, Tokyo, "192.0.2.1");
        Come(desk, Osaka, "192.0.2.77");
        Assert.Equal([("osaka", "tokyo"), ("tokyo", "osaka")], desk.Queries.Sites(All).Select(s => (s.Name.Value, Assert.Single(s.OfOneNetwork).Value)));

        // What a peer carries comes from the peer.
        Come(desk, Osaka, "198.51.100.77");
        Come(desk, Osaka, "192.0.2.1", new PeerHealth(3, 0, 0));
        Assert.All(desk.Queries.Sites(All), s => Assert.Empty(s.OfOneNetwork));
        Assert.Equal("198.51.100.77", desk.Queries.Sites(All).Single(s => s.Name == Osaka).From!.ToString());
        Assert.All(desk.Queries.Sites(Hinoban.People.Scope.Of(new CustomerId("sample-trading"))), s => Assert.Null(s.From));
    }

    private static void Come(DeskBench desk, SiteName site, string from, PeerHealth? peers = null)
    {
        var now = Moment.Of(desk.Clock);
        desk.Accept(new ResultBatch(site, 1, 0, Lane.Live, now.Utc, now.Mono, [], [], new SiteHealth(1, 1, 0, 1, 0, TimeSpan.Zero, TimeSpan.Zero, 0) { Peers = peers }) { From = IPAddress.Parse(from) });
    }
}
