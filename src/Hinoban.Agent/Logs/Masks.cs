using System.Text.RegularExpressions;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Logs;

/// <summary>Makes illegible in a text what identifies a person or opens a door, before it is written anywhere.</summary>
internal sealed partial class Masks(MaskPlan plan)
{
    private const string Stars = "***";
    private const int WiderBy = '\uFF10' - '0';

    internal string Mask(string text)
    {
        if (plan.Default)
        {
            text = Header().Replace(text, m => $"{m.Groups["key"].Value}{Stars}");
            text = Secret().Replace(text, m => $"{m.Groups["key"].Value}{Stars}");
            text = Mail().Replace(text, Stars);
            text = ByDigits(text, Digits(), IsCard);
            text = ByDigits(text, Phone(), _ => true);
        }

        foreach (var pattern in plan.Regexes)
        {
            text = pattern.Replace(text, Stars);
        }

        return text;
    }

    /// <summary>Finds numbers however wide their digits, and their signs, are written: both have the same length.</summary>
    private static string ByDigits(string text, Regex numbers, Func<string, bool> isOne)
    {
        var narrow = string.Create(text.Length, text, static (into, from) =>
        {
            for (var i = 0; i < into.Length; i++)
            {
                into[i] = from[i] switch
                {
                    >= '\uFF10' and <= '\uFF19' or '\uFF08' or '\uFF09' or '\uFF0B' => (char)(from[i] - WiderBy),
                    '\uFF0D' or '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2212' or '\u30FC' when i > 0 && (char.IsAsciiDigit(into[i - 1]) || into[i - 1] == ')') => '-',
                    '\u3000' => ' ',
                    var other => other,
                };
            }
        });

        // From the end, so that the places before stay where they are.
        foreach (var found in numbers.Matches(narrow).Where(m => isOne(m.Value)).Reverse())
        {
            text = $"{text.AsSpan(0, found.Index)}{Stars}{text.AsSpan(found.Index + found.Length)}";
        }

        return text;
    }

    // Luhn's check digit, which every card number has.
    private static bool IsCard(string text)
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

    // Cookie: a=b; c=d and Authorization: Digest a="b", c="d" are secret up to the line's end; where the whole stands in quotes, up to the closing one.
    [GeneratedRegex("""(?<key>(?<open>["'])?(?i:authorization|(?:set-)?cookie)[ \t]*:[ \t]*(?:(?i:bearer|basic|digest)[ \t]+)?)(?(open)(?:(?!\k<open>)[^\r\n])+|[^\r\n]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex Header();

    // password=…, "token": "…"; what stands behind the sign, up to the closing quote or, without quotes, up to where a value ends. A text that was cut has no closing quote.
    [GeneratedRegex("""(?<key>(?i:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|authorization|cookie|session(?:[_-]?id)?)\\?["']?[ \t]*[=:][ \t]*(?:(?i:bearer|basic|digest)[ \t]+)?(?:(?<open>\\?["'])(?:(?i:bearer|basic|digest)[ \t]+)?)?)(?(open)(?>(?:(?!\k<open>)(?:\\[^\r\n]|[^\\\r\n]))+)|[^\s"'&,;]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex Secret();

    [GeneratedRegex("""[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+""", RegexOptions.CultureInvariant)]
    private static partial Regex Mail();

    // In one piece or as they are printed on the card; none begins with 1, as times in milliseconds do.
    [GeneratedRegex("""(?<![0-9])(?:[2-6][0-9]{13,18}|[2-6][0-9]{3}[ \-][0-9]{4}[ \-][0-9]{4}[ \-][0-9]{1,7}|3[0-9]{3}[ \-][0-9]{6}[ \-][0-9]{4,5})(?![0-9])""", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();

    // As they are written in Japan (03-1234-5678, (03)1234-5678, 0120-123-456, 090 1234 5678, 09012345678), and with a country's number in front.
    [GeneratedRegex("""(?:\(0[0-9]{1,4}\) ?[0-9]{1,4}[\- ][0-9]{3,4}|(?<![0-9A-Za-z.\-])(?:0[0-9]{1,4}[\- (][0-9]{1,4}[\- )][0-9]{3,4}|0[5-9]0[0-9]{8}|\+[0-9]{1,3}[\- ]?(?:\(0\))?[0-9]{1,4}(?:[\- ]?[0-9]{2,4}){2,3}))(?![0-9])""", RegexOptions.CultureInvariant)]
    private static partial Regex Phone();
}
