namespace Hinoban.Basics;

/// <summary>
/// An instant as one process sees it: the wall clock for records and calendars, the monotonic clock for ages and
/// time-outs. Monotonic values of two processes, or of one process before and after a restart, must not be compared.
/// </summary>
internal readonly record struct Moment(DateTimeOffset Utc, TimeSpan Mono)
{
    internal static Moment Of(TimeProvider clock) => new(clock.GetUtcNow(), MonoOf(clock));

    /// <summary>Time since an arbitrary origin of this process that no step of the wall clock moves.</summary>
    internal static TimeSpan MonoOf(TimeProvider clock) => clock.GetElapsedTime(0);

    public static Moment operator +(Moment at, TimeSpan later) => new(at.Utc + later, at.Mono + later);
}
