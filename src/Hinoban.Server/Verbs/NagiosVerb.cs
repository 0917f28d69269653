using System.CommandLine;
using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.Specs.Nagios;

namespace Hinoban.Server.Verbs;

/// <summary><c>hinoban nagios import</c>: a Nagios configuration becomes a specification, with a list of everything that is not carried over.</summary>
internal static class NagiosVerb
{
    internal static Command Command(Surroundings around) => new("nagios", NagiosVerbText.Nagios.In(around.Language)) { Import(around), NagiosFeedVerb.Command(around) };

    private static Command Import(Surroundings around)
    {
        var language = around.Language;
        var config = new Argument<string>("CONFIG") { Description = NagiosVerbText.Config.In(language) };
        var customer = CommandTree.Flag("--customer", NagiosVerbText.Customer, language, "ID", required: false);
        var list = CommandTree.Flag("--list", NagiosVerbText.List, language, "ADDRESS", required: false);
        var file = CommandTree.Flag("--out", NagiosVerbText.Out, language, "FILE", required: false);
        var command = new Command("import", NagiosVerbText.Import.In(language)) { config, customer, list, file };
        command.SetAction(parsed => Run(parsed.GetValue(config)!, parsed.GetValue(customer) ?? "imported", parsed.GetValue(list), parsed.GetValue(file), around));
        return command;
    }

    /// <summary>Without <paramref name="file"/> the specification goes to standard output and all that is said about it to standard error.</summary>
    private static int Run(string config, string customer, string? list, string? file, Surroundings around)
    {
        if (!SpecWords.IsId(customer) || customer == ProviderPlan.Customer.Value || (list is not null && !AddressRules.IsMail(list)))
        {
            around.Complain(SpecWords.IsId(customer) && customer != ProviderPlan.Customer.Value ? NagiosVerbText.ListWrong(list!) : NagiosVerbText.CustomerWrong(customer));
            return ExitCode.Usage;
        }

        var target = file is null ? null : Path.GetFullPath(file, around.Folder);
        if (target is not null && File.Exists(target))
        {
            around.Complain(SiteKeyText.Exists(target));
            return ExitCode.Failed;
        }

        var problems = new NagiosProblems();
        var stand = list ?? $"{customer}@lists.example.invalid";
        var model = NagiosSources.Read(config, problems) is { } written ? NagiosReader.Read(written, problems) : null;
        if (model is { Objects.Count: 0 } && !problems.HasErrors)
        {
            problems.Wrong(new SpecPlace(config, 1, 1), NagiosVerbText.Empty, NagiosVerbText.EmptyCure);
        }

        if (model is null || problems.HasErrors)
        {
            SpecVerb.List(around.Error, problems.Sorted(), "", around.Language);
            around.Complain(NagiosVerbText.Refused(problems.Sorted().Count(p => p.Level == ProblemLevel.Error)));
            return ExitCode.Configuration;
        }

        if (list is null)
        {
            problems.Look(new SpecPlace(config, 1, 1), WriteText.List(stand), WriteText.ListCure);
        }

        return Tell(NagiosSpec.Write(model, customer, stand, problems), target, around);
    }

    private static int Tell(NagiosImport import, string? target, Surroundings around)
    {
        // What was written is read as any specification is, before anybody gets it.
        var reading = SpecReader.ReadText(target ?? "imported.yaml", import.Text);
        if (reading.HasErrors)
        {
            SpecVerb.List(around.Error, [.. reading.Problems.Where(p => p.Level == ProblemLevel.Error)], "", around.Language);
            around.Complain(NagiosVerbText.OwnMistake);
            return ExitCode.Failed;
        }

        if (target is not null && Written(target, import.Text) is { } refused)
        {
            around.Complain(NagiosVerbText.CannotWrite(target, refused));
            return ExitCode.Failed;
        }

        var said = target is null ? around.Error : around.Out;
        SpecVerb.List(said, import.Problems, "", around.Language);
        said.WriteLine(NagiosVerbText.Summary(import).In(around.Language));
        if (target is null)
        {
            around.Out.Write(import.Text);
        }
        else
        {
            around.Say(NagiosVerbText.Next(target));
        }

        return ExitCode.Ok;
    }

    // Whole or not at all, and over nothing that is there.
    private static string? Written(string target, string text)
    {
        var beside = $"{target}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllText(beside, text);
            File.Move(beside, target, overwrite: false);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Discard(beside);
            return refused.Message;
        }
    }

    private static void Discard(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Where it could not be written it is not there.
        }
    }
}
