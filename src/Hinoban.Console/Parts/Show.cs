using Hinoban.Notifying;

namespace Hinoban.Console.Parts;

/// <summary>
/// Makes untrusted text safe to read, in the notation that the mails use: what a terminal or a bidirectional layout would act
/// on becomes visible, and a megabyte line becomes its beginning. (HTML is escaped by Razor; this is about what people see.)
/// </summary>
internal static class Show
{
    internal const int LineLimit = 600;
    internal const int BlockLimit = 64 * 1024;

    /// <summary>One line: line breaks too become visible.</summary>
    internal static string Line(string text, int limit = LineLimit) => Visible.Line(text, limit);

    /// <summary>A file's size for people.</summary>
    internal static string Size(long octets) => octets switch
    {
        < 1000 => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{octets} B"),
        < 1_000_000 => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{octets / 1000.0:0.#} kB"),
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{octets / 1_000_000.0:0.#} MB"),
    };

    /// <summary>A block: line breaks stay.</summary>
    internal static string Block(string text, int limit = BlockLimit)
    {
        var end = text.Length <= limit ? text.Length : char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit;
        var lines = string.Join('\n', Visible.Lines(text[..end]));
        return end == text.Length ? lines : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{lines}…(+{text.Length - end})");
    }
}
