using Hinoban.Incidents;
using Hinoban.Lab;
using Hinoban.Notifying;
using Hinoban.Tests.Storage;

namespace Hinoban.Tests.Notifying;

/// <summary>One recipient's way: first relay, second relay, the end, the desk's alarm.</summary>
public sealed class DeliveryRulesTests
{
    private static readonly TimeSpan After = TimeSpan.FromMinutes(2);
    private static readonly DateTimeOffset Now = Sample.Detected;

    [Theory]
    [InlineData(null, null, false, "First")] // both well
    [InlineData(119, null, false, "First")] // away, not for so long
    [InlineData(120, null, false, "Second")]
    [InlineData(120, null, true, "Second")] // an empty line asks whether it is back, no mail waits for the answer
    [InlineData(120, 1, false, "First")] // the second is away too
    [InlineData(1, 1, false, "First")]
    public void The_second_relay_is_used_while_the_first_is_away(int? firstAway, int? secondAway, bool ask, string choice) =>
        Assert.Equal(choice, DeliveryRules.Choose(Row(), Away(firstAway, ask), Away(secondAway), After).ToString());

    [Theory]
    [InlineData(null, null, "Second")]
    [InlineData(null, 1, "First")]
    [InlineData(1, 1, "Second")]
    public void A_recipient_that_the_first_refuses_stays_with_the_second_while_that_is_there(int? firstAway, int? secondAway, string choice) =>
        Assert.Equal(choice, DeliveryRules.Choose(Row() with { Relay = RelayRank.Second }, Away(firstAway), Away(secondAway), After).ToString());

    [Fact]
    public void Without_a_second_relay_there_is_no_choice_and_only_the_relay_that_may_have_it_is_asked()
    {
        Assert.Equal(RelayRank.First, DeliveryRules.Choose(Row() with { Relay = RelayRank.Second }, Away(500), null, After));
        Assert.Equal(RelayRank.First, DeliveryRules.Choose(Row() with { Relay = RelayRank.Second, OutcomeUnknown = true, MayHave = RelaySet.First }, Away(null), Away(null), After));
        Assert.Equal(RelayRank.Second, DeliveryRules.Choose(Row() with { OutcomeUnknown = true, MayHave = RelaySet.First }, Away(120), Away(null), After));
        Assert.Equal(RelayRank.Second, DeliveryRules.Choose(Row() with { OutcomeUnknown = true, MayHave = RelaySet.Second }, Away(null), Away(null), After));
        Assert.False(DeliveryRules.MayFallBack(RelayRank.First, RelaySet.None, Away(500), null, After));
        Assert.True(DeliveryRules.Blocked(Away(5), null, After));
        Assert.True(DeliveryRules.Blocked(Away(5), Away(null), After));
        Assert.False(DeliveryRules.Blocked(Away(120), Away(null), After));
        Assert.True(DeliveryRules.Blocked(Away(120), Away(1), After));
        Assert.False(DeliveryRules.Blocked(Away(null), Away(1), After));
    }

    [Theory]
    [InlineData(RelaySet.Second, 500, null, "First")] // down, and the only one left: it waits for it
    [InlineData(RelaySet.Second, null, null, "First")]
    [InlineData(RelaySet.First, null, 1, "Second")]
    [InlineData(RelaySet.First, null, null, "Second")]
    internal void A_relay_that_has_refused_a_recipient_is_not_asked_again(RelaySet refused, int? firstAway, int? secondAway, string choice)
    {
        Assert.Equal(choice, DeliveryRules.Choose(Row() with { RefusedBy = refused }, Away(firstAway), Away(secondAway), After).ToString());
        Assert.False(DeliveryRules.MayFallBack(Enum.Parse<RelayRank>(choice), refused, Away(500), Away(null), After));
    }

    [Theory]
    [InlineData("First", 120, false, null, false, true)]
    [InlineData("First", 119, false, null, false, false)] // not away for long enough
    [InlineData("First", 120, false, 1, false, false)] // away as well
    [InlineData("First", 120, false, 1, true, true)] // to be asked again now
    [InlineData("First", 119, false, 1, true, false)]
    [InlineData("Second", null, false, null, false, true)]
    [InlineData("Second", 500, false, null, false, false)]
    [InlineData("Second", 500, true, null, false, true)]
    public void A_relay_that_gives_no_line_is_replaced_in_the_same_attempt(string tried, int? firstAway, bool askFirst, int? secondAway, bool askSecond, bool replaced) =>
        Assert.Equal(replaced, DeliveryRules.MayFallBack(Enum.Parse<RelayRank>(tried), RelaySet.None, Away(firstAway, askFirst), Away(secondAway, askSecond), After));

