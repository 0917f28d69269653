using Hinoban.Checks;

namespace Hinoban.Results;

/// <summary>Whether a look printed something new. Times and counts differ in every output: what counts is the rest of it, and the status.</summary>
internal static class OutputChange
{
    internal static bool Is(CheckStatus statusBefore, string before, CheckStatus status, string output) => status != statusBefore || !(before == output || SameWords(before, output));

    private static bool SameWords(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        var (i, j) = (0, 0);
        while (true)
        {
            while (i < one.Length && IsOfNumbers(one[i]))
            {
                i++;
            }

            while (j < other.Length && IsOfNumbers(other[j]))
            {
                j++;
            }

            if (i == one.Length || j == other.Length)
            {
                return i == one.Length && j == other.Length;
            }

            if (one[i++] != other[j++])
            {
                return false;
            }
        }
    }

    private static bool IsOfNumbers(char letter) => letter is >= '0' and <= '9' or '.' or ',' or ':' or '+' or '-';
}
