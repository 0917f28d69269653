using System.Security.Cryptography;
using System.Text;
using Dapper;
using Hinoban.Basics;
using Hinoban.Storage;

namespace Hinoban.Notifying;

/// <summary>
/// Signs what comes back to us in an address, so that only addresses of our own making mean anything. The key lies in the desk's database: every
/// desk on it makes and knows the same addresses.
/// </summary>
internal sealed class MailSeal(byte[] key)
{
    /// <summary>For addresses that bounces come back to.</summary>
    internal const string Bounce = "bounce";

    /// <summary>For those of mails that a site sent while the desk was away.</summary>
    internal const string Away = "away";

    /// <summary>For addresses that the desk's own test mails come back to.</summary>
    internal const string Arrival = "arrival";

    // 80 bits: nobody tries these out over SMTP, and the local part has 64 octets in all.
    private const int Length = 10;

    private const int KeyLength = 32;

    /// <summary><c>17-2b7c…</c>, in lower case, which some systems make of every address.</summary>
    internal string Sign(string purpose, string word) => $"{word}-{Mac(purpose, word)}";

    /// <summary>The word that was signed; null if it was not, or for another purpose.</summary>
    internal string? Read(string purpose, string signed)
    {
        var dash = signed.LastIndexOf('-');
        return dash > 0 && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Mac(purpose, signed[..dash])), Encoding.UTF8.GetBytes(signed[(dash + 1)..].ToLowerInvariant()))
            ? signed[..dash]
            : null;
    }

    /// <summary>A site's own, made of the desk's: what lies at a site signs for that site alone, and tells nothing of the desk's.</summary>
    internal MailSeal For(SiteName site) => new(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"site:{site}")));

    /// <summary>As it travels in a plan.</summary>
    internal string Export() => Convert.ToBase64String(key);

    /// <summary>What <see cref="Export"/> gave; null for anything else.</summary>
    internal static MailSeal? Import(string exported)
    {
        var read = new byte[KeyLength];
        return Convert.TryFromBase64String(exported, read, out var length) && length == KeyLength ? new MailSeal(read) : null;
    }

    /// <summary>The database's key; made when there is none.</summary>
    internal static MailSeal Load(Db db) => new(db.Write(tx =>
    {
        tx.Connection.Execute(
            "insert into mail_keys (name, secret) values ('seal', @fresh) on conflict (name) do nothing", new { fresh = RandomNumberGenerator.GetBytes(KeyLength) }, tx.Transaction);
        return tx.Connection.QuerySingle<byte[]>("select secret from mail_keys where name = 'seal'", null, tx.Transaction);
    }));

    private string Mac(string purpose, string word) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{purpose}:{word}")).AsSpan(0, Length));
}
