using Hinoban.Basics;

namespace Hinoban.Server;

/// <summary>What lies where in the data folder. Made readable for its owner only: it holds keys, mails and transcripts.</summary>
internal sealed class DataFolder(string path)
{
    internal const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // EAGAIN of flock, and a sharing violation.
    private const int LinuxTaken = 11;
    private const int MacTaken = 35;
    private const int WindowsTaken = unchecked((int)0x80070020);

    internal string Path => path;

    internal string DeskFile => In("desk.db");

    internal string Lock => In("in-use");

    internal string DataProtectionKeys => In("keys");

    internal string Certificate => In("tls", "desk.pem");

    internal string CertificateKey => In("tls", "desk.key");

    /// <summary>The folder of a site that runs inside <c>hinoban up</c>; a site of its own has a data folder of its own.</summary>
    internal string SiteFolder(SiteName site) => In("sites", site.Value);

    internal string In(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([path, .. parts]);

    /// <summary>Makes the folder if it is missing; true if it was.</summary>
    internal bool Make() => MakeFolder(path);

    internal static bool MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return false;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly);
        }

        return true;
    }

    /// <summary>The folder's own mark, made once: by it a desk node is known again after a restart, and told from one of the same name elsewhere.</summary>
    internal string Mark()
    {
        var file = In("node");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)));
        }

        return File.ReadAllText(file).Trim();
    }

    /// <summary>
    /// Takes the folder for this process until disposed; null if another one has it; throws if nothing can be written there. Two engines on one database would each
    /// believe to be the only writer. The lock is the kernel's, so that a killed process leaves none behind.
    /// </summary>
    internal IDisposable? Hold()
    {
        try
        {
            return new FileStream(Lock, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OperatingSystem.IsWindows() ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite });
        }
        catch (IOException taken) when (taken.HResult is LinuxTaken or MacTaken or WindowsTaken)
        {
            return null;
        }
    }
}
