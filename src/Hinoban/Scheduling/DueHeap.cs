namespace Hinoban.Scheduling;

/// <summary>
/// Slots ordered by due time: a four-way heap over plain arrays that knows where each slot is, so that any of a million can be moved or
/// taken out in a few steps and without a byte of garbage. Equal times come out in the order of their slots.
/// </summary>
internal sealed class DueHeap
{
    private const int Ways = 4;
    private (long Due, int Slot)[] heap = new (long, int)[64];
    private int[] places = [];

    internal int Count { get; private set; }

    internal bool Contains(int slot) => slot < places.Length && places[slot] > 0;

    /// <summary>The earliest; false if empty.</summary>
    internal bool TryPeek(out TimeSpan due, out int slot)
    {
        (due, slot) = Count > 0 ? (TimeSpan.FromTicks(heap[0].Due), heap[0].Slot) : default;
        return Count > 0;
    }

    /// <summary>Puts a slot in, or moves it if it is there.</summary>
    internal void Set(int slot, TimeSpan due)
    {
        if (slot >= places.Length)
        {
            Array.Resize(ref places, Math.Max(slot + 1, places.Length * 2));
        }

        var at = places[slot] - 1;
        if (at < 0)
        {
            if (Count == heap.Length)
            {
                Array.Resize(ref heap, heap.Length * 2);
            }

            at = Count++;
        }

        Sift(at, (due.Ticks, slot));
    }

    internal void Remove(int slot)
    {
        if (!Contains(slot))
        {
            return;
        }

        var at = places[slot] - 1;
        places[slot] = 0;
        var last = heap[--Count];
        if (at < Count)
        {
            Sift(at, last);
        }
    }

    // Finds the place for an entry that shall stand around `at`: up first, else down.
    private void Sift(int at, (long Due, int Slot) entry)
    {
        while (at > 0 && entry.CompareTo(heap[(at - 1) / Ways]) < 0)
        {
            Put(at, heap[(at - 1) / Ways]);
            at = (at - 1) / Ways;
        }

        while (true)
        {
            var least = -1;
            var first = (at * Ways) + 1;
            for (var child = first; child < Math.Min(first + Ways, Count); child++)
            {
                if (heap[child].Slot != entry.Slot && heap[child].CompareTo(entry) < 0 && (least < 0 || heap[child].CompareTo(heap[least]) < 0))
                {
                    least = child;
                }
            }

            if (least < 0)
            {
                Put(at, entry);
                return;
            }

            Put(at, heap[least]);
            at = least;
        }
    }

    private void Put(int at, (long Due, int Slot) entry)
    {
        heap[at] = entry;
        places[entry.Slot] = at + 1;
    }
}
