using System.Net;

namespace Hinoban.Agent.Setup;

/// <summary>What the agent does, read from its configuration and swapped whole when that is read again.</summary>
internal sealed record AgentPlan(IReadOnlyList<IPEndPoint> Listen, IReadOnlyList<IPNetwork> Allow, TlsPlan Tls, IReadOnlyDictionary<string, CommandPlan> Commands)
{
    internal const string StandardData = "/var/lib/hinoban-agent";

    /// <summary>Commands of one agent, and names in one query.</summary>
    internal const int MostCommands = 500;

    /// <summary>The folder of what the agent keeps: journals of log hits.</summary>
    internal string Data { get; init; } = StandardData;
}

/// <summary>Whom the agent believes: the holders of the named certificates or, weaker, whoever comes from an allowed address.</summary>
/// <param name="Certificate">PEM file of the agent's own certificate.</param>
/// <param name="Key">PEM file of its key.</param>
/// <param name="Sites">SHA-256 of the sites' certificates, lower-case hexadecimal; empty if anybody may ask.</param>
internal sealed record TlsPlan(string Certificate, string Key, IReadOnlySet<string> Sites)
{
    /// <summary>No certificate is asked for: the address is all that is checked.</summary>
    internal bool Anybody => Sites.Count == 0;

    /// <summary>Whether the holder of a certificate, named by its SHA-256 (null: none was shown), is one of them.</summary>
    internal bool Believes(string? fingerprint) => Anybody || (fingerprint is not null && Sites.Contains(fingerprint));
}
