using Hinoban.Incidents;
using Hinoban.Reporting;
using Hinoban.Tests.Responding;

namespace Hinoban.Tests.Reporting;

/// <summary>The ten minutes, as a table.</summary>
public sealed class SloMathTests
{
    [Theory]
    // history (what at minute:second), now, state, met, taken
    [InlineData("", "5:00", "NotStarted", null, null)]
    [InlineData("desk@0:10", "5:00", "Running", null, null)]
    [InlineData("desk@0:10", "10:10", "Running", null, null)]
    [InlineData("desk@0:10", "10:11", "Overdue", false, null)]
    [InlineData("desk@0:10 claim@4:10", "5:00", "Met", true, "4:00")]
    [InlineData("desk@0:10 claim@10:10", "20:00", "Met", true, "10:00")]
    [InlineData("desk@0:10 claim@10:11", "20:00", "Missed", false, "10:01")]
    // The desk's own mailbox starts the clock, not an earlier member's.
    [InlineData("member@0:05 desk@3:00 claim@12:30", "20:00", "Met", true, "9:30")]
    [InlineData("desk@0:10 member@3:00 claim@12:30", "20:00", "Missed", false, "12:20")]
    [InlineData("desk@0:10 desk@3:00 claim@10:11", "20:00", "Missed", false, "10:01")] // a later alert of the same problem starts nothing
    // 時限静観: the clock begins after the first agreed wait.
    [InlineData("wait5@0:05 desk@0:10 claim@12:00", "20:00", "Met", true, "6:50")]
    [InlineData("wait5@0:05 wait9@3:00 desk@0:10 claim@15:11", "20:00", "Missed", false, "10:01")]
    [InlineData("wait5@0:05 desk@0:10 claim@3:00", "20:00", "Met", true, "0:00")]
    // No mailbox of the desk, or its delivery failed: the first acceptance.
    [InlineData("member@0:05 member@3:00 claim@12:30", "20:00", "Missed", false, "12:25")]
    [InlineData("deskrejected@0:05 member@3:00 claim@12:30", "20:00", "Met", true, "9:30")]
    [InlineData("deskrejected@0:05", "20:00", "NotStarted", null, null)]
    // Only the alert mail counts, and only an acceptance.
    [InlineData("recoverymail@0:05", "20:00", "NotStarted", null, null)]
    // Claimed from the screen before the mail was accepted.
    [InlineData("claim@0:05 desk@0:10", "20:00", "Met", true, "0:00")]
    [InlineData("claim@0:05", "20:00", "Met", true, null)]
    // The first claim stops the clock; giving back or taking over changes nothing.
    [InlineData("desk@0:10 claim@4:10 release@5:00 claim@15:00", "20:00", "Met", true, "4:00")]
    [InlineData("desk@0:10 engine@1:00", "5:00", "Running", null, null)]
    // 自然復旧
    [InlineData("desk@0:10 recover@3:00", "20:00", "NaturalRecovery", null, null)]
    [InlineData("desk@0:10 recover@3:00 claim@15:00", "20:00", "NaturalRecovery", null, "14:50")]
    [InlineData("recover@3:00 desk@3:10", "20:00", "NaturalRecovery", null, null)]
    [InlineData("desk@0:10 recover@3:00 recover@12:00", "20:00", "NaturalRecovery", null, null)] // the first counts
    [InlineData("desk@0:10 recover@10:10", "20:00", "NaturalRecovery", null, null)]
    [InlineData("desk@0:10 recover@10:11", "20:00", "Missed", false, null)]
    [InlineData("desk@0:10 claim@4:10 recover@5:00", "20:00", "Met", true, "4:00")]
    public void From_mail_accepted_to_response_started(string history, string now, string state, bool? met, string? taken)
    {
        var story = history.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Split('@')).Aggregate(Story.Opened(), (s, w) => w[0] switch
        {
            "desk" => s.Accepted(w[1]),
            "member" => s.Accepted(w[1], desk: false),
            "deskrejected" => s.Accepted(w[1], outcome: DeliveryOutcome.Rejected),
            "recoverymail" => s.Accepted(w[1], kind: NoticeKind.Recovery),
            "claim" => s.Claim(w[1]),
            "engine" => s.Add(new Claimed(Story.At(w[1]), "engine", "Hinoban")),
            "wait5" or "wait9" => s.Add(new ResponseWaits(Story.At(w[1]), "engine", TimeSpan.FromMinutes(w[0][^1] - '0'), "nightly", "tanaka")),
            "release" => s.Add(new Released(Story.At(w[1]), "sato", "shift")),
            "recover" => s.Recover(w[1]),
            _ => throw new InvalidOperationException(w[0]),
        });

        var slo = SloMath.Of(story.Events, TimeSpan.FromMinutes(10), Story.At(now));

        Assert.Equal((state, met), (slo.State.ToString(), slo.Met));
        Assert.Equal(taken, slo.Taken is { } t ? $"{(int)t.TotalMinutes}:{t.Seconds:00}" : null);
        Assert.Equal(slo.StartedUtc?.AddMinutes(10), slo.DueUtc);
    }
}
