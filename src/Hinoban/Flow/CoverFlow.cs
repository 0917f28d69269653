using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>What belongs to another's problem joins it: services of a host that is down, hosts behind it, and what needs an item that fails.</summary>
internal static class CoverFlow
{
    /// <summary>
    /// The item fails with a host that is down, its own or one before it, or with what it needs: it joins that problem and is not mailed on its own.
    /// The services of a host that is cut off go without saying.
    /// </summary>
    internal static void Attach(DeskWork work, ItemEntry entry, Incident cover) => work.Append(cover, Attached(work, entry, cover));

    /// <summary>A problem has just begun: what fails with it already joins it, so that its first mail lists them.</summary>
    internal static void Join(DeskWork work, ItemEntry entry, IncidentId incident)
    {
        if (entry.Plan.IsHostCheck)
        {
            var services = work.ServicesOf(entry.Plan).Where(s => s.Problem is null && s.Views.Any(v => v.Known && v.Status != CheckStatus.Ok));
            work.Append(work.Incident(incident)!, [.. services.SelectMany(s => Attached(work, s, work.Incident(incident)!))]);
            JoinBehind(work, entry, incident);
        }

        foreach (var dependent in Undecided(work.Upstream.NeedIt(entry.Plan)))
        {
            if (work.HostEffect(dependent).Route == ProblemRoute.JoinsHost && work.Upstream.Cover(dependent)?.Id == incident)
            {
                Attach(work, dependent, work.Incident(incident)!);
            }
        }
    }

    /// <summary>What is known to be cut off by the host joins the incident with it.</summary>
    internal static void JoinBehind(DeskWork work, ItemEntry host, IncidentId incident)
    {
        foreach (var child in Undecided(work.Upstream.Dependents(host.Plan)))
        {
            if (work.Upstream.IsCut(child.Plan.Customer, child.Plan.Host))
            {
                Attach(work, child, work.Incident(incident)!);
            }
        }
    }

    private static IEnumerable<ItemEntry> Undecided(IEnumerable<ItemEntry> entries) =>
        entries.Where(e => e is { Problem: null, Storm: null, Verdict.Judgement: Judgement.Failing });

    private static IReadOnlyList<IncidentEvent> Attached(DeskWork work, ItemEntry entry, Incident cover) =>
        work.HostOf(entry.Plan) is not { Verdict.Standing: Judgement.Failing } || entry.Plan.Host == cover.Facts.Host
            ? IncidentRules.Attach(cover, entry.Plan, entry.Verdict, DependsOn(work, entry, cover), work.Now)
            : [];

    // With a host that works, or none, and no parent before it that is down, it is what it needs that fails.
    private static bool DependsOn(DeskWork work, ItemEntry entry, Incident cover) =>
        work.Depends.HasNeeds(entry.Plan.Id)
        && (!cover.Facts.IsHost || (entry.Plan.Host != cover.Facts.Host && !work.Upstream.IsCut(entry.Plan.Customer, entry.Plan.Host)));
}
