using System.Text;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Logs;

/// <summary>Makes hits of lines: divides them into records, asks the rules, adds the lines before.</summary>
internal sealed class HitMaker
{
    /// <summary>Characters of a record that are looked at; what is longer is cut there.</summary>
    internal const int Longest = 64 * 1024;

    private readonly LogPlan plan;
    private readonly LineText text;
    private readonly HitPool pool;
    private readonly Matcher matcher;
    private readonly List<int> met = [];

    internal HitMaker(LogPlan plan, HitPool pool, LineText text)
    {
        (this.plan, this.pool, this.text) = (plan, pool, text);
        matcher = new Matcher(plan);
    }

    /// <summary>Records that were longer than is looked at, and lines that are not what the format says.</summary>
    internal long Cut { get; set; }

    internal long Malformed
    {
        get => matcher.Malformed;
        set => matcher.Malformed = value;
    }

    /// <summary>
    /// Takes lines of a file from where it was read up to; how many of the bytes are done with: fewer when there are many hits, or when the last record may go on.
    /// </summary>
    /// <param name="final">The last line or record is whole, though nothing says so.</param>
    internal int Take(FileTail tail, ReadOnlySpan<byte> bytes, bool final)
    {
        text.Load(bytes, plan.Encoding);
        var done = plan.Record is null ? Lines(tail, bytes) : Records(tail, bytes, final);
        KeepRecent(tail, text.Chars[..done]);
        return text.ByteOf(done, bytes);
    }

    /// <summary>Takes one record of a stream that has records, and no lines around them but its other records.</summary>
    internal void Take(LineStream stream, string record, string identity)
    {
        pool.Around(stream, record);
        matcher.Match(record, met);
        if (met.Count > 0)
        {
            pool.Make(stream, met, record, identity, 0, Encoding.UTF8.GetBytes(record), [.. stream.Recent]);
        }

        KeepRecent(stream, $"{record.Replace('\n', ' ')}\n");
    }

    private int Lines(FileTail tail, ReadOnlySpan<byte> bytes)
    {
        var chars = text.Chars;
        var place = 0;
        while (place < chars.Length && !pool.Full)
        {
            if (!matcher.EveryLine && tail.Waiting.Count == 0)
            {
                var candidate = matcher.Candidate(chars[place..]);
                if (candidate < 0)
                {
                    return chars.Length;
                }

                place += chars.Slice(place, candidate).LastIndexOf('\n') + 1;
            }

            var length = chars[place..].IndexOf('\n') is var end and >= 0 ? end + 1 : chars.Length - place;
            Record(tail, bytes, place, place + length);
            place += length;
        }

        return place;
    }

    private int Records(FileTail tail, ReadOnlySpan<byte> bytes, bool final)
    {
        var chars = text.Chars;
        var (at, begun) = (0, -1);
        while (at < chars.Length)
        {
            var length = chars[at..].IndexOf('\n') is var end and >= 0 ? end + 1 : chars.Length - at;
            if (plan.Record!.IsIn(Bare(chars.Slice(at, length))))
            {
                if (begun >= 0)
                {
                    Record(tail, bytes, begun, at);
                    if (pool.Full)
                    {
                        return at;
                    }
                }

                (tail.Skip, begun) = (Skip.Nothing, at);
            }
            else if (begun < 0 && tail.Skip == Skip.Nothing)
            {
                begun = at; // its beginning was before the log was seen
            }

            at += length;
        }

        if (begun < 0 || !final)
        {
            return begun < 0 ? at : begun;
        }

        Record(tail, bytes, begun, at);
        return at;
    }

    private void Record(FileTail tail, ReadOnlySpan<byte> bytes, int from, int to)
    {
        var record = Bare(text.Chars[from..to]);
        pool.Around(tail, record);
        if (record.Length > Longest)
        {
            record = record[..Longest];
            Cut++;
        }

        if (record.Length == 0)
        {
            return;
        }

        matcher.Match(record, met);
        if (met.Count > 0)
        {
            var start = text.ByteOf(from, bytes);
            pool.Make(tail, met, record, tail.Identity, tail.Offset + start, bytes[start..text.ByteOf(to, bytes)].TrimEnd("\r\n"u8), LinesBefore(tail, from));
        }
    }

    private List<string> LinesBefore(LineStream stream, int from)
    {
        var lines = LastLines(text.Chars[..from]);
        lines.InsertRange(0, stream.Recent.TakeLast(plan.Before - lines.Count));
        return lines;
    }

    private void KeepRecent(LineStream stream, ReadOnlySpan<char> chars)
    {
        if (plan.Before > 0 && chars.Length > 0)
        {
            stream.Recent.AddRange(LastLines(chars));
            stream.Recent.RemoveRange(0, Math.Max(0, stream.Recent.Count - plan.Before));
        }
    }

    /// <summary>The lines before the place that reading begins at, for its first hits.</summary>
    internal void Recall(LineStream stream, ReadOnlySpan<byte> bytes)
    {
        text.Load(bytes, plan.Encoding);
        KeepRecent(stream, text.Chars);
    }

    // As many as hits want of them.
    private List<string> LastLines(ReadOnlySpan<char> chars)
    {
        var lines = new List<string>();
        while (lines.Count < plan.Before && chars.Length > 0)
        {
            var start = chars[..^1].LastIndexOf('\n') + 1;
            lines.Insert(0, Hit.Keep(Bare(chars[start..]), Hit.LongestContext));
            chars = chars[..start];
        }

        return lines;
    }

    internal static ReadOnlySpan<char> Bare(ReadOnlySpan<char> line)
    {
        var bare = line.TrimEnd("\r\n");
        return bare is ['\uFEFF', ..] ? bare[1..] : bare;
    }
}
