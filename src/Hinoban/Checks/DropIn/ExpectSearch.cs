namespace Hinoban.Checks.DropIn;

/// <summary>
/// Looks for what is expected in what comes piece by piece: anywhere (<paramref name="contained"/>) or at the beginning, any of it or all. Nothing is searched twice but an end in
/// which the beginning of something may stand. Pure.
/// </summary>
internal sealed class ExpectSearch(string[] expect, bool contained, bool all)
{
    private readonly bool[] found = new bool[expect.Length];
    private readonly int longest = expect.Max(e => e.Length);
    private string kept = "";

    /// <summary>True: found; false: it cannot come any more; null: it may.</summary>
    internal bool? Hear(string piece)
    {
        var text = contained || kept.Length < longest ? kept + piece : kept;
        for (var i = 0; i < expect.Length; i++)
        {
            found[i] |= contained ? text.Contains(expect[i], StringComparison.Ordinal) : text.StartsWith(expect[i], StringComparison.Ordinal);
        }

        var keep = Math.Min(text.Length, longest);
        kept = contained ? text[^keep..] : text[..keep];
        return (all ? Array.TrueForAll(found, f => f) : Array.Exists(found, f => f)) ? true
            : contained || Array.Exists(expect, e => e.StartsWith(text, StringComparison.Ordinal)) ? null
            : false;
    }
}
