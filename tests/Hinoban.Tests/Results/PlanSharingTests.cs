using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Specs;

namespace Hinoban.Tests.Results;

/// <summary>A plan that has travelled says the same, and says it with fewer objects.</summary>
public sealed class PlanSharingTests
{
    [Fact]
    public void Items_that_say_the_same_share_what_they_say_it_with()
    {
        ItemPlan Item(int id) => new(
            new ItemId(id), new CustomerId("sample"), $"web{id % 2}", "http", "192.0.2.1", new TcpLookPlan(80 + (id % 2), TimeSpan.FromSeconds(3), null), TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(10), 3,
            TimeSpan.FromMinutes(1), [new SiteName("tokyo"), new SiteName("osaka")], id == 1 ? "restart" : null, 1, 1);
        var plan = new SitePlan(7, new SiteName("tokyo"), [.. Enumerable.Range(1, 4).Select(id => new SiteItem(Item(id), id % 2, 2))]);
        var read = OrderCodec.UnpackPlan(OrderCodec.PackPlan(plan))!;
        Assert.Equal((7, new SiteName("tokyo"), 4), (read.Revision, read.Site, read.Items.Count));
        Assert.All(plan.Items.Zip(read.Items), both =>
        {
            Assert.Equal(both.First.Item.Sites, both.Second.Item.Sites);
            Assert.Equal(both.First, both.Second with { Item = both.Second.Item with { Sites = both.First.Item.Sites } });
        });
        var (one, three, two) = (read.Items[0].Item, read.Items[2].Item, read.Items[1].Item);
        Assert.All([(one.Host, three.Host), (one.Service, two.Service), (one.Address, two.Address), (one.Customer.Value, two.Customer.Value)], s => Assert.Same(s.Item1, s.Item2));
        Assert.Same(one.Look, three.Look);
        Assert.Same(one.Sites, two.Sites);
        Assert.NotSame(one.Look, two.Look);
    }

    [Fact]
    public void Looks_that_are_all_different_are_all_kept()
    {
        var sharing = new ItemSharing();
        var (item, ports) = (PlanOf(1), Enumerable.Range(1, 20_000).ToList());
        Assert.Equal(ports, ports.Select(port => ((TcpLookPlan)sharing.Share(item with { Look = new TcpLookPlan(port, null, null) }).Look).Port));

        static ItemPlan PlanOf(int id) => new(
            new ItemId(id), new CustomerId("c"), "h", "s", "192.0.2.1", new TcpLookPlan(80, null, null), TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(10), 3, TimeSpan.FromMinutes(1), [new SiteName("tokyo")], null, 1, 1);
    }
}
