using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.People;
using static Hinoban.Tests.Flow.DeskBench;

namespace Hinoban.Tests.Flow;

/// <summary>The list of hosts counts all that is looked for and tells only what is shown.</summary>
public sealed class HostListTests
{
    [Theory]
    [InlineData("", "", false, 50)]
    [InlineData("", "", false, 3)]
    [InlineData("", "", true, 50)]
    [InlineData("", "", true, 1)]
    [InlineData("", "H1", false, 50)]
    [InlineData("", " h2 ", true, 50)]
    [InlineData("", "10.0.0.3", false, 50)]
    [InlineData("", "s1", false, 50)]
    [InlineData("", "nothing is called so", false, 50)]
    [InlineData("mail", "", false, 50)]
    public void It_is_what_the_rows_of_all_hosts_say(string customer, string search, bool problems, int limit)
    {
        using var storm = new StormBench(StormBench.Of(StormBench.Plan(12, services: 2)));
        storm.Both(Ok, Enumerable.Range(1, 12));
        storm.Both(Ok, Enumerable.Range(100_001, 24));
        storm.Both(Dead, 2, 5, 100_007);
        storm.See(Tokyo, Dead, 100_009);
        var (queries, wish) = (storm.Desk.Queries, new HostWish(customer, search, problems, limit));

        var (list, same) = (queries.HostList(All, wish), SampleRows.Find(queries.Hosts(All), wish));

        Assert.Equal((same.Hosts, same.Items, same.Failing), (list.Hosts, list.Items, list.Failing));
        Assert.Equal(same.Customers, list.Customers);
        Assert.Equal(same.Rows.Select(r => r.Host), list.Rows.Select(r => r.Host));
        Assert.Equal(Math.Min(limit, list.Hosts), list.Rows.Count);
        Assert.All(list.Rows.Zip(same.Rows), pair => Assert.Equal(pair.Second.All.Select(i => (i.Id, i.HasProblem)), pair.First.All.Select(i => (i.Id, i.HasProblem))));
    }

    [Fact]
    public void What_fails_is_counted_and_nobody_sees_another_customers_hosts()
    {
        using var storm = new StormBench(StormBench.Of(StormBench.Plan(12, services: 2)));
        storm.Both(Ok, Enumerable.Range(1, 12));
        storm.Both(Dead, 2, 5);

        var bad = storm.Desk.Queries.HostList(All, new HostWish("", "", true, 1));
        var theirs = storm.Desk.Queries.HostList(Scope.Of(new CustomerId("another")), new HostWish("", "", false, 50));

        Assert.Equal((2, 6, 2, "h2"), (bad.Hosts, bad.Items, bad.Failing, Assert.Single(bad.Rows).Host));
        Assert.Equal((0, 0), (theirs.Hosts, theirs.Customers.Count));
    }
}
