using System.Text;
using Hinoban.Basics;

namespace Hinoban.Specs.Nagios;

/// <summary>What an item's macros stand for: its host, its service (null: the host check) and the arguments of its command.</summary>
internal sealed record NagiosGround(string Host, NagiosObject HostObject, NagiosService? Service, IReadOnlyList<string> Arguments);

/// <summary>
/// Fills in macros that have a value in the configuration. The host's address stays a macro; the value of a <c>$USERn$</c> that is no folder of
/// plugins is taken for a secret and never comes out.
/// </summary>
internal sealed class NagiosMacros
{
    /// <summary>Stands for <c>$HOSTADDRESS$</c> until the command is taken apart.</summary>
    internal const char Address = '\ue000';

    private const int Deepest = 8;

    private readonly NagiosModel model;
    private readonly Dictionary<int, string> folders = [];

    internal NagiosMacros(NagiosModel model)
    {
        this.model = model;
        foreach (var command in model.Commands.Values)
        {
            var line = (command.Find("command_line") ?? "").TrimStart();
            if (UserOf(line) is { } user && model.Settings.Users.TryGetValue(user, out var value) && IsFolder(value.Value.Reveal()))
            {
                folders[user] = value.Value.Reveal();
            }
        }
    }

    /// <summary>The folders of plugins that <c>$USERn$</c> names.</summary>
    internal IReadOnlyDictionary<int, string> Folders => folders;

    /// <summary>The command line of an item, macros filled in; or why it cannot be.</summary>
    internal (string? Line, Text? Why) Command(NagiosGround ground, string commandLine) => Fill(commandLine, ground, 0);

    /// <summary>The name of the command and its arguments; <c>\!</c> is an exclamation mark.</summary>
    internal static IReadOnlyList<string> Arguments(string checkCommand)
    {
        var (found, one) = (new List<string>(), new StringBuilder());
        var text = checkCommand.TrimStart('!');
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] == '!')
            {
                one.Append('!');
                i++;
            }
            else if (text[i] == '!')
            {
                found.Add(one.ToString());
                one.Clear();
            }
            else
            {
                one.Append(text[i]);
            }
        }

        found.Add(one.ToString());
        return found[1..];
    }

    private (string? Text, Text? Why) Fill(string text, NagiosGround ground, int depth)
    {
        var parts = text.Split('$');
        if (parts.Length == 1)
        {
            return (text, null);
        }

        var filled = new StringBuilder();
        for (var i = 0; i < parts.Length; i++)
        {
            // Every second part stands between two `$`; after the last lone one nothing is a macro.
            if (i % 2 == 0)
            {
                filled.Append(parts[i]);
                continue;
            }

            if (i == parts.Length - 1)
            {
                filled.Append('$').Append(parts[i]);
                continue;
            }

            var (value, why) = Value(parts[i], ground, depth);
            if (value is null)
            {
                return (null, why);
            }

            filled.Append(value);
            if (filled.Length > NagiosLines.Longest)
            {
                return (null, WriteText.LongCommand);
            }
        }

        return (filled.ToString(), null);
    }

    private (string? Value, Text? Why) Value(string name, NagiosGround ground, int depth)
    {
        if (name.Length == 0)
        {
            return ("$", null);
        }

        if (name.StartsWith("ARG", StringComparison.Ordinal) && int.TryParse(name.AsSpan(3), out var number) && number is > 0 and <= 32)
        {
            return number > ground.Arguments.Count ? ("", null) : depth < Deepest ? Fill(ground.Arguments[number - 1], ground, depth + 1) : (null, WriteText.NoMacro(name));
        }

        if (name.StartsWith("USER", StringComparison.Ordinal) && int.TryParse(name.AsSpan(4), out var user))
        {
            return folders.TryGetValue(user, out var folder) ? (folder, null)
                : (null, model.Settings.Users.ContainsKey(user) ? WriteText.Secret(user) : WriteText.NoUser(user));
        }

        var value = name switch
        {
            "HOSTADDRESS" => Address.ToString(),
            "HOSTNAME" => ground.Host,
            "SERVICEDESC" => ground.Service?.Description,
            "SERVICEDISPLAYNAME" => ground.Service is { } service ? service.Source.Find("display_name") ?? service.Description : null,
            "ADMINEMAIL" => model.Settings.Text("admin_email"),
            "ADMINPAGER" => model.Settings.Text("admin_pager"),
            _ when name.StartsWith("_SERVICE", StringComparison.Ordinal) => ground.Service?.Source.Find($"_{name[8..]}"),
            _ => OfHost(name, ground),
        };
        return value is null ? (null, WriteText.NoMacro(name)) : (value, null);
    }

    private string? OfHost(string name, NagiosGround ground)
    {
        var (word, host, source) = (name, ground.Host, ground.HostObject);
        if (name.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
        {
            (word, host) = (name[..colon], name[(colon + 1)..]);
            if (!model.Hosts.TryGetValue(host, out source!))
            {
                return null;
            }

            if (word == "HOSTADDRESS")
            {
                return source.Find("address") ?? host;
            }
        }

        return word switch
        {
            "HOSTNAME" => host,
            "HOSTALIAS" => source.Find("alias") ?? host,
            "HOSTDISPLAYNAME" => source.Find("display_name") ?? host,
            _ when word.StartsWith("_HOST", StringComparison.Ordinal) => source.Find($"_{word[5..]}"),
            _ => null,
        };
    }

    private static int? UserOf(string line) =>
        line.StartsWith("$USER", StringComparison.Ordinal) && line.IndexOf('$', 5) is > 5 and var end && end + 1 < line.Length && line[end + 1] == '/'
        && int.TryParse(line.AsSpan(5, end - 5), out var user)
            ? user
            : null;

    private static bool IsFolder(string value) => value.Length is > 1 and < 256 && value[0] == '/' && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or '+');
}
