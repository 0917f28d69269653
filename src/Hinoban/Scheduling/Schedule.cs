using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Scheduling;

/// <summary>
/// When each of a site's items is looked at next. Pure bookkeeping over arrays, for one caller at a time: it starts nothing and reads no
/// clock. An item is in exactly one place: waiting for its time, queued (taken, not begun) or out (a look is under way).
/// </summary>
internal sealed class Schedule
{
    private readonly DueHeap slots = new();
    private readonly DueHeap retries = new();
    private readonly StartPace pace = new();
    private readonly Lateness lateness = new();
    private readonly Dictionary<ItemId, int> places = [];
    private readonly Stack<int> free = new();
    private readonly Dictionary<int, (long Request, TimeSpan Timeout)> asked = [];
    private Entry[] entries = [];
    private long tickets;

    private enum Whereabouts : byte
    {
        /// <summary>In a heap until its time comes.</summary>
        Waiting,

        /// <summary>Handed out; its look has not begun.</summary>
        Queued,

        /// <summary>Its look is under way.</summary>
        Out,
    }

    internal int Items { get; private set; }

    /// <summary>Cycles of items that passed without a look, because one was still out or the engine stood still.</summary>
    internal long MissedCycles { get; private set; }

    /// <summary>Items with a look queued or out.</summary>
    internal int Taken { get; private set; }

    internal (TimeSpan P99, TimeSpan Max) LatenessAt(TimeSpan now) => lateness.Read(now);

    /// <summary>
    /// Swaps the plan: items that stay keep their slot, their retry and their look under way; new ones wait for their own slot, which
    /// spreads them; a changed interval or rank takes effect at the next slot of the new phase.
    /// </summary>
    internal void Apply(SitePlan plan, Moment now)
    {
        var wanted = plan.Items.Select(i => i.Item.Id).ToHashSet();
        foreach (var (id, slot) in places.Where(p => !wanted.Contains(p.Key)).ToList())
        {
            entries[slot].Gone = true;
            FreeIfIdle(id, slot);
        }

        foreach (var item in plan.Items)
        {
            if (places.TryGetValue(item.Item.Id, out var slot))
            {
                Change(slot, item, now);
            }
            else
            {
                Add(item, now);
            }
        }

        Items = plan.Items.Count;
        pace.For(plan.Items.Sum(i => 1 / i.Item.Interval.TotalSeconds));
    }

    /// <summary>The earliest look that is due, if any; it is queued from now on.</summary>
    internal bool TryTake(Moment now, out DueLook look)
    {
        if (retries.TryPeek(out var due, out var slot) && due <= now.Mono)
        {
            retries.Remove(slot);
            look = Queue(slot, DueCause.Retry, 0, entries[slot].Item!.Item.Confirmation, due);
            return true;
        }

        while (slots.TryPeek(out due, out slot) && due <= now.Mono)
        {
            var item = entries[slot].Item!;
            if (now.Mono - due > item.Item.Interval / 2)
            {
                Skip(ref entries[slot], now); // a stall: its next slot is nearer than the one it missed
                slots.Set(slot, entries[slot].Due);
            }
            else if (pace.TryTake(now.Mono))
            {
                slots.Remove(slot);
                look = Queue(slot, DueCause.Slot, 0, item.Item.Timeout, due);
                return true;
            }
            else
            {
                break;
            }
        }

        look = default;
        return false;
    }

    internal bool Knows(ItemId item) => places.TryGetValue(item, out var slot) && !entries[slot].Gone;

    /// <summary>When <see cref="TryTake"/> may give something next (monotonic); null if nothing waits.</summary>
    internal TimeSpan? NextDue(TimeSpan now)
    {
        var slot = !slots.TryPeek(out var due, out _) ? (TimeSpan?)null : due > now ? due : pace.Next(now);
        return retries.TryPeek(out var retry, out _) && !(slot < retry) ? retry : slot;
    }

    /// <summary>
    /// A request to look now. Returns the look to queue at once; null if one of the item is out (then <see cref="End"/> returns it: a
    /// reply counts only if its look starts after the request), if one is asked for already, or if the item is not in the plan.
    /// </summary>
    internal DueLook? Ask(long request, ItemId item, TimeSpan timeout, Moment now)
    {
        if (!places.TryGetValue(item, out var slot) || entries[slot].Gone)
        {
            return null;
        }

        ref var entry = ref entries[slot];
        // One look answers all requests made before it starts.
        asked[slot] = (request, asked.TryGetValue(slot, out var before) ? Max(before.Timeout, timeout) : timeout);
        if (entry.At == Whereabouts.Out || entry.Urgent)
        {
            return null;
        }

        slots.Remove(slot);
        retries.Remove(slot);
        return QueueAsked(slot, now.Mono);
    }

