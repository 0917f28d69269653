using System.Globalization;
using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>How a site gets at what only the host itself can see.</summary>
internal enum Via : byte
{
    /// <summary>Hinoban's own agent on the host.</summary>
    Agent,

    /// <summary>A stock NRPE daemon on the host.</summary>
    Nrpe,

    /// <summary>The host's sshd, and the plugins that lie there.</summary>
    Ssh,
}

/// <summary>How a stock NRPE daemon secures its connections.</summary>
internal enum NrpeTls : byte
{
    /// <summary>TLS, by certificate if it has one, else anonymous.</summary>
    Auto,

    /// <summary>TLS with a certificate, nothing less.</summary>
    Certificate,

    /// <summary>Anonymous TLS, the daemon's default without a certificate: nobody listens in, but nobody is who he says either.</summary>
    Anonymous,

    /// <summary>No TLS.</summary>
    None,
}

/// <summary>Where a host's agent listens. <see cref="Certificate"/>: the pinned <c>sha256:…</c>; null: whoever answers there is believed.</summary>
internal sealed record AgentDoor(int Port, string? Certificate)
{
    internal static AgentDoor Usual { get; } = new(SpecDefaults.NrpePort, null);
}

/// <summary>Where a host's stock NRPE daemon listens, and how.</summary>
internal sealed record NrpeDoor(int Port, NrpeTls Tls, string? Certificate)
{
    internal static NrpeDoor Usual { get; } = new(SpecDefaults.NrpePort, NrpeTls.Auto, null);
}

/// <summary>The doors of one host for looks from inside, and where its plugins lie.</summary>
internal sealed record InsideDoors(AgentDoor Agent, NrpeDoor Nrpe, string Plugins)
{
    internal static InsideDoors Usual { get; } = new(AgentDoor.Usual, NrpeDoor.Usual, SpecDefaults.PluginFolder);
}

/// <summary>
/// The way a look from inside takes: to which host, by which door, and what is asked for there. <see cref="Command"/> is the agent's or daemon's name for it;
/// over SSH the look itself says what runs. Until the plan is built only <see cref="Via"/>, <see cref="Host"/> (empty: the item's own) and <see cref="Command"/> are known.
/// </summary>
internal sealed record InsideWay(Via Via, string Host, string Command, string Address, int Port, NrpeTls Tls, string? Certificate, SshPlan? Ssh, string Plugins)
{
    internal static InsideWay Open(Via via, string from, string command) => new(via, from, command, "", 0, NrpeTls.Auto, null, null, "");

    /// <summary>As the specification says it.</summary>
    internal string Word => Via.ToString().ToLowerInvariant();
}

/// <summary>Looked at from inside a host. A threshold is a Nagios range as text; percentages are always of what is used. Null: none.</summary>
internal abstract record InsideLookPlan(InsideWay Way) : LookPlan
{
    internal override string Thresholds => "";

    /// <summary>The agent answers it from what it measures, at once; the others run something that may take its time.</summary>
    internal virtual bool IsQuick => true;

    private protected static string? Seconds(TimeSpan? time) => time is { } t ? string.Create(CultureInfo.InvariantCulture, $"{t.TotalSeconds:0.###} s") : null;

    private protected static string Shown(string? warn, string? crit) =>
        string.Join(" / ", new[] { warn is null ? "" : $"WARN {warn}", crit is null ? "" : $"CRIT {crit}" }.Where(t => t.Length > 0));
}

/// <summary>The load average (R69): three numbers each, over 1, 5 and 15 minutes.</summary>
internal sealed record LoadLookPlan(InsideWay Way, bool PerCore, string? Warn, string? Crit) : InsideLookPlan(Way)
{
    internal override string Kind => "load";

    internal override string Thresholds => Shown(Warn, Crit) + (PerCore ? " per core" : "");
}

/// <summary>Swap in use (R70).</summary>
internal sealed record SwapLookPlan(InsideWay Way, string? Warn, string? Crit) : InsideLookPlan(Way)
{
    internal override string Kind => "swap";

    internal override string Thresholds => Shown(UsedWords.BothForms(Warn), UsedWords.BothForms(Crit));
}

/// <summary>Space and inodes per mount (R71). <see cref="Mounts"/> empty: all real ones.</summary>
internal sealed record DiskLookPlan(
    InsideWay Way, IReadOnlyList<string> Mounts, IReadOnlyList<string> Except, string? Warn, string? Crit, string? InodesWarn, string? InodesCrit) : InsideLookPlan(Way)
{
    internal override string Kind => "disk";

    internal override string Thresholds => Shown(UsedWords.BothForms(Warn), UsedWords.BothForms(Crit));
}

/// <summary>How many users are logged in (R72), processes there are (R73; of one <see cref="Name"/>, or all), or zombies (R74).</summary>
internal sealed record CountLookPlan(InsideWay Way, string What, string? Name, string? Warn, string? Crit) : InsideLookPlan(Way)
{
    internal override string Kind => What;

    internal override string Thresholds => Shown(Warn, Crit);
}

/// <summary>A plugin that runs on the host itself (R75): a bare name lies in the host's plugin folder. Empty: the daemon knows what its command is.</summary>
internal sealed record InsidePluginLookPlan(InsideWay Way, IReadOnlyList<string> Command, string? RunAs) : InsideLookPlan(Way)
{
    internal override string Kind => "plugin";

    internal override string Thresholds => Command.Count == 0 ? Way.Command : string.Join(' ', Command);

    internal override bool IsQuick => false;
}

/// <summary>A TCP connection from the host to another one.</summary>
internal sealed record InsideTcpLookPlan(InsideWay Way, string Target, int Port, TimeSpan? Warn, TimeSpan? Crit) : InsideLookPlan(Way)
{
    internal override string Kind => "tcp";

    internal override string Thresholds => Shown(Seconds(Warn), Seconds(Crit));

    internal override bool IsQuick => false;
}

/// <summary>
/// Log-in to a database and one query, from the host that needs it (R78). <see cref="Target"/> is the database's machine. The password stays on the host, in a file that is
/// called after <see cref="Secret"/>; null: none.
/// </summary>
internal sealed record DatabaseLookPlan(
    InsideWay Way, bool IsMySql, string Target, int Port, string Database, string User, string? Secret, string Query, TimeSpan? Warn, TimeSpan? Crit) : InsideLookPlan(Way)
{
    internal override string Kind => IsMySql ? "mysql" : "postgres";

    internal override string Thresholds => Shown(Seconds(Warn), Seconds(Crit));

    internal override bool IsQuick => false;
}

/// <summary>The way in of a check as it is written, with places, before it is known which hosts there are.</summary>
/// <param name="At">Where it is said, or where the check begins.</param>
/// <param name="From">The host on which it is to be done, if that is said.</param>
internal sealed record WrittenInside(SpecPlace At, SpecScalar? From);
