using System.Security.Cryptography;
using System.Text;

namespace Hinoban.Agent.Databases;

/// <summary>The password proven by MySQL's ways of login, each a hash over the server's random bytes.</summary>
internal static class MySqlProof
{
    internal const string Native = "mysql_native_password";
    internal const string CachingSha2 = "caching_sha2_password";

    internal static bool Knows(string plugin) => plugin is Native or CachingSha2;

    /// <summary>Throws for a way that is not known here.</summary>
    internal static byte[] Of(string plugin, string password, ReadOnlySpan<byte> nonce) => plugin switch
    {
        _ when password.Length == 0 && Knows(plugin) => [],
        Native => OfNative(Encoding.UTF8.GetBytes(password), nonce),
        CachingSha2 => OfSha2(Encoding.UTF8.GetBytes(password), nonce),
        _ => throw new DatabaseRefusal($"it wants a way of login ('{plugin}') that is not known here; {Native} and {CachingSha2} are"),
    };

    private static byte[] OfNative(byte[] password, ReadOnlySpan<byte> nonce)
    {
        var once = SHA1.HashData(password);
        return Mix(once, SHA1.HashData([.. nonce, .. SHA1.HashData(once)]));
    }

    private static byte[] OfSha2(byte[] password, ReadOnlySpan<byte> nonce)
    {
        var once = SHA256.HashData(password);
        return Mix(once, SHA256.HashData([.. SHA256.HashData(once), .. nonce]));
    }

    private static byte[] Mix(byte[] a, byte[] b)
    {
        for (var i = 0; i < a.Length; i++)
        {
            a[i] ^= b[i];
        }

        return a;
    }
}
