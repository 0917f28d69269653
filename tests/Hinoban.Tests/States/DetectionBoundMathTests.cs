using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Tests.Checks;

namespace Hinoban.Tests.States;

/// <summary>The printed bound: architecture §1a's figures, and each term's place in the sum.</summary>
public sealed class DetectionBoundMathTests
{
    private static readonly ItemPlan Port = CheckItems.Of(new TcpLookPlan(80, null, null)) with
    {
        Sites = [new SiteName("tokyo"), new SiteName("osaka")],
        Timeout = TimeSpan.FromSeconds(10),
    };

    [Theory]
    [InlineData("BlackHole", 2, 10, null, 15, 2, 120)]
    [InlineData("BlackHole", 2, 10, 8.0, 15, 2, 125)]
    [InlineData("Refused", 2, 10, 8.0, 15, 2, 112)]
    [InlineData("BlackHole", 1, 10, null, 60, 3, 309)] // 180 + 120 + 5 + 4
    [InlineData("BlackHole", 3, 10, null, 15, 2, 90)]
    [InlineData("BlackHole", 2, 40, null, 15, 2, 139)] // the first site's own long time-out: 90 + 40 + 5 + 4
    [InlineData("BlackHole", 2, 10, null, 15, 1, 105)] // 90 + 3 + 3 + 5 + 4, longer than the first site's own 10
    [InlineData("Refused", 1, 10, null, 60, 1, 184)]
    [InlineData("Slow", 2, 10, 8.0, 15, 2, 119)] // an answer needs no other site: 90 + 15 + 10 + 4
    [InlineData("Slow", 2, 10, 4.0, 15, 2, 121)] // one between 6 s and 10 s is no answer to a confirming look: as nothing
    internal void The_terms_sum_up_to_the_bound(string fault, int sites, double timeout, double? crit, double retry, int attempts, double bound)
    {
        var item = Port with
        {
            Sites = [.. new[] { "tokyo", "osaka", "nagoya" }.Take(sites).Select(s => new SiteName(s))],
            Timeout = TimeSpan.FromSeconds(timeout),
            Look = (TcpLookPlan)Port.Look with { Crit = crit is { } c ? TimeSpan.FromSeconds(c) : null },
            Retry = TimeSpan.FromSeconds(retry),
            Attempts = attempts,
        };
        var terms = DetectionBound.Of(item, Enum.Parse<FaultForm>(fault));
        Assert.Equal(sites > 1, DetectionBound.Alone(item, Enum.Parse<FaultForm>(fault)).Count > 0);
        Assert.Equal(bound, DetectionBound.Sum(terms).TotalSeconds);
        Assert.Equal(BoundText.Wait, terms[0].Name);
        Assert.All(terms, t => Assert.True(t.Time >= TimeSpan.Zero && t.Source.Ja.Length > 0 && t.Source.En.Length > 0));
    }

    [Theory]
    [InlineData("BlackHole", 10, null, 15, 2, 268)] // 180 + 15 + (60 + 4) + 5 + 4
    [InlineData("Refused", 10, null, 15, 2, 263)]
    [InlineData("Slow", 10, 8.0, 15, 2, 273)] // a confirming look takes 10 s
    [InlineData("BlackHole", 10, null, 15, 3, 219)] // 180 + 15 + 15 + 5 + 4: what the item asks for is enough
    [InlineData("BlackHole", 10, null, 60, 5, 429)]
    [InlineData("BlackHole", 10, null, 15, 1, 317)] // 180 + 2 x (60 + 4) + 5 + 4
    [InlineData("BlackHole", 90, null, 15, 1, 347)] // the first look ends after 90 s: 180 + 90 + 60 + 2 x 4 + 5 + 4
    [InlineData("BlackHole", 90, null, 15, 2, 343)] // 180 + 90 + (60 + 4) + 5 + 4
    internal void One_site_left_alone_waits_for_its_own_slot_and_looks_three_times(string fault, double timeout, double? crit, double retry, int attempts, double bound)
    {
        var item = Port with
        {
            Timeout = TimeSpan.FromSeconds(timeout),
            Look = (TcpLookPlan)Port.Look with { Crit = crit is { } c ? TimeSpan.FromSeconds(c) : null },
            Retry = TimeSpan.FromSeconds(retry),
            Attempts = attempts,
        };
        var terms = DetectionBound.Alone(item, Enum.Parse<FaultForm>(fault));
        Assert.Equal(bound, DetectionBound.Sum(terms).TotalSeconds);
        Assert.Equal((BoundText.Wait, BoundText.Send), (terms[0].Name, terms[^1].Name));
        Assert.All(terms, t => Assert.True(t.Time >= TimeSpan.Zero && t.Source.Ja.Length > 0 && t.Source.En.Length > 0));
        Assert.Equal("interval 180 s, one site", terms[0].Source.En);
        Assert.Equal(attempts < 3, terms.Any(t => t.Name == BoundText.Further));
    }

    [Theory]
    [InlineData(null, 2, "Refused BlackHole")]
    [InlineData(8.0, 2, "Refused Slow BlackHole")]
    public void A_target_with_a_critical_time_can_be_too_slow(double? crit, int attempts, string forms) => Assert.Equal(
        forms,
        string.Join(' ', DetectionBound.FormsOf(Port with { Look = (TcpLookPlan)Port.Look with { Crit = crit is { } c ? TimeSpan.FromSeconds(c) : null }, Attempts = attempts })));

    [Theory]
    [InlineData(1, "Posted Missing")]
    [InlineData(2, "Missing")] // so many posts are somebody else's to make
    public void What_is_posted_says_so_itself_or_stays_away(int attempts, string forms)
    {
        var posted = Port with { Look = new PassiveLookPlan(TimeSpan.FromMinutes(10)), Attempts = attempts };
        Assert.Equal(forms, string.Join(' ', DetectionBound.FormsOf(posted)));
        Assert.Equal([BoundText.Send], DetectionBound.Of(posted, FaultForm.Posted).Select(t => t.Name));
        Assert.Equal([BoundText.Freshness, BoundText.Review, BoundText.Send], DetectionBound.Of(posted, FaultForm.Missing).Select(t => t.Name));
        Assert.Equal(TimeSpan.FromMinutes(10) + FreshnessRules.ReviewWithin + DetectionBound.CommitAndSend, DetectionBound.Sum(DetectionBound.Of(posted, FaultForm.Missing)));
    }

    [Fact]
    public void Where_the_first_site_is_as_long_as_the_other_its_own_look_is_the_term() => Assert.Equal(
        [BoundText.Wait, BoundText.Look, BoundText.Send],
        DetectionBound.Of(Port with { Timeout = TimeSpan.FromSeconds(11), Attempts = 1 }, FaultForm.BlackHole).Select(t => t.Name)); // 11 = 3 + 3 + 5
}
