using System.Runtime.Loader;

namespace Hinoban.Fuzz;

/// <summary>Files for a parser that reads by path: in memory where the machine has such a place, gone with the process.</summary>
internal static class MadeFiles
{
    private static readonly string Folder = Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(),
        $"hinoban-fuzz-{Environment.ProcessId}-{AssemblyLoadContext.GetLoadContext(typeof(MadeFiles).Assembly)!.Name}");

    static MadeFiles()
    {
        Directory.CreateDirectory(Folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The full path; its folder is there.</summary>
    internal static string At(string name)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    internal static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, content, 0);
    }
}
