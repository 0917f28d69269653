namespace Hinoban.Results;

/// <summary>
/// A column of numbers as programs print them: whole numbers of the smallest power of ten that all of them are exact in. What has no such power goes bit by bit, so that every number comes back as it was.
/// A time that a plugin prints is nearly the look's own: such a column may be written as what it differs from that.
/// </summary>
internal static class DecimalColumn
{
    private const int MostDigits = 9;
    private const ulong Plain = 0;
    private const ulong Beside = 1;
    private const ulong Raw = 2;

    /// <param name="took">For each number how long its look took, in microseconds; 0 where that is not known.</param>
    internal static void Write(BitWriter bits, Metric metric, ReadOnlySpan<double> numbers, ReadOnlySpan<long> took)
    {
        if (numbers.Length == 0)
        {
            return;
        }

        if (Digits(numbers) is not { } digits)
        {
            bits.Bits(Raw, 2);
            foreach (var number in numbers)
            {
                bits.Bits((ulong)BitConverter.DoubleToInt64Bits(number), 64);
            }

            return;
        }

        var whole = new long[numbers.Length];
        for (var i = 0; i < whole.Length; i++)
        {
            whole[i] = (long)Math.Round(numbers[i] * Power(digits));
        }

        var plain = Coded(whole, [], metric, digits);
        var beside = MicrosIn(metric.Unit) is null ? null : Coded(whole, took, metric, digits);
        var shorter = beside is not null && beside.Length < plain.Length;
        bits.Bits(shorter ? Beside : Plain, 2);
        bits.Bits((ulong)digits, 4);
        NumberColumn.Write(bits, shorter ? Differences(whole, took, metric, digits) : whole);
    }

    internal static void Read(ref BitReader bits, Metric metric, scoped Span<double> into, scoped ReadOnlySpan<long> took)
    {
        if (into.Length == 0)
        {
            return;
        }

        var form = bits.Bits(2);
        if (form == Raw)
        {
            foreach (ref var number in into)
            {
                number = BitConverter.Int64BitsToDouble((long)bits.Bits(64));
                if (!double.IsFinite(number))
                {
                    throw new InvalidDataException("A number of a sample is none.");
                }
            }

            return;
        }

        var digits = (int)bits.Bits(4);
        if (form > Raw || digits > MostDigits || (form == Beside && MicrosIn(metric.Unit) is null))
        {
            throw new InvalidDataException("A column of numbers cannot be read.");
        }

        var whole = new long[into.Length];
        NumberColumn.Read(ref bits, whole);
        for (var i = 0; i < whole.Length; i++)
        {
            into[i] = (form == Beside ? unchecked(whole[i] + Share(took[i], metric, digits)) : whole[i]) / Power(digits);
        }
    }

    /// <summary>How many digits behind the point make all of them whole; null where no number of digits does.</summary>
    internal static int? Digits(ReadOnlySpan<double> numbers)
    {
        var digits = 0;
        foreach (var number in numbers)
        {
            while (digits <= MostDigits && !IsWhole(number, Power(digits)))
            {
                digits++;
            }
        }

        return digits <= MostDigits && AreWhole(numbers, Power(digits)) ? digits : null;
    }

    // A number that is whole at less may be too great at what a later one needs.
    private static bool AreWhole(ReadOnlySpan<double> numbers, double power)
    {
        foreach (var number in numbers)
        {
            if (!IsWhole(number, power))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsWhole(double number, double power)
    {
        var whole = Math.Round(number * power);
        return Math.Abs(whole) < 1L << 53 && (whole / power).Equals(number) && !(number == 0 && double.IsNegative(number));
    }

    private static byte[] Coded(long[] whole, ReadOnlySpan<long> took, Metric metric, int digits)
    {
        var bytes = new ByteWriter();
        var bits = new BitWriter(bytes);
        NumberColumn.Write(bits, took.Length == 0 ? whole : Differences(whole, took, metric, digits));
        bits.Close();
        return bytes.ToArray();
    }

    private static long[] Differences(long[] whole, ReadOnlySpan<long> took, Metric metric, int digits)
    {
        var differences = new long[whole.Length];
        for (var i = 0; i < whole.Length; i++)
        {
            differences[i] = unchecked(whole[i] - Share(took[i], metric, digits));
        }

        return differences;
    }

    // The look's time in the column's own unit and power.
    private static long Share(long took, Metric metric, int digits) => (long)Math.Min(1L << 53, took / MicrosIn(metric.Unit)!.Value * Power(digits));

    private static double? MicrosIn(string unit) => unit switch
    {
        "s" => 1_000_000,
        "ms" => 1_000,
        "us" => 1,
        _ => null,
    };

    internal static double Power(int digits) => digits switch
    {
        0 => 1,
        1 => 10,
        2 => 100,
        3 => 1_000,
        4 => 10_000,
        5 => 100_000,
        6 => 1_000_000,
        7 => 10_000_000,
        8 => 100_000_000,
        _ => 1_000_000_000,
    };
}
