using System.Globalization;

namespace Hinoban.Checks;

/// <summary>
/// The user that plugins run as. posix_spawn cannot change it, and changing our own for a moment would change it for every thread, so
/// util-linux' setpriv stands in front: it sets user, group and no supplementary groups, then becomes the plugin.
/// </summary>
internal static class PluginUser
{
    private const string Setpriv = "/usr/bin/setpriv";

    /// <summary>What goes before the plugin's own arguments; null if the user cannot be had.</summary>
    internal static string[]? Prefix(string? user, out string whyNot)
    {
        whyNot = "";
        if (user is null || Libc.geteuid() != 0)
        {
            return []; // only root can be somebody else
        }

        if (Find(user) is not { } ids)
        {
            whyNot = $"plugins are to run as '{user}', but there is no such user on this machine";
            return null;
        }

        if (!File.Exists(Setpriv))
        {
            whyNot = $"plugins are to run as '{user}', which needs {Setpriv} (package util-linux)";
            return null;
        }

        return
        [
            Setpriv,
            string.Create(CultureInfo.InvariantCulture, $"--reuid={ids.User}"),
            string.Create(CultureInfo.InvariantCulture, $"--regid={ids.Group}"),
            "--clear-groups",
            "--",
        ];
    }

    private static unsafe (uint User, uint Group)? Find(string name)
    {
        const int entrySize = 128;
        const int bufferSize = 16 * 1024;
        var entry = stackalloc byte[entrySize];
        var buffer = stackalloc byte[bufferSize];
        byte* result;
        // struct passwd: two pointers (name, password), then uid and gid.
        return Libc.getpwnam_r(name, entry, buffer, bufferSize, &result) == 0 && result is not null
            ? (*(uint*)(entry + (2 * sizeof(nint))), *(uint*)(entry + (2 * sizeof(nint)) + sizeof(uint)))
            : null;
    }
}
