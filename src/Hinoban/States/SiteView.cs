using Hinoban.Basics;
using Hinoban.Checks;

namespace Hinoban.States;

/// <summary>Nagios' state types.</summary>
internal enum StateType : byte
{
    /// <summary>A failure not yet confirmed by <c>attempts</c> looks.</summary>
    Soft,

    /// <summary>Confirmed.</summary>
    Hard,
}

/// <summary>
/// One site's soft/hard view of one item: what <see cref="StateMachine"/> steps. A hard view is a vote.
/// Monotonic times are the process's own that holds the view (at the desk: desk time); null after a restart, when ages are unknown.
/// </summary>
internal sealed record SiteView(SiteName Site)
{
    /// <summary>False until the first result.</summary>
    internal bool Known { get; init; }

    internal CheckStatus Status { get; init; }

    internal StateType Type { get; init; } = StateType.Hard;

    /// <summary>Which look of the present run of failures this is, from 1; stays once hard (1 where a down host made it hard at once).</summary>
    internal int Attempt { get; init; } = 1;

    /// <summary>How many looks of the present run of failures there were, past <c>attempts</c> too; 0 while OK.</summary>
    internal int FailingLooks { get; init; }

    /// <summary>The item's host was down at the last failing look: Nagios counts attempts anew once it is up.</summary>
    internal bool HostWasDown { get; init; }

    /// <summary>The severity of the last hard state.</summary>
    internal CheckStatus LastHard { get; init; }

    internal Reply Reply { get; init; }

    internal NoValue NoValue { get; init; }

    /// <summary>When the last look started.</summary>
    internal TimeSpan? LookMono { get; init; }

    internal DateTimeOffset? LookUtc { get; init; }

    /// <summary>When the first look of the present run (of failures, or of OKs) started; null too if that was before a restart.</summary>
    internal TimeSpan? RunMono { get; init; }

    /// <summary>When the last failing look started.</summary>
    internal TimeSpan? FailedLookMono { get; init; }

    /// <summary>When the first look of the present (or last) run of failures started.</summary>
    internal DateTimeOffset? FailingSinceUtc { get; init; }

    /// <summary>Since when <see cref="Status"/> is what it is.</summary>
    internal DateTimeOffset? ChangedUtc { get; init; }

    internal TimeSpan Took { get; init; }

    internal string Output { get; init; } = "";

    internal string LongOutput { get; init; } = "";

    internal string Perfdata { get; init; } = "";

    internal bool SoftFailing => Known && Type == StateType.Soft && Status != CheckStatus.Ok;

    internal bool HardFailing => Known && Type == StateType.Hard && Status != CheckStatus.Ok;
}

/// <summary>The terms a view is stepped by.</summary>
internal sealed record StateTerms(int Attempts, bool IsHostCheck);

/// <summary>What a look contributes to a view. Mono is on the clock of the process that steps.</summary>
internal sealed record Sighting(LookAnswer Answer, DateTimeOffset StartedUtc, TimeSpan StartedMono, TimeSpan Took);

/// <summary>What a step did to a view.</summary>
internal enum ViewChange : byte
{
    /// <summary>Same state as before.</summary>
    None,

    /// <summary>A first or another failure below <c>attempts</c>.</summary>
    SoftFailure,

    /// <summary>The failure became hard.</summary>
    HardFailure,

    /// <summary>Hard before and after, with another severity.</summary>
    HardSeverity,

    /// <summary>OK again before it was hard. Of a host this leaves a soft OK until the next look, which counts as OK everywhere.</summary>
    SoftRecovery,

    /// <summary>OK again after a hard failure.</summary>
    HardRecovery,

    /// <summary>The look was not taken: it started before the view's last one, or our own engine could not look.</summary>
    Ignored,
}

/// <summary>The outcome of <see cref="StateMachine"/>: the view after, and what changed.</summary>
internal sealed record Transition(SiteView After, ViewChange Change);
