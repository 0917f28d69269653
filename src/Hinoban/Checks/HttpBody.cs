using System.Text;
using System.Text.RegularExpressions;

namespace Hinoban.Checks;

/// <summary>Finds a string in a page, in whatever character set the page is written.</summary>
internal static partial class HttpBody
{
    private const int MetaSearched = 2048;

    internal static bool Contains(ReadOnlySpan<byte> body, string contentType, string wanted)
    {
        if (body.IndexOf(Encoding.UTF8.GetBytes(wanted)) >= 0)
        {
            return true;
        }

        // Pages in Shift_JIS, EUC-JP and ISO-2022-JP are still common; a stateful one can only be searched decoded.
        var head = Encoding.Latin1.GetString(body[..Math.Min(body.Length, MetaSearched)]);
        var name = Charset().Match(contentType) is { Success: true } header ? header : Charset().Match(head);
        return name.Success && Find(name.Groups[1].Value) is { } charset
            && charset.GetString(body).Contains(wanted, StringComparison.Ordinal);
    }

    private static Encoding? Find(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null; // no such character set, or one that the framework refuses (UTF-7)
        }
    }

    [GeneratedRegex("charset\\s*=\\s*[\"']?([A-Za-z0-9_-]{1,40})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Charset();
}
