extern alias agent;

using System.Text.Json;
using agent::Hinoban.Agent.Logs;
using agent::Hinoban.Agent.Setup;

namespace Hinoban.Fuzz;

/// <summary>Reads bytes as one log of the agent's, as far as it has grown, and tells its hits.</summary>
internal sealed class LogEar(LogPlan plan)
{
    private const int Written = 1;

    private readonly Masks masks = new(plan.Mask);
    private (HitPool Pool, HitMaker Maker)? idle;

    /// <param name="log">All that is written to it.</param>
    /// <param name="times">So many times it is looked at while it grows; the last time nothing more comes.</param>
    internal List<string> Hear(ReadOnlySpan<byte> log, int times)
    {
        // Dear to make; whoever broke off in the middle leaves none behind.
        var (pool, maker) = idle ?? New();
        idle = null;
        var hits = new List<string>();
        using var tail = new FileTail { Source = "/a", Path = "/a", Identity = "1:2", Number = 1, Device = 1, Inode = 2 };
        for (var look = 1; look <= times; look++)
        {
            while (Take(maker, tail, log[(int)tail.Offset..(log.Length * look / times)], look == times) is > 0 and var used)
            {
                tail.Advance(log.Slice((int)tail.Offset, used));
                Tell(pool, hits);
            }
        }

        Hold.That(tail.Offset == log.Length, "not read to its end");
        pool.Release(tail, all: true);
        Tell(pool, hits);
        idle = (pool, maker);
        return hits;
    }

    private (HitPool Pool, HitMaker Maker) New()
    {
        var pool = new HitPool(plan, TimeProvider.System);
        return (pool, new HitMaker(plan, pool, new LineText()));
    }

    // Up to the last line's end, as long as more may come.
    private static int Take(HitMaker maker, FileTail tail, ReadOnlySpan<byte> bytes, bool final)
    {
        var whole = final ? bytes : bytes[..(bytes.LastIndexOf((byte)'\n') + 1)];
        return whole.Length == 0 ? 0 : maker.Take(tail, whole, final);
    }

    private void Tell(HitPool pool, List<string> hits)
    {
        foreach (var hit in pool.Ready)
        {
            hits.Add($"{hit.Id} {hit.Rule} {hit.Offset} {hit.Text}\n{string.Join('\n', hit.Before)}\n{string.Join('\n', hit.After)}");
            if (hits.Count <= Written)
            {
                using var json = new MemoryStream();
                using (var writer = new Utf8JsonWriter(json, HitJson.Options))
                {
                    hit.Write(writer, masks, seq: 1);
                }

                using var read = JsonDocument.Parse(json.GetBuffer().AsMemory(0, (int)json.Length));
                Hold.That(read.RootElement.GetProperty("id").GetString() == hit.Id, "written and read it is another hit");
            }
        }

        pool.Written();
    }
}
