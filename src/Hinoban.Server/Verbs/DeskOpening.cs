using Hinoban.Basics;
using Hinoban.Server.Options;
using Hinoban.Storage;

namespace Hinoban.Server.Verbs;

/// <summary>Opens the database of the desk with this data folder beside a desk that may be running: the file in it, or the server that its settings name.</summary>
internal sealed class DeskOpening
{
    private readonly DataFolder folder;

    private DeskOpening(DataFolder folder, PostgresPlace? place) => (this.folder, Place) = (folder, place);

    /// <summary>Null for the file.</summary>
    internal PostgresPlace? Place { get; }

    /// <summary>Whether a desk ever ran there, as far as that can be told without asking a server.</summary>
    internal bool Exists => Place is not null || File.Exists(folder.DeskFile);

    /// <summary>
    /// Why nothing may be opened here: the file is not there, but a process runs in this folder, or has left a copy of the lost file for the next start. An empty one
    /// made now would be taken for the desk's own, and the copy left aside.
    /// </summary>
    internal Text? Lost => !Exists && (File.Exists(FileGuard.CopyOf(folder.DeskFile)) || InUse()) ? CliText.DeskLost(folder.DeskFile) : null;

    /// <summary>Null (and told what) if the settings are wrong.</summary>
    internal static DeskOpening? Of(DataFolder folder, Surroundings around)
    {
        var sources = new SettingSources(new Dictionary<string, IReadOnlyList<string>> { [Settings.Data.Key] = [folder.Path] }, around.Variables, around.Folder);

        // What else is wrong in the file is the desk's to refuse, not ours.
        sources.Load();
        var problems = new List<OptionProblem>();
        var place = new DatabaseSettings(new SettingValues(ServerRole.Desk, sources, problems), sources).Place();
        problems.ForEach(problem => around.Error.WriteLine(problem.In(around.Language)));
        return problems.Count > 0 ? null : new DeskOpening(folder, place);
    }

    /// <summary>Throws <see cref="DeskLostException"/> where <see cref="Lost"/> says why.</summary>
    internal Db Open()
    {
        if (Lost is { } why)
        {
            throw new DeskLostException(why);
        }

        return Place is { } server ? Db.OpenServer(server) : Db.OpenFile(folder.DeskFile, SchemaKind.Desk);
    }

    /// <summary>What opening or using it may throw that is the settings' or the machine's doing.</summary>
    internal static bool IsTrouble(Exception wrong) =>
        wrong is IOException or UnauthorizedAccessException or System.Data.Common.DbException or InvalidOperationException || StorageTrouble.Is(wrong);

    private bool InUse()
    {
        if (!File.Exists(folder.Lock))
        {
            return false;
        }

        using var held = folder.Hold();
        return held is null;
    }
}

/// <summary>The desk's database is lost, and the desk is to be restarted before anything else; the text says so.</summary>
internal sealed class DeskLostException(Text why) : Exception(why.En)
{
    internal Text Why { get; } = why;
}
