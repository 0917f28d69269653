using System.Globalization;
using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Lab.Story;
using Hinoban.States;

namespace Hinoban.Lab.Sim;

/// <summary>What has occurred in all runs together: a promise is only worth what was tried against it.</summary>
internal sealed class SimCoverage
{
    /// <summary>So often is enough.</summary>
    internal const int Enough = 100;

    // What the agreement can come to. Of the rest nothing can be: undecided and isolated sites only hold, what is down fails, without data nothing works, what is reached is decided.
    private static readonly (Reach Reach, Judgement Judgement)[] Possible =
    [
        (Reach.Reached, Judgement.Working), (Reach.Reached, Judgement.Failing), (Reach.PathTrouble, Judgement.Working), (Reach.PathTrouble, Judgement.Failing),
        (Reach.PathTrouble, Judgement.Hold), (Reach.Down, Judgement.Failing), (Reach.NoData, Judgement.Failing), (Reach.NoData, Judgement.Hold),
        (Reach.Undecided, Judgement.Hold), (Reach.SiteIsolated, Judgement.Hold),
    ];

    private readonly SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
    private SimOwed owed;
    private int targets;
    private int companys;
    private int overlapping;

    internal double SiteDays { get; private set; }

    internal int Runs { get; private set; }

    internal int Excused { get; private set; }

    internal int Faults { get; private set; }

    /// <summary>Site-days, of four target faults and one of the company each, whose faults were played.</summary>
    internal double Worth { get; private set; }

    internal void Add(SimRecord record, int excused, SimOwed owes)
    {
        (SiteDays, Runs, Excused, owed) = (SiteDays + record.Script.SiteDays, Runs + 1, Excused + excused, owed + owes);
        foreach (var (verdict, count) in record.Verdicts)
        {
            Count($"verdict {verdict.Item1} {verdict.Item2}{(verdict.Item3 ? " single-site" : "")}", count);
        }

        var faults = Happened(record);
        Count(faults);
        for (var i = 0; i < faults.Count; i++)
        {
            Count($"fault {faults[i].Kind}");
            for (var j = i + 1; j < faults.Count && faults[j].From < faults[i].Until; j++)
            {
                var (a, b) = faults[i].Kind < faults[j].Kind ? (faults[i].Kind, faults[j].Kind) : (faults[j].Kind, faults[i].Kind);
                Count($"pair {a} × {b}");
            }
        }

        foreach (var crash in faults.Where(f => record.Deaths.ContainsKey(f.Number)))
        {
            Count(crash.Kind is SimKind.DeskCrashAt or SimKind.SiteCrashAt ? $"killed at {(Milestone)crash.Detail}" : crash.Kind is SimKind.DeskCrash or SimKind.SiteCrash ? "killed at any instant" : "killed between two awaits");
        }

        Count("incidents", record.Incidents.Count);
        Count("incidents attached services", record.Incidents.Sum(i => i.Events.Count(e => e.What is ServiceAttached)));
        Count("incidents attached hosts", record.Incidents.Sum(i => i.Events.Count(e => e.What is HostAttached)));
        Count("incidents flapping", record.Incidents.Count(i => i.Events.Any(e => e.What is FlappingStarted)));
        Count("alerts held by a silence", record.Incidents.Count(i => i.Events.Any(e => e.What is NoticeDecided { Reason: NoticeReason.Silenced })));
        Count("alerts told after a silence", record.Incidents.Count(i => i.Events.Any(e => e.What is NoticeDecided { Reason: NoticeReason.StillFailing, Told: true })));
        Count("incidents of a removed item", record.Incidents.Count(i => i.Events.Any(e => e.What is Recovered { Reason: RecoveryReason.ItemRemoved })));
        Count("mails", record.Mails.Count);
        Count("mails possibly twice", record.Incidents.Sum(i => i.Events.Count(e => e.What is DeliverySettled { PossiblyTwice: true })));
        Count("mails looked up", record.Incidents.Sum(i => i.Events.Count(e => e.What is DeliverySettled { LookedUp: true })));
        Count("orders", record.Entries.Count(e => e.Kind == EntryKind.Order));
    }

