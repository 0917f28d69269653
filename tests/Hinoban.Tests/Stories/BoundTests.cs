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
