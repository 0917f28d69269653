namespace Hinoban.Agent.Serving;

/// <summary>What strangers and friends may take of the agent.</summary>
internal sealed record ServingLimits
{
    /// <summary>Connections at once, all together.</summary>
    internal int Connections { get; init; } = 160;

    /// <summary>Connections at once from one address.</summary>
    internal int PerAddress { get; init; } = 48;

    /// <summary>Programs and connections to others at once; what the agent measures itself waits for none of them.</summary>
    internal int Together { get; init; } = 16;

    /// <summary>For the TLS handshake.</summary>
    internal TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Until a first query is there whole, and for a query that has begun.</summary>
    internal TimeSpan Query { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two queries of a connection that asked for a batch.</summary>
    internal TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Until an answer is taken.</summary>
    internal TimeSpan Take { get; init; } = TimeSpan.FromSeconds(30);
}
