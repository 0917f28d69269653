using System.Globalization;
using System.Text.RegularExpressions;
using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Reads a <c>log</c> check: where the log is, which of its records are hits, how much of them is told.</summary>
internal sealed partial class LogReader(SpecValues values, CheckLayers layers, LookReader reader)
{
    internal static readonly string[] Keys = ["file", "files", "journal", "encoding", "record", "format", "match", "except", "limit", "context", "mask"];

    private const int MostRules = 50;
    private const int LongestPattern = 1000;
    private const int MostContext = 20;

    private static readonly ClauseKeys MatchKeys = new(LogText.Rule, ["name", "regex", "status", "rate", "level"], []);
    private static readonly ClauseKeys JournalKeys = new(SpecText.Key("journal"), ["units", "priority"], []);
    private static readonly ClauseKeys ContextKeys = new(SpecText.Key("context"), ["before", "after"], []);
    private static readonly ClauseKeys MaskKeys = new(SpecText.Key("mask"), ["default", "regex"], []);
    private static readonly string[] Priorities = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

    // Past so many states the linear engine refuses a pattern such as (a{1000}){1000} instead of building it; the agent has the same.
    private const int MostStates = 10_000;

    private string? format;

    static LogReader() => AppContext.SetData("REGEX_NONBACKTRACKING_MAX_AUTOMATA_SIZE", MostStates);

    private SpecProblems Problems => values.Problems;

    internal LogLookPlan Read(InsideWay way)
    {
        var (files, journal) = Source();
        format = Word("format", LogLookPlan.Access, LogLookPlan.Error);
        if (format is not null && layers.Find("record").Node is { } record)
        {
            Problems.Wrong(record.At, LogText.RecordOfFormat, LogText.LeaveOut("record"));
        }

        var (before, after) = Context();
        var mask = layers.Find("mask").Node;
        return new LogLookPlan(
            way,
            files,
            journal,
            Word("encoding", LogLookPlan.Utf8, "euc-jp", "shift_jis") ?? LogLookPlan.Utf8,
            Pattern(layers.Find("record").Node, SpecText.Key("record")),
            format,
            Matches(),
            Patterns(layers.Find("except").Node, "except"),
            Rate(layers.Find("limit").Node, "limit", 1000) ?? LogLookPlan.UsualLimit,
            before,
            after,
            mask is null ? LogLookPlan.UsualMask : mask is SpecScalar { Text: "none" } ? new LogMaskPlan(false, []) : Mask(mask));
    }

    private string? Word(string key, params string[] words) =>
        values.OneOf(layers.Find(key).Node, SpecText.Key(key), [.. words.Select((w, i) => (w, i))]) is { } at ? words[at] : null;

    // A host may say journal where its template says file: then the host's word counts, and only two on one level contradict each other.
    private (IReadOnlyList<string> Files, LogJournalPlan? Journal) Source()
    {
        var said = new[] { "file", "files", "journal" }.Select(key => (Key: key, layers.Find(key).Node, layers.Find(key).Rank)).Where(s => s.Node is not null).ToList();
        if (said.Count == 0)
        {
            reader.Missing("file", "/var/log/messages");
            return ([], null);
        }

        var top = said.Where(s => s.Rank == said.Max(o => o.Rank)).ToList();
        if (top.Count > 1)
        {
            Problems.Wrong(top[1].Node!.At, LogText.TwoSources(top[0].Key, top[1].Key), LogText.OneSource);
        }

        var (key, node, _) = top[0];
        if (key != "journal")
        {
            return (Files(node!, key), null);
        }

        foreach (var other in new[] { "encoding", "record", "format" }.Select(k => (Key: k, layers.Find(k).Node)).Where(o => o.Node is not null))
        {
            Problems.Wrong(other.Node!.At, LogText.OnlyFiles(other.Key), LogText.LeaveOut(other.Key));
        }

        return ([], Journal(node!));
    }

