using System.Globalization;

namespace Hinoban.Basics;

/// <summary>Numbers with what they count, in English: one error, two errors.</summary>
internal static class Counted
{
    internal static string Of(long number, string one) => string.Create(CultureInfo.InvariantCulture, $"{number} {one}{(number == 1 ? "" : "s")}");
}
