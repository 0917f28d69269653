using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Hinoban.Specs;

/// <summary>What is an address: of a host, of a mailbox, of a phone, of a time zone; and what is an SSH host key.</summary>
internal static partial class AddressRules
{
    /// <summary>An IPv4 or IPv6 address, or a DNS name in ASCII. None of them can be taken for an option by a program that gets it as argument.</summary>
    internal static bool IsHost(string text) => IsIp(text) || IsName(text);

    /// <summary>IPv4 only in its full form: <c>010.1</c> means another machine to some programs.</summary>
    internal static bool IsIp(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            // The parser alone would also take a zone with anything in it, and 010 for ten in an IPv4 ending.
            return text.Length <= 45 && SixShape().IsMatch(text) && (!text.Contains('.', StringComparison.Ordinal) || FourShape().IsMatch(text[(text.LastIndexOf(':') + 1)..]))
                && IPAddress.TryParse(text, out var six) && six.AddressFamily == AddressFamily.InterNetworkV6;
        }

        return FourShape().IsMatch(text);
    }

    /// <summary>Labels of letters, digits, hyphens and underscores; the last one is not a number, so that a wrong IP address is no name.</summary>
    internal static bool IsName(string text) => text.Length is > 0 and <= 253 && NameShape().IsMatch(text);

    /// <summary>Local part of ASCII atoms and dots (dots in a row exist at Japanese carriers), domain a DNS name.</summary>
    internal static bool IsMail(string text)
    {
        var at = text.LastIndexOf('@');
        return at is > 0 and <= 64 && text.Length <= 254 && LocalShape().IsMatch(text[..at]) && IsName(text[(at + 1)..]);
    }

    internal static bool IsPhone(string text) => text.Length <= 40 && PhoneShape().IsMatch(text) && text.Count(char.IsAsciiDigit) >= 3;

    /// <summary>An IANA name. The shape is tested first, since the runtime makes a file name of it.</summary>
    internal static bool IsZone(string text) =>
        ZoneShape().IsMatch(text) && TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone) && zone.HasIanaId;

    /// <summary><c>ssh-ed25519 AAAA… comment</c>: a known type whose name the key's own bytes repeat (RFC 4253 §6.6).</summary>
    internal static bool IsHostKey(string text)
    {
        var parts = text.Split(' ', 3);
        if (parts.Length < 2 || text.Length > 4096 || !KeyTypes.Contains(parts[0]) || SpecWords.Unprintable(text) is not null || !Base64.IsValid(parts[1]))
        {
            return false;
        }

        var bytes = Convert.FromBase64String(parts[1]);
        var name = Encoding.ASCII.GetBytes(parts[0]);
        return bytes.Length > 4 + name.Length + 4
            && bytes.AsSpan(0, 4).SequenceEqual(new byte[] { 0, 0, 0, (byte)name.Length })
            && bytes.AsSpan(4, name.Length).SequenceEqual(name);
    }

    internal static readonly string[] KeyTypes =
        ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa", "sk-ssh-ed25519@openssh.com"];

    internal static bool IsUser(string text) => UserShape().IsMatch(text);

    /// <summary>What follows the authority in a request line: nothing that could end it.</summary>
    internal static bool IsPath(string text) => text.Length <= 2000 && PathShape().IsMatch(text);

    /// <summary>A bare program name; a path would leave the provider's plugin folders.</summary>
    internal static bool IsProgram(string text) => ProgramShape().IsMatch(text);

    [GeneratedRegex(@"\A(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}\z")]
    private static partial Regex FourShape();

    [GeneratedRegex(@"\A[0-9A-Fa-f:.]+\z")]
    private static partial Regex SixShape();

    [GeneratedRegex(@"\A([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*(?!\d+\.?\z)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.?\z")]
    private static partial Regex NameShape();

    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]*\z")]
    private static partial Regex LocalShape();

    [GeneratedRegex(@"\A\+?[0-9(][0-9 ().-]*(#|ext\.? ?[0-9]{1,6})?\z")]
    private static partial Regex PhoneShape();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,3}\z")]
    private static partial Regex ZoneShape();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_.-]{0,31}\z")]
    private static partial Regex UserShape();

    [GeneratedRegex(@"\A/[\x21\x22\x24-\x7e]*\z")]
    private static partial Regex PathShape();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}\z")]
    private static partial Regex ProgramShape();
}
