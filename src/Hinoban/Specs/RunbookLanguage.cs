using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>The keys of runbooks and their steps: in force, and named "not in force yet".</summary>
internal static class RunbookLanguage
{
    /// <summary>The built-in runbook that a later version brings; a runbook of this name in the file is an ordinary one.</summary>
    internal const string RebootRunbook = "reboot";

    internal static readonly ClauseKeys Runbook = new(
        RunbookText.Runbook, ["title", "risk", "steps"], ["limit", "escalate"]);

    internal static readonly ClauseKeys Recheck = new(RunbookText.StepOf("recheck"), ["still", "else"], []);

    internal static readonly ClauseKeys Read = new(RunbookText.StepOf("read"), ["on", "run", "expect", "save", "timeout", "else"], ["mask"]);

    internal static readonly ClauseKeys Change = new(
        RunbookText.StepOf("change"), ["on", "run", "expect", "timeout", "else"], ["approve", "rollback", "save", "mask"]);

    internal static readonly ClauseKeys Verify = new(RunbookText.StepOf("verify"), ["check", "ok", "within", "else"], []);

    internal static readonly ClauseKeys ExpectExit = new(SpecText.Key("expect"), ["exit"], []);
}
