using Hinoban.Notifying;

namespace Hinoban.Tests.Notifying;

/// <summary>When a delivery is tried again, and when no more.</summary>
public sealed class OutboxRulesTests
{
    private static readonly DateTimeOffset Now = Sample.Detected;

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 5)]
    [InlineData(2, 15)]
    [InlineData(5, 120)]
    [InlineData(6, 300)]
    [InlineData(1000, 300)]
    public void A_recipients_own_pause_grows_to_five_minutes(int attempts, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), OutboxRules.Pause(attempts));

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(4, 30)]
    [InlineData(1000, 30)]
    public void A_relay_is_asked_again_after_half_a_minute_at_most(int failures, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), OutboxRules.RelayPause(failures));

    [Theory]
    [InlineData(-60, -60)]
    [InlineData(60, 60)]
    [InlineData(300, 300)]
    [InlineData(301, 300)]
    [InlineData(86_400, 300)] // the clock was set back
    public void No_row_waits_longer_than_the_longest_pause(int next, int waits) => Assert.Equal(Now.AddSeconds(waits), OutboxRules.Within(Now.AddSeconds(next), Now));

    [Theory]
    [InlineData(599, 0, false)]
    [InlineData(599, 1, false)] // the settings give less than an hour: all of it is for tries
    [InlineData(600, 0, true)]
    [InlineData(600, 86_400, true)]
    public void Settings_that_give_less_than_an_hour_are_followed(int triedFor, int ageWhenMet, bool over) => Assert.Equal(
        over, OutboxRules.Expired(TimeSpan.FromSeconds(ageWhenMet), TimeSpan.FromSeconds(triedFor), Sample.Options() with { GiveUpAfter = TimeSpan.FromMinutes(10) }));
}
