namespace Hinoban.Fuzz;

/// <summary>Random numbers that are the same for the same seed, on every machine and in every version of the framework.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong state = seed;

    /// <summary>From 0 to below <paramref name="most"/>; 0 where that is no more than 1.</summary>
    internal int Below(int most) => most <= 1 ? 0 : (int)((Next() >> 32) * (ulong)most >> 32);

    internal bool OneIn(int count) => Below(count) == 0;

    internal T Of<T>(IReadOnlyList<T> things) => things[Below(things.Count)];

    internal byte Of(ReadOnlySpan<byte> bytes) => bytes[Below(bytes.Length)];

    internal byte Byte() => (byte)(Next() >> 56);

    // Steele, Lea, Flood: SplitMix.
    private ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
