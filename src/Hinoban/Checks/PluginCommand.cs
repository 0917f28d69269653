using System.Text;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>A plugin's argument list with its macros expanded: inside single arguments, once, and never by a shell.</summary>
internal static class PluginCommand
{
    /// <summary>Expands <c>$HOSTADDRESS$</c>, <c>$HOSTNAME$</c>, <c>$SERVICEDESC$</c> and <c>$$</c>; unknown macros stay as written.</summary>
    internal static string Expand(string argument, ItemPlan item)
    {
        if (!argument.Contains('$'))
        {
            return argument;
        }

        var text = new StringBuilder();
        for (var at = 0; at < argument.Length;)
        {
            var end = argument[at] == '$' ? argument.IndexOf('$', at + 1) : -1;
            if (end > 0 && Value(argument.AsSpan(at + 1, end - at - 1), item) is { } value)
            {
                text.Append(value);
                at = end + 1;
            }
            else
            {
                text.Append(argument[at++]);
            }
        }

        return text.ToString();
    }

    private static string? Value(ReadOnlySpan<char> macro, ItemPlan item) => macro switch
    {
        "" => "$",
        "HOSTADDRESS" => item.Address,
        "HOSTNAME" => item.Host,
        "SERVICEDESC" => item.Service,
        _ => null,
    };
}
