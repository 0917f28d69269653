using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Lab.Story;
using Hinoban.States;

namespace Hinoban.Lab.Sim;

/// <summary>Does to a company what a script says, each thing at its time, and undoes it.</summary>
internal sealed class SimDoings(StoryWorld world, SimScript script) : IDisposable
{
    private readonly List<SimFault> changes = [];
    private readonly Dictionary<int, StoryCrash> crashes = [];
    private readonly Dictionary<int, TimeSpan> deaths = [];
    private readonly Dictionary<int, long> silences = [];
    private readonly Dictionary<int, SimMute> mutes = [];
    private readonly Dictionary<string, bool> down = [];
    private TimeSpan deskDied;
    private TimeSpan? deskStarted;
    private int edition = 1;

    internal IReadOnlyDictionary<int, TimeSpan> Deaths => deaths;

    internal IReadOnlyList<SimMute> Mutes => [.. mutes.Values];

    /// <summary>When the desk before had died, while the present one starts.</summary>
    internal TimeSpan? DeskStarting => deskStarted == world.Clock.Elapsed ? deskDied : null;

    internal async Task DoAsync()
    {
        var acts = script.Faults.SelectMany(f => f.Phases.SelectMany(p => new (TimeSpan At, SimFault Fault, bool Begins)[] { (p.From, f, true), (p.Until, f, false) }))
            .OrderBy(a => a.At).ThenBy(a => a.Begins).ThenBy(a => a.Fault.Number);
        foreach (var (at, fault, begins) in acts)
        {
            if (at > world.Clock.Elapsed)
            {
                await Task.Delay(at - world.Clock.Elapsed, world.Clock);
            }

            world.Book.Note("story", EntryKind.Told, $"{(begins ? "begins" : "ends")} {fault.Kind} {fault.What} {fault.Site} {fault.Detail} (#{fault.Number})");
            Do(fault, begins);
        }
    }

    private void Do(SimFault fault, bool begins)
    {
        switch (fault.Kind)
        {
            case <= SimKind.PathRefused:
                Target(fault, begins);
                break;
            case <= SimKind.LineSlow:
                Line(fault, begins);
                break;
            case SimKind.DeskStall or SimKind.SiteStall:
                Stall(fault, begins);
                break;
            case SimKind.DeskDisk or SimKind.SiteDisk:
                Disk(fault, begins);
                break;
            case SimKind.DeskSlowDisk:
                SlowDisk(fault, begins);
                break;
            case <= SimKind.SiteCrashStep:
                Crash(fault, begins);
                break;
            case <= SimKind.RelayLosesSilently:
                Relay(fault, begins);
                break;
            case SimKind.Mute:
                Mute(fault, begins);
                break;
            default:
                Rest(fault, begins);
                break;
        }
    }

    public void Dispose()
    {
        foreach (var crash in crashes.Values)
        {
            crash.Dispose();
        }
    }

    private void Target(SimFault fault, bool begins)
    {
        SiteName? from = fault.Site.Length > 0 ? new SiteName(fault.Site) : null;
        if (fault.Kind == SimKind.SwitchDown)
        {
            down[fault.What] = begins;
            foreach (var host in SimSpec.Hosts)
            {
                world.Targets.CutOff(host, SimSpec.IsCut(host, down.GetValueOrDefault("sw1"), down.GetValueOrDefault("sw2")));
            }
        }

        if (begins)
        {
            world.Targets.Break(fault.What, FaultOf(fault), from);
        }
        else
        {
            world.Targets.Mend(fault.What, from);
        }
    }

    private static Fault FaultOf(SimFault fault) => fault.Kind switch
    {
        SimKind.Refused or SimKind.Flap or SimKind.PathRefused => Fault.Refused,
        SimKind.Slow => Fault.Slow(TimeSpan.FromSeconds(fault.What.EndsWith("/web", StringComparison.Ordinal) ? 9 : 12)),
        SimKind.Dns => Fault.Dns,
        SimKind.BadAnswer => fault.Detail switch
        {
            1 => Fault.Says(CheckStatus.Warning, "WARNING - it says so"),
            2 => Fault.Says(CheckStatus.Critical, "CRITICAL - it says so"),
            _ => Fault.Says(CheckStatus.Unknown, "UNKNOWN - it says so"),
        },
        _ => Fault.BlackHole,
    };

