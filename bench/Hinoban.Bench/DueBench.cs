using System.Diagnostics;
using System.Globalization;
using Hinoban.Scheduling;

namespace Hinoban.Bench;

/// <summary>
/// What knowing the next due look costs with very many items: the schedule's four-way heap against a timing wheel of 10 ms (Varghese and Lauck 1987), each taking what is due and
/// putting it back an interval later. <c>due [ITEMS]</c>.
/// </summary>
internal static class DueBench
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(3);

    internal static int Run(string[] args)
    {
        var items = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var rounds = Math.Max(items, 1_000_000);
        var (heap, wheel) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < 3; round++)
        {
            heap = Math.Min(heap, Heap(items, rounds));
            wheel = Math.Min(wheel, Wheel(items, rounds));
        }

        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"due items={items} heap_ns_per_look={heap:0} wheel_ns_per_look={wheel:0}"));
        return 0;
    }

    private static TimeSpan Phase(int item) => TimeSpan.FromTicks((long)(PhaseMath.Hash(item) % (ulong)Interval.Ticks));

    private static double Heap(int items, int rounds)
    {
        var heap = new DueHeap();
        for (var item = 0; item < items; item++)
        {
            heap.Set(item, Phase(item));
        }

        return Measure(rounds, () =>
        {
            for (var n = 0; n < rounds; n++)
            {
                heap.TryPeek(out var due, out var item);
                heap.Remove(item);
                heap.Set(item, due + Interval);
            }
        });
    }

    private static double Wheel(int items, int rounds)
    {
        var wheel = new TimingWheel(items);
        for (var item = 0; item < items; item++)
        {
            wheel.Set(item, Phase(item));
        }

        return Measure(rounds, () =>
        {
            for (var n = 0; n < rounds; n++)
            {
                var (due, item) = wheel.Take();
                wheel.Set(item, due + Interval);
            }
        });
    }

    private static double Measure(int rounds, Action work)
    {
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        work();
        self.Refresh();
        return (self.TotalProcessorTime - before).TotalNanoseconds / rounds;
    }

    /// <summary>The candidate: rings of items that are due within the same 10 ms, for intervals up to eleven minutes; no order within a ring.</summary>
    private sealed class TimingWheel
    {
        private const int Slots = 1 << 16;
        private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
        private readonly int[] heads = new int[Slots];
        private readonly int[] nexts;
        private readonly int[] befores;
        private readonly TimeSpan[] dues;
        private long now;

        internal TimingWheel(int items)
        {
            (nexts, befores, dues) = (new int[items], new int[items], new TimeSpan[items]);
            Array.Fill(heads, -1);
        }

        internal void Set(int item, TimeSpan due)
        {
            var slot = (int)(due.Ticks / Tick.Ticks % Slots);
            (dues[item], nexts[item], befores[item]) = (due, heads[slot], -1);
            if (heads[slot] >= 0)
            {
                befores[heads[slot]] = item;
            }

            heads[slot] = item;
        }

        internal (TimeSpan Due, int Item) Take()
        {
            while (heads[now % Slots] < 0)
            {
                now++;
            }

            var item = heads[now % Slots];
            heads[now % Slots] = nexts[item];
            if (nexts[item] >= 0)
            {
                befores[nexts[item]] = -1;
            }

            return (dues[item], item);
        }
    }
}
