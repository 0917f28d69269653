using FsCheck;
using FsCheck.Fluent;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Tests.Notifying;

/// <summary>An alert that a silence holds back: told once after it if the problem stands, never if it does not.</summary>
public sealed class HeldNoticeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 4, 14, 3, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    /// <summary>
    /// A problem stands for two days under any recurring silence, and the desk asks at any instants, over steps of the wall clock. At the
    /// first instant outside the silence it is told; before that it is not, and after it not again.
    /// </summary>
    [Fact]
    public void It_is_told_exactly_once_and_only_outside_the_silence() => Prop.ForAll(
        (from start in Gen.Choose(0, 1439)
         from length in Gen.Choose(1, 1439)
         from steps in Gen.ArrayOf(Gen.Frequency((9, Gen.Choose(1, 60)), (1, Gen.Choose(-180, 180))))
         select (start, length, steps)).ToArbitrary(),
        day =>
        {
            var when = new RecurringTimes(WeekDays.All, day.start, (day.start + day.length) % 1440 == 0 ? 1440 : (day.start + day.length) % 1440, new DateOnly(2030, 1, 1));
            var now = Noon;
            bool Silent() => SilenceClock.At(when, Berlin, now) is not null;
            var events = new List<IncidentEvent> { Opened(now) };
            Add(events, NoticeRules.Decide(events, events[0], hasMembers: true, Silent()), now);
            var (told, outside) = (Told(events), !Silent());
            foreach (var minutes in day.steps)
            {
                now += TimeSpan.FromMinutes(minutes);
                if (!Silent())
                {
                    Add(events, NoticeRules.Release(events, hasMembers: true), now);
                    outside = true;
                }

                told = Told(events);
                if (told != (outside ? 1 : 0))
                {
                    return false;
                }
            }

            return told == (outside ? 1 : 0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void What_has_recovered_is_not_told_and_what_was_mailed_before_gets_its_recovery()
    {
        var events = new List<IncidentEvent> { Opened(Noon) };
        Add(events, NoticeRules.Decide(events, events[0], true, silenced: true), Noon);
        Assert.Equal(NoticeReason.NeverAlerted, NoticeRules.Decide(events, Recovered(Noon), true, silenced: true)!.Reason);

        Add(events, NoticeRules.Release(events, true), Noon);
        Assert.Equal(new NoticeDecision(NoticeKind.Recovery, NoticeReason.OwedRecovery, true), NoticeRules.Decide(events, Recovered(Noon), true, silenced: true));
    }

    [Fact]
    public void A_held_worsening_that_went_back_is_owed_no_more()
    {
        var events = new List<IncidentEvent> { Opened(Noon, CheckStatus.Warning) };
        Add(events, NoticeRules.Decide(events, events[0], true), Noon);
        Change(CheckStatus.Warning, CheckStatus.Critical);
        Assert.True(NoticeRules.IsHeld(events));
        Change(CheckStatus.Critical, CheckStatus.Warning);
        Assert.False(NoticeRules.IsHeld(events));
        Assert.Null(NoticeRules.Release(events, true));

        void Change(CheckStatus before, CheckStatus after)
        {
            events.Add(new SeverityChanged(Noon, "engine", before, after, []));
            Add(events, NoticeRules.Decide(events, events[^1], true, silenced: true), Noon);
        }
    }

    [Fact]
    public void A_service_that_fails_with_its_host_settles_nothing_about_the_hosts_held_alert()
    {
        var events = new List<IncidentEvent> { Opened(Noon) };
        Add(events, NoticeRules.Decide(events, events[0], true, silenced: true), Noon);
        events.Add(new ServiceAttached(Noon, "engine", new ItemId(2), "http", CheckStatus.Critical, ""));
        Add(events, NoticeRules.Decide(events, events[^1], true, silenced: true), Noon);
        Assert.True(NoticeRules.IsHeld(events));
    }

    private static int Told(List<IncidentEvent> events) => events.OfType<NoticeDecided>().Count(n => n is { Told: true, Kind: NoticeKind.Alert });

    private static void Add(List<IncidentEvent> events, NoticeDecision? decision, DateTimeOffset at)
    {
        if (decision is not null)
        {
            events.Add(new NoticeDecided(at, "engine", decision.Kind, decision.Reason, decision.Told, "", ""));
        }
    }

    private static Opened Opened(DateTimeOffset at, CheckStatus severity = CheckStatus.Critical) => new(
        at, "engine",
        new ProblemFacts("INC-260414-0001", new CustomerId("sample-trading"), new ItemId(1), 1, "web1", "http", "192.0.2.1", "http", "", null, 1, 1, at),
        Reach.Reached, severity, false, []);

    private static Recovered Recovered(DateTimeOffset at) => new(at, "engine", [], RecoveryReason.SeenWorking);
}
