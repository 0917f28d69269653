namespace Hinoban.Specs;

/// <summary>Where something stands in a file, 1-based.</summary>
internal readonly record struct SpecPlace(string File, int Line, int Column);

/// <summary>What stands in a specification file, with its place: a small tree that keeps nothing of the YAML library.</summary>
internal abstract class SpecPiece(SpecPlace at, int weight)
{
    internal SpecPlace At { get; } = at;

    /// <summary>Values in this node with aliases expanded: what reading it may cost.</summary>
    internal int Weight { get; } = weight;

    internal bool IsNull => this is SpecScalar { Plain: true, Text: "" or "~" or "null" };
}

/// <summary>A single value. <see cref="Plain"/>: written without quotes, so that an empty one is no value at all.</summary>
internal sealed class SpecScalar(SpecPlace at, string text, bool plain) : SpecPiece(at, 1)
{
    internal string Text { get; } = text;

    internal bool Plain { get; } = plain;
}

/// <summary>A list of values.</summary>
internal sealed class SpecList(SpecPlace at, IReadOnlyList<SpecPiece> items) : SpecPiece(at, SpecWeight.Of(items))
{
    internal IReadOnlyList<SpecPiece> Items { get; } = items;
}

/// <summary>Keys with values, each key once (doubles are reported when the tree is built, the first one stays).</summary>
internal sealed class SpecMap(SpecPlace at, IReadOnlyList<SpecEntry> entries) : SpecPiece(at, SpecWeight.Of(entries))
{
    internal static SpecMap Nothing { get; } = new(default, []);

    internal IReadOnlyList<SpecEntry> Entries { get; } = entries;

    internal SpecPiece? Find(string key) => Entry(key)?.Value;

    internal SpecEntry? Entry(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key.Text == key)
            {
                return entry;
            }
        }

        return null;
    }
}

/// <summary>A key and its value.</summary>
internal readonly record struct SpecEntry(SpecScalar Key, SpecPiece Value);

/// <summary>Adds weights without overflowing: a bomb of aliases doubles at each level.</summary>
internal static class SpecWeight
{
    internal static int Of(IReadOnlyList<SpecPiece> items) => Cap(items.Sum(i => (long)i.Weight));

    internal static int Of(IReadOnlyList<SpecEntry> entries) => Cap(entries.Sum(e => 1L + e.Value.Weight));

    private static int Cap(long sum) => (int)Math.Min(sum + 1, int.MaxValue);
}
