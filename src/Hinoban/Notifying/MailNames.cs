using System.Globalization;

namespace Hinoban.Notifying;

/// <summary>The names a mail goes by outside: its Message-ID, and the envelope sender that tells its delivery.</summary>
internal static class MailNames
{
    private const int LongestLocal = 64;

    /// <summary><c>&lt;sample-trading.12.3.alert.1@mail.example.jp&gt;</c>: from the key alone, so a repetition has the same.</summary>
    internal static string MessageId(string key, string domain) => $"<{Atoms(key)}@{Domain(domain)}>";

    /// <summary><c>smpl-mon-bounces+17@mail.example.jp</c>: the relay's log and a bounce name the delivery.</summary>
    internal static string EnvelopeSender(string listAddress, long delivery, string domain)
    {
        var tail = string.Create(CultureInfo.InvariantCulture, $"-bounces+{delivery}");
        var at = listAddress.LastIndexOf('@');
        var local = Atoms(at > 0 ? listAddress[..at] : "list");
        return $"{(local.Length + tail.Length > LongestLocal ? local[..(LongestLocal - tail.Length)].TrimEnd('.') : local)}{tail}@{Domain(domain)}";
    }

    /// <summary>A dot-atom (RFC 5322): other characters are written as <c>_hex</c>, so that two keys never become one.</summary>
    private static string Atoms(string text)
    {
        var atoms = string.Concat(text.Select((c, at) => char.IsAsciiLetterOrDigit(c) || c == '-' || (c == '.' && at > 0 && at < text.Length - 1 && text[at - 1] != '.')
            ? c.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"_{(int)c:x}_")));
        return atoms.Length == 0 ? "_" : atoms;
    }

    private static string Domain(string domain) => MailAddress.AsciiDomain(domain) ?? "localhost.invalid";
}
