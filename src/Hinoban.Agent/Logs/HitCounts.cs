using System.Text.Json;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Logs;

/// <summary>Counts the records of a rule that is hit only by many within a time.</summary>
internal sealed class RateCount(CountWithin plan)
{
    // So many steps of the time are told apart: it can be a week long, and stands in every checkpoint.
    private const int Steps = 200;
    private readonly List<(long At, int Count)> runs = [];

    /// <summary>One more, at Unix milliseconds: how many make up a hit, 0 if it takes more of them.</summary>
    internal int Take(long at)
    {
        runs.RemoveAll(r => r.At <= at - Within || r.At > at);
        if (runs.Count > 0 && at - runs[^1].At < Math.Max(1, Within / Steps))
        {
            runs[^1] = (runs[^1].At, runs[^1].Count + 1);
        }
        else
        {
            runs.Add((at, 1));
        }

        var all = runs.Sum(r => r.Count);
        if (all < plan.Count)
        {
            return 0;
        }

        runs.Clear();
        return all;
    }

    private long Within => (long)plan.Within.TotalMilliseconds;

    internal void Write(Utf8JsonWriter json)
    {
        foreach (var (at, count) in runs)
        {
            json.WriteNumberValue(at);
            json.WriteNumberValue(count);
        }
    }

    internal void Read(JsonElement json)
    {
        foreach (var pair in json.EnumerateArray().Chunk(2))
        {
            runs.Add((pair[0].GetInt64(), pair[1].GetInt32()));
        }
    }
}

/// <summary>Keeps so many hits of a rule within a time; of the others it keeps the number, and the last one.</summary>
internal sealed class HitLimit(CountWithin plan)
{
    private long since;
    private int kept;
    private long suppressed;
    private Hit? last;

    /// <summary>Whether one more may be kept at Unix milliseconds.</summary>
    internal bool Take(long at)
    {
        if (Over(at))
        {
            (since, kept) = (at, 0);
        }

        return ++kept <= plan.Count;
    }

    internal void Suppress(Hit hit)
    {
        suppressed++;
        last = hit;
    }

    /// <summary>When the time is over: the last of those that were not kept, with the number of the others; null if there are none.</summary>
    internal Hit? Due(long at)
    {
        if (last is not { } hit || !Over(at))
        {
            return null;
        }

        var told = new Hit
        {
            Id = hit.Id,
            Rule = hit.Rule,
            Level = hit.Level,
            At = hit.At,
            Source = hit.Source,
            Offset = hit.Offset,
            Text = hit.Text,
            Before = hit.Before,
            Count = hit.Count,
            Suppressed = suppressed - 1, // it counts itself
        };
        (suppressed, last) = (0, null);
        return told;
    }

    // A clock that was set back begins a new time.
    private bool Over(long at) => at < since || at - since >= (long)plan.Within.TotalMilliseconds;

    internal void Write(Utf8JsonWriter json, Masks masks)
    {
        json.WriteNumberValue(since);
        json.WriteNumberValue(kept);
        json.WriteNumberValue(suppressed);
        last?.Write(json, masks, seq: null);
    }

    internal void Read(JsonElement json)
    {
        (since, kept, suppressed) = (json[0].GetInt64(), json[1].GetInt32(), json[2].GetInt64());
        last = json.GetArrayLength() > 3 ? Hit.Read(json[3]) : null;
    }
}
