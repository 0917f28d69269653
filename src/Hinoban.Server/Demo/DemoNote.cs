using System.Text.Json;

namespace Hinoban.Server.Demo;

/// <summary>Where a running demo can be told to break and mend: kept in a file that only its owner can read.</summary>
internal sealed record DemoNote(Uri Url, string Secret)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>In the demo's data folder if one was named, else in the user's run-time folder.</summary>
    internal static string PathOf(string? data, Surroundings around)
    {
        var folder = data is not null ? Path.GetFullPath(data, around.Folder)
            : around.Variables.GetValueOrDefault("XDG_RUNTIME_DIR") is { Length: > 0 } own && Directory.Exists(own) ? own
            : Path.GetTempPath();
        return Path.Combine(folder, data is null ? $"hinoban-demo-{Environment.UserName}.json" : "demo.json");
    }

    internal static DemoNote? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<DemoNote>(File.ReadAllText(path));
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    internal void Write(string path)
    {
        // A new file always: one that somebody else put there in a shared folder must not get our secret.
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var file = new FileStream(path, options);
        JsonSerializer.Serialize(file, this);
    }
}
