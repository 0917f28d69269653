using System.Globalization;

namespace Hinoban.Agent.Setup;

/// <summary>Reads a command of kind "log".</summary>
internal static class LogReader
{
    private const int MostRules = 100;
    private const int MostFiles = 100;
    private const int LongestPattern = 4096;
    private const int MostContext = 20;
    private const int LongestTime = 7 * 24 * 3600;

    private static readonly string[] Priorities = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

    internal static LogPlan Read(ConfigNode node)
    {
        var (files, journal) = (Files(node), Journal(node));
        if (files.Count > 0 && journal is not null)
        {
            node.Wrong("journal", "stands beside files; write one of the two, the other as a command of its own");
        }
        else if (!node.Has("files") && !node.Has("journal"))
        {
            node.Wrong("files", "is missing; write [\"/var/log/…\"], or journal {…} for systemd's journal");
        }

        var format = Format(node);
        var context = node.Child("context", wanted: false);
        var plan = new LogPlan(
            node.Written,
            files,
            journal,
            Encoding(node),
            node.Text("record", wanted: false) is { } record ? Pattern(node, "record", record) : null,
            format,
            Rules(node, format),
            Patterns(node, "except"),
            Within(node, "limit"),
            context?.Number("before", 0, 0, MostContext) ?? 0,
            context?.Number("after", 0, 0, MostContext) ?? 0,
            Mask(node));
        context?.Finish();
        if (plan is { Record: not null, Format: not LogFormat.Text })
        {
            node.Wrong("record", "stands beside format, whose records are lines; write one of the two");
        }

        return plan;
    }

    private static IReadOnlyList<string> Files(ConfigNode node)
    {
        var files = node.Texts("files", wanted: node.Has("files"));
        foreach (var (at, file) in files.Index())
        {
            var folder = file[..(file.LastIndexOf('/') + 1)];
            if (!file.StartsWith('/') || file.EndsWith('/'))
            {
                node.Wrong($"files[{at}]", $"'{file}' is no full path of a file; write /var/log/…");
            }
            else if (folder.AsSpan().ContainsAny('*', '?'))
            {
                node.Wrong($"files[{at}]", $"'{file}' has * or ? in a folder; write them in the last part only");
            }
        }

        if (files.Count > MostFiles)
        {
            node.Wrong("files", $"{files.Count} are too many; write up to {MostFiles}, or a pattern with *");
        }

        return files;
    }

    private static JournalPlan? Journal(ConfigNode node)
    {
        if (node.Child("journal", wanted: false) is not { } journal)
        {
            return null;
        }

        var units = journal.Texts("units", wanted: false);
        foreach (var unit in units.Where(u => u.Length == 0 || u.StartsWith('-') || u.Any(char.IsControl)))
        {
            journal.Wrong("units", $"'{unit}' is no unit's name; write nginx.service");
        }

        var priority = journal.Text("priority", wanted: false);
        if (priority is not null && !Priorities.Contains(priority))
        {
            journal.Wrong("priority", $"'{priority}' is not known; write one of {string.Join(", ", Priorities)}");
        }

        journal.Finish();
        return new JournalPlan(units, priority);
    }

    private static LogEncoding Encoding(ConfigNode node)
    {
        var text = node.Text("encoding", wanted: false) ?? "utf-8";
        LogEncoding? encoding = text switch { "utf-8" => LogEncoding.Utf8, "euc-jp" => LogEncoding.EucJp, "shift_jis" => LogEncoding.ShiftJis, _ => null };
        if (encoding is null)
        {
            node.Wrong("encoding", $"'{text}' is not known; write utf-8, euc-jp or shift_jis");
        }
        else if (encoding != LogEncoding.Utf8 && node.Has("journal"))
        {
            node.Wrong("encoding", "has no meaning for systemd's journal; leave it out");
        }

        return encoding ?? LogEncoding.Utf8;
    }

    private static LogFormat Format(ConfigNode node)
    {
        var text = node.Text("format", wanted: false);
        LogFormat? format = text switch { null => LogFormat.Text, "apache-access" => LogFormat.ApacheAccess, "apache-error" => LogFormat.ApacheError, _ => null };
        if (format is null)
        {
            node.Wrong("format", $"'{text}' is not known; write apache-access or apache-error, or leave it out");
        }

        return format ?? LogFormat.Text;
    }

