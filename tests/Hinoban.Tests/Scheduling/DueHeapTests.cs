using FsCheck.Fluent;
using FsCheck;
using Hinoban.Scheduling;

namespace Hinoban.Tests.Scheduling;

public sealed class DueHeapTests
{
    [Fact]
    public void Behaves_as_a_sorted_list() => Prop.ForAll<(byte Slot, short Due, bool Remove)[]>(steps =>
    {
        var heap = new DueHeap();
        var model = new Dictionary<int, TimeSpan>();
        foreach (var (slot, due, remove) in steps)
        {
            if (remove)
            {
                heap.Remove(slot);
                model.Remove(slot);
            }
            else
            {
                heap.Set(slot, TimeSpan.FromTicks(due));
                model[slot] = TimeSpan.FromTicks(due);
            }

            if (heap.Count != model.Count || heap.Contains(slot) != model.ContainsKey(slot))
            {
                return false;
            }
        }

        foreach (var (slot, due) in model.OrderBy(m => (m.Value, m.Key)))
        {
            if (!heap.TryPeek(out var first, out var at) || (first, at) != (due, slot))
            {
                return false;
            }

            heap.Remove(at);
        }

        return heap.Count == 0;
    }).QuickCheckThrowOnFailure();
}
