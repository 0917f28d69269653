using System.CommandLine;
using Hinoban.Basics;
using Hinoban.Checks.Via;
using Hinoban.Results;
using Hinoban.Server.Options;

namespace Hinoban.Server.Verbs;

/// <summary>The flags of <c>hinoban spec agent</c> and <c>hinoban site certificate</c>.</summary>
internal static class AgentCommand
{
    internal static Command Spec(Surroundings around)
    {
        var language = around.Language;
        var host = new Argument<string>("HOST") { Description = AgentVerbText.Host.In(language) };
        var path = new Argument<string>("PATH") { Description = OptionText.Specs.In(language) };
        var allow = Many("--allow", AgentVerbText.Allow, "ADDRESS", language);
        var sites = Many("--site", AgentVerbText.Site, "sha256:HEX", language);
        var nrpe = new Option<bool>("--nrpe") { Description = AgentVerbText.NrpeToo.In(language) };
        var command = new Command("agent", AgentVerbText.Agent.In(language)) { host, path, allow, sites, nrpe };
        command.SetAction(parsed => AgentVerb.Run(
            new AgentRequest(parsed.GetValue(host)!, parsed.GetValue(path)!, new AgentTerms(parsed.GetValue(allow) ?? [], parsed.GetValue(sites) ?? []), parsed.GetValue(nrpe)),
            around.Out,
            around.Error,
            language));
        return command;
    }

    internal static Command Certificate(Surroundings around)
    {
        var language = around.Language;
        var data = CommandTree.Flag("--data", AgentVerbText.SiteData, language, "DIR", required: false);
        var name = CommandTree.Flag("--name", AgentVerbText.SiteName, language, "NAME");
        var command = new Command("certificate", AgentVerbText.Certificate.In(language)) { data, name };
        command.SetAction(parsed =>
        {
            if (PeopleFile.Data(parsed.GetValue(data), around) is not { } given)
            {
                return ExitCode.Usage;
            }

            var site = new SiteName(parsed.GetValue(name)!);
            if (!SiteKeyFile.IsSiteName(site.Value))
            {
                around.Error.WriteLine(SiteKeyText.NameWrong(site.Value).In(language));
                return ExitCode.Usage;
            }

            var folder = new DataFolder(Path.GetFullPath(given, around.Folder));

            // Inside `up` each site has a folder of its own below.
            var own = Directory.Exists(folder.SiteFolder(site)) || File.Exists(folder.DeskFile) ? folder.SiteFolder(site) : folder.Path;
            DataFolder.MakeFolder(own);
            using var certificate = SiteCertificate.Open(own, site.Value, around.Clock);
            around.Out.WriteLine(certificate.Fingerprint);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Option<string[]> Many(string name, Text what, string label, Language language) =>
        new(name) { Description = what.In(language), HelpName = label, AllowMultipleArgumentsPerToken = true };
}
