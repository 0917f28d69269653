using System.Numerics;

namespace Hinoban.Results;

/// <summary>
/// A column of whole numbers in few bits: each as its difference from what is expected of it, written in Golomb–Rice code, whose one parameter is chosen for the column. Expected
/// is the number before, or a slow mean of those before (measurements that jitter), whichever is shorter. A column that is as expected throughout takes a byte and its first number.
/// </summary>
internal static class NumberColumn
{
    private const int AsExpected = 63;
    private const int MostRice = 40;
    private const int LongestUnary = 20;

    internal static void Write(BitWriter bits, ReadOnlySpan<long> numbers)
    {
        if (numbers.Length == 0)
        {
            return;
        }

        var before = Residues(numbers, smooth: false);
        var mean = Residues(numbers, smooth: true);
        var (beforeRice, beforeCost) = Parameter(before);
        var (meanRice, meanCost) = Parameter(mean);
        var smooth = meanCost < beforeCost;
        var (residues, rice) = smooth ? (mean, meanRice) : (before, beforeRice);
        bits.Bits(smooth ? 1UL : 0, 1);
        bits.Bits((ulong)rice, 6);
        bits.Sized(Zigzag(numbers[0]));
        foreach (var residue in rice == AsExpected ? [] : residues)
        {
            WriteOne(bits, residue, rice);
        }
    }

    internal static void Read(ref BitReader bits, scoped Span<long> into)
    {
        if (into.Length == 0)
        {
            return;
        }

        var smooth = bits.Bits(1) == 1;
        var rice = (int)bits.Bits(6);
        if (rice > MostRice && rice != AsExpected)
        {
            throw new InvalidDataException("A column of numbers cannot be read.");
        }

        into[0] = Unzigzag(bits.Sized());
        var expected = new Expected(into[0], smooth);
        for (var i = 1; i < into.Length; i++)
        {
            var residue = rice == AsExpected ? 0 : Unzigzag(ReadOne(ref bits, rice));
            into[i] = unchecked(expected.Next + residue);
            expected.Take(into[i]);
        }
    }

    private static void WriteOne(BitWriter bits, ulong residue, int rice)
    {
        var unary = residue >> rice;
        if (unary >= LongestUnary)
        {
            // What is far off (a gap, an outlier) goes with its length instead.
            bits.Bits((1UL << LongestUnary) - 1, LongestUnary);
            bits.Sized(residue);
            return;
        }

        bits.Bits(((1UL << (int)unary) - 1) << 1, (int)unary + 1);
        bits.Bits(residue & ((1UL << rice) - 1), rice);
    }

    private static ulong ReadOne(ref BitReader bits, int rice)
    {
        var unary = bits.Ones(LongestUnary);
        return unary == LongestUnary ? bits.Sized() : ((ulong)unary << rice) | bits.Bits(rice);
    }

    private static ulong[] Residues(ReadOnlySpan<long> numbers, bool smooth)
    {
        var residues = new ulong[numbers.Length - 1];
        var expected = new Expected(numbers[0], smooth);
        for (var i = 1; i < numbers.Length; i++)
        {
            residues[i - 1] = Zigzag(unchecked(numbers[i] - expected.Next));
            expected.Take(numbers[i]);
        }

        return residues;
    }

    // The median tells the parameter nearly; its neighbours are tried, for outliers and steep columns.
    private static (int Rice, long Cost) Parameter(ulong[] residues)
    {
        if (residues.All(r => r == 0))
        {
            return (AsExpected, 0);
        }

        var median = residues.Order().ElementAt(residues.Length / 2);
        var near = 64 - BitOperations.LeadingZeroCount(median);
        return Enumerable.Range(Math.Clamp(near - 2, 0, MostRice - 3), 4).Select(k => (k, residues.Sum(r => CostOf(r, k)))).MinBy(c => c.Item2);
    }

    private static long CostOf(ulong residue, int rice) =>
        residue >> rice is var unary && unary >= LongestUnary ? LongestUnary + 70 - BitOperations.LeadingZeroCount(residue) : (long)unary + 1 + rice;

    private static ulong Zigzag(long number) => (ulong)((number << 1) ^ (number >> 63));

    private static long Unzigzag(ulong number) => (long)(number >> 1) ^ -(long)(number & 1);

    /// <summary>What the next number should be. Sums may wrap: both ends wrap alike.</summary>
    private struct Expected(long first, bool smooth)
    {
        private const int Slowness = 3;

        private long sum = unchecked(first << Slowness);
        private long last = first;

        internal readonly long Next => smooth ? sum >> Slowness : last;

        internal void Take(long number)
        {
            sum = unchecked(sum + number - (sum >> Slowness));
            last = number;
        }
    }
}
