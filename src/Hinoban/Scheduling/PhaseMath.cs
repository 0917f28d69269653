using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Scheduling;

/// <summary>
/// When an item's looks start: in UTC slots that every site computes alone. Items are spread over their interval by a hash of their id, those
/// that are looked at from inside one host together by a hash of the host, so that one round trip answers them all;
/// the sites of one item look in turn, each an equal part of the interval after the one before.
/// </summary>
internal static class PhaseMath
{
    /// <summary>The part of an interval that a look may be moved by per cycle, to bring it back to its slot after the wall clock stepped.</summary>
    internal const int RephaseParts = 10;

    /// <summary>
    /// The offset of an item's slots from whole multiples of its interval since 1970. Where one interval is a multiple of another, items of
    /// one key meet in the longer one's slots.
    /// </summary>
    internal static TimeSpan OffsetOf(int key, TimeSpan interval, int rank, int sites)
    {
        var spread = (long)(Hash(key) % (ulong)interval.Ticks);
        var turn = sites > 1 ? interval.Ticks / sites * (rank % sites) : 0;
        return TimeSpan.FromTicks((spread + turn) % interval.Ticks);
    }

    /// <summary>What an item's phase is drawn from: its id, or the host that is asked for it and others in one go.</summary>
    internal static int KeyOf(ItemPlan item) => item.Look is InsideLookPlan { Way.Host: var host } ? KeyOf(item.Customer, host) : item.Id.Value;

    /// <summary>How long after <paramref name="utc"/> the item's next slot begins, from more than zero up to the interval.</summary>
    internal static TimeSpan UntilNext(SiteItem item, DateTimeOffset utc)
    {
        var interval = item.Item.Interval.Ticks;
        var since = (utc.UtcTicks - DateTimeOffset.UnixEpoch.Ticks - OffsetOf(KeyOf(item.Item), item.Item.Interval, item.Rank, item.Sites).Ticks) % interval;
        return TimeSpan.FromTicks(since < 0 ? -since : interval - since);
    }

    /// <summary>
    /// The due time after the one at <paramref name="due"/> (monotonic): one interval on, moved towards the UTC slot by at most a tenth of
    /// the interval. Each slot that has passed meanwhile is skipped and counted in <paramref name="missed"/>.
    /// </summary>
    internal static TimeSpan After(SiteItem item, TimeSpan due, Moment now, out long missed)
    {
        var interval = item.Item.Interval;
        missed = now.Mono - due >= interval ? (now.Mono - due).Ticks / interval.Ticks : 0;
        var next = due + (interval * (missed + 1));
        var slot = UntilNext(item, now.Utc + (next - now.Mono));
        var error = slot > interval / 2 ? slot - interval : slot; // to the nearest slot, behind or ahead
        var most = interval / RephaseParts;
        var moved = next + (error > most ? most : error < -most ? -most : error);
        return moved > now.Mono ? moved : next;
    }

    // FNV-1a over the names, which stay when items come and go; below zero, where no id is.
    private static int KeyOf(CustomerId customer, string host)
    {
        var hash = 2166136261u;
        foreach (var c in customer.Value.Append('/').Concat(host))
        {
            hash = unchecked((hash ^ c) * 16777619u);
        }

        return unchecked((int)(hash | 0x80000000u));
    }

    /// <summary>SplitMix64: the same on every machine and in every version, unlike the framework's hash codes.</summary>
    internal static ulong Hash(int id)
    {
        var z = unchecked((ulong)id + 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }
}
