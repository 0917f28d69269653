using System.Text.RegularExpressions;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Logs;

/// <summary>Makes illegible in a text what identifies a person or opens a door, before it is written anywhere.</summary>
internal sealed partial class Masks(MaskPlan plan)
{
    private const string Stars = "***";

    internal string Mask(string text)
    {
        if (plan.Default)
        {
            text = Secret().Replace(text, m => $"{m.Groups["key"].Value}{Stars}");
            text = Mail().Replace(text, Stars);
            text = Digits().Replace(text, m => IsCard(m.ValueSpan) ? Stars : m.Value);
            text = Phone().Replace(text, Stars);
        }

        foreach (var pattern in plan.Regexes)
        {
            text = pattern.Replace(text, Stars);
        }

        return text;
    }

    // Luhn's check digit, which every card number has.
    private static bool IsCard(ReadOnlySpan<char> text)
    {
        var (sum, digits) = (0, 0);
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (!char.IsAsciiDigit(text[i]))
            {
                continue;
            }

            var value = (text[i] - '0') * (digits % 2 == 0 ? 1 : 2);
            sum += value > 9 ? value - 9 : value;
            digits++;
        }

        return sum % 10 == 0;
    }

    // password=…, "token": "…", Authorization: Bearer …; what stands behind the sign, up to where a value ends.
    [GeneratedRegex("""(?<key>(?i:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|authorization|cookie|session(?:[_-]?id)?)["']?[ \t]*[=:][ \t]*["']?(?:(?i:bearer|basic|digest)[ \t]+)?)[^\s"'&,;]+""", RegexOptions.CultureInvariant)]
    private static partial Regex Secret();

    [GeneratedRegex("""[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+""", RegexOptions.CultureInvariant)]
    private static partial Regex Mail();

    // In one piece or as they are printed on the card; none begins with 1, as times in milliseconds do.
    [GeneratedRegex("""(?<![0-9])(?:[2-6][0-9]{13,18}|[2-6][0-9]{3}[ \-][0-9]{4}[ \-][0-9]{4}[ \-][0-9]{1,7}|3[0-9]{3}[ \-][0-9]{6}[ \-][0-9]{4,5})(?![0-9])""", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();

    // As they are written in Japan (03-1234-5678, 0120-123-456, 090 1234 5678, 09012345678), and with a country's number in front.
    [GeneratedRegex("""(?<![0-9A-Za-z.\-])(?:0[0-9]{1,4}[\- (][0-9]{1,4}[\- )][0-9]{3,4}|0[5-9]0[0-9]{8}|\+[0-9]{1,3}[\- ]?(?:\(0\))?[0-9]{1,4}(?:[\- ]?[0-9]{2,4}){2,3})(?![0-9])""", RegexOptions.CultureInvariant)]
    private static partial Regex Phone();
}
