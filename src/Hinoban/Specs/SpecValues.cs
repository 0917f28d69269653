using System.Globalization;
using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Single values: from a node to a typed value, or null with the problem reported at the node.</summary>
internal sealed class SpecValues(SpecProblems problems)
{
    private static readonly ClauseKeys BothKeys = new("a text in two languages", ["ja", "en"], []);

    internal SpecProblems Problems => problems;

    internal static string Kind(SpecPiece node) => node switch
    {
        SpecScalar { IsNull: true } => "empty",
        SpecScalar scalar => $"the word {Shown.As(scalar.Text)}",
        SpecList => "a list",
        _ => "a map",
    };

    internal string? Word(SpecPiece? node, string what, string right = "write one word or text")
    {
        switch (node)
        {
            case null:
                return null;
            case SpecScalar { IsNull: false } scalar:
                return scalar.Text;
            default:
                problems.Wrong(node.At, $"{what} is {Kind(node)}", right);
                return null;
        }
    }

    /// <summary>One line of text fit for headers, pages and terminals.</summary>
    internal string? Line(SpecPiece? node, string what, int longest)
    {
        if (Word(node, what) is not { } text)
        {
            return null;
        }

        if (SpecWords.Unprintable(text) is { } rune)
        {
            problems.Wrong(node!.At, $"{what} holds the control character U+{rune.Value:X4}", "write one line of plain text");
            return null;
        }

        if (text.Length > longest)
        {
            problems.Wrong(node!.At, $"{what} has {text.Length} characters", $"at most {longest}");
            return null;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            problems.Wrong(node!.At, $"{what} is blank", "write a text, or leave the key out");
            return null;
        }

        return text.Trim();
    }

    internal string? Where(SpecPiece? node, string what, Func<string, bool> fits, string right)
    {
        if (Word(node, what, right) is not { } text)
        {
            return null;
        }

        if (fits(text))
        {
            return text;
        }

        problems.Wrong(node!.At, $"{Shown.As(text)} is not {what}", right);
        return null;
    }

    internal string? Id(SpecPiece? node, string what) =>
        Where(node, what, SpecWords.IsId, "lower-case letters, digits and hyphens, at most 63");

    internal string? Key(SpecPiece? node, string what) =>
        Where(node, what, SpecWords.IsKey, "letters, digits, dots, hyphens and underscores, at most 63, a letter or digit at both ends");

    internal TimeSpan? Duration(SpecPiece? node, string what, TimeSpan least, TimeSpan most)
    {
        if (Word(node, what, "a duration such as `15s` or `3m`") is not { } text)
        {
            return null;
        }

        if (SpecWords.Duration(text) is not { } span)
        {
            var unitless = text.Length > 0 && text.All(char.IsAsciiDigit);
            problems.Wrong(node!.At, $"{what}: {Shown.As(text)} {(unitless ? "has no unit" : "is not a duration")}", unitless && text.Length < 9 ? $"write `{text}s` or `{text}m`" : "write for instance `500ms`, `15s`, `3m`, `1h` or `30d`");
            return null;
        }

        return InRange(node!, what, span, least, most, SpecWords.Of);
    }

    internal int? Whole(SpecPiece? node, string what, int least, int most)
    {
        if (Word(node, what, "a whole number") is not { } text)
        {
            return null;
        }

        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            problems.Wrong(node!.At, $"{what}: {Shown.As(text)} is not a whole number", $"a number from {least} to {most}");
            return null;
        }

        return (int?)InRange(node!, what, number, least, (long)most, n => n.ToString(CultureInfo.InvariantCulture));
    }

    internal bool? Truth(SpecPiece? node, string what) => OneOf(node, what, ("true", true), ("false", false));

    internal T? OneOf<T>(SpecPiece? node, string what, params (string Word, T Value)[] words)
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

        problems.Unknown(node!.At, $"{what}: {Shown.As(text)} is not known", text, known);
        return null;
    }

    /// <summary>A text in both languages: <c>{ ja: …, en: … }</c>, or one that is the same in both.</summary>
    internal Text? Both(SpecPiece? node, string what, int longest)
    {
        if (node is not SpecMap map)
        {
            return Line(node, what, longest) is { } same ? Text.Same(same) : null;
        }

        Clause.Sort(problems, map, BothKeys);
        var ja = Line(map.Find("ja"), $"{what} in Japanese", longest);
        var en = Line(map.Find("en"), $"{what} in English", longest);
        if (map.Entries.Count == 0)
        {
            problems.Wrong(map.At, $"{what} has neither `ja` nor `en`", "write `{ ja: …, en: … }` or one plain text");
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

    private T? InRange<T>(SpecPiece node, string what, T value, T least, T most, Func<T, string> show)
        where T : struct, IComparable<T>
    {
        if (value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0)
        {
            return value;
        }

        problems.Wrong(node.At, $"{what} is {show(value)}", $"from {show(least)} to {show(most)}");
        return null;
    }
}
