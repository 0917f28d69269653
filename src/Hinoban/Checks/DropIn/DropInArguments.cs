using System.Globalization;

namespace Hinoban.Checks.DropIn;

/// <summary>A plugin's command line is wrong: the message for whoever wrote it.</summary>
internal sealed class DropInUsageException(string message) : Exception(message);

/// <summary>Days before a certificate's end.</summary>
internal sealed record DropInDays(int Warn, int Crit);

/// <summary>A command line as getopt reads it: <c>-p25</c>, <c>-p 25</c>, <c>-4v</c>, <c>--port=25</c>, <c>--port 25</c>, long names shortened while they are one.</summary>
internal sealed class DropInArguments
{
    internal const int MostPort = 65535;
    internal const int MostSeconds = 86400;

    // How options were written before getopt; the plugins still take them.
    private static readonly Dictionary<string, string> OldWords = new() { ["-to"] = "-t", ["-wt"] = "-w", ["-ct"] = "-c" };
    private readonly List<Option> options = [];
    private readonly List<string> rest = [];

    /// <param name="arguments">The words after the kind.</param>
    /// <param name="letters">The options as getopt names them: a colon after one that has a value, two after one that may have it; a plus sign in front: what follows the first word that is no option is none.</param>
    /// <param name="names">Long names, each after the letter it stands for and a blank.</param>
    internal DropInArguments(string[] arguments, string letters, params string[] names)
    {
        arguments = Array.ConvertAll(arguments, a => OldWords.GetValueOrDefault(a, a));
        for (var i = 0; i < arguments.Length; i++)
        {
            var word = arguments[i];
            if (word == "--")
            {
                rest.AddRange(arguments[(i + 1)..]);
                return;
            }

            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                i = Long(arguments, i, letters, names);
            }
            else if (word is ['-', _, ..])
            {
                i = Short(arguments, i, letters);
            }
            else if (letters[0] == '+')
            {
                rest.AddRange(arguments.Skip(i));
                return;
            }
            else
            {
                rest.Add(word);
            }
        }
    }

    /// <summary>What is no option, in order.</summary>
    internal IReadOnlyList<string> Rest => rest;

    internal bool Has(char letter) => options.Exists(o => o.Letter == letter);

    /// <summary>The last value given; null: none.</summary>
    internal string? Last(char letter) => options.FindLast(o => o.Letter == letter)?.Value;

    internal IReadOnlyList<string> All(char letter) => [.. options.Where(o => o.Letter == letter).Select(o => o.Value)];

    /// <summary>True where the first of the two letters was written before the second.</summary>
    internal bool Before(char first, char second) =>
        options.FindIndex(o => o.Letter == first) is >= 0 and var a && (options.FindIndex(o => o.Letter == second) is var b && (b < 0 || a < b));

    internal int Port(int usual, string what) => Whole('p', usual, what, MostPort);

    /// <summary>How long the check may take.</summary>
    internal int Wait() => Whole('t', 10, "Timeout interval", MostSeconds);

    internal int Whole(char letter, int usual, string what, int most) => Last(letter) is not { } text ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 && value <= most ? value
        : throw new DropInUsageException(string.Create(CultureInfo.InvariantCulture, $"{what} must be a positive integer, at most {most} - {text}"));

    internal double? Seconds(char letter) => Last(letter) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
        : throw new DropInUsageException($"-{letter} must be a number of seconds - {text}");

    /// <summary><c>30</c> or <c>30,7</c>: days at which to warn and at which it is critical.</summary>
    internal DropInDays? Days(char letter)
    {
        if (Last(letter) is not { } text)
        {
            return null;
        }

        var parts = text.Split(',');
        return parts.Length <= 2 && parts.All(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? new DropInDays(int.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0)
            : throw new DropInUsageException($"Invalid certificate expiration period - {text}");
    }

    private int Long(string[] arguments, int i, string letters, string[] names)
    {
        var word = arguments[i][2..];
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? word : word[..equals];
        var exact = Array.FindAll(names, n => n[2..] == name);
        var found = exact.Length > 0 ? exact : Array.FindAll(names, n => n.AsSpan(2).StartsWith(name, StringComparison.Ordinal));
        if (found.Length == 0 || Array.Exists(found, f => f[0] != found[0][0]))
        {
            throw new DropInUsageException(found.Length == 0 ? $"unrecognized option '--{name}'" : $"option '--{name}' is ambiguous: {string.Join(", ", found.Select(f => "--" + f[2..]))}");
        }

        var letter = found[0][0];
        var wants = Wants(letters, letter);
        if (equals >= 0 && wants == 0)
        {
            throw new DropInUsageException($"option '--{found[0][2..]}' doesn't allow an argument");
        }

        var next = wants == 1 && equals < 0;
        options.Add(new Option(letter, equals >= 0 ? word[(equals + 1)..] : next ? Next(arguments, i, $"--{found[0][2..]}") : ""));
        return next ? i + 1 : i;
    }

    private int Short(string[] arguments, int i, string letters)
    {
        var word = arguments[i];
        for (var at = 1; at < word.Length; at++)
        {
            var wants = Wants(letters, word[at]);
            if (wants < 0)
            {
                throw new DropInUsageException($"invalid option -- '{word[at]}'");
            }

            if (wants == 0)
            {
                options.Add(new Option(word[at], ""));
                continue;
            }

            var here = at + 1 < word.Length || wants == 2;
            options.Add(new Option(word[at], here ? word[(at + 1)..] : Next(arguments, i, $"-{word[at]}")));
            return here ? i : i + 1;
        }

        return i;
    }

    private static string Next(string[] arguments, int i, string option) =>
        i + 1 < arguments.Length ? arguments[i + 1] : throw new DropInUsageException($"option '{option}' requires an argument");

    /// <summary>0: no value, 1: one, 2: one that may stand in the same word; below 0: no such letter.</summary>
    private static int Wants(string letters, char letter)
    {
        var at = letter == ':' ? -1 : letters.IndexOf(letter, StringComparison.Ordinal);
        return at < 0 ? -1 : !Colon(at + 1) ? 0 : Colon(at + 2) ? 2 : 1;

        bool Colon(int here) => here < letters.Length && letters[here] == ':';
    }

    // A class and no value: of a list of those the runtime has no code that is compiled ahead, and to make it takes longer than a check.
    private sealed record Option(char Letter, string Value);
}
