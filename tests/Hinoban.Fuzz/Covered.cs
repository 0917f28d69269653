namespace Hinoban.Fuzz;

/// <summary>One way on from a conditional jump, in the sources.</summary>
internal readonly record struct Way(string File, int Line, string Method)
{
    internal static Way Parse(string written) => written.Split('\t') is [var file, var line, var method]
        ? new Way(file, int.Parse(line, System.Globalization.CultureInfo.InvariantCulture), method)
        : throw new FormatException(written);

    public override string ToString() => $"{File}\t{Line.ToString(System.Globalization.CultureInfo.InvariantCulture)}\t{Method}";
}

/// <summary>Which ways the parsers' code has gone: the marks that were planted into it, one byte each.</summary>
internal sealed class Covered(byte[] marks, IReadOnlyList<Way> ways)
{
    /// <summary>All marks together: more of them after an execution than before means that it went where none had gone.</summary>
    internal int Count => marks.AsSpan().Count((byte)1);

    internal void Clear() => marks.AsSpan().Clear();

    internal HashSet<int> Marked(IReadOnlyList<string> files) => [.. Of(files).Where(i => marks[i] != 0)];

    /// <summary>Ways gone, and all there are.</summary>
    internal (int Gone, int All) Ratio(string file)
    {
        var all = Of([file]).ToList();
        return (all.Count(i => marks[i] != 0), all.Count);
    }

    internal IEnumerable<Way> NotGone(IReadOnlyList<string> files) => Of(files).Where(i => marks[i] == 0).Select(i => ways[i]);

    private IEnumerable<int> Of(IReadOnlyList<string> files) => Enumerable.Range(0, ways.Count).Where(i => files.Contains(ways[i].File));
}