    /// <summary>What was played in all, and how it was judged.</summary>
    internal string Totals(bool packed) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        faults of {Worth:0} site-days (4 of targets and 1 of the company each) in {SiteDays:0.#} simulated site-days{(packed ? "; calm hours left out" : "")}: {Faults} faults, {targets} of targets and {companys} of the company, {100.0 * overlapping / Math.Max(1, Faults):0} % overlapping
        alerts owed by the bound as printed: {owed.Strict}, by the wider one of a company in trouble: {owed.Wider}, not at all (too short, covered, held): {owed.None}
        """);

    // A failed look is in question until the look half a minute later.
    private static readonly TimeSpan Question = TimeSpan.FromSeconds(30);

    // What was armed and never came about, or waited in vain, is not counted.
    private static List<SimFault> Happened(SimRecord record) =>
        [.. record.Played.Faults.Select(f => f.Kind == SimKind.Blip ? f with { Until = f.From + Question } : f).Where(f => f.Kind is not (SimKind.DeskCrashAt or SimKind.DeskCrashStep or SimKind.SiteCrashAt or SimKind.SiteCrashStep) || record.Deaths.ContainsKey(f.Number)).OrderBy(f => f.From)];

    private void Count(List<SimFault> faults)
    {
        var (ofTargets, ofCompany) = (faults.Count(f => f.IsTarget), faults.Count(f => !f.IsTarget && !f.IsPosts));
        (Faults, targets, companys, Worth) = (Faults + faults.Count, targets + ofTargets, companys + ofCompany, Worth + Math.Min(ofTargets / 4.0, ofCompany));
        overlapping += faults.Count(f => faults.Exists(g => g.Number != f.Number && g.Span.Meets(f.Span)));
    }

    /// <summary>All counts, and what of the kinds that there are never occurred.</summary>
    internal string Table()
    {
        var pairs = SimDice.Pairs.Select(p => $"pair {p.First} × {p.Second}").ToList();
        var rare = Enum.GetValues<SimKind>().Select(k => ($"fault {k}", counts.GetValueOrDefault($"fault {k}")))
            .Concat(Enum.GetValues<Milestone>().Select(m => ($"killed at {m}", counts.GetValueOrDefault($"killed at {m}"))))
            .Concat(Possible.Select(v => ($"verdict {v.Reach} {v.Judgement}", counts.GetValueOrDefault($"verdict {v.Reach} {v.Judgement}"))))
            .Where(k => k.Item2 < Enough).OrderBy(k => k.Item2);
        var rarePairs = pairs.Where(p => counts.GetValueOrDefault(p) < Enough).OrderBy(counts.GetValueOrDefault).Take(20);
        var lines = counts.Where(c => !c.Key.StartsWith("pair", StringComparison.Ordinal)).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value,10}  {c.Key}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {string.Join('\n', lines)}
            less often than {Enough} times: {string.Join(", ", rare.Select(r => $"{r.Item1} {r.Item2}"))}
            pairs of kinds that overlapped: {pairs.Count(counts.ContainsKey)} of {pairs.Count}, {pairs.Count(p => counts.GetValueOrDefault(p) >= Enough)} of them {Enough} times or more; the rarest of the rest: {string.Join(", ", rarePairs.Select(p => $"{p[5..]} {counts.GetValueOrDefault(p)}"))}
            no pairs, for there is one desk process, one edition and one relay at a time, and a program that posts is the customer's: two troubles of the desk, two editions, RelayAway twice, whatever with PostsStop and PostsAtLast
            no verdicts, for undecided and isolated only hold, what is down fails, nothing works without data, and what is reached is decided: all but {string.Join(", ", Possible.Select(v => $"{v.Reach} {v.Judgement}"))}
            alerts of a way that only one site was left to look along (told apart only by anchors): {Excused}
            """);
    }

    /// <summary>Every pair, for a file.</summary>
    internal string Pairs() => string.Join('\n', counts.Where(c => c.Key.StartsWith("pair", StringComparison.Ordinal)).Select(c => $"{c.Value,8}  {c.Key}"));

    /// <summary>Adds what <see cref="Pairs"/> gave before: runs of several days are told as one.</summary>
    internal void Load(IEnumerable<string> lines)
    {
        foreach (var line in lines.Select(l => l.TrimStart()).Where(l => l.Length > 0))
        {
            var at = line.IndexOf(' ', StringComparison.Ordinal);
            Count(line[at..].TrimStart(), int.Parse(line[..at], CultureInfo.InvariantCulture));
        }
    }

    private void Count(string what, int by = 1) => counts[what] = counts.GetValueOrDefault(what) + by;
}
