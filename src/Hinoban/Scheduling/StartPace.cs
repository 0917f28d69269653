namespace Hinoban.Scheduling;

/// <summary>
/// Limits how fast overdue looks are started after a stall: at most twice the plan's own rate, so that catching up costs no burst.
/// A token bucket on the monotonic clock; a plan in step never notices it.
/// </summary>
internal sealed class StartPace
{
    private const double LeastPerSecond = 50;
    private double perSecond = LeastPerSecond;
    private double tokens = LeastPerSecond;
    private TimeSpan filled;

    /// <summary>Sets the rate for a plan that makes <paramref name="looksPerSecond"/> when nothing is late.</summary>
    internal void For(double looksPerSecond) => perSecond = Math.Max(LeastPerSecond, looksPerSecond * 2);

    /// <summary>When the next start may be: now or a little later.</summary>
    internal TimeSpan Next(TimeSpan now)
    {
        Fill(now);
        return tokens >= 1 ? now : now + TimeSpan.FromSeconds((1 - tokens) / perSecond) + TimeSpan.FromTicks(1);
    }

    internal bool TryTake(TimeSpan now)
    {
        Fill(now);
        if (tokens < 1)
        {
            return false;
        }

        tokens--;
        return true;
    }

    private void Fill(TimeSpan now)
    {
        // One second's worth at most is saved up: the natural unevenness of slots, not the backlog of a stall.
        tokens = Math.Min(perSecond, tokens + (Math.Max(0, (now - filled).TotalSeconds) * perSecond));
        filled = now;
    }
}
