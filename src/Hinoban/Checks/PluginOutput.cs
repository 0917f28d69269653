using System.Text;

namespace Hinoban.Checks;

/// <summary>What a plugin printed, taken apart as the Nagios Plugin API says: first line, long output, performance data of both.</summary>
internal sealed record PluginOutput(string First, string Long, string Perfdata)
{
    /// <summary>Bytes of standard output that are kept; the rest is read and dropped.</summary>
    internal const int Limit = 64 * 1024;

    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

    /// <summary>
    /// Takes the output apart. Empty lines before the first are passed over, as Nagios does. Control characters stay in the values as they are (whoever shows them escapes them); bytes that are
    /// not UTF-8 become U+FFFD. <paramref name="dropped"/> bytes past the limit leave a mark where the text was cut.
    /// </summary>
    internal static PluginOutput Parse(ReadOnlySpan<byte> bytes, long dropped)
    {
        var text = Encoding.UTF8.GetString(dropped > 0 ? WholeCharacters(bytes) : bytes).TrimStart('\r', '\n');
        var mark = dropped > 0 ? $" [output cut: {dropped} more bytes]" : "";
        var end = text.IndexOf('\n');
        var (first, perfdata) = Split(end < 0 ? text : text[..end]);
        var cutInFirst = end < 0 && perfdata.Length == 0;
        var (rest, more) = end < 0 ? ("", "") : Rest(text[(end + 1)..]);
        var lastPerf = more.Length > 0 || end < 0 ? dropped > 0 : false;
        return new PluginOutput(
            cutInFirst ? first + mark : first,
            cutInFirst ? "" : rest.Length == 0 ? mark.TrimStart(' ') : rest + mark,
            Join(more.Length == 0 && lastPerf ? WholeItems(perfdata) : perfdata, more.Length > 0 && lastPerf ? WholeItems(more) : more));
    }

    // After the first line: long output up to a bar, performance data from there to the end.
    private static (string Long, string Perfdata) Rest(string text)
    {
        var bar = text.IndexOf('|');
        var rest = bar < 0 ? text : text[..bar];
        var perf = bar < 0 ? "" : string.Join(' ', text[(bar + 1)..].Split('\n').Select(l => l.Trim(Blanks)).Where(l => l.Length > 0));
        return (rest.TrimEnd(Blanks), perf);
    }

    private static (string Output, string Perfdata) Split(string line)
    {
        var bar = line.IndexOf('|');
        return bar < 0 ? (line.Trim(Blanks), "") : (line[..bar].Trim(Blanks), line[(bar + 1)..].Trim(Blanks));
    }

    private static string Join(string a, string b) => a.Length == 0 ? b : b.Length == 0 ? a : $"{a} {b}";

    // The last item may have been cut in its number, which would then be another number.
    private static string WholeItems(string perfdata) => perfdata.LastIndexOf(' ') is > 0 and var at ? perfdata[..at] : "";

    /// <summary>Without the piece of a character that the limit cut in two.</summary>
    private static ReadOnlySpan<byte> WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var b = bytes[^back];
            var wants = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : b >= 0xC0 ? 2 : 1;
            if (wants > back)
            {
                return bytes[..^back];
            }

            if (b < 0x80 || b >= 0xC0)
            {
                break;
            }
        }

        return bytes;
    }
}
