using System.Globalization;
using System.Text;
using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Collects every problem of a reading, each once (a template's mistake counts once, however many hosts use it).</summary>
internal sealed class SpecProblems
{
    /// <summary>More than anybody reads; a file of garbage shall not fill the memory with messages.</summary>
    internal const int MostPerFile = 1000;

    /// <summary>Comparisons of words for "did you mean": wrong names by the thousand in a file of thousands of names are not worth minutes.</summary>
    private const long MostCompared = 300_000;

    private readonly HashSet<Problem> seen = [];
    private readonly Dictionary<string, int> perFile = [];
    private readonly HashSet<SpecPlace> hushed = [];
    private long compared;

    internal int Count => seen.Count;

    internal bool HasErrors { get; private set; }

    /// <summary>How many errors were reported so far, those that are said once only each time.</summary>
    internal int Errors { get; private set; }

    internal IReadOnlyList<Problem> Sorted() =>
        [.. seen.OrderBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Line).ThenBy(p => p.Column).ThenBy(p => p.Wrong, StringComparer.Ordinal)];

    internal void Wrong(SpecPlace at, Text wrong, Text right) => Add(at, wrong, right, ProblemLevel.Error);

    internal void Note(SpecPlace at, Text wrong, Text right) => Add(at, wrong, right, ProblemLevel.Note);

    /// <summary>A word that is none of the known ones; the nearest is only looked for where somebody will read it.</summary>
    internal void Unknown(SpecPlace at, Text wrong, string word, IEnumerable<string> known)
    {
        if (perFile.GetValueOrDefault(at.File) > MostPerFile)
        {
            HasErrors |= !hushed.Contains(at);
            return;
        }

        var words = known as IReadOnlyCollection<string> ?? [.. known];
        compared += words.Count;
        Add(at, wrong, compared <= MostCompared ? Suggest.Or(word, words) : Suggest.OneOf([.. words]), ProblemLevel.Error);
    }

    internal void Warn(SpecPlace at, Text wrong, Text right) => Add(at, wrong, right, ProblemLevel.Warning);

    internal void NotInForce(SpecPlace at, Text clause, Text? consequence = null) =>
        Note(at, SpecText.NotInForce(clause), consequence ?? SpecText.NoEffect);

    /// <summary>What stands here is a stand-in for something broken: what else seems wrong with it is no second mistake.</summary>
    internal void Hush(SpecPlace at) => hushed.Add(at);

    private void Add(SpecPlace at, Text wrong, Text right, ProblemLevel level)
    {
        if (hushed.Contains(at))
        {
            return;
        }

        HasErrors |= level == ProblemLevel.Error;
        Errors += level == ProblemLevel.Error ? 1 : 0;
        var count = perFile.GetValueOrDefault(at.File);
        if (count > MostPerFile)
        {
            return;
        }

        var problem = count == MostPerFile
            ? new Problem(at.File, at.Line, at.Column, SpecText.TooMany(MostPerFile), SpecText.OnlyTheFirst, level)
            : new Problem(at.File, at.Line, at.Column, wrong, right, level);
        if (seen.Add(problem))
        {
            perFile[at.File] = count + 1;
        }
    }
}

/// <summary>Quotes what somebody wrote so that it can be printed: short, and without characters that steer a terminal.</summary>
internal static class Shown
{
    private const int Longest = 60;

    internal static string As(string text) => $"`{Tame(text.Replace('`', '\''), Longest)}`";

    internal static string Tame(string text, int longest)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length > longest)
            {
                return shown.Append('…').ToString();
            }

            if (SpecWords.IsUnprintable(rune))
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            }
            else
            {
                shown.Append(rune.ToString());
            }
        }

        return shown.ToString();
    }

    internal static string Names(IEnumerable<string> words) => string.Join(", ", words.Select(Shown.As));
}
