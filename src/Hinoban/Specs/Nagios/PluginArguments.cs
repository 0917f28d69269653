namespace Hinoban.Specs.Nagios;

/// <summary>A known plugin's options: short letter, long name, whether a value follows.</summary>
internal readonly record struct PluginOption(char Short, string Long, bool HasValue);

/// <summary>Takes a plugin's arguments apart as getopt_long does; anything that is not known exactly makes the whole not understood.</summary>
internal static class PluginArguments
{
    /// <summary>Values by short letter (an option without value has an empty one); null: not all of it is understood.</summary>
    internal static IReadOnlyDictionary<char, string>? Of(IReadOnlyList<string> arguments, IReadOnlyList<PluginOption> options)
    {
        var found = new Dictionary<char, string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            var isLong = word.StartsWith("--", StringComparison.Ordinal);
            var equals = isLong ? word.IndexOf('=', StringComparison.Ordinal) : -1;
            var name = isLong ? equals < 0 ? word[2..] : word[2..equals] : "";
            if (word.Length < 2 || word[0] != '-' || options.FirstOrDefault(o => isLong ? o.Long == name : o.Short == word[1]) is not { Short: not '\0' } option)
            {
                return null;
            }

            var attached = isLong ? (equals < 0 ? null : word[(equals + 1)..]) : (word.Length == 2 ? null : word[2..]);
            if (!option.HasValue && attached is not null)
            {
                return null;
            }

            if (option.HasValue && attached is null && ++i >= arguments.Count)
            {
                return null;
            }

            // Said twice, plugins differ in which one they take.
            if (!found.TryAdd(option.Short, option.HasValue ? attached ?? arguments[i] : ""))
            {
                return null;
            }
        }

        return found;
    }
}
