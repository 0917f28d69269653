using System.Runtime.InteropServices;

namespace Hinoban.Checks;

/// <summary>Finds a plugin by its bare name in the provider's folders, and nowhere else.</summary>
internal static class PluginFolders
{
    private const int PathMax = 4096;

    /// <summary>The path to run, or null with the reason why this plugin may not be run.</summary>
    internal static (string? Path, string WhyNot) Find(PluginOptions options, string name)
    {
        if (name.Length == 0 || name is "." or ".." || name.AsSpan().IndexOfAny('/', '\0') >= 0)
        {
            return (null, $"'{name}' is not the bare name of a plugin");
        }

        foreach (var folder in options.Folders)
        {
            var path = Path.Combine(folder, name);
            if (RealPath(path) is not { } real)
            {
                continue;
            }

            // check_ftp may be a link to check_tcp beside it; a link out of the folder would run what nobody allowed. Where there is no link at all, the folder's own place need not be looked up.
            if (real != path && !real.StartsWith(RealPath(folder) + "/", StringComparison.Ordinal))
            {
                return (null, $"{path} is a link to a file outside its plugin folder");
            }

            // Run under the name that was asked for: plugins behave by it.
            return IsProgram(real) ? (path, "") : (null, $"{path} is not an executable file");
        }

        return (null, $"no plugin '{name}' in {string.Join(", ", options.Folders)}");
    }

    private static bool IsProgram(string path) =>
        !OperatingSystem.IsWindows() && new FileInfo(path) is { Exists: true } file && (file.UnixFileMode & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    private static unsafe string? RealPath(string path)
    {
        var buffer = stackalloc byte[PathMax];
        return Libc.realpath(path, buffer) is null ? null : Marshal.PtrToStringUTF8((nint)buffer);
    }
}
