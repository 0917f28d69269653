using System.Globalization;
using System.Text.Json;

namespace Hinoban.Server.Demo;

/// <summary>Where a running demo can be told to break and mend: kept in a file of its own that only its owner can read, for there may be several.</summary>
internal sealed record DemoNote(Uri Url, string Secret)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>In the demo's data folder if one was named, else in the user's run-time folder, by the port that only one of them has.</summary>
    internal static string PathOf(string? data, Uri url, Surroundings around) =>
        data is not null ? InFolder(data, around) : Path.Combine(RunTime(around), string.Create(CultureInfo.InvariantCulture, $"{Name}-{url.Port}.json"));

    /// <summary>The notes of all demos that may run: of that data folder, or the user's.</summary>
    internal static IReadOnlyList<DemoNote> Of(string? data, Surroundings around) => data is not null
        ? [.. new[] { Read(InFolder(data, around)) }.OfType<DemoNote>()]
        : [.. Directory.EnumerateFiles(RunTime(around), $"{Name}-*.json").Order(StringComparer.Ordinal).Select(Read).OfType<DemoNote>()];

    private static string Name => $"hinoban-demo-{Environment.UserName}";

    private static string InFolder(string data, Surroundings around) => Path.Combine(Path.GetFullPath(data, around.Folder), "demo.json");

    private static string RunTime(Surroundings around) =>
        around.Variables.GetValueOrDefault("XDG_RUNTIME_DIR") is { Length: > 0 } own && Directory.Exists(own) ? own : Path.GetTempPath();

    private static DemoNote? Read(string path)
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
