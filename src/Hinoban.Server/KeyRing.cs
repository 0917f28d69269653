using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Hinoban.Server;

/// <summary>The keys that sign the console's cookies and forms: in a folder of the data folder that only its owner can open, each file for its owner only.</summary>
internal static class KeyRing
{
    internal static void AddServices(IServiceCollection services, string folder)
    {
        if (!DataFolder.MakeFolder(folder) && !OperatingSystem.IsWindows())
        {
            // One that an earlier version made, or a restore, may be open to others.
            File.SetUnixFileMode(folder, DataFolder.OwnerOnly);
        }

        services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(folder)).SetApplicationName("hinoban");

        // Said outright rather than left out: whoever may read this folder could read a key beside it that encrypts these.
        services.Configure<KeyManagementOptions>(keys => keys.XmlEncryptor = new NullXmlEncryptor());
    }
}
