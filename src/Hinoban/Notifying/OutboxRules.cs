namespace Hinoban.Notifying;

/// <summary>When a delivery is tried again, and when no more.</summary>
internal static class OutboxRules
{
    /// <summary>No row waits longer than this, so one that seems to has met a stepped clock and is due.</summary>
    internal static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private static readonly int[] RecipientSeconds = [5, 15, 30, 60, 120, 300];

    // Asking whether the relay is back costs one connection in all, whatever the number of mails that wait; so it is asked more often.
    private static readonly int[] RelaySeconds = [5, 10, 15, 30];

    /// <summary>After the given number of attempts that this recipient's own trouble ended.</summary>
    internal static TimeSpan Pause(int attempts) => Step(RecipientSeconds, attempts);

    /// <summary>After the given number of failures in a row to get a line to the relay.</summary>
    internal static TimeSpan RelayPause(int failures) => Step(RelaySeconds, failures);

    internal static bool Expired(DateTimeOffset queuedUtc, DateTimeOffset nowUtc, MailOptions options) => nowUtc - queuedUtc >= options.GiveUpAfter;

    private static TimeSpan Step(int[] seconds, int count) => TimeSpan.FromSeconds(seconds[Math.Clamp(count - 1, 0, seconds.Length - 1)]);
}
