namespace Hinoban.Storage;

/// <summary>
/// Who passes the writer's gate first. Something short (a person's command, a mail's end) waits for what is inside and for what came before it. Something long comes in
/// parts, and lets all who wait go before each of them: nobody short ever waits for more than one part.
/// </summary>
internal sealed class GateTurns(Lock gate)
{
    private readonly Lock parts = new();
    private readonly object turn = new();
    private long came;
    private long went;

    /// <summary>How many short ones stand before the gate.</summary>
    internal long Waiting
    {
        get
        {
            lock (turn)
            {
                return came - went;
            }
        }
    }

    /// <summary>Passes in the order of coming.</summary>
    internal T First<T>(Func<T> work)
    {
        if (gate.IsHeldByCurrentThread)
        {
            return work();
        }

        Wait();
        gate.Enter();
        try
        {
            Pass();
            return work();
        }
        finally
        {
            gate.Exit();
        }
    }

    /// <summary>Passes when all who stand before the gate have gone, and one part at a time.</summary>
    internal T Last<T>(Func<T> part)
    {
        if (gate.IsHeldByCurrentThread)
        {
            return part();
        }

        lock (parts)
        {
            GiveWay();
            lock (gate)
            {
                return part();
            }
        }
    }

    private void Wait()
    {
        lock (turn)
        {
            var mine = came++;
            while (went != mine)
            {
                Monitor.Wait(turn);
            }
        }
    }

    private void Pass()
    {
        lock (turn)
        {
            went++;
            Monitor.PulseAll(turn);
        }
    }

    // Who comes while it waits comes after it, or nothing long would ever end.
    private void GiveWay()
    {
        lock (turn)
        {
            var before = came;
            while (went < before)
            {
                Monitor.Wait(turn);
            }
        }
    }
}
