using Hinoban.Basics;
using Hinoban.Checks;

namespace Hinoban.Agent.Setup;

/// <summary>One thing the agent may be asked for by its name.</summary>
internal abstract record CommandPlan;

/// <summary>When a value deserves a warning and when it is critical; either may be missing.</summary>
internal readonly record struct Limits(NagiosRange? Warn, NagiosRange? Crit)
{
    internal CheckStatus Judge(double value) =>
        Crit is { } crit && crit.Alerts(value) ? CheckStatus.Critical : Warn is { } warn && warn.Alerts(value) ? CheckStatus.Warning : CheckStatus.Ok;
}

/// <summary>The load averages of 1, 5 and 15 minutes, for each processor if so wished.</summary>
internal sealed record LoadPlan(bool PerCore, IReadOnlyList<Limits> Limits) : CommandPlan;

/// <summary>Swap space in use, in percent.</summary>
internal sealed record SwapPlan(Limits Limits) : CommandPlan;

/// <summary>Space and inodes in use, in percent: of the named mounts, or of all real ones but the excepted.</summary>
internal sealed record DiskPlan(IReadOnlyList<string> Mounts, IReadOnlyList<string> Except, Limits Limits, Limits Inodes) : CommandPlan;

/// <summary>Users logged in.</summary>
internal sealed record UsersPlan(Limits Limits) : CommandPlan;

/// <summary>Processes: all, or those of one name.</summary>
internal sealed record ProcsPlan(string? Name, Limits Limits) : CommandPlan;

/// <summary>Processes that ended and that their parents have not noticed.</summary>
internal sealed record ZombiesPlan(Limits Limits) : CommandPlan;

/// <summary>A Nagios plugin with fixed arguments.</summary>
internal sealed record RunPlan(IReadOnlyList<string> Command, TimeSpan Timeout, string? User) : CommandPlan;

/// <summary>Something done for first response, with fixed arguments; never a part of "all".</summary>
internal sealed record ActionPlan(IReadOnlyList<string> Command, TimeSpan Timeout) : CommandPlan;

/// <summary>A connection from this machine to another, in seconds.</summary>
internal sealed record TcpPlan(string Host, int Port, Limits Limits, TimeSpan Timeout) : CommandPlan;

/// <summary>Which database program answers.</summary>
internal enum DatabaseKind
{
    Postgres,
    MySql,
}

/// <summary>Connection, login and a query from this machine to a database, in seconds.</summary>
internal sealed record DatabasePlan(
    DatabaseKind Kind, string Host, int Port, string Database, string User, string? PasswordFile, string Query, Limits Limits, TimeSpan Timeout) : CommandPlan;
