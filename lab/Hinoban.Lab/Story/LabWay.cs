namespace Hinoban.Lab.Story;

/// <summary>
/// One direction of a line. What is sent arrives in order after the delay. While it is cut nothing arrives; what was sent meanwhile arrives when it is
/// mended, as TCP repeats it, if the receiver still wants it then.
/// </summary>
internal sealed class LabWay(LabLoop loop, LabClock clock)
{
    private readonly Queue<Action> held = new();
    private TimeSpan last;

    internal TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(2);

    internal bool IsCut { get; private set; }

    internal void Cut() => IsCut = true;

    internal void Mend()
    {
        IsCut = false;
        while (held.TryDequeue(out var waiting))
        {
            Carry(waiting);
        }
    }

    /// <summary>Carries something; <paramref name="arrive"/> runs in nobody's context.</summary>
    internal void Carry(Action arrive)
    {
        if (IsCut)
        {
            held.Enqueue(arrive);
            return;
        }

        last = clock.Elapsed + Delay > last ? clock.Elapsed + Delay : last;
        if (last <= clock.Elapsed)
        {
            loop.Post(_ => Arrive(arrive), null);
        }
        else
        {
            clock.CreateTimer(static state => ((Action)state!)(), () => Arrive(arrive), last - clock.Elapsed, Timeout.InfiniteTimeSpan);
        }
    }

    // Cut while it was on its way: it waits like the rest.
    private void Arrive(Action arrive)
    {
        if (IsCut)
        {
            held.Enqueue(arrive);
        }
        else
        {
            arrive();
        }
    }
}
