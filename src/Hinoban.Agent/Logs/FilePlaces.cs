using System.Globalization;
using System.Text.Json;

namespace Hinoban.Agent.Logs;

/// <summary>A file at its place, for which pattern, and whether it was there before we came to watch.</summary>
internal sealed record Sight(FileFacts Facts, string Pattern, bool Old);

/// <summary>How far a file was read that is not open. A place that is not <paramref name="Exact"/> may be in the middle of a line: what is before it is not asked for.</summary>
/// <param name="Changed">When it was last written, nanoseconds.</param>
/// <param name="Before">The bytes in front of it: where others stand there, it is another file.</param>
internal sealed record Place(long At, bool Exact, long Changed, Mark Before);

/// <summary>
/// Which of a command's files are open where more match than may be: those that have something to read, then those that were written last. Of the others it is known
/// how far they were read, so that one that is written again is read on from there.
/// </summary>
internal sealed class FilePlaces
{
    internal const int Most = 256;

    // Of more, the state that is written with each hit would be too long.
    private const int MostWritten = 1000;

    private Dictionary<(ulong Device, ulong Inode), Place> places = [];
    private int closed;
    private string newest = "";

    // What was written no later, and is not known, was passed over before.
    private long forgotten;

    // A state of an earlier version does not say what was passed over.
    private bool knows = true;

    /// <summary>What is not open, for the health's long text; null if everything is.</summary>
    internal string? Remark => closed == 0 ? null : string.Create(
        CultureInfo.InvariantCulture, $"{Most + closed} files match, and the {Most} that were written last are open; of the {closed} others {newest} was written last. One that is written again is read on");

    /// <summary>What of the found files is to be read. A tail that gives its place up is closed, and remembered here.</summary>
    internal Dictionary<string, Sight> Choose(Dictionary<string, Sight> found, List<FileTail> tails, Func<string, bool> isRotated)
    {
        var (chosen, next) = (found, new Dictionary<(ulong, ulong), Place>());
        (closed, newest) = (0, "");
        if (found.Count > Most || places.Count > 0)
        {
            chosen = new Dictionary<string, Sight>();
            foreach (var file in Ranked(found, tails))
            {
                if (chosen.Count >= Most)
                {
                    newest = closed++ == 0 ? file.Path : newest;
                    next[KeyOf(file.Sight)] = file.Place ?? new Place(0, Exact: true, file.Sight.Facts.Changed, Mark.None);
                    Close(file.Tail, tails);
                }
                else if (file.Tail is not null || !isRotated(file.Path))
                {
                    chosen.Add(file.Path, file.Sight);
                    Wait(file, next);
                }
            }
        }

        Changed |= !next.Keys.ToHashSet().SetEquals(places.Keys);
        (places, knows) = (next, true);
        return chosen;
    }

    /// <summary>Something is to be remembered though there be no hit.</summary>
    internal bool Changed { get; set; }

    /// <summary>Where a file goes on that is opened now; null if that is not known here.</summary>
    internal Place? Take(FileFacts facts) => places.Remove((facts.Device, facts.Inode), out var place) ? place : null;

    private static (ulong Device, ulong Inode) KeyOf(Sight sight) => (sight.Facts.Device, sight.Facts.Inode);

    // A file whose hits wait for lines stays, for they would go with it (of these there are few); what has something to read comes next, what waits for it longest before the others; then what was written last, and of names with a date in them the later one.
    private IEnumerable<Found> Ranked(Dictionary<string, Sight> found, List<FileTail> tails)
    {
        var open = tails.Where(t => !t.Gzip).DistinctBy(t => (t.Device, t.Inode)).ToDictionary(t => (t.Device, t.Inode));
        return found
            .Select(f => Of(f.Key, f.Value, open.GetValueOrDefault((f.Value.Facts.Device, f.Value.Facts.Inode))))
            .OrderByDescending(f => f.Tail?.Waiting.Count > 0)
            .ThenByDescending(f => f.Unread)
            .ThenBy(f => f.Unread ? f.Sight.Facts.Changed : -f.Sight.Facts.Changed)
            .ThenByDescending(f => f.Path, StringComparer.Ordinal);
    }

    private Found Of(string path, Sight sight, FileTail? tail)
    {
        var (size, changed) = (sight.Facts.Size, sight.Facts.Changed);
        if (tail is not null)
        {
            return new Found(path, sight, tail, new Place(tail.Offset, tail.Skip == Skip.Nothing, changed, tail.Before), tail.Offset != size || tail.Waiting.Count > 0);
        }

        var place = places.GetValueOrDefault(KeyOf(sight)) ?? (sight.Old || !knows || changed <= forgotten ? new Place(size, Exact: false, changed, Mark.None) : null);
        return new Found(path, sight, null, place is null ? null : place with { Changed = changed }, place?.At != size);
    }

    // It is kept until it is taken: the file may not open.
    private static void Wait(Found file, Dictionary<(ulong, ulong), Place> next)
    {
        if (file is { Tail: null, Place: { } place })
        {
            next[KeyOf(file.Sight)] = place;
        }
    }

    private static void Close(FileTail? tail, List<FileTail> tails)
    {
        if (tail is not null)
        {
            tails.Remove(tail);
            tail.Dispose();
        }
    }

    internal void Write(Utf8JsonWriter json)
    {
        var written = places.OrderByDescending(p => p.Value.Changed).ToList();
        json.WriteNumber("forgotten", written.Count > MostWritten ? written[MostWritten].Value.Changed : forgotten);
        json.WriteStartArray("places");
        foreach (var ((device, inode), place) in written.Take(MostWritten))
        {
            json.WriteNumberValue(device);
            json.WriteNumberValue(inode);
            json.WriteNumberValue(place.At);
            json.WriteNumberValue(place.Exact ? 1 : 0);
            json.WriteNumberValue(place.Changed);
            json.WriteStringValue(place.Before.Written);
        }

        json.WriteEndArray();
    }

    internal void Read(JsonElement json)
    {
        knows = json.TryGetProperty("places", out var written);
        if (knows)
        {
            forgotten = json.GetProperty("forgotten").GetInt64();
            foreach (var six in written.EnumerateArray().Chunk(6))
            {
                places[(six[0].GetUInt64(), six[1].GetUInt64())] = new Place(six[2].GetInt64(), six[3].GetInt32() == 1, six[4].GetInt64(), Mark.Parse(six[5].GetString() ?? ""));
            }
        }
    }

    /// <summary>A file that matches. <see cref="Place"/>: where it would go on; null: a new one, from its beginning.</summary>
    private sealed record Found(string Path, Sight Sight, FileTail? Tail, Place? Place, bool Unread);
}
