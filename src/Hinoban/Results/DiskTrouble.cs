namespace Hinoban.Results;

/// <summary>
/// Whether the disk takes results, since when it does not, and when it is tried again; tells each turn once. The spool guards it by its lock,
/// the numbers are read from anywhere.
/// </summary>
internal sealed class DiskTrouble(TimeProvider clock, TimeSpan tryEvery, Action<Exception?>? turned)
{
    private readonly Lock gate = new();
    private (long Since, long Tried)? failing;
    private long refused;

    internal bool Failing => Now is not null;

    internal bool MayTry => Now is not { } at || clock.GetElapsedTime(at.Tried) >= tryEvery;

    /// <summary>Null while it takes them.</summary>
    internal TimeSpan? For => Now is { } at ? clock.GetElapsedTime(at.Since) : null;

    /// <summary>Results that it did not take, in this run.</summary>
    internal long Refused => Interlocked.Read(ref refused);

    internal void Refuse(int results) => Interlocked.Add(ref refused, results);

    internal void Failed(Exception failure)
    {
        var now = clock.GetTimestamp();
        bool first;
        lock (gate)
        {
            first = failing is null;
            failing = (failing?.Since ?? now, now);
        }

        if (first)
        {
            turned?.Invoke(failure);
        }
    }

    internal void Took()
    {
        bool was;
        lock (gate)
        {
            was = failing is not null;
            failing = null;
        }

        if (was)
        {
            turned?.Invoke(null);
        }
    }

    private (long Since, long Tried)? Now
    {
        get
        {
            lock (gate)
            {
                return failing;
            }
        }
    }
}
