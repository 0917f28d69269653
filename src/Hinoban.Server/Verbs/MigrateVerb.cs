using System.CommandLine;
using System.Globalization;
using Hinoban.Basics;
using Hinoban.Server.Options;
using Hinoban.Storage;
using Microsoft.Data.Sqlite;

namespace Hinoban.Server.Verbs;

/// <summary>
/// <c>hinoban migrate</c>: carries a desk from the file in its data folder to the server that the folder's settings name, or back. Which server that is stands in the
/// settings and not on the command line, where anybody could read its password.
/// </summary>
internal static class MigrateVerb
{
    private const string ToServer = "postgres";
    private const string ToFile = "sqlite";

    internal static Command Command(Surroundings around)
    {
        var language = around.Language;
        var data = CommandTree.Flag("--data", CliText.SiteDeskData, language, "DIR", required: false);
        var to = CommandTree.Flag("--to", MigrateText.To, language, $"{ToServer}|{ToFile}");
        var command = new Command("migrate", MigrateText.What.In(language)) { data, to };
        command.SetAction(parsed => PeopleFile.Data(parsed.GetValue(data), around) is not { } folder
            ? ExitCode.Usage
            : Run(new DataFolder(Path.GetFullPath(folder, around.Folder)), parsed.GetValue(to)!, around));
        return command;
    }

    private static int Run(DataFolder folder, string to, Surroundings around)
    {
        if (to is not (ToServer or ToFile))
        {
            around.Complain(MigrateText.ToWhat);
            return ExitCode.Usage;
        }

        try
        {
            if (!Directory.Exists(folder.Path))
            {
                around.Complain(CliText.NoSuchFolder(folder.Path));
                return ExitCode.Configuration;
            }

            // The file's desk is held off by this, the server's by its lease.
            using var held = folder.Hold();
            if (held is null)
            {
                around.Complain(CliText.FolderInUse(folder.Path));
                return ExitCode.Failed;
            }

            if (DeskOpening.Of(folder, around) is not { } desk)
            {
                return ExitCode.Configuration;
            }

            if (desk.Place is not { } place)
            {
                around.Complain(MigrateText.NoServer);
                return ExitCode.Configuration;
            }

            return Run(folder, place, to == ToServer, around);
        }
        catch (CopyRefusedException refused)
        {
            around.Complain(MigrateText.Refused(refused.Why));
            return ExitCode.Failed;
        }
        catch (Exception wrong) when (DeskOpening.IsTrouble(wrong))
        {
            around.Complain(MigrateText.Refused(Text.Same(StorageTrouble.Words(wrong))));
            return ExitCode.Configuration;
        }
    }

    private static int Run(DataFolder folder, PostgresPlace place, bool toServer, Surroundings around)
    {
        if (toServer && !File.Exists(folder.DeskFile))
        {
            around.Complain(CliText.NoDeskIn(folder.Path));
            return ExitCode.Configuration;
        }

        SqlTypes.Register();
        if (toServer)
        {
            // Brings the file up to this version first.
            Db.OpenFile(folder.DeskFile, SchemaKind.Desk).Dispose();
        }

        using var server = new PostgresDialect(place);
        using var leasing = new PostgresDialect(place);
        using var file = SqliteDialect.OfFile(folder.DeskFile);
        using var lease = DutyLease.Take(leasing, new DeskNode($"migrate/{folder.Mark()}", ""), around.Clock, out var holder);
        if (lease is null)
        {
            around.Complain(MigrateText.Running(DeskNode.NameOf(holder?.Holder ?? ""), place.Name));
            return ExitCode.Failed;
        }

        var keeping = lease.KeepApart(_ => { });
        try
        {
            Print(toServer ? DatabaseCopy.Run(file, server) : DatabaseCopy.Run(server, file), around);
            around.Say(MigrateText.Done(toServer ? place.Name : folder.DeskFile));
            return ExitCode.Ok;
        }
        finally
        {
            keeping.Dispose();
            lease.Release();
        }
    }

    private static void Print(IReadOnlyList<CopiedTable> copied, Surroundings around)
    {
        var width = copied.Max(t => t.Table.Length);
        foreach (var table in copied)
        {
            around.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{table.Table.PadRight(width)}  {table.Rows,10}  {table.Hash[..16]}"));
        }
    }
}
