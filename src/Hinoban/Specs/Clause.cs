using System.Globalization;
using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>The keys one kind of clause may have: those in force, and those of the language whose feature does not exist yet.</summary>
internal sealed record ClauseKeys(Text What, string[] InForce, string[] Later)
{
    internal string[] All { get; } = [.. InForce, .. Later];
}

/// <summary>
/// One map of a specification as it is being read: names unknown and not-yet-in-force keys at once, and gives typed values,
/// reporting each wrong one at its place. A getter returns null where the key is absent or wrong.
/// </summary>
internal sealed class Clause
{
    private readonly SpecMap map;
    private readonly SpecPlace at;

    private Clause(SpecProblems problems, SpecMap map, SpecPlace at, Text what)
    {
        Values = new SpecValues(problems);
        this.map = map;
        this.at = at;
        What = what;
    }

    internal SpecValues Values { get; }

    internal SpecProblems Problems => Values.Problems;

    internal Text What { get; }

    internal SpecPlace At => at;

    /// <summary>Opens a map. <paramref name="at"/> is where a missing key is reported: the key or list item that holds the map.</summary>
    internal static Clause? Open(SpecProblems problems, SpecPiece? node, SpecPlace at, ClauseKeys keys)
    {
        if (node is not SpecMap map)
        {
            if (node is not null)
            {
                problems.Wrong(node.At, SpecText.Is(keys.What, SpecValues.Kind(node)), SpecText.MapWith(Shown.Names(keys.InForce)));
            }

            return null;
        }

        Sort(problems, map, keys);
        return new Clause(problems, map, at, keys.What);
    }

    /// <summary>Names the keys that do not belong here, and those that do nothing yet.</summary>
    internal static void Sort(SpecProblems problems, SpecMap map, ClauseKeys keys)
    {
        foreach (var (key, _) in map.Entries)
        {
            if (Array.IndexOf(keys.InForce, key.Text) >= 0)
            {
                continue;
            }

            if (Array.IndexOf(keys.Later, key.Text) >= 0)
            {
                problems.NotInForce(key.At, SpecText.KeyOf(key.Text, keys.What));
            }
            else
            {
                problems.Unknown(key.At, SpecText.NotAKeyOf(key.Text, keys.What), key.Text, keys.All);
            }
        }
    }

    internal SpecPiece? Find(string key) => map.Find(key) is { IsNull: false } node ? node : null;

    internal SpecPlace PlaceOf(string key) => map.Entry(key)?.Key.At ?? at;

    /// <summary>A key that must be there; its absence is reported where the clause begins.</summary>
    internal SpecPiece? Must(string key, string example)
    {
        if (Find(key) is { } node)
        {
            return node;
        }

        Problems.Wrong(PlaceOf(key), SpecText.Lacks(What, key), SpecText.ForInstance(key, example));
        return null;
    }

    internal string? Line(string key, int longest = 200) => Values.Line(Find(key), SpecText.Key(key), longest);

    internal TimeSpan? Duration(string key, TimeSpan least, TimeSpan most) => Values.Duration(Find(key), SpecText.Key(key), least, most);

    internal int? Whole(string key, int least, int most) => Values.Whole(Find(key), SpecText.Key(key), least, most);

    internal bool? Truth(string key) => Values.Truth(Find(key), SpecText.Key(key));

    internal T? OneOf<T>(string key, params (string Word, T Value)[] words)
        where T : struct => Values.OneOf(Find(key), SpecText.Key(key), words);

    internal Text? Both(string key, int longest = 120) => Values.Both(Find(key), SpecText.Key(key), longest);
}
