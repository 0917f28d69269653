using System.CommandLine;
using System.CommandLine.Help;
using System.Reflection;
using Hinoban.Basics;
using Hinoban.Server.Options;
using Hinoban.Server.Verbs;

namespace Hinoban.Server;

/// <summary>The command line: every verb with its flags. Wrong usage ends with 64, wrong settings with 78.</summary>
internal static class CommandTree
{
    internal static string Version { get; } =
        typeof(CommandTree).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    internal static async Task<int> RunAsync(IReadOnlyList<string> args, Surroundings around)
    {
        var root = Build(around);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            foreach (var error in parsed.Errors)
            {
                around.Error.WriteLine(error.Message);
            }

            around.Complain(CliText.UsageHint);
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = around.Out,
            Error = around.Error,
            EnableDefaultExceptionHandler = false,
            // The roles handle signals themselves: they drain.
            ProcessTerminationTimeout = null,
        });
    }

    internal static RootCommand Build(Surroundings around)
    {
        var language = around.Language;
        var root = new RootCommand(CliText.Root.In(language))
        {
            RunVerb.Command(ServerRole.Up, around),
            RunVerb.Command(ServerRole.Desk, around),
            RunVerb.Command(ServerRole.Site, around),
            TokenVerb.Command(around),
            AccountVerb.Command(around),
        };
        var version = new Command("version", CliText.Version.In(language));
        version.SetAction(_ => around.Out.WriteLine($"hinoban {Version}"));
        root.Add(version);
        return root;
    }

    internal static Option<string> Flag(string name, Text what, Language language, string label = "", bool required = true) =>
        new(name) { Description = what.In(language), Required = required, HelpName = label.Length > 0 ? label : name.TrimStart('-') };
}
