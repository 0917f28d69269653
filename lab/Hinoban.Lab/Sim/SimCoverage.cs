using System.Globalization;
using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Lab.Story;

namespace Hinoban.Lab.Sim;

/// <summary>What has occurred in all runs together: a promise is only worth what was tried against it.</summary>
internal sealed class SimCoverage
{
    private readonly SortedDictionary<string, int> counts = new(StringComparer.Ordinal);

    internal double SiteDays { get; private set; }

    internal int Runs { get; private set; }

    internal int Excused { get; private set; }

    internal void Add(SimRecord record, int excused)
    {
        (SiteDays, Runs, Excused) = (SiteDays + record.Script.SiteDays, Runs + 1, Excused + excused);
        foreach (var (verdict, count) in record.Verdicts)
        {
            Count($"verdict {verdict.Item1} {verdict.Item2}{(verdict.Item3 ? " single-site" : "")}", count);
        }

        var faults = record.Script.Faults;
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

    /// <summary>All counts, and what of the kinds that there are never occurred.</summary>
    internal string Table()
    {
        var kinds = Enum.GetValues<SimKind>();
        var pairs = SimDice.Pairs.Select(p => $"pair {p.First} × {p.Second}").ToList();
        var never = kinds.Select(k => $"fault {k}").Concat(Enum.GetValues<Milestone>().Select(m => $"killed at {m}")).Where(k => !counts.ContainsKey(k));
        var lines = counts.Where(c => !c.Key.StartsWith("pair", StringComparison.Ordinal)).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value,10}  {c.Key}"));
        var met = pairs.Count(counts.ContainsKey);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {string.Join('\n', lines)}
            never occurred: {string.Join(", ", never)}
            pairs of kinds that overlapped: {met} of {pairs.Count}, {pairs.Count(p => counts.GetValueOrDefault(p) >= 100)} of them 100 times or more
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
