using System.CommandLine;
using Hinoban.Basics;
using Hinoban.Server.Options;

namespace Hinoban.Server.Verbs;

/// <summary><c>hinoban up</c>, <c>hinoban desk</c> and <c>hinoban site</c>.</summary>
internal static class RunVerb
{
    internal static Command Command(ServerRole role, Surroundings around)
    {
        var language = around.Language;
        var what = role switch
        {
            ServerRole.Up => CliText.Up,
            ServerRole.Desk => CliText.Desk,
            ServerRole.Site => CliText.Site,
        };
        var command = new Command(Name(role), what.In(language));
        var flags = new List<(Setting Setting, Option<string[]> Option)>();
        foreach (var setting in Settings.FlagsOf(role))
        {
            var option = Flag(setting, language);
            flags.Add((setting, option));
            command.Add(option);
        }

        command.SetAction(async (parsed, cancel) =>
        {
            var given = flags.Where(f => parsed.GetResult(f.Option) is { Implicit: false })
                .ToDictionary(f => f.Setting.Key, f => (IReadOnlyList<string>)(parsed.GetValue(f.Option) ?? []));
            return await RunAsync(role, given, around, cancel);
        });
        return command;
    }

    internal static async Task<int> RunAsync(
        ServerRole role, IReadOnlyDictionary<string, IReadOnlyList<string>> flags, Surroundings around, CancellationToken cancel)
    {
        var (options, problems) = OptionsReader.Read(role, new SettingSources(flags, around.Variables, around.Folder));
        if (options is null)
        {
            foreach (var problem in problems)
            {
                around.Error.WriteLine(problem.In(around.Language));
            }

            if (problems.Any(p => p.Wrong == OptionText.NotSet))
            {
                around.Error.WriteLine();
                around.Complain(Example(role, flags));
            }

            return ExitCode.Configuration;
        }

        return await ServerProcess.RunAsync(options, around, Launch.Build, cancel);
    }

    private static string Name(ServerRole role) => role switch
    {
        ServerRole.Up => "up",
        ServerRole.Desk => "desk",
        ServerRole.Site => "site",
    };

    /// <summary>A whole command line for this role, with what was given and an example for what was not.</summary>
    private static Text Example(ServerRole role, IReadOnlyDictionary<string, IReadOnlyList<string>> flags)
    {
        var words = ExampleOf(role).SelectMany(e => (flags.GetValueOrDefault(e.Setting.Key) ?? [e.Example]).Prepend(e.Setting.Flag));
        var line = string.Join(' ', words.Select(Quoted).Prepend(Name(role)).Prepend("hinoban"));
        return role switch
        {
            ServerRole.Up => CliText.UpExample(line),
            ServerRole.Desk => CliText.DeskExample(line),
            ServerRole.Site => CliText.SiteExample(line),
        };
    }

    private static (Setting Setting, string Example)[] ExampleOf(ServerRole role) => role switch
    {
        ServerRole.Up => [(Settings.Data, "./hinoban-data"), (Settings.Specs, "./specs")],
        ServerRole.Desk => [(Settings.Data, "./hinoban-data"), (Settings.Specs, "./specs"), (Settings.Listen, "https://0.0.0.0:8443")],
        ServerRole.Site => [(Settings.Name, "tokyo"), (Settings.Desk, "https://desk.example.jp:8443"), (Settings.Key, "./tokyo.key"), (Settings.Data, "./tokyo-data")],
    };

    // To be pasted into a shell.
    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || "-_./:=@,+[]".Contains(c, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static Option<string[]> Flag(Setting setting, Language language)
    {
        var many = setting.Shape is SettingShape.Paths or SettingShape.Names;
        return new Option<string[]>(setting.Flag)
        {
            Description = $"{setting.What.In(language)} [{(setting.Default.Length > 0 ? $"{setting.Default}; " : "")}{setting.Variable}]",
            HelpName = Label(setting),
            // One given twice is the reader's to refuse, with everything else that is wrong.
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = many,
        };
    }

    private static string Label(Setting setting) => setting.Key switch
    {
        "data" => "DIR",
        "specs" => "PATH",
        "listen" or "desk" => "URL",
        "smtp" => "HOST:PORT",
        "config" or "key" => "FILE",
        "language" => "ja|en",
        "log" => "line|json",
        _ => "NAME",
    };
}
