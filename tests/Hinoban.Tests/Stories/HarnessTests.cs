using Hinoban.Lab.Story;
using static Hinoban.Tests.Stories.StorySpecs;

namespace Hinoban.Tests.Stories;

/// <summary>The harness itself: it fails where it must, and the same story is the same run.</summary>
public sealed class HarnessTests
{
    [Fact]
    public void A_mail_that_nobody_expected_fails_the_story()
    {
        var failed = Assert.Throws<StoryFailedException>(() => Story.Tell(Web(), async story =>
        {
            await story.Pass(minutes: 5);
            story.Break("web1/http", Fault.Refused);
            await story.Mails("PROBLEM", Tanaka, Yamamoto);
        }));
        Assert.Contains($"to {DeskBox}: ", failed.Message);
        Assert.Contains("Verdict desk     web1/http: Failing Down", failed.Message);
    }

    [Fact]
    public void A_command_that_nobody_expected_fails_the_story()
    {
        var failed = Assert.Throws<StoryFailedException>(() => Story.Tell(Web(), async story =>
        {
            story.Knows("web1", ConfigTest);
            story.Break("web1/http", Fault.Refused);
            await story.Mails("PROBLEM", Members);
            await story.Operator.Claim(story.Incidents.Single().Id);
            await story.Operator.Step(story.Incidents.Single().Id, 1);
        }));
        Assert.Contains($"[web1] $ {ConfigTest}", failed.Message);
    }

    [Fact]
    public void A_warning_that_nobody_expected_fails_the_story()
    {
        var failed = Assert.Throws<StoryFailedException>(() => Story.Tell(Web(), async story =>
        {
            await story.Pass(minutes: 1);
            story.CrashDesk();
            await story.Pass(TimeSpan.FromSeconds(10));
            story.StartDesk();
        }));
        Assert.Contains("Warning", failed.Message);
    }

    [Fact]
    public void An_error_that_nobody_expected_fails_the_story()
    {
        var failed = Assert.Throws<StoryFailedException>(() => Story.Tell(Web(), async story =>
        {
            await story.Pass(minutes: 1);
            story.Rewrite(Web() + "\nnonsense: 1\n");
        }));
        Assert.Contains("Error", failed.Message);
    }

    [Fact]
    public void An_expected_mail_that_does_not_come_fails_the_story()
    {
        var failed = Assert.Throws<StoryFailedException>(() => Story.Tell(Web(), story => story.Mail(Tanaka, "PROBLEM")));
        Assert.Contains("It did not come to this: a mail to", failed.Message);
    }

    [Fact]
    public void An_expected_warning_that_does_not_come_fails_the_story()
    {
        var failed = Assert.Throws<StoryFailedException>(() => Story.Tell(Web(), story =>
        {
            story.ExpectLog("thunder");
            return Task.CompletedTask;
        }));
        Assert.Contains("expected and never logged: thunder", failed.Message);
    }

    [Fact]
    public void Work_that_comes_back_from_another_thread_fails_the_story()
    {
        var failed = Assert.Throws<StoryFailedException>(() => Story.Tell(Web(), async story =>
        {
            using var gate = new ManualResetEventSlim();
            var elsewhere = Task.Run(gate.Wait);
            var waiting = WaitForAsync(elsewhere);
            gate.Set();
            await story.Pass(minutes: 60 * 24);
            await waiting;
        }));
        Assert.Contains("another thread", failed.Message);

        static async Task WaitForAsync(Task task) => await task;
    }

    [Fact]
    public void The_same_story_is_the_same_run()
    {
        static string Run() => Story.Tell(Web(), async story =>
        {
            story.ExpectLog("the desk");
            story.ExpectLog("the relay's records say Accepted");
            story.AllowLog("holds no stream");
            await story.Pass(minutes: 5);
            story.CutLink("osaka", toDesk: false);
            story.Break("web1/http", Fault.Refused);
            await story.Mails("PROBLEM", Members);
            story.CrashDesk();
            await story.Pass(minutes: 2);
            story.StartDesk();
            story.MendLink("osaka");
            story.Mend("web1/http");
            await story.Mails("RECOVERY", Members);
        });

        var first = Run();
        Assert.Equal(first, Run());
        Assert.Contains("RECOVERY", first);
    }
}