    private void Line(SimFault fault, bool begins)
    {
        var link = Site(fault).Link;
        switch (fault.Kind)
        {
            case SimKind.LineSlow:
                link.Up.Delay = link.Down.Delay = begins ? TimeSpan.FromMilliseconds(fault.Detail) : TimeSpan.FromMilliseconds(2);
                break;
            case var _ when !begins:
                link.Up.Mend();
                link.Down.Mend();
                break;
            default:
                (fault.Detail != 2 ? link.Up : null)?.Cut();
                (fault.Detail != 1 ? link.Down : null)?.Cut();
                break;
        }
    }

    private void Crash(SimFault fault, bool begins)
    {
        var site = fault.Site.Length > 0 ? Site(fault) : null;
        if (!begins)
        {
            (site is null ? world.Desk.Node : site.Node)?.Fuse = null;
            Again(site);
        }
        else if (fault.Kind is SimKind.DeskCrash or SimKind.SiteCrash)
        {
            Kill(fault, site);
        }
        else if (fault.Kind is SimKind.DeskCrashStep or SimKind.SiteCrashStep)
        {
            if ((site is null ? world.Desk.Node : site.Node) is { } node)
            {
                (node.Fuse, node.Blow) = (fault.Detail, () => Kill(fault, site));
            }
        }
        else
        {
            crashes[fault.Number] = new StoryCrash(
                node => node == (site is null ? world.Desk.Node : site.Node) && world.Clock.Elapsed < fault.Until, (Milestone)fault.Detail, 1, () => Kill(fault, site));
        }
    }

    // Stopped while it was dead, nothing; killed while it stands, the next process goes.
    private void Stall(SimFault fault, bool begins)
    {
        var node = fault.Site.Length > 0 ? Site(fault).Node : world.Desk.Node;
        if (begins)
        {
            node?.Stand();
        }
        else
        {
            node?.GoOn();
        }
    }

    private void Disk(SimFault fault, bool begins)
    {
        var disk = fault.Site.Length > 0 ? Site(fault).Disk : world.Desk.Disk;
        if (!begins)
        {
            disk.Mend();
            if (fault.Site.Length == 0)
            {
                // Whoever mends it asks again for an edition that it did not take.
                Reload();
            }
        }
        else if (fault.Detail == 1)
        {
            disk.Fill();
        }
        else
        {
            disk.Lock();
        }
    }

    // The one thread of the node waits for each write.
    private void SlowDisk(SimFault fault, bool begins) => world.Desk.Disk.Committed = !begins ? null : () =>
    {
        if (world.Desk.Node is { Stands: false } node)
        {
            node.Stand();
            world.Clock.CreateTimer(_ => node.GoOn(), null, TimeSpan.FromMilliseconds(fault.Detail), Timeout.InfiniteTimeSpan);
        }
    };

    private void Mute(SimFault fault, bool begins)
    {
        if (!world.Desk.Runs)
        {
            return;
        }

        // Odd ones are ended by hand.
        var known = silences.TryGetValue(fault.Number, out var set);
        if (begins)
        {
            _ = SetAsync(fault, fault.Detail % 2 == 0 ? fault.Until : fault.Until + TimeSpan.FromHours(1));
        }
        else if (fault.Detail % 2 == 1 && known)
        {
            _ = EndAsync(fault, set);
        }
    }

