namespace Hinoban.Fuzz;

/// <summary>One way on from a conditional jump, in the sources.</summary>
internal readonly record struct Way(string File, int Line, string Method)
{
    internal static Way Parse(string written) => written.Split('\t') is [var file, var line, var method]
        ? new Way(file, int.Parse(line, System.Globalization.CultureInfo.InvariantCulture), method)
        : throw new FormatException(written);

    public override string ToString() => $"{File}\t{Line.ToString(System.Globalization.CultureInfo.InvariantCulture)}\t{Method}";
}

/// <summary>Which ways the code of one parser has gone: the marks that were planted into it, one byte each.</summary>
internal sealed class Covered
{
    private readonly byte[] marks;
    private readonly IReadOnlyList<Way> ways;
    private readonly int from;
    private readonly int end;

    /// <param name="marks">Of a whole assembly; those of one source stand side by side.</param>
    /// <param name="ways">What each mark stands for.</param>
    /// <param name="sources">Whose marks are looked at: the fewer, the cheaper.</param>
    internal Covered(byte[] marks, IReadOnlyList<Way> ways, IReadOnlyList<string> sources)
    {
        (this.marks, this.ways) = (marks, ways);
        var own = Enumerable.Range(0, ways.Count).Where(i => sources.Contains(ways[i].File)).ToList();
        (from, end) = own.Count > 0 ? (own[0], own[^1] + 1) : (0, 0);
    }

    /// <summary>More of them after an execution than before means that it went where none had gone.</summary>
    internal int Count => Own.Count((byte)1);

    internal int All => end - from;

    private Span<byte> Own => marks.AsSpan(from, end - from);

    internal void Clear() => Own.Clear();

    internal byte[] Kept() => Own.ToArray();

    internal void Restore(byte[] kept) => kept.CopyTo(Own);

    /// <summary>Those that have come since.</summary>
    internal int[] Since(byte[] kept) => [.. Enumerable.Range(0, kept.Length).Where(i => kept[i] == 0 && marks[from + i] != 0)];

    internal bool Has(int[] all) => Array.TrueForAll(all, i => marks[from + i] != 0);

    internal IEnumerable<Way> NotGone() => Enumerable.Range(from, end - from).Where(i => marks[i] == 0).Select(i => ways[i]);
}