    private static List<LogRulePlan> Rules(ConfigNode node, LogFormat format)
    {
        var (rules, names) = (new List<LogRulePlan>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var entry in node.Items("match"))
        {
            var name = entry.Text("name") ?? "";
            if (name.Length > 100 || name.Any(char.IsControl))
            {
                entry.Wrong("name", "is no name; write up to 100 characters on one line");
            }
            else if (name.Length > 0 && !names.Add(name))
            {
                entry.Wrong("name", $"'{name}' stands twice; give each rule its own");
            }

            var regex = entry.Text("regex", wanted: false) is { } text ? Pattern(entry, "regex", text) : null;
            var status = entry.Text("status", wanted: false) is { } range ? Status(entry, range, format) : null;
            if (!entry.Has("regex") && !entry.Has("status"))
            {
                entry.Wrong("regex", "is missing; write a pattern, or status for apache-access");
            }

            rules.Add(new LogRulePlan(name, regex, status, Level(entry), Within(entry, "rate")));
            entry.Finish();
        }

        if (rules.Count > MostRules)
        {
            node.Wrong("match", $"{rules.Count} rules are too many; write up to {MostRules}");
        }

        return rules;
    }

    private static StatusRange? Status(ConfigNode node, string text, LogFormat format)
    {
        if (format != LogFormat.ApacheAccess)
        {
            node.Wrong("status", "needs the format apache-access");
        }

        var ends = text.Split('-');
        if (text is [>= '1' and <= '5' and var hundreds, 'x', 'x'])
        {
            return new StatusRange((hundreds - '0') * 100, ((hundreds - '0') * 100) + 99);
        }

        if (ends.Length <= 2 && ends.All(e => e.Length == 3 && e.All(char.IsAsciiDigit)))
        {
            var (from, to) = (int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[^1], CultureInfo.InvariantCulture));
            if (from is >= 100 && from <= to && to <= 599)
            {
                return new StatusRange(from, to);
            }
        }

        node.Wrong("status", $"'{text}' is no status; write 404, 4xx or 500-503");
        return null;
    }

    private static HitLevel Level(ConfigNode node)
    {
        var text = node.Text("level");
        HitLevel? level = text switch { "warning" => HitLevel.Warning, "critical" => HitLevel.Critical, _ => null };
        if (level is null && text is not null)
        {
            node.Wrong("level", $"'{text}' is not known; write warning or critical");
        }

        return level ?? HitLevel.Warning;
    }

    private static CountWithin? Within(ConfigNode node, string key)
    {
        if (node.Child(key, wanted: false) is not { } child)
        {
            return null;
        }

        if (!child.Has("count") || !child.Has("within_s"))
        {
            child.Wrong(child.Has("count") ? "within_s" : "count", "is missing; write { \"count\": 20, \"within_s\": 60 }");
        }

        var within = new CountWithin(child.Number("count", 1, 1, 1_000_000), TimeSpan.FromSeconds(child.Number("within_s", 1, 1, LongestTime)));
        child.Finish();
        return within;
    }

    private static MaskPlan Mask(ConfigNode node)
    {
        if (node.Child("mask", wanted: false) is not { } mask)
        {
            return new MaskPlan(true, []);
        }

        var plan = new MaskPlan(mask.Flag("default", otherwise: true), Patterns(mask, "regex"));
        mask.Finish();
        return plan;
    }

    private static List<Pattern> Patterns(ConfigNode node, string key) =>
        [.. node.Texts(key, wanted: false).Select((text, at) => Pattern(node, $"{key}[{at}]", text)).OfType<Pattern>()];

    private static Pattern? Pattern(ConfigNode node, string key, string text)
    {
        if (text.Length is 0 or > LongestPattern)
        {
            node.Wrong(key, $"is empty or longer than {LongestPattern} characters; write a pattern");
            return null;
        }

        try
        {
            return Setup.Pattern.Read(text);
        }
        catch (ArgumentException wrong)
        {
            node.Wrong(key, $"is no pattern: {wrong.Message}");
        }
        catch (NotSupportedException)
        {
            node.Wrong(key, $"'{text}' cannot be searched in linear time; write it without looking ahead or behind, without backreferences and atomic groups, and without huge repetitions");
        }

        return null;
    }
}
