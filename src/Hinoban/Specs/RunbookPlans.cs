using System.Text.Json.Serialization;
using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>A first-response procedure (手順書) of an agreed edition: fixed text, ordered steps.</summary>
internal sealed record RunbookPlan(string Key, Text Title, RunbookRisk Risk, IReadOnlyList<StepPlan> Steps);

/// <summary>What the worst step of a runbook does.</summary>
internal enum RunbookRisk
{
    /// <summary>Only looks.</summary>
    Read,

    /// <summary>Changes the customer's machine; can be repeated or undone.</summary>
    Change,

    /// <summary>Destroys something.</summary>
    Destroy,
}

/// <summary>What follows when a step does not go as written.</summary>
internal enum StepElse
{
    /// <summary>Stop; the operator decides.</summary>
    Stop,

    /// <summary>Phone the contact list.</summary>
    Call,

    /// <summary>Write to the mailing list.</summary>
    Mail,

    /// <summary>The problem has gone by itself (自然復旧): nothing more is done.</summary>
    Close,
}

/// <summary>One ordered step. <see cref="ElseReason"/> is the text the spec gives with its <c>else</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "step")]
[JsonDerivedType(typeof(RecheckStepPlan), "recheck")]
[JsonDerivedType(typeof(ReadStepPlan), "read")]
[JsonDerivedType(typeof(ChangeStepPlan), "change")]
[JsonDerivedType(typeof(VerifyStepPlan), "verify")]
internal abstract record StepPlan(StepElse Else, string ElseReason);

/// <summary>Is it still failing? Fresh looks from all sites.</summary>
internal sealed record RecheckStepPlan(StepElse Else, string ElseReason) : StepPlan(Else, ElseReason);

/// <summary>A read-only command on a host, over SSH. <see cref="Save"/> names its output for the report.</summary>
internal sealed record ReadStepPlan(string On, string Run, int? ExpectExit, string? Save, TimeSpan Timeout, StepElse Else, string ElseReason)
    : StepPlan(Else, ElseReason);

/// <summary>A command that changes the host: confirmed by a person who saw host and exact command; re-checked right before.</summary>
internal sealed record ChangeStepPlan(string On, string Run, int ExpectExit, TimeSpan Timeout, StepElse Else, string ElseReason)
    : StepPlan(Else, ElseReason);

/// <summary>Fresh looks from all sites until <see cref="Times"/> in a row are OK, for at most <see cref="Within"/>.</summary>
internal sealed record VerifyStepPlan(string Host, string Service, int Times, TimeSpan Within, StepElse Else, string ElseReason)
    : StepPlan(Else, ElseReason);
