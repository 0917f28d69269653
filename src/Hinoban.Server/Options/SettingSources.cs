namespace Hinoban.Server.Options;

/// <summary>A setting's value as it was given, where, and the folder that relative file names in it start from.</summary>
internal sealed record Given(IReadOnlyList<string> Values, string Where, string Folder);

/// <summary>
/// Where settings come from: command line over environment over file. Each setting comes whole from one place: lists are replaced, not joined.
/// </summary>
internal sealed class SettingSources(IReadOnlyDictionary<string, IReadOnlyList<string>> flags, IReadOnlyDictionary<string, string> variables, string folder)
{
    internal const string FileName = "hinoban.yaml";

    private YamlSettings? file;

    internal string Folder => folder;

    /// <summary>Reads the file (named, or found in the data folder) and returns what is wrong with it and with the variables' names.</summary>
    internal (List<OptionProblem> Problems, List<OptionProblem> Notes) Load()
    {
        var problems = new List<OptionProblem>();
        var named = Of(Settings.Config);
        var path = named is { Values: [{ Length: > 0 } name] } ? Path.GetFullPath(name, named.Folder) : FoundInData();
        if (path is not null)
        {
            file = YamlSettings.Read(path, found: named is null, problems);
        }

        var known = Settings.All.Append(Settings.Config).Select(s => s.Variable).ToHashSet();
        var notes = variables.Keys.Where(v => v.StartsWith("HINOBAN_", StringComparison.Ordinal) && !known.Contains(v))
            .Order(StringComparer.Ordinal)
            .Select(v => new OptionProblem(v, OptionText.UnknownVariable, Nearest.Hint(v, known)))
            .ToList();
        return (problems, notes);
    }

    /// <summary>Null if it is given nowhere. An empty variable counts as not given.</summary>
    internal Given? Of(Setting setting)
    {
        if (flags.TryGetValue(setting.Key, out var values))
        {
            return new Given([.. values.SelectMany(v => Split(setting, v, paths: false))], setting.Flag, folder);
        }

        if (variables.TryGetValue(setting.Variable, out var variable) && variable.Length > 0)
        {
            return new Given(Split(setting, variable, paths: true), setting.Variable, folder);
        }

        return file?.Values.GetValueOrDefault(setting.Key);
    }

    private string? FoundInData()
    {
        var path = Of(Settings.Data) is { Values: [{ Length: > 0 } data] } ? Path.Combine(Path.GetFullPath(data, folder), FileName) : null;
        return path is not null && File.Exists(path) ? path : null;
    }

    private static string[] Split(Setting setting, string value, bool paths) => setting.Shape switch
    {
        SettingShape.Names => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        SettingShape.Paths when paths => value.Split(':', StringSplitOptions.RemoveEmptyEntries),
        _ => [value],
    };
}

/// <summary>The nearest known word to a mistyped one.</summary>
internal static class Nearest
{
    internal static Basics.Text Hint(string word, IEnumerable<string> known)
    {
        var (near, distance) = known.Select(k => (k, Distance(word, k))).OrderBy(k => k.Item2).ThenBy(k => k.k, StringComparer.Ordinal).FirstOrDefault();
        return near is not null && distance <= Math.Max(2, word.Length / 4) ? OptionText.DidYouMean(near) : OptionText.Nothing;
    }

    // Levenshtein, two rows.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
