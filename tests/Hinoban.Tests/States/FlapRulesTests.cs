using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Tests.House;
using static Hinoban.Tests.States.Scene;

namespace Hinoban.Tests.States;

/// <summary>Flap detection, held to what Nagios 4.4.6 was recorded to do with the same thresholds (eng/record-nagios.py --flaps).</summary>
public sealed class FlapRulesTests
{
    private static readonly TimeSpan Interval = S(180);

    [Fact]
    public void Every_recorded_step_of_Nagios_has_the_same_percentage_and_the_same_answer()
    {
        var rows = File.ReadLines(Repository.Path("tests", "Hinoban.Tests", "States", "nagios-4.4.6-flaps.tsv")).Skip(2).Select(l => l.Split('\t')).ToList();
        Assert.True(rows.Count > 3000, $"only {rows.Count} steps");
        Assert.Contains(rows, r => r[5] == "1");
        var different = new List<string>();
        foreach (var sequence in rows.GroupBy(r => r[0]))
        {
            var (history, flaps, at) = (FlapHistory.Calm(At(0)), false, 0.0);
            foreach (var row in sequence)
            {
                at += 180;
                if (row[3] == "S")
                {
                    // Not confirmed yet: Nagios does not note it, and here it is no verdict.
                    history = history with { LastMono = S(at), LastUtc = At(at).Utc };
                    continue;
                }

                history = FlapRules.Note(history, (CheckStatus)(row[2][1] - '0'), Interval, At(at));
                var percent = FlapRules.Percent(history);
                flaps = FlapRules.Flaps(FlapPlan.Usual, percent, flaps);
                if (percent.ToString("0.00", CultureInfo.InvariantCulture) != row[4] || flaps != (row[5] == "1"))
                {
                    different.Add($"{row[0]} step {row[1]}: ours {percent:0.00} {flaps}, Nagios {row[4]} {row[5]}");
                }
            }
        }

        Assert.Empty(different);
    }

    [Fact]
    public void A_quiet_item_needs_no_looks_to_grow_calm() => Holds((states, gap) =>
    {
        var (now, history) = Played(states);
        var once = FlapRules.Note(history, null, Interval, At(now + gap));
        var often = Enumerable.Range(1, gap).Aggregate(history, (h, s) => FlapRules.Note(h, null, Interval, At(now + s)));
        return once.States.SequenceEqual(often.States) && once.LastMono == often.LastMono;
    });

    [Fact]
    public void Noting_the_same_again_at_the_same_moment_changes_nothing() => Holds((states, gap) =>
    {
        var (now, history) = Played(states);
        var once = FlapRules.Note(history, CheckStatus.Critical, Interval, At(now + gap));
        return FlapRules.Note(once, CheckStatus.Critical, Interval, At(now + gap)) == once;
    });

    [Fact]
    public void An_hour_without_a_change_ends_any_flapping() => Holds((states, gap) =>
    {
        var (now, history) = Played(states);
        var later = FlapRules.Note(history, null, Interval, At(now + 3600 + gap));
        return FlapRules.Percent(later) is 0 && !FlapRules.Flaps(FlapPlan.Usual, FlapRules.Percent(later), before: true);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_ordinary_outage_that_comes_back_within_the_hour_is_no_flapping(int outages)
    {
        var (history, at, worst) = (FlapHistory.Calm(At(0)), 0, 0.0);
        for (var i = 0; i < outages; i++)
        {
            foreach (var (state, lasts) in new[] { (CheckStatus.Critical, 240), (CheckStatus.Ok, 960) })
            {
                history = FlapRules.Note(history, state, Interval, At(at));
                worst = Math.Max(worst, FlapRules.Percent(history));
                at += lasts;
            }
        }

        Assert.True(worst < 40, $"{worst}");
    }

    [Theory]
    [InlineData(20, false, true)]
    [InlineData(19.9, false, false)]
    [InlineData(19.9, true, true)]
    [InlineData(5.1, true, true)]
    [InlineData(5, true, false)]
    [InlineData(5.1, false, false)]
    public void From_the_high_threshold_on_it_flaps_and_from_the_low_one_down_no_more(double percent, bool before, bool flaps) =>
        Assert.Equal(flaps, FlapRules.Flaps(new FlapPlan(20, 5), percent, before));

    [Fact]
    public void Between_two_intervals_there_is_nothing_to_note_whatever_the_wall_clock_says()
    {
        var calm = FlapHistory.Calm(At(0));
        Assert.Same(calm, FlapRules.Note(calm, CheckStatus.Ok, Interval, At(100) with { Utc = At(9000).Utc }));
        Assert.Same(calm, FlapRules.Note(calm, null, Interval, At(179)));
        Assert.Equal((S(180), At(180).Utc), FlapRules.Note(calm, null, Interval, At(200)) is var noted ? (noted.LastMono, noted.LastUtc) : default);
    }

    [Theory]
    [InlineData(180, "Ok Critical Ok")] // Nagios' next check
    [InlineData(260, "Ok Critical Ok")]
    [InlineData(280, "Critical Critical Ok")]
    [InlineData(540, "Critical Critical Critical Ok")]
    public void What_lies_between_two_changes_is_filled_with_what_was(int later, string states)
    {
        var history = FlapRules.Note(FlapRules.Note(FlapHistory.Calm(At(0)), CheckStatus.Critical, Interval, At(180)), CheckStatus.Ok, Interval, At(180 + later));
        Assert.Equal(states, string.Join(' ', history.States[^states.Split(' ').Length..]));
    }

    [Fact]
    public void Off_is_never() => Assert.False(FlapRules.Flaps(null, 100, before: true));

    private static void Holds(Func<int[], int, bool> property) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(
            Gen.Zip(Gen.Choose(0, 40).ArrayOf(), Gen.Choose(0, 4000)).ToArbitrary(),
            c => property(c.Item1, c.Item2)));

    // Each number is a state and how long it lasts.
    private static (double Now, FlapHistory History) Played(int[] states)
    {
        var (now, history) = (0.0, FlapHistory.Calm(At(0)));
        foreach (var one in states)
        {
            now += 30 * (1 + (one / 4));
            history = FlapRules.Note(history, (CheckStatus)(one % 4), Interval, At(now));
        }

        return (now, history);
    }
}
