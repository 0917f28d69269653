namespace Hinoban.Basics;

/// <summary>Lets something happen at most once in a time: a log line that strangers can cause.</summary>
internal sealed class Pace(TimeSpan every)
{
    private readonly Lock gate = new();
    private TimeSpan? last;

    internal bool May(TimeSpan now)
    {
        lock (gate)
        {
            if (last is { } at && now - at < every)
            {
                return false;
            }

            last = now;
            return true;
        }
    }
}
