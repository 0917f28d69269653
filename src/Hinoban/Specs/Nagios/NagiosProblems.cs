using Hinoban.Basics;

namespace Hinoban.Specs.Nagios;

/// <summary>
/// What reading and writing found, each once: mistakes (errors), what is not carried over (warnings), and what is carried over but not
/// quite the same (notes).
/// </summary>
internal sealed class NagiosProblems
{
    /// <summary>More than anybody reads; garbage shall not fill the memory with messages.</summary>
    internal const int Most = 20_000;

    private readonly HashSet<Problem> seen = [];
    private readonly List<Problem> all = [];

    /// <summary>Comparisons of words for "did you mean": wrong names by the thousand among names by the thousand are not worth minutes.</summary>
    private long comparisonsLeft = 300_000;

    internal bool HasErrors { get; private set; }

    internal IReadOnlyList<Problem> Sorted() =>
        [.. all.OrderBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Line).ThenBy(p => p.Wrong, StringComparer.Ordinal)];

    /// <summary>Nagios would refuse it, or it cannot be understood.</summary>
    internal void Wrong(SpecPlace at, Text wrong, Text right) => Add(at, wrong, right, ProblemLevel.Error);

    /// <summary>It is right, and not carried over.</summary>
    internal void Lost(SpecPlace at, Text what, Text cure) => Add(at, what, cure, ProblemLevel.Warning);

    /// <summary>It is carried over, and somebody should look at it.</summary>
    internal void Look(SpecPlace at, Text what, Text cure) => Add(at, what, cure, ProblemLevel.Note);

    /// <summary>The nearest of the known names, where somebody will still read it.</summary>
    internal Text Near(string word, IReadOnlyCollection<string> known, Text otherwise)
    {
        comparisonsLeft -= known.Count;
        return comparisonsLeft > 0 && Suggest.Nearest(word, known) is { } near ? SpecText.DidYouMean(near) : otherwise;
    }

    private void Add(SpecPlace at, Text what, Text cure, ProblemLevel level)
    {
        HasErrors |= level == ProblemLevel.Error;
        if (all.Count > Most)
        {
            return;
        }

        var problem = all.Count == Most
            ? new Problem(at.File, at.Line, 1, NagiosText.TooMany(Most), SpecText.OnlyTheFirst, level)
            : new Problem(at.File, at.Line, 1, what, cure, level);
        if (seen.Add(problem))
        {
            all.Add(problem);
        }
    }
}
