using System.Text.Json;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Logs;

/// <summary>The files of one command: finds them, knows them again after they were renamed, copied, cut or compressed, and says what of which is still to be read.</summary>
internal sealed class FileSet : IDisposable
{
    private static readonly TimeSpan Missed = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);

    private readonly LogPlan plan;
    private readonly TimeProvider clock;
    private readonly RotatedFiles rotated;
    private readonly FilePlaces places = new();
    private readonly HashSet<string> watched = [];
    private readonly HashSet<string> late = [];
    private readonly Dictionary<string, long> lastThere = [];
    private long number;
    private bool first;

    internal FileSet(LogPlan plan, TimeProvider clock)
    {
        (this.plan, this.clock, first) = (plan, clock, true);
        rotated = new RotatedFiles(clock);
    }

    /// <summary>What is read, oldest first.</summary>
    internal List<FileTail> Tails { get; } = [];

    /// <summary>What was read, or was cut before it was read to its end: to be known again.</summary>
    internal List<PastFile> Pasts { get; } = [];

    /// <summary>What keeps a file from being read, for the health.</summary>
    internal List<string> Problems { get; } = [];

    /// <summary>Files set aside that are compressed in a way that is not read.</summary>
    internal int Unread => rotated.Unread;

    /// <summary>Which of many files are not open, for the health; null if all are.</summary>
    internal string? Closed => places.Remark;

    /// <summary>Files that were gone, with a rest that nobody has read.</summary>
    internal int Lost { get; private set; }

    /// <summary>Something is to be remembered though there be no hit.</summary>
    internal bool Changed { get; set; }

    /// <summary>What there is now.</summary>
    internal void Look()
    {
        Problems.Clear();
        Tails.ToList().ForEach(Check);
        var found = Find();
        var many = found.Count > FilePlaces.Most;
        found = places.Choose(found, Tails, path => rotated.IsRotated(this, path));
        Changed |= places.Changed;
        places.Changed = false;
        Attach(found);

        // What lies beside a log that can be read only now came before it, whenever that was: to be known before the log is met.
        rotated.Due |= late.Any(p => found.ContainsKey(p) && Opens(p));
        // Of many files one may have been closed for long: what was set aside beside it may have been read before.
        Changed |= rotated.Look(this, found.ToDictionary(f => f.Key, f => (many || f.Value.Old) && !Tails.Exists(t => t.Source == f.Key)));

        foreach (var (path, sight) in found)
        {
            Meet(path, sight);
        }

        foreach (var past in Pasts.Where(p => p.Wanted is { } until && clock.GetTimestamp() > until))
        {
            (past.Wanted, Lost, Changed) = (null, Lost + (past.Gone ? 1 : 0), true);
        }

        Retire();
        watched.UnionWith(plan.Files);
        Changed |= first;
        first = false;
    }

    /// <summary>What is there at a pattern's places.</summary>
    private Dictionary<string, Sight> Find()
    {
        var found = new Dictionary<string, Sight>();
        foreach (var pattern in plan.Files)
        {
            try
            {
                var any = false;
                foreach (var path in RotatedNames.Expand(pattern))
                {
                    if (FileFacts.Of(path) is { Sort: FileSort.Plain } facts)
                    {
                        found.TryAdd(path, new Sight(facts, pattern, first || !watched.Contains(pattern) || late.Contains(path)));
                        any = true;
                    }
                }

                Miss(pattern, any);
            }
            catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
            {
                Problems.Add($"{pattern}: {unread.Message}");
            }
        }

        return found;
    }

    // Between the renaming of a log and the making of the next there is none.
    private void Miss(string pattern, bool any)
    {
        if (any)
        {
            lastThere[pattern] = clock.GetTimestamp();
        }
        else if (!lastThere.TryGetValue(pattern, out var then) || clock.GetElapsedTime(then) > Missed)
        {
            Problems.Add($"{pattern}: no such file");
        }
    }

    /// <summary>Whether a file is still the one that was read: one from an earlier run is opened again, one that was cut begins anew.</summary>
    private void Check(FileTail tail)
    {
        try
        {
            if (tail.Bytes is null && !Reopen(tail))
            {
                Set(tail, gone: true);
                return;
            }

            if (tail.Bytes is not PlainBytes plain)
            {
                return;
            }

            var facts = FileFacts.Of(plain.Handle);
            if (facts.Size < tail.Offset || ((facts.Size != tail.Size || facts.Changed != tail.Changed) && !tail.Continues(plain)))
            {
                // What was set aside begins no new log when it is cut; its inode may even be another file's by now.
                if (!tail.Attached && tail.Path != tail.Source)
                {
                    Set(tail, gone: true);
                    return;
                }

                tail = Anew(tail);
            }

            tail.Grown = facts.Size != tail.Size ? clock.GetTimestamp() : tail.Grown;
            (tail.Size, tail.Changed) = (facts.Size, facts.Changed);
            tail.LearnHead();
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            Problems.Add($"{tail.Path}: {unread.Message}");
        }
    }

    // A device may have another number after a reboot: inode and content say enough.
    private bool Reopen(FileTail tail)
    {
        if (FileFacts.Of(tail.Path) is not { Sort: FileSort.Plain } facts || facts.Inode != tail.Inode)
        {
            return false;
        }

        ILogBytes bytes = tail.Gzip ? GzipBytes.Open(tail.Path) : PlainBytes.Open(tail.Path);
        if ((tail.Gzip && !tail.Continues(bytes)) || (tail.Head.Length == 0 && tail.Path != tail.Source))
        {
            bytes.Dispose();
            return false;
        }

        (tail.Bytes, tail.Device, tail.Size, tail.Grown) = (bytes, facts.Device, -1, clock.GetTimestamp());
        return true;
    }

    private void Set(FileTail tail, bool gone)
    {
        Tails.Remove(tail);
        tail.Dispose();
        if (tail.Head.Length > 0)
        {
            Remember(tail, gone, wanted: true);
        }

        Changed = true;
    }

    private void Remember(FileTail tail, bool gone, bool wanted)
    {
        long? until = wanted ? clock.GetTimestamp() + (long)(Missed.TotalSeconds * clock.TimestampFrequency) : null;
        Pasts.Add(new PastFile(tail) { Wanted = until, Gone = gone });
        while (Pasts.Count > PastFile.Most && Pasts.Find(p => p.Wanted is null && p.File.Waiting.Count == 0) is { } oldest)
        {
            Pasts.Remove(oldest);
        }
    }

    /// <summary>The same file with another content: what was cut off may lie there as a copy.</summary>
    private FileTail Anew(FileTail tail)
    {
        var bytes = tail.Bytes!;
        tail.Bytes = null;
        Set(tail, gone: false);
        rotated.Due = true;
        return Begin(bytes, tail.Source, tail.Path, new FileFacts(tail.Device, tail.Inode, 0, 0, FileSort.Plain), tail.Attached);
    }

    /// <summary>A file that is read from its beginning.</summary>
    internal FileTail Begin(ILogBytes bytes, string source, string path, FileFacts facts, bool attached)
    {
        number++;
        var tail = new FileTail
        {
            Number = number,
            Identity = FileTail.IdentityOf(facts.Device, facts.Inode, bytes, number),
            Source = source,
            Path = path,
            Device = facts.Device,
            Inode = facts.Inode,
            Gzip = bytes is GzipBytes,
            Attached = attached,
            Grown = clock.GetTimestamp(),
            Bytes = bytes,
        };
        tail.LearnHead();
        Tails.Add(tail);
        Changed = true;
        return tail;
    }

    /// <summary>What became of one whose rest is wanted lies here: reading goes on.</summary>
    internal void Resume(PastFile past, ILogBytes bytes, string path, FileFacts facts)
    {
        Pasts.Remove(past);
        Tails.Add(past.File.At(path, facts, bytes, clock.GetTimestamp()));
        Tails.Sort((a, b) => a.Number.CompareTo(b.Number));
        Changed = true;
    }

    private void Attach(Dictionary<string, Sight> found)
    {
        var here = found.Select(f => (f.Value.Facts.Device, f.Value.Facts.Inode, f.Key)).ToList();
        foreach (var tail in Tails.Where(t => !t.Gzip))
        {
            var path = here.FirstOrDefault(h => h.Device == tail.Device && h.Inode == tail.Inode).Key;
            rotated.Due |= (path is not null) != tail.Attached || (path is not null && path != tail.Path);
            tail.Grown = path is null && tail.Attached ? clock.GetTimestamp() : tail.Grown;
            (tail.Attached, tail.Path) = (path is not null, path ?? tail.Path);
        }
    }

    /// <summary>A file at its place that is not read yet: from its end if it was there before we came, else from its beginning.</summary>
    private void Meet(string path, Sight sight)
    {
        if (Tails.Exists(t => !t.Gzip && t.Device == sight.Facts.Device && t.Inode == sight.Facts.Inode) || rotated.IsRotated(this, path))
        {
            return;
        }

        try
        {
            var bytes = PlainBytes.Open(path);
            var tail = Begin(bytes, path, path, sight.Facts, attached: true);
            late.Remove(path);
            if (places.Take(sight.Facts) is { } place)
            {
                GoOn(tail, place, FileFacts.Of(bytes.Handle).Size);
            }
            else if (sight.Old)
            {
                ToLine(tail, FileFacts.Of(bytes.Handle).Size);
            }
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            Problems.Add($"{path}: {unread.Message}");
            if (sight.Old)
            {
                late.Add(path);
            }
        }
    }

    private static bool Opens(string path)
    {
        try
        {
            PlainBytes.Open(path).Dispose();
            return true;
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // One that is shorter than it was has been cut, and one with other bytes there is another: both begin anew.
    private static void GoOn(FileTail tail, Place place, long size)
    {
        var same = place.At <= size && place.Before.Stands(tail.Bytes!, place.At - place.Before.Length);
        if (same && place.Exact)
        {
            tail.Begin(place.At);
        }
        else if (same)
        {
            ToLine(tail, place.At);
        }
    }

    private static void ToLine(FileTail tail, long size)
    {
        var last = new byte[Math.Min(size, HitMaker.Longest)];
        var end = last.AsSpan(0, tail.Bytes!.Read(last, size - last.Length)).LastIndexOf((byte)'\n') + 1;

        // A line that is just being written is read whole, unless its beginning is too far away.
        tail.Begin(end > 0 || size == last.Length ? size - last.Length + end : size);
        tail.Skip = end > 0 || size == last.Length ? Skip.Nothing : Skip.Line;
    }

    /// <summary>Files that nobody writes any more.</summary>
    private void Retire()
    {
        foreach (var tail in Tails.Where(t => t.Done || (!t.Attached && !t.Gzip && t.Bytes is not null && t.Offset >= t.Size && clock.GetElapsedTime(t.Grown) > Quiet)).ToList())
        {
            Tails.Remove(tail);
            tail.Dispose();
            Remember(tail, gone: false, wanted: false);
            Changed = true;
        }
    }

    internal void Write(Utf8JsonWriter json, Masks masks)
    {
        json.WriteNumber("number", number);
        WriteTexts("watched", watched);
        WriteTexts("late", late);
        json.WriteStartArray("files");
        Tails.ForEach(t => t.Write(json, masks));
        json.WriteEndArray();
        json.WriteStartArray("past");
        Pasts.ForEach(p => p.File.Write(json, masks));
        json.WriteEndArray();
        json.WriteStartArray("wanted");
        Pasts.Where(p => p.Wanted is not null).ToList().ForEach(p => json.WriteNumberValue(p.File.Number));
        json.WriteEndArray();
        json.WriteNumber("lost", Lost);
        places.Write(json);
        rotated.Write(json);

        void WriteTexts(string name, IEnumerable<string> texts)
        {
            json.WriteStartArray(name);
            texts.ToList().ForEach(json.WriteStringValue);
            json.WriteEndArray();
        }
    }

    internal void Read(JsonElement json, long deadline)
    {
        number = json.GetProperty("number").GetInt64();
        watched.UnionWith(json.GetProperty("watched").EnumerateArray().Select(w => w.GetString()!));
        late.UnionWith(json.GetProperty("late").EnumerateArray().Select(w => w.GetString()!));
        Tails.AddRange(json.GetProperty("files").EnumerateArray().Select(f => FileTail.Read(f, deadline)));
        var wanted = json.GetProperty("wanted").EnumerateArray().Select(w => w.GetInt64()).ToHashSet();
        foreach (var past in json.GetProperty("past").EnumerateArray().Select(p => FileTail.Read(p, deadline)))
        {
            Remember(past, gone: false, wanted.Contains(past.Number));
        }

        Lost = json.GetProperty("lost").GetInt32();
        places.Read(json);
        rotated.Read(json);
        first = false;
    }

    public void Dispose() => Tails.ForEach(t => t.Dispose());
}

/// <summary>A file that is not read any more, by which its copies are known.</summary>
internal sealed class PastFile(FileTail file)
{
    internal const int Most = 64;

    internal FileTail File => file;

    /// <summary>Until this timestamp its rest is looked for.</summary>
    internal long? Wanted { get; set; }

    /// <summary>It was not there any more, as far as was seen.</summary>
    internal bool Gone { get; init; }
}
