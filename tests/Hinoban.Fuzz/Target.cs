using System.Text;

namespace Hinoban.Fuzz;

/// <summary>
/// A parser, and what it must hold for any bytes. <paramref name="Try"/> lets out what the parser may not throw, and throws <see cref="Broken"/> where it
/// breaks another promise. <paramref name="Sources"/> are the files whose branches are counted.
/// </summary>
internal sealed record Target(string Name, Action<ReadOnlyMemory<byte>> Try, params string[] Sources)
{
    /// <summary>No input takes longer than this, up to <see cref="Mutator.Longest"/> bytes: all that the target does with it together.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>Words of its language, thrown in and over.</summary>
    internal IReadOnlyList<byte[]> Tokens { get; init; } = [];

    /// <summary>Bytes of memory for each byte of input, of all that the target does with it: reading, writing back, reading again.</summary>
    internal long Factor { get; init; } = 100;

    /// <summary>Bytes of memory besides.</summary>
    internal long Constant { get; init; } = 64 * 1024;

    /// <summary>Memory that the input itself may ask for by its protocol, besides.</summary>
    internal Func<ReadOnlyMemory<byte>, long>? Asked { get; init; }

    /// <summary>Executions of the short form.</summary>
    internal int Short { get; init; } = 10_000;

    /// <summary>What an input of this length may take, whatever it asks for.</summary>
    internal long Share(int length) => Constant + (Factor * length);

    internal long Allowed(ReadOnlyMemory<byte> input) => Share(input.Length) + (Asked?.Invoke(input) ?? 0);

    internal static byte[][] Words(params string[] words) => Array.ConvertAll(words, Encoding.UTF8.GetBytes);
}
