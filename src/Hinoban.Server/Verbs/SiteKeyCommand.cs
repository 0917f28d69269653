using System.CommandLine;
using Hinoban.Results;
using Hinoban.Server.Options;

namespace Hinoban.Server.Verbs;

/// <summary>The flags of <c>hinoban site key</c> and <c>hinoban site revoke</c>; <see cref="SiteKeyVerb"/> does them.</summary>
internal static class SiteKeyCommand
{
    internal static Command Make(Surroundings around)
    {
        var language = around.Language;
        var data = CommandTree.Flag("--data", CliText.SiteDeskData, language, "DIR", required: false);
        var name = CommandTree.Flag("--name", OptionText.Name, language, "NAME");
        var file = CommandTree.Flag("--out", CliText.SiteKeyOut, language, "FILE", required: false);
        var pin = CommandTree.Flag("--fingerprint", CliText.SitePin, language, "auto|none|HEX", required: false);
        var command = new Command("key", CliText.SiteKey.In(language)) { data, name, file, pin };
        command.SetAction(parsed =>
        {
            if (PeopleFile.Data(parsed.GetValue(data), around) is not { } given)
            {
                return ExitCode.Usage;
            }

            var site = parsed.GetValue(name)!;
            var folder = new DataFolder(Path.GetFullPath(given, around.Folder));
            if (SiteKeyFile.IsSiteName(site) && folder.Make())
            {
                around.Complain(CliText.FolderMade(folder.Path));
            }

            if (DeskOpening.Of(folder, around) is not { } desk)
            {
                return ExitCode.Configuration;
            }

            var request = new SiteKeyRequest(
                site, desk.Open, folder.Certificate, Path.GetFullPath(parsed.GetValue(file) ?? $"{site}.key", around.Folder), parsed.GetValue(pin) ?? "auto");
            return SiteKeyVerb.Make(request, language, around.Out, around.Error, around.Clock);
        });
        return command;
    }

    internal static Command Revoke(Surroundings around)
    {
        var language = around.Language;
        var data = CommandTree.Flag("--data", CliText.SiteDeskData, language, "DIR", required: false);
        var name = CommandTree.Flag("--name", OptionText.Name, language, "NAME");
        var key = CommandTree.Flag("--fingerprint", CliText.KeyStart, language, "HEX", required: false);
        var command = new Command("revoke", CliText.SiteRevoke.In(language)) { data, name, key };
        command.SetAction(parsed =>
        {
            if (PeopleFile.Data(parsed.GetValue(data), around) is not { } given)
            {
                return ExitCode.Usage;
            }

            var folder = new DataFolder(Path.GetFullPath(given, around.Folder));
            return PeopleFile.HasDesk(folder, around) is { } desk
                ? SiteKeyVerb.Revoke(parsed.GetValue(name)!, desk.Open, parsed.GetValue(key) ?? "", language, around.Out, around.Error, around.Clock)
                : ExitCode.Configuration;
        });
        return command;
    }
}