    private List<string> Files(SpecPiece node, string key)
    {
        var files = values.Many(node).Select(n => values.Where(n, LogText.File, IsFile, LogText.FileRight)).OfType<string>().ToList();
        if (values.Many(node).Count is 0 or > MostRules)
        {
            Problems.Wrong(node.At, LogText.Count(key, values.Many(node).Count), LogText.CountRight(1, MostRules));
        }

        return files;
    }

    // Wildcards stand in the last part only, so that it is clear which folder is watched.
    private static bool IsFile(string text) =>
        text is ['/', ..] && text.Length <= 400 && SpecWords.Unprintable(text) is null && !text.EndsWith('/')
        && !text.Split('/').Contains("..") && text.LastIndexOf('/') is var last && text.AsSpan(0, last).IndexOfAny('*', '?') < 0;

    private LogJournalPlan Journal(SpecPiece node)
    {
        if (node is not SpecMap)
        {
            return new LogJournalPlan(node is SpecScalar { Text: "all" } ? [] : Units(node), null);
        }

        var clause = Clause.Open(Problems, node, node.At, JournalKeys)!;
        var priority = clause.OneOf("priority", [.. Priorities.Select((p, i) => (p, i))]);
        return new LogJournalPlan(Units(clause.Find("units")), priority is { } at ? Priorities[at] : null);
    }

    private List<string> Units(SpecPiece? node) =>
        [.. values.Many(node).Select(n => values.Where(n, LogText.Unit, u => UnitShape().IsMatch(u), LogText.UnitRight)).OfType<string>()];

    private List<LogMatchPlan> Matches()
    {
        var node = layers.Find("match").Node;
        if (node is null)
        {
            reader.Missing("match", "\"Error\"");
            return [];
        }

        var pieces = values.Many(node);
        if (pieces.Count is 0 or > MostRules)
        {
            Problems.Wrong(node.At, LogText.Count("match", pieces.Count), LogText.CountRight(1, MostRules));
        }

        var rules = new List<LogMatchPlan>();
        foreach (var (piece, number) in pieces.Select((p, i) => (p, i + 1)))
        {
            if (Match(piece, number) is { } rule)
            {
                if (rules.Exists(r => r.Name == rule.Name))
                {
                    Problems.Wrong(piece.At, LogText.NameTwice(rule.Name), LogText.NameTwiceRight);
                }

                rules.Add(rule);
            }
        }

        return rules;
    }

    private LogMatchPlan? Match(SpecPiece piece, int number)
    {
        var usual = number.ToString("'match'0", CultureInfo.InvariantCulture);
        if (piece is SpecScalar { IsNull: false })
        {
            return Pattern(piece, SpecText.Key("match")) is { } alone ? new LogMatchPlan(usual, alone, null, null, HitLevel.Warning) : null;
        }

        if (Clause.Open(Problems, piece, piece.At, MatchKeys) is not { } clause)
        {
            return null;
        }

        var (regex, status) = (clause.Find("regex"), clause.Find("status"));
        if (regex is null == status is null)
        {
            Problems.Wrong(status?.At ?? piece.At, regex is null ? LogText.NoPattern : LogText.BothPatterns, LogText.PatternOrStatus);
        }

        if (status is not null && format != LogLookPlan.Access)
        {
            Problems.Wrong(status.At, LogText.StatusNeedsFormat, LogText.StatusNeedsFormatRight);
        }

        var code = values.Where(status, SpecText.Key("status"), IsStatus, LogText.StatusRight);
        return new LogMatchPlan(
            values.Where(clause.Find("name"), SpecText.Key("name"), SpecWords.IsKey, SpecText.KeyRight) ?? (code is null ? usual : code),
            Pattern(regex, SpecText.Key("regex")),
            code,
            Rate(clause.Find("rate"), "rate", 1_000_000),
            clause.OneOf("level", ("warning", HitLevel.Warning), ("critical", HitLevel.Critical)) ?? HitLevel.Warning);
    }