    [Theory]
    [InlineData(0, 172_800, false)] // put into the outbox before the clock was set by days: it has its tries
    [InlineData(3_599, 172_800, false)]
    [InlineData(3_600, 172_800, true)] // two days by the wall, and an hour of ours
    [InlineData(172_799, 0, false)]
    [InlineData(172_800, 0, true)]
    public void A_mail_is_given_up_for_its_age_and_never_without_tries(int triedFor, int ageWhenMet, bool over) =>
        Assert.Equal(over, OutboxRules.Expired(TimeSpan.FromSeconds(ageWhenMet), TimeSpan.FromSeconds(triedFor), Sample.Options()));

    [Theory]
    [InlineData(SubmitResult.Accepted, SubmitReason.None, 0, true, "ends Accepted")]
    [InlineData(SubmitResult.Permanent, SubmitReason.RecipientRefused, 0, true, "again by Second at 0")]
    [InlineData(SubmitResult.Permanent, SubmitReason.RecipientRefused, 0, false, "ends Rejected")]
    [InlineData(SubmitResult.Permanent, SubmitReason.AddressInvalid, 0, true, "ends Rejected")]
    [InlineData(SubmitResult.Transient, SubmitReason.RecipientRefused, 0, true, "again by First at 5")]
    [InlineData(SubmitResult.Transient, SubmitReason.RecipientRefused, 119, true, "again by First at 5")]
    [InlineData(SubmitResult.Transient, SubmitReason.RecipientRefused, 120, true, "again by Second at 0")]
    [InlineData(SubmitResult.Transient, SubmitReason.RecipientRefused, 120, false, "again by First at 5")]
    [InlineData(SubmitResult.Unknown, SubmitReason.ConnectionLost, 500, true, "again by First at 5")] // looked up before anything else
    [InlineData(SubmitResult.Broken, SubmitReason.Stopping, 0, true, "left")]
    [InlineData(SubmitResult.Broken, SubmitReason.ConnectionLost, 200_000, false, "ends Expired")]
    [InlineData(SubmitResult.Transient, SubmitReason.RecipientRefused, 120, true, "again by First at 5", RelayRank.First, RelaySet.Second)]
    [InlineData(SubmitResult.Transient, SubmitReason.RecipientRefused, 500, true, "again by Second at 5", RelayRank.First, RelaySet.None, RelayRank.Second)] // moved before
    [InlineData(SubmitResult.Transient, SubmitReason.RecipientRefused, 500, true, "again by First at 5", RelayRank.Second)] // the second stood in
    [InlineData(SubmitResult.Permanent, SubmitReason.SenderRefused, 0, true, "again by First at 0", RelayRank.Second)] // it stands in for the first only
    [InlineData(SubmitResult.Permanent, SubmitReason.RecipientRefused, 0, true, "ends Rejected", RelayRank.Second, RelaySet.First)]
    [InlineData(SubmitResult.Permanent, SubmitReason.RecipientRefused, 0, true, "ends Rejected", RelayRank.First, RelaySet.Second)]
    internal void After_an_attempt(
        SubmitResult result, SubmitReason reason, int troubled, bool second, string step, RelayRank used = RelayRank.First, RelaySet refused = RelaySet.None,
        RelayRank goesBy = RelayRank.First)
    {
        var row = Row() with { TroubledUtc = troubled == 0 ? null : Now.AddSeconds(-troubled), Attempts = 1, RefusedBy = refused, Relay = goesBy };
        var mail = PumpBench.Mail(1, "alert.1", "a") with { DateUtc = Now.AddSeconds(-troubled) };
        var options = Sample.Options() with { Second = second ? Sample.Options() : null };
        var next = DeliveryRules.After(new ClaimedDelivery(row, mail), used, new SubmitOutcome(result, reason, ""), Now, troubled > 172_800, options);
        Assert.Equal(step, next switch
        {
            EndDelivery e => $"ends {e.Outcome}",
            TryAgain a => $"again by {a.By} at {(a.AtUtc - Now).TotalSeconds:0}",
            _ => "left",
        });
    }

    [Fact]
    public void What_the_second_refuses_too_is_over()
    {
        var options = Sample.Options() with { Second = Sample.Options() };
        var claim = new ClaimedDelivery(Row() with { Relay = RelayRank.Second, RefusedBy = RelaySet.First }, PumpBench.Mail(1, "alert.1", "a") with { DateUtc = Now });
        Assert.Equal(new EndDelivery(DeliveryOutcome.Rejected), DeliveryRules.After(claim, RelayRank.Second, new SubmitOutcome(SubmitResult.Permanent, SubmitReason.RecipientRefused, ""), Now, expired: false, options));
    }