    /// <summary>The look begins: as plan and requests have it now, or null if it has been overtaken and must not.</summary>
    internal DueLook? Begin(in DueLook look, Moment now)
    {
        ref var entry = ref entries[look.Slot];
        if (entry.Ticket != look.Ticket || entry.At != Whereabouts.Queued)
        {
            return null;
        }

        if (entry.Gone)
        {
            Idle(ref entry);
            FreeIfIdle(entry.Item!.Item.Id, look.Slot);
            return null;
        }

        (entry.At, entry.Urgent) = (Whereabouts.Out, false);
        if (look.Cause == DueCause.Request)
        {
            asked.Remove(look.Slot, out var wish);
            return look with { Item = entry.Item!.Item, Request = wish.Request, Timeout = wish.Timeout };
        }

        lateness.Note(now.Mono - look.Due, now.Mono);
        var item = entry.Item!.Item;
        return look with { Item = item, Timeout = look.Cause == DueCause.Retry ? item.Confirmation : item.Timeout };
    }

    /// <summary>
    /// The look has ended, however it did: its item is armed again, for a retry counted from the look's start or for its next slot.
    /// Returns the look to queue at once if somebody asked for one meanwhile.
    /// </summary>
    internal DueLook? End(in DueLook look, TimeSpan started, bool retry, Moment now)
    {
        ref var entry = ref entries[look.Slot];
        Idle(ref entry);
        if (entry.Gone)
        {
            FreeIfIdle(entry.Item!.Item.Id, look.Slot);
            return null;
        }

        Rearm(ref entry, look, started, retry, now);
        if (asked.ContainsKey(look.Slot))
        {
            return QueueAsked(look.Slot, now.Mono);
        }

        (entry.Retrying ? retries : slots).Set(look.Slot, entry.Due);
        return null;
    }

    private void Rearm(ref Entry entry, in DueLook look, TimeSpan started, bool retry, Moment now)
    {
        if (retry)
        {
            (entry.Due, entry.Retrying) = (Max(started + entry.Item!.Item.Retry, now.Mono), true);
        }
        else if (entry.Retrying || entry.Moved)
        {
            (entry.Due, entry.Retrying) = (now.Mono + PhaseMath.UntilNext(entry.Item!, now.Utc), false);
        }
        else if (look.Cause == DueCause.Slot)
        {
            entry.Due = PhaseMath.After(entry.Item!, look.Due, now, out var missed);
            MissedCycles += missed;
        }
        else if (entry.Due <= now.Mono)
        {
            // A requested look was out when the slot came: it has just been looked at.
            entry.Due = PhaseMath.After(entry.Item!, entry.Due, now, out var missed);
            MissedCycles += missed;
        }

        entry.Moved = false;
    }

    private void Skip(ref Entry entry, Moment now)
    {
        entry.Due = PhaseMath.After(entry.Item!, entry.Due, now, out var missed);
        MissedCycles += missed + 1;
    }

    private DueLook Queue(int slot, DueCause cause, long request, TimeSpan timeout, TimeSpan due)
    {
        ref var entry = ref entries[slot];
        Taken += entry.At == Whereabouts.Waiting ? 1 : 0;
        entry.At = Whereabouts.Queued;
        entry.Ticket = ++tickets;
        return new DueLook(slot, entry.Ticket, entry.Item!.Item, cause, request, timeout, due);
    }

    private DueLook QueueAsked(int slot, TimeSpan now)
    {
        ref var entry = ref entries[slot];
        entry.Urgent = true;
        return Queue(slot, DueCause.Request, asked[slot].Request, asked[slot].Timeout, now);
    }

    private void Idle(ref Entry entry)
    {
        Taken--;
        (entry.At, entry.Urgent) = (Whereabouts.Waiting, false);
    }

    private void Change(int slot, SiteItem item, Moment now)
    {
        ref var entry = ref entries[slot];
        var old = entry.Item!;
        var moved = (old.Item.Interval, old.Rank, old.Sites) != (item.Item.Interval, item.Rank, item.Sites) || entry.Gone;
        (entry.Item, entry.Gone) = (item, false);
        if (!moved || entry.Retrying)
        {
            return;
        }

        entry.Due = now.Mono + PhaseMath.UntilNext(item, now.Utc);
        if (entry.At == Whereabouts.Waiting)
        {
            slots.Set(slot, entry.Due);
        }
        else
        {
            entry.Moved = true;
        }
    }

    private void Add(SiteItem item, Moment now)
    {
        if (!free.TryPop(out var slot))
        {
            slot = places.Count;
            if (slot == entries.Length)
            {
                Array.Resize(ref entries, Math.Max(64, entries.Length * 2));
            }
        }

        places[item.Item.Id] = slot;
        entries[slot] = new Entry { Item = item, Due = now.Mono + PhaseMath.UntilNext(item, now.Utc) };
        slots.Set(slot, entries[slot].Due);
    }

    private void FreeIfIdle(ItemId id, int slot)
    {
        if (entries[slot].At == Whereabouts.Waiting)
        {
            slots.Remove(slot);
            retries.Remove(slot);
            places.Remove(id);
            entries[slot].Item = null;
            asked.Remove(slot);
            free.Push(slot);
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private struct Entry
    {
        internal SiteItem? Item;
        internal TimeSpan Due;
        internal long Ticket;
        internal Whereabouts At;

        /// <summary><see cref="Due"/> is a retry, not a slot.</summary>
        internal bool Retrying;

        /// <summary>Its phase changed while a look was queued or out.</summary>
        internal bool Moved;

        /// <summary>Not in the plan any more; freed when its look has ended.</summary>
        internal bool Gone;

        /// <summary>Queued as a requested look.</summary>
        internal bool Urgent;
    }
}
