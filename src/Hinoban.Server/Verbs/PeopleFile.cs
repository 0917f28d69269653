using Hinoban.Basics;
using Hinoban.People;

namespace Hinoban.Server.Verbs;

/// <summary>Opens a data folder's accounts beside a desk that may be running: both write the same database.</summary>
internal static class PeopleFile
{
    /// <summary>What the audit calls somebody who sits at the machine itself.</summary>
    internal const string By = "command-line";

    /// <param name="begin">Whether a folder without a desk may be begun, and made if it is missing: to hand out a token before the first start.</param>
    internal static int With(string data, Surroundings around, Func<Accounts, int> work, bool begin = false)
    {
        try
        {
            var folder = new DataFolder(Path.GetFullPath(data, around.Folder));
            if (HasDesk(folder, around, begin) is not { } desk)
            {
                return ExitCode.Configuration;
            }

            using var db = desk.Open();
            return work(new Accounts(db));
        }
        catch (DeskLostException lost)
        {
            around.Complain(lost.Why);
            return ExitCode.Configuration;
        }
        catch (Exception wrong) when (DeskOpening.IsTrouble(wrong))
        {
            around.Complain(CliText.FolderWrong(data, wrong.Message));
            return ExitCode.Configuration;
        }
    }

    /// <summary>Null (said) where no desk ever ran: a mistyped folder must not become a new desk.</summary>
    internal static DeskOpening? HasDesk(DataFolder folder, Surroundings around, bool begin = false)
    {
        if (begin)
        {
            DataFolder.MakeFolder(folder.Path);
        }

        var desk = DeskOpening.Of(folder, around);
        if (desk is null || begin || desk.Exists)
        {
            return desk;
        }

        around.Complain(desk.Lost ?? (Directory.Exists(folder.Path) ? CliText.NoDeskIn(folder.Path) : CliText.NoSuchFolder(folder.Path)));
        return null;
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
