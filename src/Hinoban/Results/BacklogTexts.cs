using Dapper;
using Hinoban.Checks;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>Which looks of a backlog batch printed something new, compared with what is kept from before and between them. It asks for many items at once: the desk's only writer waits for it.</summary>
internal static class BacklogTexts
{
    private const int ItemsAtOnce = 100;

    /// <summary>An item that there is not, so that every part has as many.</summary>
    private const long Nobody = -1;

    // Of each item the last text before them all, and those up to the last of them. The cross join is taken in its order, so that each item is one look into the key.
    private static readonly string Query =
        $"""
        with wanted (item) as (values {string.Join(", ", Enumerable.Range(0, ItemsAtOnce).Select(i => $"(cast(@i{i} as bigint))"))})
        select t.item as Item, t.at_utc as At, t.status as Status, t.output as Output from wanted w cross join sample_texts t
        where t.item = w.item and t.site = @site and t.at_utc <= @last
        and t.at_utc >= coalesce((select max(b.at_utc) from sample_texts b where b.item = w.item and b.site = @site and b.at_utc <= @first), @first)
        order by t.at_utc
        """;

    internal static List<CheckResult> New(Tx tx, ResultBatch batch)
    {
        var found = new List<CheckResult>();
        foreach (var items in batch.Results.GroupBy(r => r.Item.Value).Chunk(ItemsAtOnce))
        {
            var (first, last) = (items.Min(i => i.Min(Sample.AtOf)), items.Max(i => i.Max(Sample.AtOf)));
            var known = Known(tx, batch.Site.Value, [.. items.Select(i => i.Key)], first, last);
            found.AddRange(items.SelectMany(i => NewOf(i.OrderBy(r => r.StartedUtc), [.. known[i.Key]])));
        }

        return found;
    }

    private static ILookup<long, Text> Known(Tx tx, string site, int[] items, long first, long last)
    {
        var values = new DynamicParameters(new { site, first, last });
        for (var i = 0; i < ItemsAtOnce; i++)
        {
            values.Add($"i{i}", i < items.Length ? items[i] : Nobody);
        }

        return tx.Connection.Query<Text>(Query, values, tx.Transaction).ToLookup(t => t.Item);
    }

    private static IEnumerable<CheckResult> NewOf(IEnumerable<CheckResult> results, IReadOnlyList<Text> known)
    {
        var next = 0;
        Text? before = null;
        foreach (var result in results)
        {
            var (at, status, output) = (Sample.AtOf(result), result.Answer.Status, SampleStore.Kept(result));
            for (; next < known.Count && known[next].At <= at; next++)
            {
                before = known[next];
            }

            // Of one millisecond the first is kept.
            if (before is null || (before.At != at && OutputChange.Is((CheckStatus)before.Status, before.Output, status, output)))
            {
                before = new Text(result.Item.Value, at, (long)status, output);
                yield return result;
            }
        }
    }

    private sealed record Text(long Item, long At, long Status, string Output);
}
