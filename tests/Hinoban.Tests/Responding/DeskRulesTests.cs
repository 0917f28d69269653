using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Responding;

namespace Hinoban.Tests.Responding;

/// <summary>Who may claim, release, close; whom to call next.</summary>
public sealed class DeskRulesTests
{
    private static readonly DateTimeOffset Now = Story.At("9:00");

    [Theory]
    [InlineData("", "sato", null, 1)]
    [InlineData("sato", "sato", null, 0)]
    [InlineData("sato", "suzuki", "Conflict", 0)]
    [InlineData("sato", "mori", null, 1)]
    [InlineData("sato running", "mori", "Conflict", 0)]
    [InlineData("sato suzukiruns", "mori", null, 1)] // not the holder's
    [InlineData("sato done", "mori", null, 1)]
    [InlineData("", "viewer", "Forbidden", 0)]
    [InlineData("closed", "sato", "Conflict", 0)]
    [InlineData("recovered", "sato", null, 1)]
    internal void Claim(string history, string actor, string? refusal, int events)
    {
        var decision = ClaimRules.Claim(Tell(history), ActorOf(actor), Now);

        Assert.Equal(refusal, decision.Refusal?.ToString());
        Assert.Equal(events, decision.Events.Count);
        Assert.All(decision.Events, e => Assert.Equal(new Claimed(Now, ActorOf(actor).Name, ActorOf(actor).DisplayName), e));
    }

    [Theory]
    [InlineData("sato", "sato", "shift ends", null)]
    [InlineData("sato", "mori", "shift ends", null)]
    [InlineData("sato", "suzuki", "shift ends", "Forbidden")]
    [InlineData("sato", "viewer", "shift ends", "Forbidden")]
    [InlineData("sato", "sato", "", "Invalid")]
    [InlineData("sato running", "sato", "shift ends", "Conflict")]
    [InlineData("", "sato", "shift ends", "Conflict")]
    [InlineData("sato closed", "sato", "shift ends", "Conflict")]
    internal void Release(string history, string actor, string reason, string? refusal) =>
        Assert.Equal(refusal, ClaimRules.Release(Tell(history), ActorOf(actor), reason, Now).Refusal?.ToString());

    [Theory]
    [InlineData("sato recovered report", "sato", "", null)]
    [InlineData("sato recovered report", "suzuki", "", "Conflict")]
    [InlineData("sato recovered report", "mori", "", null)]
    [InlineData("sato recovered", "sato", "", "Invalid")]
    [InlineData("sato recovered", "sato", "the customer wants none", null)]
    [InlineData("sato recovered interim", "sato", "", "Invalid")]
    [InlineData("sato recovered interim", "sato", "the customer wants no final one", null)]
    [InlineData("recovered", "suzuki", "recovered by itself", null)]
    [InlineData("recovered", "suzuki", "", "Invalid")]
    [InlineData("sato report", "sato", "tired of it", "Forbidden")]
    [InlineData("sato report", "mori", "", "Invalid")]
    [InlineData("sato", "mori", "the host is being scrapped", null)]
    [InlineData("sato running recovered report", "sato", "", "Conflict")]
    [InlineData("sato unknown recovered report", "mori", "never mind", "Conflict")]
    [InlineData("sato recovered report", "viewer", "x", "Forbidden")]
    [InlineData("sato recovered report closed", "sato", "x", "Conflict")]
    internal void Close(string history, string actor, string reason, string? refusal)
    {
        var decision = CloseRules.Close(Tell(history), ActorOf(actor), reason, Now);

        Assert.Equal(refusal, decision.Refusal?.ToString());
        Assert.True(refusal is not null || decision.Events is [Closed { Reason.Ja.Length: > 0 }]);
    }

    [Fact]
    public void What_is_missing_for_closing_is_said()
    {
        Assert.Equal(RespondText.ReasonNeeded, CloseRules.Close(Tell("sato report"), Story.Lead, "", Now).Message);
        Assert.Equal(RespondText.ReportOwed, CloseRules.Close(Tell("sato recovered"), Story.Sato, "", Now).Message);
        Assert.Equal([new Closed(Now, "sato", RespondText.Reported)], CloseRules.Close(Tell("sato recovered report"), Story.Sato, " ", Now).Events);
        Assert.Equal([new Closed(Now, "sato", Basics.Text.Same("told by phone"))], CloseRules.Close(Tell("sato recovered report"), Story.Sato, " told by phone ", Now).Events);
    }