    /// <summary>A single status, a class of them, or from one to another.</summary>
    internal static bool IsStatus(string text) =>
        StatusShape().Match(text) is { Success: true } shape && (!shape.Groups["to"].Success || string.CompareOrdinal(shape.Groups["from"].Value, shape.Groups["to"].Value) <= 0);

    private LogRatePlan? Rate(SpecPiece? node, string key, int most)
    {
        if (Clause.Open(Problems, node, node?.At ?? default, new ClauseKeys(SpecText.Key(key), ["count", "within"], [])) is not { } clause)
        {
            return null;
        }

        _ = clause.Must("count", "100");
        _ = clause.Must("within", "5m");
        var within = clause.Duration("within", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        if (within is { } span && span.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            Problems.Wrong(clause.Find("within")!.At, LogText.WholeSeconds(SpecWords.Of(span)), LogText.WholeSecondsRight);
        }

        return clause.Whole("count", 1, most) is { } count && within is { } time ? new LogRatePlan(count, time) : null;
    }

    private (int Before, int After) Context()
    {
        var node = layers.Find("context").Node;
        if (node is SpecMap)
        {
            var clause = Clause.Open(Problems, node, node.At, ContextKeys)!;
            return (clause.Whole("before", 0, MostContext) ?? 0, clause.Whole("after", 0, MostContext) ?? 0);
        }

        var both = values.Whole(node, SpecText.Key("context"), 0, MostContext) ?? 0;
        return (both, both);
    }

    private LogMaskPlan Mask(SpecPiece node) => Clause.Open(Problems, node, node.At, MaskKeys) is { } clause
        ? new LogMaskPlan(clause.Truth("default") ?? true, Patterns(clause.Find("regex"), "mask"))
        : LogLookPlan.UsualMask;

    /// <summary>Patterns that leave something out: one that matches nothing at all would leave out everything.</summary>
    private List<string> Patterns(SpecPiece? node, string key)
    {
        if (values.Many(node).Count > MostRules)
        {
            Problems.Wrong(node!.At, LogText.Count(key, values.Many(node).Count), LogText.CountRight(0, MostRules));
        }

        var patterns = new List<string>();
        foreach (var piece in values.Many(node))
        {
            if (Pattern(piece, SpecText.Key(key)) is not { } pattern)
            {
                continue;
            }

            if (Made(pattern)!.IsMatch(""))
            {
                Problems.Wrong(piece.At, LogText.MatchesNothing(pattern), LogText.MatchesNothingRight);
            }

            patterns.Add(pattern);
        }

        return patterns;
    }

    private string? Pattern(SpecPiece? node, Text what)
    {
        if (values.Word(node, what, LogText.PatternRight) is not { } text)
        {
            return null;
        }

        if (text.Length is 0 or > LongestPattern || SpecWords.Unprintable(text) is not null)
        {
            Problems.Wrong(node!.At, LogText.NotAPattern(text), LogText.PatternShape(LongestPattern));
            return null;
        }

        try
        {
            _ = Made(text);
            return text;
        }
        catch (NotSupportedException)
        {
            Problems.Wrong(node!.At, LogText.NotLinear(text), LogText.NotLinearRight);
        }
        catch (ArgumentException broken)
        {
            Problems.Wrong(node!.At, LogText.BrokenPattern(text, broken.Message), LogText.PatternRight);
        }

        return null;
    }

    // As the agent makes it: in time that grows with the length of the line only, whatever is in it.
    private static Regex Made(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    [GeneratedRegex(@"\A[A-Za-z0-9:_.@\\][A-Za-z0-9:_.@\\-]{0,254}\z")]
    private static partial Regex UnitShape();

    [GeneratedRegex(@"\A(?:[1-5]xx|(?<from>[1-5][0-9]{2})(?:-(?<to>[1-5][0-9]{2}))?)\z")]
    private static partial Regex StatusShape();
}