    private async Task SetAsync(SimFault fault, TimeSpan until)
    {
        var (from, host, service) = (world.Clock.Elapsed, SimSpec.HostOf(fault.What), SimSpec.IsHost(fault.What) ? "" : fault.What.Split('/')[1]);
        mutes[fault.Number] = new SimMute(fault.What, from, until, IsSure: false);
        try
        {
            var outcome = await world.Desk.DoAsync(parts => parts.Commands.SetSilenceAsync(StoryOperator.Sato, new SilenceRequest(
                new CustomerId("sim"), host, service, world.Clock.GetUtcNow(), world.Clock.GetUtcNow() + (until - from), "work")));
            if (outcome.Outcome.Refusal is null)
            {
                silences[fault.Number] = outcome.Id;
                mutes[fault.Number] = new SimMute(fault.What, world.Clock.Elapsed, until, IsSure: world.Clock.Elapsed - from < TimeSpan.FromSeconds(1));
            }
            else
            {
                mutes.Remove(fault.Number);
            }
        }
        catch (Exception)
        {
            // Whether it was kept is unknown to who asked.
        }
    }

    private async Task EndAsync(SimFault fault, long silence)
    {
        try
        {
            var outcome = await world.Desk.DoAsync(parts => parts.Commands.EndSilenceAsync(StoryOperator.Sato, silence, "done"));
            if (outcome.Refusal is null && mutes.TryGetValue(fault.Number, out var mute))
            {
                mutes[fault.Number] = mute with { Until = world.Clock.Elapsed };
            }
        }
        catch (Exception)
        {
            if (mutes.TryGetValue(fault.Number, out var mute))
            {
                mutes[fault.Number] = mute with { IsSure = false };
            }
        }
    }

    private void Kill(SimFault fault, StorySite? site)
    {
        deaths[fault.Number] = world.Clock.Elapsed;
        world.Book.Note("story", EntryKind.Told, $"kills {(site is null ? "the desk" : site.Name)} (#{fault.Number})");
        if (site is null)
        {
            deskDied = world.Clock.Elapsed;
            world.Desk.Kill();
        }
        else
        {
            site.Kill();
        }
    }

    private void Again(StorySite? site)
    {
        if (site is null && !world.Desk.Runs)
        {
            deskStarted = world.Clock.Elapsed;
            world.Desk.Start();
        }
        else if (site is { Runs: false })
        {
            site.Start();
        }
    }

    private void Relay(SimFault fault, bool begins)
    {
        var fate = fault.Kind switch
        {
            SimKind.RelayLater => MailFate.Later,
            SimKind.RelayNever => MailFate.Never,
            SimKind.RelayBreak => MailFate.Break,
            SimKind.RelayTakesSilently => MailFate.TakeSilently,
            _ => MailFate.LoseSilently,
        };
        if (fault.Kind == SimKind.RelayAway)
        {
            world.Relay.Up = !begins;
        }
        else if (fault.Kind is SimKind.RelayLater or SimKind.RelayNever)
        {
            world.Relay.Always(fault.What, begins ? fate : MailFate.Accept);
        }
        else if (begins)
        {
            world.Relay.Next(fault.What, [.. Enumerable.Repeat(fate, fault.Detail)]);
        }
        else
        {
            world.Relay.ForgetNext(fault.What);
        }
    }

    private void Rest(SimFault fault, bool begins)
    {
        if (fault.Kind == SimKind.WallStep)
        {
            var ahead = begins ? TimeSpan.FromSeconds(fault.Detail) : TimeSpan.Zero;
            if (fault.What == "desk")
            {
                world.Desk.WallAhead = ahead;
            }
            else
            {
                world.Sites.Single(s => s.Name.Value == fault.What).WallAhead = ahead;
            }

            return;
        }

        if (begins)
        {
            changes.Add(fault);
        }
        else
        {
            changes.Remove(fault);
        }

        File.WriteAllText(world.Desk.SpecFile, SimSpec.Text(script, ++edition, changes));
        Reload();
    }

    private void Reload()
    {
        if (world.Desk.Node is { } desk)
        {
            desk.Post(world.Desk.Parts.Reload);
        }
    }

    private StorySite Site(SimFault fault) => world.Sites.Single(s => s.Name.Value == fault.Site);
}