    [Theory]
    [InlineData("", "CallNext", 1, "田中 一郎")]
    [InlineData("T:NoAnswer", "CallNext", 1, "山本 花子")]
    [InlineData("T:NoAnswer Y:VoicemailMessage", "CallNext", 2, "田中 一郎")]
    [InlineData("T:NoAnswer Y:Busy T:AnsweredCannotAct", "CallNext", 2, "山本 花子")]
    [InlineData("T:NoAnswer Y:Busy T:ReachedPerson", "Reached", 2, null)]
    [InlineData("T:NoAnswer Y:Busy T:NoAnswer Y:Busy T:NoAnswer", "CallNext", 3, "山本 花子")]
    [InlineData("T:NoAnswer Y:Busy T:NoAnswer Y:Busy T:NoAnswer Y:InvalidNumber", "Exhausted", 3, null)]
    [InlineData("X:NoAnswer", "CallNext", 1, "田中 一郎")]
    [InlineData("X:ReachedDeputy", "Reached", 0, null)]
    [InlineData("Y:NoAnswer", "CallNext", 1, "田中 一郎")]
    internal void Whom_to_call_next(string history, string stage, int round, string? contact)
    {
        var story = history.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(Story.Opened(), (s, word) => s.Call("5:00", word[0] switch { 'T' => "田中 一郎", 'Y' => "山本 花子", _ => "高橋" }, Enum.Parse<CallOutcome>(word[2..])));

        var next = CallRules.Next(Story.Plan.Contacts, story.Events);

        Assert.Equal((stage, round, contact), (next.Stage.ToString(), next.Round, next.Contact?.Name));
    }

    [Fact]
    public void Nobody_on_the_list_is_said_so() => Assert.Equal(new CallSuggestion(CallStage.NoContacts, 0, null), CallRules.Next([], Story.Opened().Events));

    [Fact]
    public void A_viewer_is_told_that_he_may_not_whoever_holds_it() =>
        Assert.Equal(RespondText.ViewerMayNot, ClaimRules.Release(Tell("sato"), Story.Viewer, "shift ends", Now).Message);

    [Theory]
    [InlineData("sato", "田中 一郎", "4567", CallOutcome.NoAnswer, "", null)]
    [InlineData("sato", "田中 一郎", "", CallOutcome.ReachedPerson, "told, restart approved", null)]
    [InlineData("sato", "田中 一郎", "4567", CallOutcome.ReachedPerson, " ", "Invalid")]
    [InlineData("sato", "", "4567", CallOutcome.NoAnswer, "", "Invalid")]
    [InlineData("sato", "田中 一郎", "090-0000-4567", CallOutcome.NoAnswer, "", "Invalid")]
    [InlineData("sato", "田中 一郎", "45678", CallOutcome.NoAnswer, "", "Invalid")]
    [InlineData("sato", "田中 一郎", "45a7", CallOutcome.NoAnswer, "", "Invalid")]
    [InlineData("sato", "田中 一郎", "4567", CallOutcome.ReachedDeputy, "told", null)]
    [InlineData("viewer", "田中 一郎", "4567", CallOutcome.NoAnswer, "", "Forbidden")]
    internal void A_call_is_recorded(string actor, string contact, string tail, CallOutcome outcome, string said, string? refusal) =>
        Assert.Equal(refusal, CallRules.Record(Tell("sato"), ActorOf(actor), contact, tail, outcome, said, Now).Refusal?.ToString());

    [Fact]
    public void Of_a_closed_incident_no_call_is_recorded() =>
        Assert.Equal(RespondRefusal.Conflict, CallRules.Record(Tell("sato closed"), Story.Sato, "田中 一郎", "4567", CallOutcome.NoAnswer, "", Now).Refusal);

    [Fact]
    public void The_record_of_a_call_is_what_the_person_said() => Assert.Equal(
        [new CallRecorded(Now, "sato", "田中 一郎", "4567", CallOutcome.ReachedPerson, "restart it")],
        CallRules.Record(Tell("sato"), Story.Sato, " 田中 一郎 ", "4567", CallOutcome.ReachedPerson, " restart it ", Now).Events);

    private static Actor ActorOf(string name) => name switch
    {
        "sato" => Story.Sato,
        "suzuki" => Story.Suzuki,
        "mori" => Story.Lead,
        _ => Story.Viewer,
    };

    private static IReadOnlyList<IncidentEvent> Tell(string history) =>
        history.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(Story.Opened(), (s, word) => word switch
        {
            "sato" => s.Claim("1:00"),
            "running" => s.Begin("2:00", 1),
            "suzukiruns" => s.Begin("2:00", 1, by: Story.Suzuki),
            "done" => s.Ran("2:00", 1),
            "unknown" => s.Ran("2:00", 4, StepOutcome.Unknown),
            "recovered" => s.Recover("4:00"),
            "report" => s.Report("6:00"),
            "interim" => s.Report("6:00", interim: true),
            "closed" => s.Close("7:00"),
            _ => throw new InvalidOperationException(word),
        }).Events;
}
