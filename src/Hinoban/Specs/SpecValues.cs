using System.Globalization;
using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Single values: from a node to a typed value, or null with the problem reported at the node.</summary>
internal sealed class SpecValues(SpecProblems problems)
{
    private static readonly ClauseKeys BothKeys = new(SpecText.TwoLanguages, ["ja", "en"], []);

    internal SpecProblems Problems => problems;

    internal static Text Kind(SpecPiece node) => node switch
    {
        SpecScalar { IsNull: true } => SpecText.Empty,
        SpecScalar scalar => SpecText.TheWord(scalar.Text),
        SpecList { Items.Count: 0 } => SpecText.EmptyList,
        SpecList => SpecText.AList,
        _ => SpecText.AMap,
    };

    internal string? Word(SpecPiece? node, Text what, Text? right = null)
    {
        switch (node)
        {
            case null:
                return null;
            case SpecScalar { IsNull: false } scalar:
                return scalar.Text;
            default:
                problems.Wrong(node.At, SpecText.Is(what, Kind(node)), right ?? SpecText.OneWord);
                return null;
        }
    }

    /// <summary>One line of text fit for headers, pages and terminals.</summary>
    internal string? Line(SpecPiece? node, Text what, int longest)
    {
        if (Word(node, what) is not { } text)
        {
            return null;
        }

        if (SpecWords.Unprintable(text) is { } rune)
        {
            problems.Wrong(node!.At, SpecText.HoldsControl(what, rune.Value), SpecText.PlainLine);
            return null;
        }

        if (text.Length > longest)
        {
            problems.Wrong(node!.At, SpecText.TooLong(what, text.Length), SpecText.AtMost(longest));
            return null;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            problems.Wrong(node!.At, SpecText.Blank(what), SpecText.BlankRight);
            return null;
        }

        return text.Trim();
    }

    internal string? Where(SpecPiece? node, Text what, Func<string, bool> fits, Text right, Text? wrong = null)
    {
        if (Word(node, what, right) is not { } text)
        {
            return null;
        }

        if (fits(text))
        {
            return text;
        }

        problems.Wrong(node!.At, wrong ?? SpecText.IsNot(text, what), right);
        return null;
    }

    internal string? Id(SpecPiece? node, Text what) =>
        Where(node, what, SpecWords.IsId, SpecText.IdRight);

    internal string? Key(SpecPiece? node, Text what) =>
        Where(node, what, SpecWords.IsKey, SpecText.KeyRight);

    internal TimeSpan? Duration(SpecPiece? node, Text what, TimeSpan least, TimeSpan most)
    {
        if (Word(node, what, SpecText.ADuration) is not { } text)
        {
            return null;
        }

        if (SpecWords.Duration(text) is not { } span)
        {
            var unitless = text.Length > 0 && text.All(char.IsAsciiDigit);
            problems.Wrong(node!.At, unitless ? SpecText.NoUnit(what, text) : SpecText.NotADuration(what, text), unitless && text.Length < 9 ? SpecText.WithUnit(text) : SpecText.DurationRight);
            return null;
        }

        return InRange(node!, what, span, least, most, SpecWords.Of);
    }

    internal int? Whole(SpecPiece? node, Text what, int least, int most)
    {
        if (Word(node, what, SpecText.AWhole) is not { } text)
        {
            return null;
        }

        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            problems.Wrong(node!.At, SpecText.NotWhole(what, text), SpecText.NumberFromTo(least, most));
            return null;
        }

        return (int?)InRange(node!, what, number, least, (long)most, n => n.ToString(CultureInfo.InvariantCulture));
    }

    internal bool? Truth(SpecPiece? node, Text what) => OneOf(node, what, ("true", true), ("false", false));

    internal T? OneOf<T>(SpecPiece? node, Text what, params (string Word, T Value)[] words)
        where T : struct
    {
        var known = words.Select(w => w.Word).ToArray();
        if (Word(node, what, Suggest.OneOf(known)) is not { } text)
        {
            return null;
        }

        var at = Array.IndexOf(known, text);
        if (at >= 0)
        {
            return words[at].Value;
        }

        problems.Unknown(node!.At, SpecText.NotKnown(what, text), text, known);
        return null;
    }

    /// <summary>A text in both languages: <c>{ ja: …, en: … }</c>, or one that is the same in both.</summary>
    internal Text? Both(SpecPiece? node, Text what, int longest)
    {
        if (node is not SpecMap map)
        {
            return Line(node, what, longest) is { } same ? Text.Same(same) : null;
        }

        Clause.Sort(problems, map, BothKeys);
        var ja = Line(map.Find("ja"), SpecText.In(what, japanese: true), longest);
        var en = Line(map.Find("en"), SpecText.In(what, japanese: false), longest);
        if (map.Entries.Count == 0)
        {
            problems.Wrong(map.At, SpecText.NeitherLanguage(what), SpecText.BothRight);
        }

        return (ja ?? en) is { } any ? new Text(ja ?? any, en ?? any) : null;
    }

    /// <summary>A list, or one value standing for a list of one.</summary>
    internal IReadOnlyList<SpecPiece> Many(SpecPiece? node) => node switch
    {
        null => [],
        SpecList list => list.Items,
        _ => [node],
    };

    private T? InRange<T>(SpecPiece node, Text what, T value, T least, T most, Func<T, string> show)
        where T : struct, IComparable<T>
    {
        if (value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0)
        {
            return value;
        }

        problems.Wrong(node.At, SpecText.IsValue(what, show(value)), SpecText.FromTo(show(least), show(most)));
        return null;
    }
}
