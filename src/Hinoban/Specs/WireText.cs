using System.Globalization;
using System.Text;

namespace Hinoban.Specs;

/// <summary>
/// Bytes as people write them in <c>send</c>, <c>expect</c> and <c>quit</c>: UTF-8 with the escapes <c>\r</c> <c>\n</c> <c>\t</c> <c>\\</c> <c>\xHH</c>.
/// </summary>
internal static class WireText
{
    /// <summary>The bytes; null where an escape is none.</summary>
    internal static byte[]? Bytes(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                var pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
                bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(i, pair ? 2 : 1)));
                i += pair ? 1 : 0;
                continue;
            }

            if (Escape(text.AsSpan(i + 1)) is not var (value, length))
            {
                return null;
            }

            bytes.Add(value);
            i += length;
        }

        return [.. bytes];
    }

    /// <summary>Line ends and tabs that stand as themselves (YAML's own escapes make them) become escapes: one line that reads back the same.</summary>
    internal static string Escaped(string text) => text.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);

    private static (byte Value, int Length)? Escape(ReadOnlySpan<char> after) => after switch
    {
        ['r', ..] => ((byte)'\r', 1),
        ['n', ..] => ((byte)'\n', 1),
        ['t', ..] => ((byte)'\t', 1),
        ['\\', ..] => ((byte)'\\', 1),
        ['x', var high, var low, ..] when byte.TryParse([high, low], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) => (value, 3),
        _ => null,
    };
}
