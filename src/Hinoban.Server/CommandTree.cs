using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;
using Hinoban.Basics;
using Hinoban.Server.Options;
using Hinoban.Server.Verbs;
using Hinoban.Specs;

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
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpPage)
        {
            foreach (var error in parsed.Errors)
            {
                around.Complain(CliErrors.Of(error.Message));
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

    internal static Command Build(Surroundings around)
    {
        var language = around.Language;
        var root = new Command("hinoban", CliText.Root.In(language))
        {
            RunVerb.Command(ServerRole.Up, around),
            RunVerb.Command(ServerRole.Desk, around),
            Site(around),
            Spec(around),
            TokenVerb.Command(around),
            AccountVerb.Command(around),
            MigrateVerb.Command(around),
            NagiosVerb.Command(around),
            DemoVerb.Command(around),
            CheckVerb.Command(around),
        };
        var version = new Command("version", CliText.Version.In(language));
        version.SetAction(_ => Print(around));
        root.Add(version);
        root.Add(new Option<bool>("--version") { Description = CliText.Version.In(language), Action = new VersionAction(around) });
        root.Add(new HelpOption { Recursive = true, Description = CliText.Help.In(language), Action = new HelpPage(language) });
        return root;
    }

    private static void Print(Surroundings around) => around.Out.WriteLine($"hinoban {Version}");

    private static Command Site(Surroundings around)
    {
        var command = RunVerb.Command(ServerRole.Site, around);
        command.Add(SiteKeyCommand.Make(around));
        command.Add(SiteKeyCommand.Revoke(around));
        command.Add(AgentCommand.Certificate(around));
        return command;
    }

    private static Command Spec(Surroundings around)
    {
        var language = around.Language;
        var sites = new Option<string[]>("--sites") { Description = CliText.SpecSites.In(language), HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
        var paths = new Argument<string[]>("PATH") { Description = OptionText.Specs.In(language), Arity = ArgumentArity.OneOrMore };
        var config = Flag(Settings.Config.Flag, CliText.SpecConfig, language, "FILE", required: false);
        var check = new Command("check", CliText.SpecCheck.In(language)) { paths, sites, config };
        check.SetAction(parsed => CheckSpecs(parsed.GetValue(paths)!, Names(parsed.GetValue(sites)), parsed.GetValue(config), around));

        var path = new Argument<string>("PATH") { Description = OptionText.Specs.In(language) };
        var print = new Command("print", CliText.SpecPrint.In(language)) { path, sites };
        print.SetAction(parsed => SpecVerb.Print(parsed.GetValue(path)!, Names(parsed.GetValue(sites)), around.Out, around.Error, around.Language));

        var item = new Argument<string>("ITEM") { Description = CliText.SpecItem.In(language) };
        var explain = new Command("explain", CliText.SpecExplain.In(language)) { item, path, sites };
        explain.SetAction(parsed => ExplainVerb.Run(
            parsed.GetValue(item)!, parsed.GetValue(path)!, Names(parsed.GetValue(sites)), around.Out, around.Error, around.Language));
        return new Command("spec", CliText.Spec.In(language)) { check, print, explain, AgentCommand.Spec(around) };
    }

    // Whether the desk has a mailbox is said where the desk's own settings are: in the file named, or in the variables.
    private static int CheckSpecs(string[] paths, IReadOnlyList<SiteName> sites, string? config, Surroundings around)
    {
        var flags = config is null ? new Dictionary<string, IReadOnlyList<string>>() : new() { [Settings.Config.Key] = [config] };
        var sources = new SettingSources(flags, around.Variables, around.Folder);
        var (problems, _) = sources.Load();
        if (problems.Count > 0)
        {
            problems.ForEach(p => around.Error.WriteLine(p.In(around.Language)));
            return ExitCode.Configuration;
        }

        var mailbox = sources.Of(Settings.MailDeskMailbox) is { Values: [{ Length: > 0 }, ..] };
        var colour = ReferenceEquals(around.Out, System.Console.Out) && !System.Console.IsOutputRedirected;
        return SpecVerb.Check(paths, new SpecOptions(sites, mailbox), around.Out, around.Error, colour, around.Language);
    }

    private static IReadOnlyList<SiteName> Names(string[]? sites) =>
        [.. (sites ?? []).SelectMany(s => s.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(s => new SiteName(s))];

    internal static Option<string> Flag(string name, Text what, Language language, string label = "", bool required = true) =>
        new(name) { Description = what.In(language), Required = required, HelpName = label.Length > 0 ? label : name.TrimStart('-') };

    /// <summary>What <c>--version</c> does: as the verb, and without one.</summary>
    private sealed class VersionAction(Surroundings around) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            Print(around);
            return ExitCode.Ok;
        }
    }
}
