using System.Security.Cryptography;
using System.Text;
using Hinoban.Basics;
using Hinoban.Checks;

namespace Hinoban.Results;

/// <summary>A result that somebody else found and posts for a passive item. Time is the poster's own and orders its results; it is never an age.</summary>
internal sealed record PostedResult(ItemId Item, string Title, DateTimeOffset TimeUtc, CheckStatus Status, string Output, string LongOutput, string Perfdata, string Id)
{
    /// <summary>Two results of one time are the same if they bear the same id, or none and the same content.</summary>
    internal string Mark => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        Id.Length > 0 ? $"id {Id}" : FormattableString.Invariant($"is {(int)Status}\0{Output}\0{LongOutput}\0{Perfdata}"))).AsSpan(0, 8));

    internal LookAnswer Answer => new(Status, Reply.Answer, NoValue.None, Output, LongOutput, Perfdata);
}

/// <summary>What became of a posted result.</summary>
internal enum PostedFate
{
    /// <summary>It is the item's word now.</summary>
    Taken,

    /// <summary>It was posted before: nothing changes.</summary>
    Repeated,

    /// <summary>Its time is before that of the last one taken: nothing changes.</summary>
    Older,

    /// <summary>The item is stopped, or has just left the plan: nobody asks for it now.</summary>
    NotWatched,
}

/// <summary>The last result that was taken of an item, with the identities of all that bore its time.</summary>
internal sealed record LastPosted(DateTimeOffset TimeUtc, IReadOnlyList<string> Marks);

/// <summary>Which posted results are new: in the order of their times, each once, whoever posts them again. A time that is ahead of the desk's orders no right one.</summary>
internal static class PostedRules
{
    /// <summary>So much the clocks of a poster and of the desk may differ without anybody having set one.</summary>
    internal static readonly TimeSpan MostApart = TimeSpan.FromMinutes(5);

    /// <summary>What becomes of one result that arrived at <paramref name="arrivedUtc"/>, and the last one after it.</summary>
    internal static (PostedFate Fate, LastPosted? Last) Take(LastPosted? last, PostedResult result, DateTimeOffset arrivedUtc)
    {
        if (last is null || result.TimeUtc > last.TimeUtc || IsSetRight(last, result, arrivedUtc))
        {
            return (PostedFate.Taken, new LastPosted(result.TimeUtc, [result.Mark]));
        }

        if (result.TimeUtc < last.TimeUtc)
        {
            return (PostedFate.Older, last);
        }

        return last.Marks.Contains(result.Mark)
            ? (PostedFate.Repeated, last)
            : (PostedFate.Taken, last with { Marks = [.. last.Marks, result.Mark] });
    }

    // The last one was dated by a clock that was ahead, and this one is not: what that clock said does not order. While both are ahead of the
    // desk's, one clock is wrong and orders as well as a right one.
    private static bool IsSetRight(LastPosted last, PostedResult result, DateTimeOffset arrivedUtc) =>
        last.TimeUtc > arrivedUtc + MostApart && result.TimeUtc <= arrivedUtc + MostApart;
}
