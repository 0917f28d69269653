using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hinoban.Agent.Databases;

/// <summary>SCRAM-SHA-256 (RFC 5802, RFC 7677): the password is proven, never sent, and the server proves that it knows it too. SASLprep is not applied: it changes no ASCII password.</summary>
internal sealed class Scram(string password, string nonce)
{
    internal const string Mechanism = "SCRAM-SHA-256";

    private const int FewestRounds = 4096;

    // PostgreSQL's own is 4096. A million is under a second of processor time; a server that wants more shall not hold this machine up.
    private const int MostRounds = 1_000_000;
    private readonly string bare = $"n=,r={nonce}"; // PostgreSQL takes the user from the start message
    private byte[] expected = [];

    internal string First => $"n,,{bare}";

    /// <summary>The answer to the server's challenge.</summary>
    internal string Answer(string challenge)
    {
        var fields = Fields(challenge);
        var rounds = int.TryParse(fields.GetValueOrDefault('i'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        if (!fields.GetValueOrDefault('r', "").StartsWith(nonce, StringComparison.Ordinal) || fields['r'].Length == nonce.Length || rounds is < FewestRounds or > MostRounds)
        {
            throw new DatabaseRefusal("its challenge is not SCRAM's");
        }

        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), Decode(fields.GetValueOrDefault('s', "")), rounds, HashAlgorithmName.SHA256, 32);
        var last = $"c=biws,r={fields['r']}";
        var all = Encoding.UTF8.GetBytes($"{bare},{challenge},{last}");
        var key = HMACSHA256.HashData(salted, "Client Key"u8);
        var proof = HMACSHA256.HashData(SHA256.HashData(key), all);
        for (var i = 0; i < proof.Length; i++)
        {
            proof[i] ^= key[i];
        }

        expected = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), all);
        return $"{last},p={Convert.ToBase64String(proof)}";
    }

    /// <summary>Throws unless the server knows the password.</summary>
    internal void Verify(string proof)
    {
        if (expected.Length == 0 || !CryptographicOperations.FixedTimeEquals(Decode(Fields(proof).GetValueOrDefault('v', "")), expected))
        {
            throw new DatabaseRefusal("it does not know the password itself: this is not the database it says");
        }
    }

    private static Dictionary<char, string> Fields(string message) =>
        message.Split(',').Where(f => f.Length >= 2 && f[1] == '=').GroupBy(f => f[0]).ToDictionary(g => g.Key, g => g.First()[2..]);

    private static byte[] Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : throw new DatabaseRefusal("its challenge is not SCRAM's");
    }
}
