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

    private static Option<string[]> Flag(Setting setting, Language language)
    {
        var many = setting.Shape is SettingShape.Paths or SettingShape.Names;
        return new Option<string[]>(setting.Flag)
        {
            Description = $"{setting.What.In(language)} [{(setting.Default.Length > 0 ? $"{setting.Default}; " : "")}{setting.Variable}]",
            HelpName = Label(setting),
            Arity = many ? ArgumentArity.OneOrMore : ArgumentArity.ExactlyOne,
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
