using System.Security.Cryptography;

namespace Hinoban.Fuzz;

/// <summary>The seeds of each parser: small files, made by us or recorded from real programs, and what hunts have found since.</summary>
internal static class Corpus
{
    internal static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Corpus");

    /// <summary>In the same order everywhere.</summary>
    internal static IReadOnlyList<byte[]> Of(string target) =>
        [.. Directory.EnumerateFiles(Path.Combine(Folder, target)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <summary>Keeps an input, named by its content.</summary>
    internal static string Keep(string folder, string why, ReadOnlySpan<byte> input)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{why}-{Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 4))}");
        File.WriteAllBytes(path, input);
        return path;
    }
}
