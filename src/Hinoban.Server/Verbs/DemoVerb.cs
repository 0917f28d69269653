using System.CommandLine;
using System.Security.Cryptography;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Checks.Ssh;
using Hinoban.Lab;
using Hinoban.Lab.Servers;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Responding;
using Hinoban.Server.Demo;
using Hinoban.Server.Options;
using Hinoban.Server.Roles;

namespace Hinoban.Server.Verbs;

/// <summary><c>hinoban demo</c>: the whole chain on one machine, with a web server to break; <c>demo break</c> and <c>demo mend</c> do that from another terminal.</summary>
internal static class DemoVerb
{
    private const int UsualPort = 8080;

    internal static Command Command(Surroundings around)
    {
        var language = around.Language;
        var data = CommandTree.Flag("--data", CliText.DemoData, language, "DIR", required: false);
        var listen = CommandTree.Flag("--listen", OptionText.Listen, language, "URL", required: false);
        var speak = CommandTree.Flag("--language", OptionText.Language, language, "ja|en", required: false);
        var command = new Command("demo", CliText.Demo.In(language)) { data, listen, speak, DemoTelling.Command(around, "break"), DemoTelling.Command(around, "mend") };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetValue(data), parsed.GetValue(listen),
            parsed.GetValue(speak) switch { "ja" => Language.Ja, "en" => Language.En, _ => language },
            around, cancel));
        return command;
    }

    private static async Task<int> RunAsync(string? data, string? listen, Language language, Surroundings around, CancellationToken cancel)
    {
        if (Town.Missing.Length > 0)
        {
            around.Complain(DemoText.NeedsNginx);
            return ExitCode.Failed;
        }

        var folder = data is null ? Directory.CreateTempSubdirectory("hinoban-demo-").FullName : Path.GetFullPath(data, around.Folder);
        new DataFolder(folder).Make();
        var note = "";
        try
        {
            await using var town = Town.Start(Path.Combine(folder, "town"), language, around.Clock);
            var secret = RandomNumberGenerator.GetHexString(32);
            var options = Options(folder, listen, language, town);
            return await ServerProcess.RunAsync(
                options, around,
                (o, clock, _) => ServerApp.Desk(o, clock, ground => SiteRole.Inside(ground, DeskRole.Wire(ground)), app => DemoPages.Map(app, town, secret)),
                cancel,
                app =>
                {
                    note = DemoNote.PathOf(data, app.Address, around);
                    new DemoNote(app.Address, secret).Write(note);
                    Greet(app, town, language, around);
                });
        }
        finally
        {
            // One that could not start has none: whose port it wanted still runs.
            if (note.Length > 0)
            {
                File.Delete(note);
            }

            if (data is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static ServerOptions Options(string folder, string? listen, Language language, Town town)
    {
        var url = Uri.TryCreate(listen, UriKind.Absolute, out var wanted) ? wanted : new Uri($"http://127.0.0.1:{Ports.FreeOr(UsualPort)}");
        return new ServerOptions(
            ServerRole.Up, folder, language, LogFormat.Line, PluginOptions.Default,
            new DeskRoleOptions(
                new ListenOptions(url.IdnHost, url.Port, false, null, null),
                new Text("火の番", "Hinoban"),
                [Path.GetDirectoryName(town.SpecFile)!],
                [new SiteName("tokyo"), new SiteName("osaka")],
                new MailOptions(
                    "127.0.0.1", town.Mailbox.Port, SmtpTls.None, null, null, "mon.example.jp", "desk@mon.example.jp",
                    new Text("監視センター", "Operations Desk"), null, TimeSpan.FromDays(2), TimeSpan.FromSeconds(30))),
            null)
        {
            Ssh = new ShellOptions("/usr/bin/ssh", town.IdentityFile, Path.Combine(folder, "ssh"), TimeSpan.FromSeconds(10)),
        };
    }

    private static void Greet(ServerApp app, Town town, Language language, Surroundings around)
    {
        // A visitor comes to see the desk, not to choose a password; each start has one of its own.
        var accounts = app.Services.GetRequiredService<Accounts>();
        var password = Accounts.OneTimePassword();
        accounts.SetPassword(Accounts.FirstAdmin, password, around.Now, "demo");

        void Line(Text text) => around.Out.WriteLine(text.In(language));
        around.Out.WriteLine();
        Line(DemoText.Title);
        Line(DemoText.Console(app.Address.ToString(), Accounts.FirstAdmin, password));
        Line(DemoText.Page(app.Address.ToString()));
        around.Out.WriteLine();
        for (var i = 0; i < DemoText.Steps.Length; i++)
        {
            around.Out.WriteLine($"  {i + 1}. {DemoText.Steps[i].In(language)}");
        }

        if (!town.HasSsh)
        {
            Line(DemoText.NoSsh);
        }

        around.Out.WriteLine();
        Line(DemoText.End);
    }
}
