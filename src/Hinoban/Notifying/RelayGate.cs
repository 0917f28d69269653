using Hinoban.Basics;

namespace Hinoban.Notifying;

/// <summary>Whether the relay gives us lines at all: one trouble for all mails, so one pause for all.</summary>
internal sealed class RelayGate(TimeProvider clock)
{
    private readonly Lock sync = new();
    private int failures;
    private DateTimeOffset? downUtc;
    private TimeSpan downMono;
    private DateTimeOffset? nextUtc;
    private string reply = "";

    internal bool Down
    {
        get
        {
            lock (sync)
            {
                return downUtc is not null;
            }
        }
    }

    /// <summary>How long there has been no line, by the monotonic clock; null while there is.</summary>
    internal TimeSpan? DownFor
    {
        get
        {
            lock (sync)
            {
                return downUtc is null ? null : Moment.MonoOf(clock) - downMono;
            }
        }
    }

    /// <summary>Away, and to be asked again now.</summary>
    internal bool AskDue
    {
        get
        {
            lock (sync)
            {
                return IsDue();
            }
        }
    }

    /// <summary>True for one caller: it asks, and until it has an answer, or the pause is over, nobody else does.</summary>
    internal bool TakeAsk()
    {
        lock (sync)
        {
            if (!IsDue())
            {
                return false;
            }

            failures++;
            nextUtc = clock.GetUtcNow() + OutboxRules.RelayPause(failures);
            return true;
        }
    }

    internal (DateTimeOffset? DownUtc, string Reply, DateTimeOffset? NextUtc) State
    {
        get
        {
            lock (sync)
            {
                return (downUtc, reply, nextUtc);
            }
        }
    }

    /// <summary>No line. Gives when to ask again; failures of lines tried at the same time count once.</summary>
    internal DateTimeOffset Failed(string why)
    {
        lock (sync)
        {
            var now = clock.GetUtcNow();
            if (nextUtc is null || now >= nextUtc || nextUtc - now > OutboxRules.LongestPause)
            {
                failures++;
                nextUtc = now + OutboxRules.RelayPause(failures);
            }

            downMono = downUtc is null ? Moment.MonoOf(clock) : downMono;
            downUtc ??= now;
            reply = why;
            return nextUtc.Value;
        }
    }

    /// <summary>A line was opened. True if the relay had been away.</summary>
    internal bool Opened()
    {
        lock (sync)
        {
            var back = downUtc is not null;
            (failures, downUtc, nextUtc, reply) = (0, null, null, "");
            return back;
        }
    }

    private bool IsDue()
    {
        var now = clock.GetUtcNow();
        return downUtc is not null && (nextUtc is not { } next || now >= next || next - now > OutboxRules.LongestPause);
    }
}
