using System.Globalization;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Lab.Story;

/// <summary>What is swept: an item, how its target fails, and how the company around it is.</summary>
/// <param name="Check">As the specification says it, <c>tcp:5432</c>.</param>
/// <param name="Form">The row of the printed bound that it falls under.</param>
/// <param name="Fault">What is wrong with the target.</param>
/// <param name="Sites">How many sites look.</param>
/// <param name="Skew">How much the second site's clock is ahead; a bound is printed for right clocks, and holds with this added.</param>
/// <param name="Step">From one onset to the next.</param>
internal sealed record SweepPlan(string Check, FaultForm Form, Fault Fault, int Sites, TimeSpan Skew, TimeSpan Step);

/// <summary>What a sweep found, in seconds from the onset to the last member's alert mail that the relay accepted.</summary>
internal sealed record SweepFigures(SweepPlan Plan, int Onsets, double Bound, double Least, double Median, double Worst)
{
    /// <summary>Nothing came later than promised, and the promise is no wider than it has to be.</summary>
    internal bool IsTight => Worst <= Bound && Worst >= 0.9 * Bound;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Plan.Check,-30} {Plan.Form,-9} {Plan.Fault,-36} {Plan.Sites} sites, skew {Plan.Skew.TotalSeconds,3} s, {Onsets,4} onsets: least {Least,6:0.0}  median {Median,6:0.0}  worst {Worst,6:0.0}  bound {Bound,6:0.0} s");
}

/// <summary>
/// Breaks one item of the whole company again and again, the onset a step later each time, over two intervals, and measures how long it
/// takes until the alert is accepted.
/// </summary>
internal static class BoundSweep
{
    private const string Tanaka = "tanaka@sample.example.jp";
    private const string Item = "web1/check";
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(3);

    // A whole number of intervals, long enough for alert, recovery and both sites' next looks.
    private static readonly TimeSpan Cycle = Interval * 6;

    /// <summary>All that is swept: every form of fault at a port and at a page, one to three sites, clocks right and wrong.</summary>
    internal static IReadOnlyList<SweepPlan> All(TimeSpan step)
    {
        const string port = "tcp:5432";
        const string page = "{ kind: http, path: /, crit: 8s }";
        var slow = Fault.Slow(TimeSpan.FromSeconds(9.5));
        SweepPlan Of(string check, FaultForm form, Fault fault, int sites = 2, double skew = 0) => new(check, form, fault, sites, TimeSpan.FromSeconds(skew), step);
        return
        [
            Of(port, FaultForm.Refused, Fault.Refused),
            Of(port, FaultForm.Refused, Fault.Dns),
            Of(port, FaultForm.BlackHole, Fault.BlackHole),
            Of(page, FaultForm.Refused, Fault.Refused),
            Of(page, FaultForm.Refused, Fault.Dns),
            Of(page, FaultForm.Slow, slow),
            Of(page, FaultForm.BlackHole, Fault.BlackHole),
            Of(port, FaultForm.BlackHole, Fault.BlackHole, sites: 1),
            Of(page, FaultForm.BlackHole, Fault.BlackHole, sites: 3),
            Of(port, FaultForm.BlackHole, Fault.BlackHole, skew: 7),
            Of(page, FaultForm.BlackHole, Fault.BlackHole, skew: 20),
            Of(page, FaultForm.Slow, slow, skew: 20),
        ];
    }

    internal static SweepFigures Run(SweepPlan plan, string? folder = null)
    {
        var onsets = (int)(Interval * 2 / plan.Step);
        var took = new List<double>();
        var bound = 0.0;
        Story.Tell(Spec(plan), async story =>
        {
            foreach (var site in Names(plan).Skip(1).Take(1))
            {
                story.StepClock(site, plan.Skew);
            }

            await story.Pass(Interval * 3);
            bound = Bound(story, plan.Form) + plan.Skew.TotalSeconds;
            var begin = story.Now;
            for (var i = 0; i < onsets; i++)
            {
                await story.Pass(begin + (Cycle * i) + (plan.Step * i) - story.Now);
                took.Add(await OnceAsync(story, plan.Fault));
            }
        }, new StoryOptions { Sites = Names(plan), Folder = folder, AtMost = (Cycle + plan.Step) * (onsets + 2), Without = ["specifications"] });
        took.Sort();
        return new SweepFigures(plan, onsets, bound, took[0], took[took.Count / 2], took[^1]);
    }

    private static async Task<double> OnceAsync(Story story, Fault fault)
    {
        var onset = story.Now;
        story.Break(Item, fault);
        await story.Mail(Tanaka, "PROBLEM");
        var took = (story.Now - onset).TotalSeconds;
        story.Mend(Item);
        await story.Mail(Tanaka, "RECOVERY");
        return took;
    }

    // As the item's page prints it.
    private static double Bound(Story story, FaultForm form) => story.Desk.Parts.Queries.Bounds(Story.All, story.Item(Item).Id)
        .Single(b => b.Fault == form).Terms.Sum(t => t.Time.TotalSeconds);

    private static string[] Names(SweepPlan plan) => [.. new[] { "tokyo", "osaka", "nagoya" }.Take(plan.Sites)];

    private static string Spec(SweepPlan plan) => $$"""
        customer: sample
        name: Sample
        contract: S-1
        language: en
        time_zone: Asia/Tokyo
        edition: 1
        mailing_list: { address: list@sample.example.jp, members: [{ name: Tanaka, mail: {{Tanaka}} }] }
        defaults: { interval: 3m, timeout: 10s, flapping: off }
        hosts:
          web1:
            address: 192.0.2.10
            alive: none
            checks:
              check: {{plan.Check}}
        """;
}
