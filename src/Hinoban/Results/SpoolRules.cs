using Hinoban.Basics;

namespace Hinoban.Results;

/// <summary>Which results still tell how things are, when the desk has been away too long for the rest.</summary>
internal static class SpoolRules
{
    /// <summary>The newest result of each item stays live; what it has overtaken fills history. Both keep their order.</summary>
    internal static (List<CheckResult> Live, List<CheckResult> Backlog) Split(IReadOnlyList<CheckResult> waiting)
    {
        var newest = new Dictionary<ItemId, int>(waiting.Count);
        for (var i = 0; i < waiting.Count; i++)
        {
            if (!newest.TryGetValue(waiting[i].Item, out var other) || waiting[other].StartedMono <= waiting[i].StartedMono)
            {
                newest[waiting[i].Item] = i;
            }
        }

        var live = new List<CheckResult>(newest.Count);
        var backlog = new List<CheckResult>(waiting.Count - newest.Count);
        for (var i = 0; i < waiting.Count; i++)
        {
            (newest[waiting[i].Item] == i ? live : backlog).Add(waiting[i]);
        }

        return (live, backlog);
    }

    /// <summary>
    /// The lane of a batch that may or may not be at the desk, when it is posted again: its content is fixed, so it goes as a whole.
    /// It stays live while it holds the newest look at any item; overtaken results in it carry their age, which voids them as votes.
    /// </summary>
    internal static Lane LaneOf(SpooledBatch inDoubt, IReadOnlyList<CheckResult> waiting)
    {
        var later = waiting.Select(r => r.Item).ToHashSet();
        return inDoubt.Results.All(r => later.Contains(r.Item)) ? Lane.Backlog : inDoubt.Lane;
    }

    /// <summary>Cuts a list into chunks that stay below both limits; a single large result is a chunk of its own.</summary>
    internal static IEnumerable<List<CheckResult>> Chunks(IReadOnlyList<CheckResult> results, SpoolOptions options)
    {
        var chunk = new List<CheckResult>();
        var bytes = 0;
        foreach (var result in results)
        {
            var size = SizeOf(result);
            if (chunk.Count > 0 && (chunk.Count >= options.ChunkResults || bytes + size > options.ChunkBytes))
            {
                yield return chunk;
                (chunk, bytes) = ([], 0);
            }

            chunk.Add(result);
            bytes += size;
        }

        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }

    /// <summary>The results fit into one chunk, which is a batch of its own.</summary>
    internal static bool IsOneBatch(IReadOnlyList<CheckResult> results, SpoolOptions options) =>
        results.Count <= options.ChunkResults && (results.Count == 1 || results.Sum(SizeOf) <= Math.Min(options.ChunkBytes, options.BatchBytes));

    /// <summary>The chunks, from the first, that fit into one batch; at least one if there is any.</summary>
    internal static IReadOnlyList<ChunkRow> FirstBatch(IReadOnlyList<ChunkRow> waiting, SpoolOptions options)
    {
        long results = 0, bytes = 0;
        var taken = 0;
        foreach (var row in waiting)
        {
            results += row.Results;
            bytes += row.Bytes;
            if (taken > 0 && (results > options.BatchResults || bytes > options.BatchBytes))
            {
                break;
            }

            taken++;
        }

        return waiting.Take(taken).ToList();
    }

    internal static CheckResult Cut(CheckResult result, int maxText)
    {
        var answer = result.Answer;
        return answer.Output.Length <= maxText && answer.LongOutput.Length <= maxText && answer.Perfdata.Length <= maxText
            ? result
            : result with
            {
                Answer = answer with
                {
                    Output = Cut(answer.Output, maxText),
                    LongOutput = Cut(answer.LongOutput, maxText),
                    Perfdata = Cut(answer.Perfdata, maxText),
                },
            };
    }

    private static string Cut(string text, int max) => text.Length <= max ? text : text[..max];

    internal static int SizeOf(CheckResult result) =>
        48 + (2 * (result.Answer.Output.Length + result.Answer.LongOutput.Length + result.Answer.Perfdata.Length + (result.Answer.Log?.Length ?? 0)));
}
