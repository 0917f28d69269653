using System.Buffers;
using System.Text.RegularExpressions;

namespace Hinoban.Agent.Setup;

/// <summary>
/// A pattern of the configuration in the framework's linear engine: a log's lines are written by strangers. The engine is built when a text is first shown to it, for it takes half a MiB;
/// what is nothing but a text needs none.
/// </summary>
internal sealed class Pattern
{
    // Past this many states the engine refuses a pattern such as (a{1000}){1000} instead of building it.
    private const int MostStates = 10_000;
    private static readonly SearchValues<char> Special = SearchValues.Create(@"\*+?|{}[]()^$.");
    private static int built;
    private readonly bool plain;
    private Regex? engine;

    static Pattern() => AppContext.SetData("REGEX_NONBACKTRACKING_MAX_AUTOMATA_SIZE", MostStates);

    private Pattern(string text) => (Text, plain) = (text, !text.AsSpan().ContainsAny(Special));

    internal string Text { get; }

    /// <summary>Throws <see cref="ArgumentException"/> for what is no pattern, and <see cref="NotSupportedException"/> for one that cannot be searched in linear time.</summary>
    internal static Pattern Read(string text)
    {
        _ = Build(text);
        return new Pattern(text);
    }

    internal bool IsIn(ReadOnlySpan<char> text) => plain ? text.Contains(Text, StringComparison.Ordinal) : Engine.IsMatch(text);

    internal string Replace(string text, string by) => Engine.Replace(text, by.Replace("$", "$$", StringComparison.Ordinal));

    /// <summary>Gives back what building engines took and nobody needs any more: far more than the engines themselves.</summary>
    internal static void Tidy()
    {
        if (Interlocked.Exchange(ref built, 0) > 0)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private Regex Engine => engine ??= Build(Text);

    private static Regex Build(string text)
    {
        Interlocked.Increment(ref built);
        return new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }
}
