namespace Hinoban.Specs;

/// <summary>The keys of runbooks and their steps: in force, and named "not in force yet".</summary>
internal static class RunbookLanguage
{
    /// <summary>The built-in runbook that a later version brings; a runbook of this name in the file is an ordinary one.</summary>
    internal const string RebootRunbook = "reboot";

    internal static readonly ClauseKeys Runbook = new(
        "a runbook", ["title", "risk", "steps"], ["limit", "escalate"]);

    internal static readonly ClauseKeys Recheck = new("a `recheck` step", ["still", "else"], []);

    internal static readonly ClauseKeys Read = new("a `read` step", ["on", "run", "expect", "save", "timeout", "else"], ["mask"]);

    internal static readonly ClauseKeys Change = new(
        "a `change` step", ["on", "run", "expect", "timeout", "else"], ["approve", "rollback", "save", "mask"]);

    internal static readonly ClauseKeys Verify = new("a `verify` step", ["check", "ok", "within", "else"], []);

    internal static readonly ClauseKeys ExpectExit = new("`expect`", ["exit"], []);
}
