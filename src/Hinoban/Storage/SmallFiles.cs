namespace Hinoban.Storage;

/// <summary>
/// The small files of a data folder (certificates, keys, pinned hosts, settings), remembered while they are there: a folder that is deleted under a running process
/// can be given them back. Nothing is written over. For one thread at a time.
/// </summary>
internal sealed class SmallFiles(string folder)
{
    private const int LargestFile = 64 * 1024;
    private const int Most = 4 * 1024 * 1024;
    private const UnixFileMode OwnFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly EnumerationOptions Deep = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 3,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private Dictionary<string, Kept> files = [];

    /// <summary>
    /// Reads what is new or changed. What has gone is forgotten at the second look only: whoever deletes a folder deletes its files one after the other.
    /// </summary>
    internal void Remember()
    {
        var now = new Dictionary<string, Kept>();
        var left = Most;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", Deep).Where(IsKept).OrderBy(f => f.FullName, StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, file.FullName);
            if (file.Length > left || Read(file, files.GetValueOrDefault(name)) is not { } kept)
            {
                continue;
            }

            (now[name], left) = (kept, left - kept.Content.Length);
        }

        foreach (var (name, kept) in files.Where(f => !f.Value.Missed && !now.ContainsKey(f.Key)))
        {
            now[name] = kept with { Missed = true };
        }

        files = now;
    }

    /// <summary>Puts back what is not there; throws what keeps it from that.</summary>
    internal void GiveBack()
    {
        foreach (var (name, kept) in files)
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                continue;
            }

            MakeFolder(Path.GetDirectoryName(path)!);
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OperatingSystem.IsWindows() ? null : kept.Mode,
            });
            file.Write(kept.Content);
        }
    }

    /// <summary>For its owner only, as the data folder itself is; what is missing above it too.</summary>
    internal static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } above && !Directory.Exists(above))
        {
            MakeFolder(above);
        }

        Directory.CreateDirectory(path, OwnFolder);
    }

    // Pipes and sockets have no length. Databases are copied as such.
    private static bool IsKept(FileInfo file) => file.Length is > 0 and <= LargestFile && !file.Name.Contains(".db", StringComparison.Ordinal);

    private static Kept? Read(FileInfo file, Kept? known)
    {
        try
        {
            return known is not null && known.Written == file.LastWriteTimeUtc && known.Content.Length == file.Length
                ? known with { Missed = false }
                : new Kept(File.ReadAllBytes(file.FullName), file.LastWriteTimeUtc, OperatingSystem.IsWindows() ? default : file.UnixFileMode);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record Kept(byte[] Content, DateTime Written, UnixFileMode Mode, bool Missed = false);
}
