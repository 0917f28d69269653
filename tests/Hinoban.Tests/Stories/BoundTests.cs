using Hinoban.Lab.Story;
using Hinoban.States;

namespace Hinoban.Tests.Stories;

/// <summary>The printed detection bound against the whole company: a fault that begins at any time is mailed within it, and the worst comes near it.</summary>
public sealed class BoundTests
{
    // The long form, every second of two intervals, is ./dev proof bound.
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(23);

    public static TheoryData<int> Sweeps => [.. Enumerable.Range(0, BoundSweep.All(Step).Count)];

    [Theory]
    [MemberData(nameof(Sweeps))]
    public void No_alert_comes_later_than_printed(int sweep)
    {
        var figures = BoundSweep.Run(BoundSweep.All(Step)[sweep]);
        Assert.True(figures.Worst <= figures.Bound, figures.ToString());
    }

    /// <summary>One site left alone has a bound of its own, and comes near it. It is heard to recover with a look, so the onsets are counted from its slot.</summary>
    [Theory]
    [InlineData("Refused")]
    [InlineData("BlackHole")]
    public void Nor_later_than_printed_for_one_site_left_alone(string form) => Story.Tell(StorySpecs.Web(), async story =>
    {
        story.AllowLog("Site osaka holds no stream of orders");
        await story.Pass(minutes: 5);
        story.CrashSite("osaka");
        await story.Mail(StorySpecs.DeskBox, "PROBLEM Service Alert: site/osaka is CRITICAL");
        var bound = story.Desk.Parts.Queries.Bounds(Story.All, story.Item("web1/smtp").Id).Single(b => b.Fault.ToString() == form).Alone.Sum(t => t.Time.TotalSeconds);
        var worst = 0.0;
        for (var onset = 5; onset >= 0; onset--)
        {
            await story.Pass(TimeSpan.FromMinutes(12) + TimeSpan.FromSeconds(1 + (35 * onset)));
            var began = story.Now;
            story.Break("web1/smtp", form == "Refused" ? Fault.Refused : Fault.BlackHole);
            await story.Mails("PROBLEM Service Alert: web1/smtp is CRITICAL", StorySpecs.Members);
            worst = Math.Max(worst, (story.Now - began).TotalSeconds);
            Assert.True(story.Incidents.Where(i => !i.Own).MaxBy(i => i.Id.Value)!.SingleSite);
            story.Mend("web1/smtp");
            await story.Mails("RECOVERY Service Alert: web1/smtp is OK", StorySpecs.Members);
        }

        Assert.InRange(worst, 0.85 * bound, bound);
        story.StartSite("osaka");
        await story.Mail(StorySpecs.DeskBox, "RECOVERY Service Alert: site/osaka is OK");
    }, new StoryOptions { AtMost = TimeSpan.FromHours(4) });

    /// <summary>A site that may not ping the host takes it for down; the desk does not, and waits for that site's second look at the service.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(120)]
    public void Nor_where_one_site_cannot_ping_the_host(int onset) => Story.Tell(StorySpecs.Web(), async story =>
    {
        await story.Pass(TimeSpan.FromSeconds(onset));
        story.Break("web1", Fault.NoPing, "tokyo");
        await story.Pass(minutes: 5);
        var bound = story.Desk.Parts.Queries.Bounds(Story.All, story.Item("web1/smtp").Id).Single(b => b.Fault == FaultForm.Refused).Terms.Sum(t => t.Time.TotalSeconds);
        var began = story.Now;
        story.Break("web1/smtp", Fault.Refused);
        await story.Mails("PROBLEM Service Alert: web1/smtp is CRITICAL", StorySpecs.Members);
        Assert.InRange((story.Now - began).TotalSeconds, 0, bound);
        story.Mend("web1", "tokyo");
        story.Mend("web1/smtp");
        await story.Mails("RECOVERY Service Alert: web1/smtp is OK", StorySpecs.Members);
    });
}
