using Hinoban.Basics;

namespace Hinoban.People;

/// <summary>What an account may do.</summary>
internal enum Role
{
    /// <summary>Posts results of one customer's passive items and sees nothing; for tokens of programs only.</summary>
    Sender,

    /// <summary>Sees one customer's hosts, incidents and mails; changes nothing.</summary>
    CustomerViewer,

    /// <summary>Claims, notes, runs steps, writes reports, for all customers.</summary>
    Operator,

    /// <summary>As operator; also takes over and closes others' incidents.</summary>
    Lead,

    /// <summary>As lead; also accounts and tokens.</summary>
    Admin,
}

/// <summary>Who acts: an account or the engine itself. Written on events; carries the data it may touch.</summary>
internal sealed record Actor(string Name, string DisplayName, Role Role, Scope Scope)
{
    /// <summary>The address they act from, for the audit; empty for the engine. Never on events, which customers read.</summary>
    internal string Origin { get; init; } = "";

    internal bool MayPost => Role == Role.Sender || MayRespond;

    internal bool MayRespond => Role >= Role.Operator;

    internal bool MayAdminister => Role == Role.Admin;

    internal static Actor Engine { get; } = new("engine", "Hinoban", Role.Lead, Scope.Across("engine"));
}
