using System.Text;
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
/// <remarks>A desk holds one for each item and site: what may be missing is kept in eight bytes, not in sixteen or twenty-four.</remarks>
internal sealed record SiteView(SiteName Site)
{
    private readonly Instant lookMono = Instant.None;
    private readonly Instant lookUtc = Instant.None;
    private readonly Instant runMono = Instant.None;
    private readonly Instant failedLookMono = Instant.None;
    private readonly Instant failingSinceUtc = Instant.None;
    private readonly Instant changedUtc = Instant.None;
    private readonly KeptText output;
    private readonly KeptText longOutput;
    private readonly KeptText perfdata;

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
    internal TimeSpan? LookMono
    {
        get => lookMono.Mono;
        init => lookMono = Instant.Of(value);
    }

    internal DateTimeOffset? LookUtc
    {
        get => lookUtc.Utc;
        init => lookUtc = Instant.Of(value);
    }

    /// <summary>When the first look of the present run (of failures, or of OKs) started; null too if that was before a restart.</summary>
    internal TimeSpan? RunMono
    {
        get => runMono.Mono;
        init => runMono = Instant.Of(value);
    }

    /// <summary>When the last failing look started.</summary>
    internal TimeSpan? FailedLookMono
    {
        get => failedLookMono.Mono;
        init => failedLookMono = Instant.Of(value);
    }

    /// <summary>When the first look of the present (or last) run of failures started.</summary>
    internal DateTimeOffset? FailingSinceUtc
    {
        get => failingSinceUtc.Utc;
        init => failingSinceUtc = Instant.Of(value);
    }

    /// <summary>Since when <see cref="Status"/> is what it is.</summary>
    internal DateTimeOffset? ChangedUtc
    {
        get => changedUtc.Utc;
        init => changedUtc = Instant.Of(value);
    }

    internal TimeSpan Took { get; init; }

    internal string Output
    {
        get => output.ToString();
        init => output = new KeptText(value);
    }

    internal string LongOutput
    {
        get => longOutput.ToString();
        init => longOutput = new KeptText(value);
    }

    internal string Perfdata
    {
        get => perfdata.ToString();
        init => perfdata = new KeptText(value);
    }

    internal bool SoftFailing => Known && Type == StateType.Soft && Status != CheckStatus.Ok;

    internal bool HardFailing => Known && Type == StateType.Hard && Status != CheckStatus.Ok;
}

/// <summary>An instant of the monotonic or of the wall clock, or none, in eight bytes.</summary>
internal readonly record struct Instant
{
    private readonly long ticks;

    private Instant(long ticks) => this.ticks = ticks;

    internal static Instant None { get; } = new(long.MinValue);

    internal TimeSpan? Mono => ticks == long.MinValue ? null : TimeSpan.FromTicks(ticks);

    internal DateTimeOffset? Utc => ticks == long.MinValue ? null : new DateTimeOffset(ticks, TimeSpan.Zero);

    internal static Instant Of(TimeSpan? mono) => mono is { } m ? new(m.Ticks) : None;

    internal static Instant Of(DateTimeOffset? utc) => utc is { } u ? new(u.UtcTicks) : None;
}

/// <summary>A text that is kept long and read seldom: in UTF-8, half of what a string takes.</summary>
internal readonly struct KeptText : IEquatable<KeptText>
{
    private readonly byte[]? bytes;

    internal KeptText(string text) => bytes = text.Length == 0 ? null : Encoding.UTF8.GetBytes(text);

    public override string ToString() => bytes is null ? "" : Encoding.UTF8.GetString(bytes);

    public bool Equals(KeptText other) => bytes.AsSpan().SequenceEqual(other.bytes);

    public override bool Equals(object? obj) => obj is KeptText other && Equals(other);

    public override int GetHashCode() => bytes?.Length ?? 0;
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
