using Hinoban.Basics;

namespace Hinoban.Flow;

/// <summary>
/// Who stands before the gate with posted results, and since when: whoever judges a passive item's freshness inside the gate knows that a value has
/// arrived, though it is not taken yet.
/// </summary>
internal sealed class PostDoor
{
    private readonly Lock sync = new();
    private readonly HashSet<Waiter> waiting = [];

    /// <summary>Results have arrived; dispose when they are taken or refused.</summary>
    internal IDisposable Enter(CustomerId customer, IEnumerable<string> titles, TimeSpan arrivedMono)
    {
        var waiter = new Waiter(this, customer, [.. titles], arrivedMono);
        lock (sync)
        {
            waiting.Add(waiter);
        }

        return waiter;
    }

    /// <summary>When the latest one for the item arrived; null if none waits.</summary>
    internal TimeSpan? Waiting(CustomerId customer, string title)
    {
        lock (sync)
        {
            return waiting.Count == 0 ? null : waiting.Where(w => w.Customer == customer && w.Titles.Contains(title)).Max(w => (TimeSpan?)w.ArrivedMono);
        }
    }

    private void Leave(Waiter waiter)
    {
        lock (sync)
        {
            waiting.Remove(waiter);
        }
    }

    private sealed class Waiter(PostDoor door, CustomerId customer, HashSet<string> titles, TimeSpan arrivedMono) : IDisposable
    {
        internal CustomerId Customer => customer;

        internal HashSet<string> Titles => titles;

        internal TimeSpan ArrivedMono => arrivedMono;

        public void Dispose() => door.Leave(this);
    }
}
