using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.Server.Verbs;

/// <summary>Opens a data folder's accounts beside a desk that may be running: both write the same database file.</summary>
internal static class PeopleFile
{
    /// <summary>What the audit calls somebody who sits at the machine itself.</summary>
    internal const string By = "command-line";

    internal static int With(string data, Surroundings around, Func<Accounts, int> work)
    {
        try
        {
            var folder = new DataFolder(Path.GetFullPath(data, around.Folder));
            if (folder.Make())
            {
                around.Complain(CliText.FolderMade(folder.Path));
            }

            using var db = Db.OpenFile(folder.DeskFile, SchemaKind.Desk);
            return work(new Accounts(db));
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException or InvalidOperationException)
        {
            around.Complain(CliText.FolderWrong(data, wrong.Message));
            return ExitCode.Configuration;
        }
    }

    /// <summary>The data folder from the flag or from <c>HINOBAN_DATA</c>; null (said) if there is neither.</summary>
    internal static string? Data(string? flag, Surroundings around)
    {
        var data = string.IsNullOrEmpty(flag) ? around.Variables.GetValueOrDefault(Options.Settings.Data.Variable) : flag;
        if (string.IsNullOrEmpty(data))
        {
            around.Error.WriteLine($"--data: {Options.OptionText.NotSet.In(around.Language)}");
            around.Complain(CliText.UsageHint);
            return null;
        }

        return data;
    }

    internal static int Answer(Text? problem, Surroundings around, Text done)
    {
        if (problem is not null)
        {
            around.Complain(problem);
            return ExitCode.Failed;
        }

        around.Say(done);
        return ExitCode.Ok;
    }
}
