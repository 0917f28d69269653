using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Lab.Story;
using Hinoban.Specs;

namespace Hinoban.Lab.Sim;

/// <summary>Faults that wait for something to happen before they begin, and what of the script has come about in the end.</summary>
internal sealed class SimCues(StoryWorld world, SimScript script)
{
    private readonly List<SimFault> waiting = [];

    /// <summary>Called when what a fault waited for has happened.</summary>
    internal Action<SimFault> Begin { get; set; } = _ => { };

    /// <summary>What began or ended at another time than the script says, by number.</summary>
    internal Dictionary<int, SimFault> Played { get; } = [];

    /// <summary>The script as it came about: what waited for something begins when that came, and is left out if it did not.</summary>
    internal SimScript Script => script with
    {
        Faults = [.. script.Faults.Where(f => Played.ContainsKey(f.Number) || (f.Cue == SimCue.None && f.Kind is not (SimKind.Blip or SimKind.DeskStallAt)))
            .Select(f => TakenOver(Played.GetValueOrDefault(f.Number, f)))],
    };

    /// <summary>False if it is to begin now.</summary>
    internal bool Waits(SimFault fault)
    {
        var waits = fault.Kind == SimKind.Blip || fault.Cue != SimCue.None;
        if (waits)
        {
            waiting.Add(fault);
        }

        return waits;
    }

    /// <summary>It never began, or ends by itself.</summary>
    internal bool WaitsInVain(SimFault fault) => waiting.Remove(fault) || fault.Kind == SimKind.Blip;

    /// <summary>A site begins a look.</summary>
    internal void Looking(SiteName site, ItemPlan item)
    {
        if (waiting.Find(f => f.Kind == SimKind.Blip && f.What == item.Title) is { } blip)
        {
            Blip(blip);
        }

        if (waiting.Count > 0 && world.Targets.IsBroken(item))
        {
            Come(f => f.Cue == SimCue.Look && f.CueItem == item.Title && (f.Site.Length == 0 || f.Site == site.Value));
        }
    }

    /// <summary>The desk has decided to tell something.</summary>
    internal void Decided(NoticeKind kind) => Come(f => f.Cue == (kind == NoticeKind.Alert ? SimCue.Alert : SimCue.Recovery));

    // Outside of whatever the node is doing.
    private void Come(Predicate<SimFault> fits)
    {
        foreach (var fault in waiting.FindAll(fits))
        {
            waiting.Remove(fault);
            Played[fault.Number] = fault with { From = world.Clock.Elapsed };
            world.Clock.CreateTimer(_ => Begin(fault), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void Blip(SimFault blip)
    {
        waiting.Remove(blip);
        var lasts = TimeSpan.FromSeconds(blip.Detail / 10.0);
        Played[blip.Number] = blip with { From = world.Clock.Elapsed, Until = world.Clock.Elapsed + lasts };
        world.Book.Note("story", EntryKind.Told, $"{blip.What} fails for {lasts.TotalSeconds:0.0} s (#{blip.Number})");
        world.Targets.Break(blip.What, SimDoings.FaultOf(blip));
        world.Clock.CreateTimer(_ => world.Targets.Mend(blip.What), null, lasts, Timeout.InfiniteTimeSpan);
    }

    // With two nodes the other one has the desk within 30 s.
    private SimFault TakenOver(SimFault fault)
    {
        var soon = fault.From + TimeSpan.FromSeconds(30);
        return script.Paired && fault.Kind is >= SimKind.DeskCrash and <= SimKind.DeskStallAt && soon < fault.Until ? fault with { Until = soon } : fault;
    }
}
