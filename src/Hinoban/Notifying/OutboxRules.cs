namespace Hinoban.Notifying;

/// <summary>When a delivery is tried again, and when no more.</summary>
internal static class OutboxRules
{
    /// <summary>No row waits longer than this, so one that seems to has met a stepped clock and is due.</summary>
    internal static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>For so long a process tries whatever it finds, however old the wall clock calls it.</summary>
    internal static readonly TimeSpan LeastTries = TimeSpan.FromHours(1);

    private static readonly int[] RecipientSeconds = [5, 15, 30, 60, 120, 300];

    // Asking whether the relay is back costs one connection in all, whatever the number of mails that wait; so it is asked more often.
    private static readonly int[] RelaySeconds = [5, 10, 15, 30];

    /// <summary>After the given number of attempts that this recipient's own trouble ended.</summary>
    internal static TimeSpan Pause(int attempts) => Step(RecipientSeconds, attempts);

    /// <summary>After the given number of failures in a row to get a line to the relay.</summary>
    internal static TimeSpan RelayPause(int failures) => Step(RelaySeconds, failures);

    /// <summary>
    /// Whether a delivery is given up. Its age when this process met it is the wall clock's, which may have been set since; from there on the monotonic
    /// clock counts, and no clock that is set takes a mail's last tries away.
    /// </summary>
    internal static bool Expired(TimeSpan ageWhenMet, TimeSpan triedFor, MailOptions options) =>
        ageWhenMet + triedFor >= options.GiveUpAfter && (triedFor >= LeastTries || triedFor >= options.GiveUpAfter);

    /// <summary>A time to try again that lies no further ahead than a pause may: only a stepped clock makes a row seem to wait longer.</summary>
    internal static DateTimeOffset Within(DateTimeOffset nextUtc, DateTimeOffset nowUtc) => nextUtc < nowUtc + LongestPause ? nextUtc : nowUtc + LongestPause;

    private static TimeSpan Step(int[] seconds, int count) => TimeSpan.FromSeconds(seconds[Math.Clamp(count - 1, 0, seconds.Length - 1)]);
}
