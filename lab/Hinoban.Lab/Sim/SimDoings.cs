using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Lab.Story;

namespace Hinoban.Lab.Sim;

/// <summary>Does to a company what a script says, each thing at its time, and undoes it.</summary>
internal sealed class SimDoings(StoryWorld world, SimScript script) : IDisposable
{
    private readonly List<SimFault> changes = [];
    private readonly Dictionary<int, StoryCrash> crashes = [];
    private readonly Dictionary<int, TimeSpan> deaths = [];
    private TimeSpan deskDied;
    private TimeSpan? deskStarted;
    private int edition = 1;

    internal IReadOnlyDictionary<int, TimeSpan> Deaths => deaths;

    /// <summary>When the desk before had died, while the present one starts.</summary>
    internal TimeSpan? DeskStarting => deskStarted == world.Clock.Elapsed ? deskDied : null;

    internal async Task DoAsync()
    {
        var acts = script.Faults.SelectMany(f => new (TimeSpan At, SimFault Fault, bool Begins)[] { (f.From, f, true), (f.Until, f, false) })
            .OrderBy(a => a.At).ThenBy(a => a.Begins).ThenBy(a => a.Fault.Number);
        foreach (var (at, fault, begins) in acts)
        {
            if (at > world.Clock.Elapsed)
            {
                await Task.Delay(at - world.Clock.Elapsed, world.Clock);
            }

            world.Book.Note("story", EntryKind.Told, $"{(begins ? "begins" : "ends")} {fault.Kind} {fault.What} {fault.Site} {fault.Detail} (#{fault.Number})");
            if (fault.Kind <= SimKind.PathRefused)
            {
                Target(fault, begins);
            }
            else if (fault.Kind <= SimKind.LineSlow)
            {
                Line(fault, begins);
            }
            else if (fault.Kind <= SimKind.SiteCrashAt)
            {
                Crash(fault, begins);
            }
            else if (fault.Kind <= SimKind.RelayLosesSilently)
            {
                Relay(fault, begins);
            }
            else
            {
                Rest(fault, begins);
            }
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
        SimKind.Refused or SimKind.PathRefused => Fault.Refused,
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
            Again(site);
        }
        else if (fault.Kind is SimKind.DeskCrash or SimKind.SiteCrash)
        {
            Kill(fault, site);
        }
        else
        {
            crashes[fault.Number] = new StoryCrash(
                node => node == (site is null ? world.Desk.Node : site.Node) && world.Clock.Elapsed < fault.Until, (Milestone)fault.Detail, 1, () => Kill(fault, site));
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
        if (world.Desk.Node is { } desk)
        {
            desk.Post(world.Desk.Parts.Reload);
        }
    }

    private StorySite Site(SimFault fault) => world.Sites.Single(s => s.Name.Value == fault.Site);
}
