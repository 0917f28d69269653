namespace Hinoban.Fuzz;

/// <summary>A parser did not keep what it promises; the message says what.</summary>
internal sealed class Broken(string what) : Exception(what);

/// <summary>What a target holds its parser to.</summary>
internal static class Hold
{
    internal static void That(bool holds, string what)
    {
        if (!holds)
        {
            throw new Broken(what);
        }
    }

    internal static void Same<T>(T one, T other, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(one, other))
        {
            throw new Broken($"{what}: {one} and {other}");
        }
    }

    internal static void SameBytes(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other, string what) =>
        That(one.SequenceEqual(other), what);
}
