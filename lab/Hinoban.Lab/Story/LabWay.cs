namespace Hinoban.Lab.Story;

/// <summary>
/// One direction of a line. What is sent arrives in order after the delay. While it is cut nothing arrives; what was sent meanwhile arrives when it is
/// mended, as TCP repeats it, if the receiver still wants it then.
/// </summary>
internal sealed class LabWay
{
    private readonly LabClock clock;
    private readonly ITimer timer;
    private readonly Queue<(Action<object?> Arrive, object? What)> held = new();
    private readonly Queue<(TimeSpan At, Action<object?> Arrive, object? What)> underWay = new();
    private TimeSpan last;

    internal LabWay(LabClock clock)
    {
        this.clock = clock;
        timer = clock.CreateTimer(static way => ((LabWay)way!).Arrive(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(2);

    internal TimeSpan Now => clock.Elapsed;

    internal bool IsCut { get; private set; }

    /// <summary>It was cut, or mended.</summary>
    internal event Action? Turned;

    internal void Cut()
    {
        IsCut = true;
        Turned?.Invoke();
    }

    internal void Mend()
    {
        IsCut = false;
        while (held.TryDequeue(out var waiting))
        {
            Carry(waiting.Arrive, waiting.What);
        }

        Turned?.Invoke();
    }

    internal void Carry(Action arrive) => Carry(static arrive => ((Action)arrive!)(), arrive);

    /// <summary>Carries something; <paramref name="arrive"/> runs in nobody's context.</summary>
    internal void Carry(Action<object?> arrive, object? what)
    {
        if (IsCut)
        {
            held.Enqueue((arrive, what));
            return;
        }

        last = clock.Elapsed + Delay > last ? clock.Elapsed + Delay : last;
        underWay.Enqueue((last, arrive, what));
        if (underWay.Count == 1)
        {
            timer.Change(last - clock.Elapsed, Timeout.InfiniteTimeSpan);
        }
    }

    private void Arrive()
    {
        while (underWay.TryPeek(out var first) && first.At <= clock.Elapsed)
        {
            underWay.Dequeue();

            // Cut while it was on its way: it waits like the rest.
            if (IsCut)
            {
                held.Enqueue((first.Arrive, first.What));
            }
            else
            {
                first.Arrive(first.What);
            }
        }

        if (underWay.TryPeek(out var next))
        {
            timer.Change(next.At - clock.Elapsed, Timeout.InfiniteTimeSpan);
        }
    }
}
