using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Lab.Story;
using Hinoban.States;
using static Hinoban.Tests.Stories.StorySpecs;

namespace Hinoban.Tests.Stories;

/// <summary>A service that comes and goes: it is said once, nothing is told of each change, and the recovery is never lost.</summary>
public sealed class FlapTests
{
    [Fact]
    public void What_comes_and_goes_is_told_once_and_its_recovery_when_it_has_settled() => Story.Tell(Web(), async story =>
    {
        await Flap(story);
        var flapping = story.Incidents.Single(i => i.Failing);
        Assert.True(story.Item("web1/http").Flapping);
        for (var i = 0; i < 10; i++)
        {
            await Turn(story, i % 2 == 0);
            Assert.Equal([flapping.Id], story.Incidents.Where(one => one.Failing).Select(one => one.Id));
        }

        await story.Until(() => story.Incidents.All(i => !i.Failing), "it has settled and is over", TimeSpan.FromMinutes(90));
        await Told(story, flapping.Id, ends: CheckStatus.Ok);
    });

    [Fact]
    public void What_settles_at_failing_goes_on_and_gets_one_recovery_when_it_works() => Story.Tell(Web(), async story =>
    {
        await Flap(story);
        var flapping = story.Incidents.Single(i => i.Failing).Id;
        await Turn(story, fails: true);
        await story.Until(() => !story.Incidents.Single(i => i.Id == flapping).Flapping, "it has settled", TimeSpan.FromMinutes(90));
        Assert.True(story.Incidents.Single(i => i.Id == flapping).Failing);
        await story.Pass(minutes: 30);
        await Turn(story, fails: false);
        await story.Until(() => story.Incidents.All(i => !i.Failing), "it is over");
        await Told(story, flapping, ends: CheckStatus.Critical);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_desk_that_dies_in_the_middle_loses_nothing(bool endsFailing) => Story.Tell(Web(), async story =>
    {
        story.ExpectLog("connection re");
        story.AllowLog("holds no stream");
        story.AllowLog("under way when the desk ended");
        story.AllowLog("the relay's records say");
        await Flap(story, restarts: true);
        var flapping = story.Incidents.Single(i => i.Failing).Id;
        await Turn(story, fails: false);
        await Restart(story);
        Assert.True(story.Incidents.Single(i => i.Id == flapping).Flapping);
        await Turn(story, fails: true);
        await Restart(story);
        if (!endsFailing)
        {
            await Turn(story, fails: false);
        }

        await story.Until(() => !story.Incidents.Single(i => i.Id == flapping).Flapping, "it has settled", TimeSpan.FromMinutes(90));
        if (endsFailing)
        {
            await Turn(story, fails: false);
        }

        await story.Until(() => story.Incidents.All(i => !i.Failing), "it is over");
        await Told(story, flapping, ends: endsFailing ? CheckStatus.Critical : CheckStatus.Ok);
    });

    [Fact]
    public void Where_it_is_off_each_outage_is_told() => Story.Tell(Web().Replace("defaults: { ", "defaults: { flapping: off, ", StringComparison.Ordinal), async story =>
    {
        await story.Pass(minutes: 5);
        for (var i = 0; i < 14; i++)
        {
            await Turn(story, i % 2 == 0);
        }

        await story.Pass(minutes: 10);
        Assert.Equal(7, story.Incidents.Count);
        await Told(story, null, CheckStatus.Ok);
    });

    [Fact]
    public void Two_outages_within_the_hour_are_two_problems() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        for (var i = 0; i < 2; i++)
        {
            await Turn(story, fails: true);
            await Turn(story, fails: false);
            await story.Pass(minutes: 20);
        }

        Assert.Equal(2, story.Incidents.Count);
        await Told(story, null, CheckStatus.Ok);
    });

    // Until the desk says that it flaps; the last change was either.
    private static async Task Flap(Story story, bool restarts = false)
    {
        await story.Pass(minutes: 5);
        for (var i = 0; i < 40 && !story.Incidents.Any(one => one.Flapping); i++)
        {
            await Turn(story, i % 2 == 0);
            if (restarts && i % 5 == 4)
            {
                await Restart(story);
            }
        }

        Assert.True(story.Incidents.Single(i => i.Failing).Flapping);
    }

    private static bool Fails(Story story) => story.Entries.LastOrDefault(e => e.Text.Contains("web1/http", StringComparison.Ordinal) && e.Kind == EntryKind.Told)?.Text.StartsWith("breaks", StringComparison.Ordinal) == true;

    // Changes it, if it is not so already, and waits for the verdict.
    private static async Task Turn(Story story, bool fails)
    {
        if (Fails(story) != fails && fails)
        {
            story.Break("web1/http", Fault.Refused);
        }
        else if (Fails(story) != fails)
        {
            story.Mend("web1/http");
        }

        await story.Until(() => story.Item("web1/http").Judgement == (fails ? Judgement.Failing : Judgement.Working), fails ? "it fails" : "it works");
        await story.Pass(minutes: 1.5);
    }

    private static async Task Restart(Story story)
    {
        story.CrashDesk();
        await story.Pass(TimeSpan.FromSeconds(20));
        story.StartDesk();
        await story.Pass(TimeSpan.FromSeconds(5));
    }

    // Each problem one alert and one recovery; the one that flapped one word of that besides.
    private static async Task Told(Story story, IncidentId? flapping, CheckStatus ends)
    {
        await story.Pass(minutes: 1);
        foreach (var incident in story.Incidents.Select(i => story.Incident(i.Id)))
        {
            var told = incident.Events.OfType<NoticeDecided>().Where(n => n.Told).Select(n => n.Kind).Distinct().ToList();
            Assert.Equal(told.Count, incident.Events.OfType<NoticeDecided>().Count(n => n.Told));
            Assert.Equal((NoticeKind.Alert, NoticeKind.Recovery), (told[0], told[^1]));
            Assert.Equal(incident.Row.Id == flapping ? 1 : 0, incident.Events.OfType<FlappingStarted>().Count());
            Assert.All(incident.Events.OfType<FlappingEnded>(), e => Assert.Equal(ends, e.Now));
        }

        foreach (var mail in story.Entries.Where(e => e.Kind == EntryKind.Mail))
        {
            mail.Claimed = true;
        }
    }
}
