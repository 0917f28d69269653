namespace Hinoban.Agent.Logs;

/// <summary>Lines of Apache's and nginx's logs, as far as rules need them.</summary>
internal static class AccessLine
{
    /// <summary>
    /// The status of a line in the common or combined format: <c>HOST IDENT USER [TIME] "REQUEST" STATUS BYTES …</c>; -1 if it is none. A virtual host may stand
    /// in front; quotes in the request stand behind a backslash, as both programs write them.
    /// </summary>
    internal static int Status(ReadOnlySpan<char> line)
    {
        var time = line.IndexOf(" [", StringComparison.Ordinal);
        var request = time < 0 ? -1 : line[time..].IndexOf("] \"", StringComparison.Ordinal);
        if (request < 0)
        {
            return -1;
        }

        var rest = line[(time + request + 3)..];
        while (rest.IndexOfAny('"', '\\') is var at and >= 0)
        {
            if (rest[at] == '"')
            {
                return After(rest[(at + 1)..]);
            }

            rest = rest[Math.Min(at + 2, rest.Length)..];
        }

        return -1;
    }

    /// <summary>Whether a line begins as those of an error log: <c>[Mon Nov 23 …] [core:error] …</c> or <c>2026/11/23 13:46:01 [error] …</c>.</summary>
    internal static bool IsError(ReadOnlySpan<char> line) => line is ['[', _, ..]
        ? line.Contains("] ", StringComparison.Ordinal)
        : line.Length > 22 && line[4] == '/' && line[7] == '/' && line[10] == ' ' && line[13] == ':' && line[16] == ':' && line[19..].StartsWith(" [", StringComparison.Ordinal);

    private static int After(ReadOnlySpan<char> rest) =>
        rest.Length >= 4 && rest[0] == ' ' && rest[1] is >= '1' and <= '5' && char.IsAsciiDigit(rest[2]) && char.IsAsciiDigit(rest[3]) && (rest.Length == 4 || rest[4] == ' ')
            ? ((rest[1] - '0') * 100) + ((rest[2] - '0') * 10) + (rest[3] - '0')
            : -1;
}
