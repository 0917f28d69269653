using System.Globalization;
using System.Text;

namespace Hinoban.Notifying;

/// <summary>
/// An address that is safe on the wire and in a header: local part as a dot-atom or quoted, domain in ASCII. Mobile carriers once gave
/// out <c>a..b@</c> and <c>a.@</c>; these are written quoted, as RFC 5321 wants them.
/// </summary>
internal sealed record MailAddress(string Local, string Domain)
{
    private const int Longest = 254;
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>The address needs SMTPUTF8 (RFC 6531).</summary>
    internal bool NeedsUtf8 => !Ascii.IsValid(Local);

    /// <summary>As it stands between angle brackets.</summary>
    internal string Wire => $"{(IsDotAtom(Local) ? Local : $"\"{Local.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"")}@{Domain}";

    /// <summary>Null for anything that cannot be an address; never lets a control character or space through.</summary>
    internal static MailAddress? Parse(string text)
    {
        var at = text.LastIndexOf('@');
        if (at <= 0 || text.Length > Longest || Unquote(text[..at]) is not { Length: > 0 } local || AsciiDomain(text[(at + 1)..]) is not { } domain)
        {
            return null;
        }

        // Quotes and xn-- make it longer; it is on the wire that it must not be too long.
        return !local.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c) || c is '<' or '>') && new MailAddress(local, domain) is { Wire.Length: <= Longest } address ? address : null;
    }

    /// <summary>Lower-case LDH labels, internationalised ones in their xn-- form; null if it is no domain.</summary>
    internal static string? AsciiDomain(string text)
    {
        try
        {
            return text.Length is > 0 and <= 253 ? Idn.GetAscii(text).ToLowerInvariant() : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string Unquote(string local) =>
        local is ['"', .. var inner, '"'] ? inner.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal) : local;

    private static bool IsDotAtom(string local) =>
        local[0] != '.' && local[^1] != '.' && !local.Contains("..", StringComparison.Ordinal)
        && local.All(c => char.IsAsciiLetterOrDigit(c) || c > 127 || "!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal));
}
