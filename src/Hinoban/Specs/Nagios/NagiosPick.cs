using System.Text;
using System.Text.RegularExpressions;

namespace Hinoban.Specs.Nagios;

/// <summary>What a list of names picks: those wanted, in Nagios' order (the last named first), and those that <c>!</c> takes away.</summary>
internal sealed record NagiosPicked(IReadOnlyList<string> Wanted, IReadOnlySet<string> Refused, IReadOnlyList<string> Unknown);

/// <summary>Resolves lists of names: single ones, <c>*</c>, <c>!</c> and, where the main configuration says so, regular expressions.</summary>
internal sealed class NagiosPick(NagiosSettings settings)
{
    private readonly Dictionary<string, Regex?> compiled = [];

    /// <param name="list">Names between commas.</param>
    /// <param name="known">All names there are, in the order of the files.</param>
    /// <param name="sticks">After one expression, Nagios takes the rest of a list of hosts or contacts for expressions too.</param>
    internal NagiosPicked Of(IReadOnlyList<string> list, NagiosNamesKnown known, bool sticks)
    {
        var wanted = new List<string>();
        HashSet<string>? seen = list.Count > 1 ? [] : null;
        HashSet<string> refused = [];
        List<string> unknown = [];
        var asRegex = false;
        foreach (var name in list)
        {
            asRegex = IsRegex(name) || (sticks && asRegex);
            if (!asRegex && name[0] == '!')
            {
                (known.Contains(name[1..]) ? refused : (ICollection<string>)unknown).Add(name[1..]);
                continue;
            }

            var found = asRegex ? Matching(name, known) : name == "*" ? known.All : known.Contains(name) ? [name] : [];
            if (found.Count == 0 && name != "*")
            {
                unknown.Add(name);
            }

            wanted.AddRange(seen is null ? found : found.Where(seen.Add));
        }

        wanted.Reverse();
        return new NagiosPicked(wanted, refused, unknown);
    }

    internal bool IsRegex(string name) =>
        settings.UsesRegex && (settings.AlwaysRegex || name.AsSpan().IndexOfAny("*?+") >= 0 || name.Contains("\\.", StringComparison.Ordinal));

    internal bool Matches(string expression, string name) => Compiled(expression) is { } regex && regex.IsMatch(name);

    private IReadOnlyList<string> Matching(string expression, NagiosNamesKnown known) =>
        Compiled(expression) is { } regex ? [.. known.All.Where(n => regex.IsMatch(n))] : [];

    // Without backtracking, so that no expression can take for ever; what needs it is no POSIX expression either.
    private Regex? Compiled(string expression)
    {
        if (!compiled.TryGetValue(expression, out var regex))
        {
            try
            {
                regex = new Regex(FromPosix(expression), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            }
            catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
            {
                regex = null;
            }

            compiled[expression] = regex;
        }

        return regex;
    }

    /// <summary>POSIX extended → .NET: classes such as <c>[[:digit:]]</c>. A repetition of nothing (<c>*</c> alone) is an error in both.</summary>
    private static string FromPosix(string expression)
    {
        var text = new StringBuilder(expression);
        foreach (var (posix, net) in new[]
        {
            ("[:digit:]", "0-9"), ("[:alpha:]", "A-Za-z"), ("[:alnum:]", "A-Za-z0-9"), ("[:lower:]", "a-z"), ("[:upper:]", "A-Z"),
            ("[:space:]", @"\s"), ("[:punct:]", @"!-/:-@\[-`{-~"), ("[:xdigit:]", "0-9A-Fa-f"),
        })
        {
            text.Replace(posix, net);
        }

        return text.ToString();
    }
}

/// <summary>The names of one kind of thing, in the order of the files.</summary>
internal sealed class NagiosNamesKnown
{
    private readonly List<string> all = [];
    private readonly HashSet<string> set = [];

    internal List<string> All => all;

    internal bool Contains(string name) => set.Contains(name);

    internal bool Add(string name)
    {
        if (!set.Add(name))
        {
            return false;
        }

        all.Add(name);
        return true;
    }
}
