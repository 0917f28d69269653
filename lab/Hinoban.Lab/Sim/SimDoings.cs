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
    private readonly SimMutes mutes = new(world);
    private readonly Dictionary<string, bool> down = [];
    private readonly Dictionary<int, LabNode> held = [];
    private TimeSpan? deskDied;
    private int edition = 1;

    internal IReadOnlyDictionary<int, TimeSpan> Deaths => deaths;

    internal IReadOnlyList<SimMute> Mutes => mutes.All;

    /// <summary>When the desk before had died, or come to a stop, while the present one starts.</summary>
    internal TimeSpan? DeskStarting => world.Desk.BegunAt == world.Clock.Elapsed && deskDied >= world.Desk.BegunBefore ? deskDied : null;

    internal SimCues Cues { get; } = new(world, script);

    internal async Task DoAsync()
    {
        Cues.Begin = Begin;
        var acts = script.Faults.SelectMany(f => f.Phases.SelectMany(p => new (TimeSpan At, SimFault Fault, bool Begins)[] { (p.From, f, true), (p.Until, f, false) }))
            .OrderBy(a => a.At).ThenBy(a => a.Begins).ThenBy(a => a.Fault.Number);
        foreach (var (at, fault, begins) in acts)
        {
            if (at > world.Clock.Elapsed)
            {
                await Task.Delay(at - world.Clock.Elapsed, world.Clock);
            }

            if (begins && !Cues.Waits(fault))
            {
                Begin(fault);
            }
            else if (!begins && !Cues.WaitsInVain(fault))
            {
                world.Book.Note("story", EntryKind.Told, $"ends {fault.Kind} {fault.What} {fault.Site} {fault.Detail} (#{fault.Number})");
                Do(fault, false);
            }
        }
    }

    private void Begin(SimFault fault)
    {
        world.Book.Note("story", EntryKind.Told, $"begins {fault.Kind} {fault.What} {fault.Site} {fault.Detail} (#{fault.Number})");
        Do(fault, true);
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
            case SimKind.DeskStallAt:
                StallAt(fault, begins);
                break;
            case SimKind.DeskDisk or SimKind.SiteDisk:
                Disk(fault, begins);
                break;
            case SimKind.SiteNoLooks:
                Site(fault).CannotLook = begins;
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
            case SimKind.PostsStop or SimKind.PostsAtLast:
                // Whoever posts reads the script himself.
                break;
            case SimKind.Mute:
                mutes.Do(fault, begins);
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

    internal static Fault FaultOf(SimFault fault) => fault.Kind switch
    {
        SimKind.Refused or SimKind.Flap or SimKind.PathRefused => Fault.Refused,
        SimKind.Slow => Fault.Slow(TimeSpan.FromSeconds(fault.What.EndsWith("/web", StringComparison.Ordinal) ? 9 : 12)),
        SimKind.Dns => Fault.Dns,
        SimKind.Blip => fault.Detail % 2 == 0 ? Fault.Says(CheckStatus.Critical, "CRITICAL - it says so") : Fault.Refused,
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
            held.GetValueOrDefault(fault.Number)?.Fuse = null;
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
                held[fault.Number] = node;
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
        if (!begins)
        {
            held.GetValueOrDefault(fault.Number)?.GoOn();
        }
        else if ((fault.Site.Length > 0 ? Site(fault).Node : world.Desk.Node) is { } node)
        {
            held[fault.Number] = node;
            Stand(node);
        }
    }

    private void StallAt(SimFault fault, bool begins)
    {
        if (!begins)
        {
            return;
        }

        var lasts = TimeSpan.FromSeconds(fault.Detail / 100);
        crashes[fault.Number] = new StoryCrash(
            node => node == world.Desk.Node && world.Clock.Elapsed < fault.Until,
            (Milestone)(fault.Detail % 100),
            1,
            () =>
            {
                var node = world.Desk.Node!;
                Cues.Played[fault.Number] = fault with { From = world.Clock.Elapsed, Until = world.Clock.Elapsed + lasts };
                world.Book.Note("story", EntryKind.Told, $"stands still at {(Milestone)(fault.Detail % 100)} for {lasts.TotalSeconds} s (#{fault.Number})");
                Stand(node);
                world.Clock.CreateTimer(_ => node.GoOn(), null, lasts, Timeout.InfiniteTimeSpan);
            });
    }

    private void Stand(LabNode node)
    {
        deskDied = node == world.Desk.Node ? world.Clock.Elapsed : deskDied;
        node.Stand();
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

    private void Kill(SimFault fault, StorySite? site)
    {
        deaths[fault.Number] = world.Clock.Elapsed;
        if (script.Paired)
        {
            Cues.Played[fault.Number] = fault with { From = world.Clock.Elapsed };
        }

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
        if (site is null && world.Desk.IsShort)
        {
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
            if (fault.What == "desk" && begins)
            {
                world.Desk.WallAhead = ahead;
            }
            else if (fault.What == "desk")
            {
                world.Desk.SetClocks();
            }
            else
            {
                world.Sites.Single(s => s.Name.Value == fault.What).WallAhead = ahead;
            }

            return;
        }

        if (begins && fault.Kind != SimKind.SpecBusy)
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
