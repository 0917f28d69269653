using System.Security.Cryptography;
using System.Text;
using Dapper;
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

    /// <summary>For addresses that the desk's own test mails come back to.</summary>
    internal const string Arrival = "arrival";

    // 80 bits: nobody tries these out over SMTP, and the local part has 64 octets in all.
    private const int Length = 10;

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

    /// <summary>The database's key; made when there is none.</summary>
    internal static MailSeal Load(Db db) => new(db.Write(tx =>
    {
        tx.Connection.Execute(
            "insert into mail_keys (name, secret) values ('seal', @fresh) on conflict (name) do nothing", new { fresh = RandomNumberGenerator.GetBytes(32) }, tx.Transaction);
        return tx.Connection.QuerySingle<byte[]>("select secret from mail_keys where name = 'seal'", null, tx.Transaction);
    }));

    private string Mac(string purpose, string word) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{purpose}:{word}")).AsSpan(0, Length));
}
