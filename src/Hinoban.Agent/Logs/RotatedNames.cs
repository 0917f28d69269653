using System.IO.Enumeration;

namespace Hinoban.Agent.Logs;

/// <summary>What files are called once they have been set aside, and which files a pattern means.</summary>
internal static class RotatedNames
{
    private static readonly string[] Unread = [".xz", ".zst", ".bz2", ".lzma", ".Z"];

    internal static bool IsGzip(string path) => path.EndsWith(".gz", StringComparison.Ordinal);

    /// <summary>Compressed in a way that is not read here.</summary>
    internal static bool IsUnread(string path) => Unread.Any(u => path.EndsWith(u, StringComparison.Ordinal));

    /// <summary>Whether one may be what became of the other: NAME.1, NAME-20261123, NAME.2.gz, STEM-20261123.log, NAME.old.</summary>
    internal static bool IsRotated(string of, string path)
    {
        var slash = of.LastIndexOf('/') + 1;
        if (path.Length <= of.Length || !path.AsSpan().StartsWith(of.AsSpan(0, slash)) || path.AsSpan(slash).Contains('/'))
        {
            return false;
        }

        var name = of.AsSpan(slash);
        var rest = Uncompressed(path.AsSpan(slash));
        if (rest.StartsWith(name))
        {
            return rest.Length == name.Length || IsNumber(rest[name.Length..]) || rest[name.Length..] is ".old" or ".prev";
        }

        var dot = name.LastIndexOf('.');
        return dot > 0 && rest.Length > name.Length && rest.StartsWith(name[..dot]) && rest.EndsWith(name[dot..]) && IsNumber(rest[dot..^(name.Length - dot)], digits: 6);
    }

    /// <summary>The files that a pattern with * and ? in its last part means; their folder must be readable.</summary>
    internal static IEnumerable<string> Expand(string pattern)
    {
        if (!pattern.AsSpan().ContainsAny('*', '?'))
        {
            return [pattern];
        }

        var slash = pattern.LastIndexOf('/');
        var name = pattern[(slash + 1)..];
        return Files(pattern[..Math.Max(slash, 1)])
            .Where(p => FileSystemName.MatchesSimpleExpression(name, p.AsSpan(p.LastIndexOf('/') + 1), ignoreCase: false) && !IsGzip(p) && !IsUnread(p))
            .Order(StringComparer.Ordinal);
    }

    internal static IEnumerable<string> Files(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false, MatchType = MatchType.Simple }) : [];

    private static ReadOnlySpan<char> Uncompressed(ReadOnlySpan<char> name)
    {
        if (name.EndsWith(".gz"))
        {
            return name[..^3];
        }

        foreach (var unread in Unread)
        {
            if (name.EndsWith(unread))
            {
                return name[..^unread.Length];
            }
        }

        return name;
    }

    // In the middle of a name a short number may be just another log's (worker-2.log); a date is none.
    private static bool IsNumber(ReadOnlySpan<char> suffix, int digits = 1) => suffix.Length > digits && suffix[0] is '.' or '-' or '_' && char.IsAsciiDigit(suffix[1]) && !suffix[1..].ContainsAnyExcept("0123456789.-_:T");
}
