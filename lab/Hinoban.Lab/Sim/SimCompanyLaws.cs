using Hinoban.Lab.Story;
using Hinoban.Specs;

namespace Hinoban.Lab.Sim;

/// <summary>What holds for the company as a whole: everything is settled, everything is looked at, nothing unexpected is logged.</summary>
internal sealed class SimCompanyLaws(SimRecord record, SimTruth truth)
{
    // An edition is taken, and told to a site that can be told.
    private static readonly TimeSpan Hears = TimeSpan.FromMinutes(2);

    private readonly SimScript script = record.Played;

    internal IEnumerable<SimViolation> Judge() => EverythingIsSettled().Concat(EveryItemIsLookedAt()).Concat(NothingUnexpectedIsLogged());

    private IEnumerable<SimViolation> EverythingIsSettled()
    {
        foreach (var (state, count) in record.Outbox.Where(o => o.State is "waiting" or "sending" || (o.State == "expired")))
        {
            yield return new SimViolation("every outbox row settles", script.Length, $"{count} rows are {state}");
        }
    }

    private IEnumerable<SimViolation> EveryItemIsLookedAt()
    {
        foreach (var lull in record.Lulls)
        {
            var interval = script.IntervalOf(lull.Item);
            var clock = script.Faults.Where(f => f.Kind == SimKind.WallStep && f.What == lull.Site);
            var stepped = clock.Any(f => lull.Span.Holds(f.From) || lull.Span.Holds(f.Until));
            var excused = truth.Gone(lull.Site).Or(new SimSpans(script.Faults.Where(f => IsNotLookedAt(f, lull.Item)).Select(f => InForce(f, lull.Site))));
            var longest = excused.Meets(lull.Span) || stepped ? interval * 1.5 : TimeSpan.Zero;
            if (excused.Between(lull.Span).Any(left => left.Length > longest))
            {
                yield return new SimViolation("every item is looked at in every cycle", lull.Span.Until, $"{lull.Site} did not look at {lull.Item} for {lull.Span.Length.TotalSeconds:0.0} s");
            }
        }
    }

    private static bool IsNotLookedAt(SimFault edition, string item) =>
        (edition.IsSpec && edition.What == item) || (edition.Silences == SilenceKind.Stop && SimTruth.Concerns(edition.What, item));

    // What ends it is agreed when the desk can write, and known to the site when it hears of it. What was added is not looked at when it is out again.
    private SimSpan InForce(SimFault edition, string site)
    {
        var deaf = truth.DeskAway.Or(new SimSpans(script.Faults.Where(f => f.Site == site && (f.IsSites || f.Kind is >= SimKind.LineCut and <= SimKind.LineSlow)).Select(f => f.Span)));
        if (edition.Kind == SimKind.SpecAdd)
        {
            var again = script.Faults.Where(f => f.Kind == SimKind.SpecAdd && f.What == edition.What && f.From >= edition.Until).Select(f => deaf.After(f.From, Hears));
            return new SimSpan(edition.Until, again.Append(TimeSpan.MaxValue).Min());
        }

        return edition.Span with { Until = deaf.After(edition.Until, Hears) };
    }

    // Warnings tell of the script's own faults; an error is always one too many, and so is a look that our own code missed.
    private IEnumerable<SimViolation> NothingUnexpectedIsLogged()
    {
        string[] expected = [" 4001 ", " 4006 ", " 4009 ", " 5001 ", " 5104 ", " 6001 ", " 6002 ", " 6003 ", " 6004 ", " 6005 ", " 5121 ", " 5122 ", " 5106 "];
        foreach (var log in record.Entries.Where(e => e.Kind == EntryKind.Log && !(e.Text.StartsWith("Warning", StringComparison.Ordinal) && expected.Any(x => e.Text.Contains(x, StringComparison.Ordinal)))))
        {
            // One of two nodes says so when it goes on, long after the other has taken the desk.
            var since = log.At - TimeSpan.FromSeconds(script.Paired ? 240 : 90);
            if (script.Faults.Any(f => f.Kind is SimKind.DeskDisk or SimKind.SiteDisk or SimKind.DeskStall or SimKind.DeskStallAt or SimKind.SiteStall or SimKind.DeskSlowDisk && f.Span.Meets(new SimSpan(since, log.At + TimeSpan.FromMilliseconds(1)))))
            {
                // What cannot write or stands still says so.
                continue;
            }

            if (log.Text.StartsWith("Warning 5004 ", StringComparison.Ordinal) && truth.DeskAway.Meets(new SimSpan(since, log.At)))
            {
                // The desk stopped over a step, and the next one, or the other node, finds it.
                continue;
            }

            if (log.Text.StartsWith("Error 4016 ", StringComparison.Ordinal) && script.Faults.Any(f => !f.IsTarget && f.Span.Meets(new SimSpan(log.At - TimeSpan.FromSeconds(90), log.At))))
            {
                // A site that cannot post for a minute says so once more, and louder.
                continue;
            }

            yield return new SimViolation("nothing unexpected is logged", log.At, $"{log.Who}: {log.Text}");
        }
    }
}
