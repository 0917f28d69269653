using System.Text.Json;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Logs;

/// <summary>Hits on their way into the journal: held to rates and limits, waiting for the lines behind them, ready to be written.</summary>
internal sealed class HitPool
{
    private const int MostReady = 1000;
    private const int MostReadySize = 256 * 1024;
    private const int MostWaiting = 64;
    private static readonly TimeSpan WaitForLines = TimeSpan.FromSeconds(5);

    private readonly LogPlan plan;
    private readonly TimeProvider clock;
    private readonly RateCount?[] rates;
    private readonly HitLimit?[] limits;
    private int readySize;
    private int waiting;
    private long at;

    internal HitPool(LogPlan plan, TimeProvider clock)
    {
        (this.plan, this.clock) = (plan, clock);
        rates = [.. plan.Rules.Select(r => r.Rate is null ? null : new RateCount(r.Rate))];
        limits = [.. plan.Rules.Select(_ => plan.Limit is null ? null : new HitLimit(plan.Limit))];
    }

    /// <summary>Hits that are to be written.</summary>
    internal List<Hit> Ready { get; } = [];

    /// <summary>So many that they are to be written before more is read.</summary>
    internal bool Full => Ready.Count >= MostReady || readySize >= MostReadySize;

    /// <summary>What is read from now on is read at this time; limits whose time is over tell what they held back.</summary>
    internal void Begin(long unixMilliseconds)
    {
        at = unixMilliseconds;
        foreach (var limit in limits)
        {
            if (limit?.Due(at) is { } hit)
            {
                IsReady(hit);
            }
        }
    }

    /// <summary>Hits that have waited long enough for lines, or all of a stream that has ended.</summary>
    internal void Release(LineStream stream, bool all = false)
    {
        var now = clock.GetTimestamp();
        foreach (var hit in stream.Waiting.Where(h => all || now >= h.Deadline).ToList())
        {
            StopWaiting(stream, hit);
        }
    }

    internal void Written()
    {
        Ready.Clear();
        readySize = 0;
    }

    /// <summary>How many hits wait for lines, of streams that come from an earlier run.</summary>
    internal void Resume(LineStream stream) => waiting += stream.Waiting.Count;

    /// <summary>A record met these rules.</summary>
    internal void Make(LineStream stream, IReadOnlyList<int> met, ReadOnlySpan<char> record, string identity, long offset, ReadOnlySpan<byte> raw, List<string> before)
    {
        foreach (var i in met)
        {
            var rule = plan.Rules[i];
            var count = rates[i]?.Take(at) ?? 1;
            if (count == 0)
            {
                continue;
            }

            var hit = new Hit
            {
                Id = Hit.Identity(identity, offset, rule.Name, raw),
                Rule = rule.Name,
                Level = rule.Level,
                At = at,
                Source = stream.Source,
                Offset = offset,
                Text = Hit.Keep(record, Hit.LongestText),
                Before = before,
                Count = count,
                Awaits = plan.After,
                Deadline = clock.GetTimestamp() + (long)(WaitForLines.TotalSeconds * clock.TimestampFrequency),
            };
            Offer(stream, hit, limits[i]);
        }
    }

    private void Offer(LineStream stream, Hit hit, HitLimit? limit)
    {
        if (limit is not null && !limit.Take(at))
        {
            limit.Suppress(hit);
            return;
        }

        if (hit.Awaits == 0)
        {
            IsReady(hit);
            return;
        }

        stream.Waiting.Add(hit);
        if (++waiting > MostWaiting)
        {
            StopWaiting(stream, stream.Waiting[0]); // memory is dearer than a line
        }
    }

    /// <summary>A record was read: its lines are behind the hits that wait.</summary>
    internal void Around(LineStream stream, ReadOnlySpan<char> record)
    {
        if (stream.Waiting.Count == 0)
        {
            return;
        }

        foreach (var range in record.Split('\n'))
        {
            var line = Hit.Keep(HitMaker.Bare(record[range]), Hit.LongestContext);
            foreach (var hit in stream.Waiting.ToList())
            {
                hit.After.Add(line);
                if (--hit.Awaits == 0)
                {
                    StopWaiting(stream, hit);
                }
            }
        }
    }

    private void StopWaiting(LineStream stream, Hit hit)
    {
        stream.Waiting.Remove(hit);
        waiting--;
        IsReady(hit);
    }

    private void IsReady(Hit hit)
    {
        Ready.Add(hit);
        readySize += hit.Size;
    }

    internal void Write(Utf8JsonWriter json, Masks masks)
    {
        json.WriteStartObject("rates");
        for (var i = 0; i < rates.Length; i++)
        {
            if (rates[i] is { } rate)
            {
                json.WriteStartArray(plan.Rules[i].Name);
                rate.Write(json);
                json.WriteEndArray();
            }
        }

        json.WriteEndObject();
        json.WriteStartObject("limits");
        for (var i = 0; i < limits.Length; i++)
        {
            if (limits[i] is { } limit)
            {
                json.WriteStartArray(plan.Rules[i].Name);
                limit.Write(json, masks);
                json.WriteEndArray();
            }
        }

        json.WriteEndObject();
    }

    internal void Read(JsonElement json)
    {
        for (var i = 0; i < plan.Rules.Count; i++)
        {
            if (rates[i] is { } rate && json.GetProperty("rates").TryGetProperty(plan.Rules[i].Name, out var runs))
            {
                rate.Read(runs);
            }

            if (limits[i] is { } limit && json.GetProperty("limits").TryGetProperty(plan.Rules[i].Name, out var held))
            {
                limit.Read(held);
            }
        }
    }
}