    [Theory]
    [InlineData(false, 0, null, true)]
    [InlineData(false, 86_399, null, true)]
    [InlineData(false, 86_400, null, false)] // a day without another mail
    [InlineData(false, 60, 30, false)] // taken since
    [InlineData(true, 3600, 899, true)] // taken, but a bounce may still come
    [InlineData(true, 3600, 900, false)]
    [InlineData(true, 60, 120, true)] // what was taken before it failed proves nothing
    public void A_member_is_cut_off_until_a_mail_proves_the_opposite(bool bounced, int failedAgo, int? goodAgo, bool cut) => Assert.Equal(cut, DeliveryRules.IsCutOff(
        new RecipientTrouble(new Basics.CustomerId("c"), "a@b", "", bounced, Now.AddSeconds(-failedAgo), goodAgo is { } ago ? Now.AddSeconds(-ago) : null), Now));

    [Theory]
    [InlineData(Engine.File)]
    [InlineData(Engine.Server)]
    internal async Task A_first_relay_that_is_away_is_replaced_after_its_time_and_used_again_when_it_is_back(Engine engine)
    {
        var (first, second) = (new LabRelay { Up = false }, new LabRelay());
        await using var bench = new PumpBench(first, engine, Sample.Options() with { Second = Sample.Options() }, second);
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a", "b"), PumpBench.Mail(2, "alert.1", "a"));
        await bench.AdvanceAsync(TimeSpan.FromSeconds(110), TimeSpan.FromSeconds(5));
        Assert.Empty(second.Taken);

        await bench.AdvanceAsync(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(5));
        Assert.Equal(3, second.Taken.Count);
        Assert.All(bench.Rows, r => Assert.Equal((DeliveryState.Accepted, RelayRank.Second, false), (r.State, r.Relay, r.PossiblyTwice)));
        Assert.True(bench.Pump.Trouble() is { RelayDownUtc: not null, SecondInUse: true });

        // A mail of now does not wait for the first any more.
        bench.Add(PumpBench.Mail(3, "alert.1", "a"));
        await bench.AdvanceAsync(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5));
        Assert.Equal(4, second.Taken.Count);

