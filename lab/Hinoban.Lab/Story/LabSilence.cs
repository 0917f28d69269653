using Hinoban.Results;

namespace Hinoban.Lab.Story;

/// <summary>
/// When a site takes a stream of orders for dead. The beats on it are not played one by one: as long as the way is whole and the other end runs, each of them
/// would come, and only what keeps them from coming is an event.
/// </summary>
internal sealed class LabSilence : IDisposable
{
    private readonly LabNode node;
    private readonly LabWay way;
    private readonly TimeProvider clock;
    private readonly ITimer limit;
    private LabNode? speaks;
    private long heard;
    private bool beats;

    /// <param name="node">Who listens.</param>
    /// <param name="way">To it.</param>
    /// <param name="silent">What it does then.</param>
    internal LabSilence(LabNode node, LabWay way, Action silent)
    {
        (this.node, this.way, clock) = (node, way, node.Clock);
        heard = clock.GetTimestamp();
        limit = clock.CreateTimer(static silent => ((Action)silent!)(), silent, HttpSiteLink.SilenceLimit, Timeout.InfiniteTimeSpan);
        way.Turned += Turned;
    }

    /// <summary>The other end gives orders from now on.</summary>
    internal void Opened(LabNode by)
    {
        speaks = by;
        by.Turned += Turned;
        Turned();
    }

    /// <summary>Something has come.</summary>
    internal void Ends()
    {
        heard = clock.GetTimestamp();
        if (!beats)
        {
            limit.Change(HttpSiteLink.SilenceLimit, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        way.Turned -= Turned;
        speaks?.Turned -= Turned;
        limit.Dispose();
    }

    private void Turned()
    {
        if (!node.Alive)
        {
            Dispose();
            return;
        }

        var now = clock.GetTimestamp();
        var before = beats;
        beats = speaks is { Alive: true, Stands: false } && !way.IsCut;
        if (beats && !before)
        {
            // What was held back comes at once.
            heard = now;
            limit.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        else if (before && !beats)
        {
            var since = clock.GetElapsedTime(heard, now);
            var last = TimeSpan.FromTicks(since.Ticks % Beats.Every.Ticks);
            limit.Change(HttpSiteLink.SilenceLimit - last, Timeout.InfiniteTimeSpan);
        }
    }
}
