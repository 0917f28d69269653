using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Tests.Flow;
using static Hinoban.Tests.States.Scene;

namespace Hinoban.Tests.States;

/// <summary>When hosts that fail count as one storm, and for what cause.</summary>
public sealed class StormRulesTests
{
    private static readonly AgreementTerms Two = Terms();

    [Theory]
    [InlineData(1, 3, false)]
    [InlineData(2, 3, true)]
    [InlineData(2, 5, true)]
    [InlineData(2, 6, true)]
    [InlineData(2, 7, false)]
    [InlineData(3, 8, true)]
    [InlineData(8, 400, false)]
    [InlineData(9, 400, true)]
    [InlineData(1, 1, false)]
    public void A_storm_is_three_at_least_and_half_of_the_group_or_ten(int othersFailing, int group, bool storm)
    {
        var others = Enumerable.Range(0, group - 1).Select(i => i < othersFailing ? Fails(100 + i) : StormSight.Well).ToList();
        Assert.Equal(storm, StormRules.IsStorm(Fails(100), others));
    }

    [Theory]
    [InlineData(0.0, 300.0, true)]
    [InlineData(0.0, 300.1, false)]
    [InlineData(301.0, 0.0, false)]
    [InlineData(null, null, true)]
    [InlineData(null, 0.0, false)]
    public void Failures_within_five_minutes_began_together(double? one, double? other, bool together) =>
        Assert.Equal(together, StormRules.AreTogether(one is { } a ? S(a) : null, other is { } b ? S(b) : null));

    [Fact]
    public void Only_those_that_began_together_count()
    {
        Assert.False(StormRules.IsStorm(Fails(1000), [Fails(690), Fails(699), Fails(1301)]));
        Assert.True(StormRules.IsStorm(Fails(1000), [Fails(700), Fails(1300), Fails(10)]));
    }

    [Fact]
    public void Soft_failures_count_and_a_site_that_reached_the_host_since_contradicts()
    {
        Assert.Equal(new StormSight(true, S(980)), Sight(SoftT(Tokyo, 980), Ok(Osaka, 900)));
        Assert.Equal(new StormSight(true, S(980)), Sight(SoftT(Tokyo, 982), SoftT(Osaka, 980)));
        Assert.False(Sight(HardT(Tokyo, 960, 990), Ok(Osaka, 970)).Fails);
        Assert.False(Sight(HardT(Tokyo, 960, 990), Ok(Osaka, 960)).Fails);
        Assert.False(Sight(HardA(Tokyo, 960, 990), HardA(Osaka, 960, 990)).Fails);
        Assert.False(Sight(HardA(Tokyo, 960, 990), HardT(Osaka, 960, 990)).Fails);
        Assert.False(Sight(Ok(Tokyo, 990), Never(Osaka)).Fails);
    }

    [Fact]
    public void A_host_judged_down_counts_while_its_recovery_is_still_being_seen()
    {
        var down = Judge(Two, 995, null, HardT(Tokyo, 960, 990), HardT(Osaka, 961, 991));
        SiteView[] half = [HardT(Tokyo, 960, 990), Ok(Osaka, 999, lastFailed: 991)];
        var held = Judge(Two, 1000, down, half);
        Assert.Equal(Judgement.Failing, held.Standing);
        Assert.True(StormRules.Sight(new HostSight(held, half)).Fails);
    }

    [Theory]
    [InlineData("192.0.2.77", "", "192.0.2.0/24")]
    [InlineData("2001:db8:1:2:3::4", "", "2001:db8:1:2::/64")]
    [InlineData("192.0.2.77", "tokyo-idc", "tokyo-idc")]
    [InlineData("www.example.jp", "", null)]
    public void The_cause_is_the_vendor_else_the_network(string address, string vendor, string? cause)
    {
        var host = TestPlans.Web().Customers[0].Hosts[0] with
        {
            Address = address,
            Datacentre = vendor.Length == 0 ? null : new DatacentrePlan(vendor, "A-12", "", ""),
        };
        Assert.Equal(cause, StormRules.CauseOf(host)?.Name);
        Assert.Null(StormRules.CauseOf(host with { Alive = null }));
    }

    [Fact]
    public void The_list_is_told_after_a_short_gathering_then_every_five_minutes_and_no_clock_step_delays_it()
    {
        var first = Epoch;
        Assert.False(StormRules.IsDue(first, null, first));
        Assert.False(StormRules.IsDue(first, null, first.AddSeconds(14)));
        Assert.True(StormRules.IsDue(first, null, first.AddSeconds(15)));
        Assert.False(StormRules.IsDue(first, first.AddSeconds(-200), first.AddSeconds(99)));
        Assert.True(StormRules.IsDue(first, first.AddSeconds(-200), first.AddSeconds(100)));
        Assert.True(StormRules.IsDue(first, null, first.AddHours(-1)));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Three_that_still_fail_are_a_storm(int failing, bool stands) => Assert.Equal(stands, StormRules.Stands(failing));

    private static StormSight Fails(double since) => new(true, S(since));

    private static StormSight Sight(params SiteView[] views) => StormRules.Sight(new HostSight(Judge(Two, 1000, null, views), views));
}