        first.Up = true;
        await bench.AdvanceAsync(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(5));
        bench.Add(PumpBench.Mail(4, "alert.1", "a"));
        await bench.AdvanceAsync(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(5));
        bench.Add(PumpBench.Mail(5, "alert.1", "a"));
        await bench.QuietAsync();
        Assert.Contains(first.Taken, t => t.About == "c.5.1.alert.1");
        Assert.Null(bench.Pump.Trouble().RelayDownUtc);
    }

    [Theory]
    [InlineData(Engine.File)]
    [InlineData(Engine.Server)]
    internal async Task A_recipient_that_the_first_refuses_goes_by_the_second_and_nobody_waits(Engine engine)
    {
        var (first, second) = (new LabRelay(), new LabRelay());
        first.Always("a@example.test", MailFate.Never);
        first.Always("b@example.test", MailFate.Later);
        second.Always("c@example.test", MailFate.Never);
        first.Always("c@example.test", MailFate.Never);
        await using var bench = new PumpBench(first, engine, Sample.Options() with { Second = Sample.Options() }, second);
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a", "b", "c", "d"));
        await bench.QuietAsync();
        Assert.Equal(["Accepted Second", "Waiting First", "Rejected Second", "Accepted First"], bench.Rows.Select(r => $"{r.State} {r.Relay}"));

        await bench.AdvanceAsync(TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(5));
        Assert.Equal(["Accepted Second", "Accepted Second", "Rejected Second", "Accepted First"], bench.Rows.Select(r => $"{r.State} {r.Relay}"));
        Assert.Equal(["a@example.test", "b@example.test"], second.Taken.Select(t => t.Recipient));
        Assert.DoesNotContain(bench.Rows, r => r.PossiblyTwice);
    }

    [Theory]
    [InlineData(Engine.File)]
    [InlineData(Engine.Server)]
    internal async Task An_unknown_outcome_at_a_first_relay_that_went_away_is_sent_by_the_second_and_recorded(Engine engine)
    {
        var (first, second) = (new LabRelay(), new LabRelay());
        first.Next("a@example.test", MailFate.TakeSilently);
        await using var bench = new PumpBench(first, engine, Sample.Options() with { Second = Sample.Options() }, second);
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a"));
        await bench.QuietAsync();
        first.Up = false;
        await bench.AdvanceAsync(TimeSpan.FromSeconds(240), TimeSpan.FromSeconds(5));
        var row = Assert.Single(bench.Rows);
        Assert.Equal((DeliveryState.Accepted, RelayRank.Second, true), (row.State, row.Relay, row.PossiblyTwice));
        Assert.Single(second.Taken);
        Assert.True(Assert.Single(bench.Settled).PossiblyTwice);
    }

    [Theory]
    [InlineData(Engine.File)]
    [InlineData(Engine.Server)]
    internal async Task A_second_relay_that_refuses_everything_costs_no_mail_while_the_first_is_away(Engine engine)
    {
        var (first, second) = (new LabRelay { Up = false }, new LabRelay());
        second.Always("a@example.test", MailFate.Never);
        await using var bench = new PumpBench(first, engine, Sample.Options() with { Second = Sample.Options() }, second);
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a"));
        await bench.AdvanceAsync(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(10));
        Assert.Equal(DeliveryState.Waiting, bench.Rows[0].State);
        Assert.Single(second.Attempts);

        first.Up = true;
        await bench.AdvanceAsync(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10));
        Assert.Equal((DeliveryState.Accepted, RelayRank.First, false), (bench.Rows[0].State, bench.Rows[0].Relay, bench.Rows[0].PossiblyTwice));
    }

    [Theory]
    [InlineData(Engine.File)]
    [InlineData(Engine.Server)]
    internal async Task A_first_relay_that_answers_nothing_is_asked_by_an_empty_line_and_no_mail_waits_for_it(Engine engine)
    {
        var (first, second) = (new LabRelay { Up = false }, new LabRelay());
        await using var bench = new PumpBench(first, engine, Sample.Options() with { Second = Sample.Options() }, second);
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a"));
        await bench.AdvanceAsync(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10));
        Assert.Single(second.Taken);

        // From now on it swallows every connection. The clock stands: whatever waited for it would wait for ever.
        var silence = new TaskCompletionSource();
        first.Travel = () => silence.Task;
        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        bench.Add([.. Enumerable.Range(2, 20).Select(n => PumpBench.Mail(n, "alert.1", "a", "b"))]);
        await PumpBench.UntilAsync(() => second.Taken.Count == 41, () => $"{second.Taken.Count} taken");
        silence.SetResult();
    }

    [Theory]
    [InlineData(Engine.File, true)]
    [InlineData(Engine.Server, true)]
    [InlineData(Engine.File, false)] // and the settings name no second relay any more
    internal async Task A_crash_while_the_second_had_it_leaves_the_question_with_the_second(Engine engine, bool stillThere)
    {
        var log = Path.GetTempFileName();
        try
        {
            // The first's log covers the time, and says rightly that the first never had it.
            var at = Sample.Detected.ToLocalTime();
            File.WriteAllText(log, FormattableString.Invariant($"{at.AddMinutes(-9):MMM dd HH:mm:ss} mx postfix/smtpd[1]: connect\n{at.AddMinutes(9):MMM dd HH:mm:ss} mx postfix/smtpd[1]: connect\n"));
            var (first, second) = (new LabRelay(), new LabRelay());
            await using var bench = new PumpBench(first, engine, Sample.Options(relayLog: log) with { Second = stillThere ? Sample.Options() : null }, stillThere ? second : null);
            bench.Add(PumpBench.Mail(1, "alert.1", "a"));
            var claim = Assert.Single(bench.Db.Write(tx => new OutboxQueue().Claim(tx, Sample.Detected, 1, 1, _ => RelayRank.Second)));
            Assert.Equal(RelayRank.Second, claim.By);

            bench.Clock.Advance(TimeSpan.FromMinutes(10));
            bench.Start();
            await bench.QuietAsync();
            Assert.Equal((DeliveryState.Accepted, true), (bench.Rows[0].State, bench.Rows[0].PossiblyTwice));
        }
        finally
        {
            File.Delete(log);
        }
    }

    [Theory]
    [InlineData(Engine.File)]
    [InlineData(Engine.Server)]
    internal async Task A_recipient_keeps_its_own_pause_when_a_relay_comes_back(Engine engine)
    {
        var relay = new LabRelay();
        relay.Next("slow@example.test", [.. Enumerable.Repeat(MailFate.Later, 5)]);
        await using var bench = new PumpBench(relay, engine);
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "slow"));
        await bench.AdvanceAsync(TimeSpan.FromSeconds(51), TimeSpan.FromSeconds(1));
        var next = bench.Rows[0].NextUtc;
        Assert.Equal(4, relay.Attempts.Count);

        relay.Up = false;
        bench.Add(PumpBench.Mail(2, "alert.1", "quick"));
        await bench.QuietAsync();
        relay.Up = true;
        bench.Add(PumpBench.Mail(3, "alert.1", "quick"));
        await bench.InTimeAsync(() => relay.Taken.Count == 2, () => string.Join('\n', bench.Rows));
        Assert.Equal((next, 4), (bench.Rows[0].NextUtc, relay.Attempts.Count(a => a.Recipient == "slow@example.test")));
    }

    private static RelayStanding Away(int? seconds, bool ask = false) => seconds is { } s ? new(TimeSpan.FromSeconds(s), ask) : RelayStanding.Open;

    private static DeliveryRow Row() => new(
        1, "c.1.1.alert.1", new Basics.IncidentId(1), "a@example.test", false, DeliveryState.Sending, 1, Now, Now, false, false, false, "", "", null);
}
