namespace Hinoban.Results;

/// <summary>
/// Whole numbers to three significant digits, and their place among all such numbers: 0–999 stand for themselves, then 1000, 1010, 1020 and so on. A place is a small number
/// whatever the magnitude, and one step of it is between 0.1 and 1 %.
/// </summary>
internal static class SignificantDigits
{
    private const long Exact = 1000;
    private const long PerDecade = 900;

    private const long Largest = 999_000_000_000_000_000;

    /// <summary>The place of <see cref="Largest"/>: a power of ten further a number would not fit.</summary>
    private const long Last = Exact + (PerDecade * 15) - 1;

    /// <summary>The nearest number of three digits; what is beyond all clocks is held at the largest.</summary>
    internal static long Round(long number) => Number(Place(number));

    internal static long Place(long number)
    {
        number = Math.Min(number, Largest);
        var scale = 1L;
        var decade = 0;
        for (; number / scale >= Exact; decade++)
        {
            scale *= 10;
        }

        var digits = (number + (scale / 2)) / scale;
        return decade == 0 ? number : Exact + (PerDecade * (decade - 1)) + digits - 100;
    }

    /// <summary>Of a place that may have been damaged; throws <see cref="InvalidDataException"/>.</summary>
    internal static long Number(long place)
    {
        if (place is < 0 or > Last)
        {
            throw new InvalidDataException("A time of a sample is outside all clocks.");
        }

        if (place < Exact)
        {
            return place;
        }

        var (decade, digits) = Math.DivRem(place - Exact, PerDecade);
        var number = digits + 100;
        for (; decade >= 0; decade--)
        {
            number *= 10;
        }

        return number;
    }
}
