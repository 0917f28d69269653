using System.Globalization;

namespace Hinoban.Specs.Nagios;

/// <summary>Which kind of file or folder the main configuration names.</summary>
internal enum NagiosPart
{
    /// <summary><c>cfg_file</c>: object definitions.</summary>
    Objects,

    /// <summary><c>cfg_dir</c>: a folder of them, with its folders.</summary>
    Folder,

    /// <summary><c>resource_file</c>: the macros <c>$USERn$</c>.</summary>
    Resource,
}

/// <summary>A file or folder that is to be read, as written.</summary>
internal readonly record struct NagiosNamed(NagiosPart Part, string Path, SpecPlace At);

/// <summary>The main configuration's text (<c>key=value</c>, comments with <c>#</c>) → settings and the files it names; the same for a resource file.</summary>
internal static class NagiosMainFile
{
    private const int MostUsers = 256;

    internal static IReadOnlyList<NagiosNamed> Read(SpecFile file, NagiosSettings settings, NagiosProblems problems)
    {
        var named = new List<NagiosNamed>();
        foreach (var (key, value, at) in Pairs(file, problems))
        {
            NagiosPart? part = key switch
            {
                "cfg_file" or "xodtemplate_config_file" => NagiosPart.Objects,
                "cfg_dir" or "xodtemplate_config_dir" => NagiosPart.Folder,
                "resource_file" => NagiosPart.Resource,
                _ => null,
            };
            if (part is { } names)
            {
                named.Add(new NagiosNamed(names, value, at));
            }

            settings.Say(key, new NagiosField(value, at));
        }

        return named;
    }

    internal static void ReadResource(SpecFile file, NagiosSettings settings, NagiosProblems problems)
    {
        foreach (var (key, value, at) in Pairs(file, problems))
        {
            if (key.StartsWith("$USER", StringComparison.Ordinal) && key.EndsWith('$')
                && int.TryParse(key.AsSpan(5, Math.Max(0, key.Length - 6)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= MostUsers)
            {
                settings.SayUser(number, value, at);
            }
        }
    }

    /// <summary>Whether a text is object definitions rather than a main configuration: people name either.</summary>
    internal static bool IsObjects(string text) => NagiosLines.Of(text).Any(l => l.Text.StartsWith("define ", StringComparison.Ordinal) || l.Text.StartsWith("define\t", StringComparison.Ordinal));

    // What stands in a resource file never reaches a message: it may be a password.
    private static IEnumerable<(string Key, string Value, SpecPlace At)> Pairs(SpecFile file, NagiosProblems problems)
    {
        foreach (var (number, line, tooLong) in NagiosLines.Of(file.Text))
        {
            var at = new SpecPlace(file.Name, number, 1);
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (tooLong)
            {
                problems.Wrong(at, NagiosText.LongLine(NagiosLines.Longest), NagiosText.LongLineRight);
            }
            else if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }
            else if (equals <= 0)
            {
                problems.Wrong(at, NagiosText.NoPair, NagiosText.NoPairRight);
            }
            else
            {
                yield return (line[..equals].Trim(), line[(equals + 1)..].Trim(), at);
            }
        }
    }
}
