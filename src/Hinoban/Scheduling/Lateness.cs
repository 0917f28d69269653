namespace Hinoban.Scheduling;

/// <summary>How far looks started behind their due time over the last minute: 99th percentile and maximum, in fixed memory.</summary>
internal sealed class Lateness
{
    private const int Slices = 6;
    private const int Buckets = 96;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(10);
    private readonly int[,] counts = new int[Slices + 1, Buckets];
    private readonly long[] totals = new long[Slices + 1];
    private readonly TimeSpan[] greatest = new TimeSpan[Slices + 1];
    private long current;

    internal void Note(TimeSpan late, TimeSpan now)
    {
        Turn(now);
        var at = (int)(current % (Slices + 1));
        counts[at, BucketOf(late)]++;
        totals[at]++;
        greatest[at] = late > greatest[at] ? late : greatest[at];
    }

    /// <summary>Over the last 60 to 70 seconds. The percentile is the upper edge of its bucket, at most 19 % above the true value.</summary>
    internal (TimeSpan P99, TimeSpan Max) Read(TimeSpan now)
    {
        Turn(now);
        var (max, total) = (greatest[0], totals[0]);
        for (var slice = 1; slice <= Slices; slice++)
        {
            max = greatest[slice] > max ? greatest[slice] : max;
            total += totals[slice];
        }

        if (max <= EdgeOf(0))
        {
            return (max, max); // of a site in step, which is nearly always
        }

        var above = total / 100;
        for (var bucket = Buckets - 1; bucket >= 0; bucket--)
        {
            for (var slice = 0; slice <= Slices; slice++)
            {
                above -= counts[slice, bucket];
            }

            if (above < 0)
            {
                return (EdgeOf(bucket) < max ? EdgeOf(bucket) : max, max);
            }
        }

        return (TimeSpan.Zero, max);
    }

    private void Turn(TimeSpan now)
    {
        var slice = now.Ticks / Slice.Ticks;
        for (var gone = Math.Max(current + 1, slice - Slices); gone <= slice; gone++)
        {
            var at = (int)(gone % (Slices + 1));
            (greatest[at], totals[at]) = (TimeSpan.Zero, 0);
            for (var bucket = 0; bucket < Buckets; bucket++)
            {
                counts[at, bucket] = 0;
            }
        }

        current = Math.Max(current, slice);
    }

    // Four buckets to a doubling, from 1 ms: 96 reach over four hours.
    private static int BucketOf(TimeSpan late) =>
        late.TotalMilliseconds <= 1 ? 0 : Math.Min(Buckets - 1, (int)Math.Ceiling(Math.Log2(late.TotalMilliseconds) * 4));

    private static TimeSpan EdgeOf(int bucket) => TimeSpan.FromMilliseconds(Math.Pow(2, bucket / 4.0));
}
