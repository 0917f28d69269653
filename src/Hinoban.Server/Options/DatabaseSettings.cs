using Hinoban.Basics;
using Hinoban.Storage;

namespace Hinoban.Server.Options;

/// <summary>Reads which database the desk has, and which of its nodes this is. A password never stands in the settings file, which is passed around.</summary>
internal sealed class DatabaseSettings(SettingValues values, SettingSources sources)
{
    /// <summary>Null for the file in the data folder.</summary>
    internal DatabaseOptions? Read(ServerRole role)
    {
        var two = values.OneOf(Settings.Nodes, ("1", false), ("2", true));
        var place = Place();
        if (two && place is null && !IsSet)
        {
            values.Wrong(Settings.Nodes, OptionText.NodesNeedServer, OptionText.NodesNeedServerRight);
        }

        if (two && role != ServerRole.Desk)
        {
            values.Wrong(Settings.Nodes, OptionText.NodesNeedDesk, OptionText.NodesNeedDeskRight);
        }

        var name = sources.Of(Settings.NodeName) is null ? Environment.MachineName.ToLowerInvariant() : values.Names(Settings.NodeName)[0];
        var url = values.Url(sources.Of(Settings.NodeUrl) is null ? Settings.Listen : Settings.NodeUrl, OptionText.ListenRight);
        return place is null ? null : new DatabaseOptions(place, name, url.ToString(), two);
    }

    /// <summary>Also for the command line's verbs, which need nothing else of the settings.</summary>
    internal PostgresPlace? Place()
    {
        var (setting, text) = Given();
        if (text is null)
        {
            return null;
        }

        if (PostgresPlace.Parse(text, out var wrong) is not { } place)
        {
            values.Wrong(setting, wrong!, OptionText.DatabaseRight);
            return null;
        }

        if (setting == Settings.Database && sources.Of(setting)!.Where != setting.Variable && PostgresPlace.HasPassword(text))
        {
            values.Wrong(setting, OptionText.SecretInFile, OptionText.DatabaseSecretRight);
        }

        return place;
    }

    private bool IsSet => sources.Of(Settings.Database) is not null || sources.Of(Settings.DatabaseFile) is not null;

    private (Setting, string?) Given()
    {
        var direct = values.Optional(Settings.Database);
        if (values.ExistingFile(Settings.DatabaseFile) is not { } file)
        {
            return (Settings.Database, direct);
        }

        if (direct is not null)
        {
            values.Wrong(Settings.DatabaseFile, OptionText.DatabaseTwice, OptionText.Nothing);
        }

        return (Settings.DatabaseFile, File.ReadAllText(file).Trim());
    }
}
