using System.Text.Json;

namespace Hinoban.Agent.Logs;

/// <summary>
/// Looks among what was set aside beside a log (NAME.1, NAME-20261123.gz) for the rest of one that is no longer at its place, and for files that came and went while
/// nobody looked. What was there from the beginning, and copies of what is read anyway, are known by their first bytes.
/// </summary>
internal sealed class RotatedFiles(TimeProvider clock)
{
    private static readonly TimeSpan Copying = TimeSpan.FromSeconds(5);

    // A file system stamps by a coarser clock than ours.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, long> folders = [];
    private readonly HashSet<Mark> begun = [];
    private HashSet<Mark> known = [];
    private long since;

    /// <summary>A file was renamed or cut: to be looked into, even if the folder seems as it was.</summary>
    internal bool Due { get; set; }

    /// <summary>Compressed in a way that is not read.</summary>
    internal int Unread { get; private set; }

    /// <summary>Whether a file is what became of another that is read.</summary>
    internal bool IsRotated(FileSet set, string path) => Sources(set, []).Any(s => RotatedNames.IsRotated(s, path));

    /// <summary>True if something is to be remembered.</summary>
    /// <param name="places">Where logs stand, and whether what is there now was there before we came.</param>
    internal bool Look(FileSet set, IReadOnlyDictionary<string, bool> places)
    {
        since = since == 0 ? clock.GetUtcNow().Subtract(Slack).ToUnixTimeMilliseconds() * 1_000_000 : since;
        var sources = Sources(set, places.Keys).ToList();
        if (!Moved(sources) && !Due && !set.Pasts.Exists(p => p.Wanted is not null))
        {
            return false;
        }

        var seen = new HashSet<Mark>();
        var fresh = new List<Fresh>();
        (Due, Unread) = (false, 0);
        begun.Clear();
        try
        {
            foreach (var folder in sources.GroupBy(s => Path.GetDirectoryName(s)!))
            {
                // Plain ones first: what is just being compressed is still there as it was.
                foreach (var path in RotatedNames.Files(folder.Key).OrderBy(RotatedNames.IsGzip).ThenBy(p => p, StringComparer.Ordinal))
                {
                    if (folder.FirstOrDefault(s => RotatedNames.IsRotated(s, path)) is { } source && Read(set, source, path, places.GetValueOrDefault(source), seen) is { } one)
                    {
                        fresh.Add(one);
                    }
                }
            }
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            set.Problems.Add(unread.Message);
            seen.UnionWith(known);
        }

        foreach (var one in fresh.OrderBy(f => f.Facts.Changed))
        {
            set.Begin(one.Bytes, one.Source, one.Path, one.Facts, attached: false);
        }

        var changed = !seen.SetEquals(known);
        known = seen;
        return changed;
    }

    private static IEnumerable<string> Sources(FileSet set, IEnumerable<string> places) =>
        set.Tails.Select(t => t.Source).Concat(set.Pasts.Select(p => p.File.Source)).Concat(places).Distinct(StringComparer.Ordinal);

    private bool Moved(IEnumerable<string> sources)
    {
        var moved = false;
        foreach (var folder in sources.Select(s => Path.GetDirectoryName(s)!).Distinct(StringComparer.Ordinal))
        {
            var changed = FileFacts.Of(folder)?.Changed ?? 0;
            moved |= !folders.TryGetValue(folder, out var before) || before != changed;
            folders[folder] = changed;
        }

        return moved;
    }

    /// <summary>One that was set aside; not null if it is new and has not been read from under another name.</summary>
    private Fresh? Read(FileSet set, string source, string path, bool first, HashSet<Mark> seen)
    {
        if (RotatedNames.IsUnread(path))
        {
            Unread++;
            return null;
        }

        if (FileFacts.Of(path) is not { Sort: FileSort.Plain } facts)
        {
            return null;
        }

        var gzip = RotatedNames.IsGzip(path);
        if (set.Tails.Find(t => t.Gzip == gzip && t.Device == facts.Device && t.Inode == facts.Inode) is { } tail)
        {
            tail.Path = path;
            seen.Add(tail.Head);
            return null;
        }

        ILogBytes? bytes = null;
        try
        {
            bytes = gzip ? GzipBytes.Open(path) : PlainBytes.Open(path);
            var file = new Fresh(bytes, source, path, facts);
            var verdict = Judge(set, file, first, seen);
            bytes = verdict == false ? bytes : null;
            return verdict == true ? file : null;
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Due |= unread is InvalidDataException; // being written, perhaps
            return null;
        }
        finally
        {
            bytes?.Dispose();
        }
    }

    /// <summary>True: to be read from its beginning. False: not to be read. Null: the rest of one that was wanted, which has taken it over.</summary>
    private bool? Judge(FileSet set, Fresh file, bool first, HashSet<Mark> seen)
    {
        var head = Mark.Of(file.Bytes, 0, Mark.Head);
        var same = set.Pasts.Where(p => p.Wanted is not null && p.File.Source == file.Source && p.File.Head.Stands(file.Bytes, 0)).OrderBy(p => p.File.Offset).ToList();
        if (same.Find(p => p.File.Before.Stands(file.Bytes, p.File.Offset - p.File.Before.Length)) is { } wanted)
        {
            seen.Add(head);
            set.Resume(wanted, file.Bytes, file.Path, file.Facts);
            return null;
        }

        // Renamed or compressed while the folder is being listed, a file stands there twice.
        if (head.Length == 0 || begun.Contains(head))
        {
            return false;
        }

        if (first || IsKnown(head, file.Bytes) || file.Facts.Changed < since)
        {
            seen.Add(head);
            return false;
        }

        foreach (var tail in set.Tails.Concat(set.Pasts.Select(p => p.File)).Where(t => t.Source == file.Source))
        {
            if (tail.Bytes is { } live && !tail.Gzip && !tail.Continues(live))
            {
                // Cut since it was looked at: what is in it now, this may be a copy of.
                Due = true;
                return false;
            }

            tail.LearnHead();
            if (tail.Head.Length > head.Length)
            {
                // Shorter than what we know: a copy that is just being made, or another file.
                if (clock.GetUtcNow().ToUnixTimeMilliseconds() - (file.Facts.Changed / 1_000_000) < Copying.TotalMilliseconds)
                {
                    Due = true;
                    return false;
                }
            }
            else if (tail.Head.Length > 0 && tail.Head.Stands(file.Bytes, 0))
            {
                seen.Add(head);
                return false;
            }
        }

        seen.Add(head);
        begun.Add(head);
        return true;
    }

    private bool IsKnown(Mark head, ILogBytes bytes) => known.Contains(head) || known.Any(k => k.Length > 0 && k.Length < Mark.Head && k.Length <= head.Length && k.Stands(bytes, 0));

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("since", since);
        json.WriteStartArray("known");
        foreach (var mark in known)
        {
            json.WriteStringValue(mark.Written);
        }

        json.WriteEndArray();
    }

    internal void Read(JsonElement json)
    {
        since = json.GetProperty("since").GetInt64();
        known = [.. json.GetProperty("known").EnumerateArray().Select(k => Mark.Parse(k.GetString()!))];
        Due = true;
    }

    /// <summary>A file that was set aside, open.</summary>
    private sealed record Fresh(ILogBytes Bytes, string Source, string Path, FileFacts Facts);
}
