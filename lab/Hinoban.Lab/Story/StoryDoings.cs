using Hinoban.Basics;
using Hinoban.Checks;

namespace Hinoban.Lab.Story;

/// <summary>What a story can do to its world.</summary>
internal sealed partial class Story
{
    /// <summary>Breaks a host (<c>web1</c>), a service (<c>web1/http</c>) or everything (<c>*</c>); from one site only, it is that site's way.</summary>
    internal void Break(string what, Fault fault, string? from = null)
    {
        Told($"breaks {what}: {fault}{(from is null ? "" : $", seen from {from} only")}");
        world.Targets.Break(what, fault, from is null ? null : new SiteName(from));
    }

    /// <summary>Something matches in the log of an item (<c>web1/syslog</c>).</summary>
    internal LogHit WriteLog(string item, string text, CheckStatus level = CheckStatus.Warning)
    {
        Told($"writes into the log of {item}: {text}");
        return world.Targets.Logs.Write(item, text, level, UtcNow);
    }

    internal void Mend(string what, string? from = null)
    {
        Told($"mends {what}{(from is null ? "" : $" for {from}")}");
        if (!world.Targets.Mend(what, from is null ? null : new SiteName(from)))
        {
            throw new InvalidOperationException($"{what} was not broken.");
        }
    }

    /// <summary>The site reaches no target any more; its line to the desk is another way.</summary>
    internal void CutPath(string site) => Break("*", Fault.BlackHole, site);

    internal void MendPath(string site) => Mend("*", site);

    /// <summary>The line between a site and the desk, in one direction or both.</summary>
    internal void CutLink(string site, bool toDesk = true, bool fromDesk = true)
    {
        Told($"cuts the line of {site}{(toDesk ? " to the desk" : "")}{(fromDesk ? " from the desk" : "")}");
        var link = Site(site).Link;
        (toDesk ? link.Up : null)?.Cut();
        (fromDesk ? link.Down : null)?.Cut();
    }

    internal void MendLink(string site)
    {
        Told($"mends the line of {site}");
        Site(site).Link.Up.Mend();
        Site(site).Link.Down.Mend();
    }

    /// <summary>The line between two sites.</summary>
    internal void CutPeers(string site, string other)
    {
        Told($"cuts the line between {site} and {other}");
        world.Peers.Cut(world, new SiteName(site), new SiteName(other));
    }

    internal void MendPeers(string site, string other)
    {
        Told($"mends the line between {site} and {other}");
        world.Peers.Mend(world, new SiteName(site), new SiteName(other));
    }

    internal void SlowLink(string site, TimeSpan toDesk, TimeSpan fromDesk)
    {
        Told($"the line of {site} takes {toDesk.TotalMilliseconds} ms to the desk, {fromDesk.TotalMilliseconds} ms back");
        (Site(site).Link.Up.Delay, Site(site).Link.Down.Delay) = (toDesk, fromDesk);
    }

    /// <summary>Somebody sets the wall clock of the desk or of a site forward or back; the others' stay right.</summary>
    internal void StepClock(string who, TimeSpan by)
    {
        Told($"steps the clock of {who} by {by.TotalMinutes:+0;-0} min");
        (who == "desk" ? Desk.Node! : Site(who).Node!).WallAhead += by;
    }

    internal void RelayAway()
    {
        Told("the relay goes away");
        Relay.Up = false;
    }

    internal void RelayBack()
    {
        Told("the relay is back");
        Relay.Up = true;
    }

    /// <summary>The desk's process is gone, with all that it had in memory.</summary>
    internal void CrashDesk()
    {
        Told("kills the desk");
        Desk.Kill();
    }

    /// <summary>The same, when it passes the milestone for the given time from now; ends when that has happened.</summary>
    internal Task CrashDeskAt(Milestone milestone, int time = 1, TimeSpan? within = null) =>
        CrashAt("the desk", node => node == Desk.Node, milestone, time, CrashDesk, within);

    /// <summary>As SIGTERM: what is under way ends first.</summary>
    internal Task StopDesk()
    {
        Told("stops the desk");
        return Desk.StopAsync();
    }

    internal void StartDesk()
    {
        Told("starts the desk");
        Desk.Start();
    }

    internal void CrashSite(string site)
    {
        Told($"kills {site}");
        Site(site).Kill();
    }

    internal Task CrashSiteAt(string site, Milestone milestone, int time = 1, TimeSpan? within = null) =>
        CrashAt(site, node => node == Site(site).Node, milestone, time, () => CrashSite(site), within);

    internal Task StopSite(string site)
    {
        Told($"stops {site}");
        return Site(site).StopAsync();
    }

    internal void StartSite(string site)
    {
        Told($"starts {site}");
        Site(site).Start();
    }

    /// <summary>The specification's file gets another text.</summary>
    internal void Rewrite(string spec)
    {
        Told("writes the specification anew");
        File.WriteAllText(Desk.SpecFile, spec);
    }

    /// <summary>The wall clock of every machine is set; the monotonic clock stays.</summary>
    internal void StepWall(TimeSpan by)
    {
        Told($"steps the wall clock by {by}");
        world.Clock.StepWall(by);
    }

    /// <summary>A customer's host knows a command.</summary>
    internal void Knows(string host, string command, int exit = 0, string says = "", Action? then = null) =>
        Shell.Knows(host, command, new LabCommand(exit, says, then ?? (() => { })));

    private Task CrashAt(string who, Func<LabNode, bool> meant, Milestone milestone, int time, Action kill, TimeSpan? within)
    {
        var crash = new StoryCrash(meant, milestone, time, kill);
        crashes.Add(crash);
        return Until(() => crash.Happened, $"{who} passes {milestone} ({time})", within);
    }
}
