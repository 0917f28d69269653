using System.Security.Cryptography;
using System.Text;

namespace Hinoban.Specs.Nagios;

/// <summary>Names that Nagios allows → keys that a specification allows; the same name always gives the same key, so that results can be fed by it.</summary>
internal static class NagiosKeys
{
    private const int Longest = 63;

    /// <summary><c>Root Partition</c> → <c>Root-Partition</c>; what has no letter or digit of ASCII gets its hash.</summary>
    internal static string Of(string name)
    {
        if (SpecWords.IsKey(name))
        {
            return name;
        }

        var key = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '_')
            {
                key.Append(c);
            }
            else if (key.Length > 0 && key[^1] != '-')
            {
                key.Append('-');
            }
        }

        var plain = key.ToString().Trim('-', '.', '_');
        var lost = name.Any(c => !char.IsAscii(c)) || plain.Length == 0;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 3));
        return lost || plain.Length > Longest ? $"{(plain.Length > 40 ? plain[..40].TrimEnd('-', '.', '_') : plain)}{(plain.Length == 0 ? "x" : "-")}{hash}" : plain;
    }

    /// <summary>The item that a result of these names is fed to: the feed sees one line at a time, so that the names alone must tell it.</summary>
    internal static string Fed(string host, string service) => $"{Of(host)}/{Of(service)}";

    /// <summary>Keys for all names of one place; where two would be the same, the later one gets a number.</summary>
    internal static IReadOnlyDictionary<string, string> Of(IEnumerable<string> names)
    {
        var keys = new Dictionary<string, string>();
        var taken = new HashSet<string>();
        foreach (var name in names.OrderByDescending(SpecWords.IsKey))
        {
            var key = Of(name);
            for (var n = 2; !taken.Add(key); n++)
            {
                key = $"{(Of(name) is { Length: > 58 } full ? full[..58].TrimEnd('-', '.', '_') : Of(name))}-{SpecPrint.Number(n)}";
            }

            keys[name] = key;
        }

        return keys;
    }
}
