using System.Globalization;
using System.Security.Cryptography;

namespace Hinoban.Agent.Logs;

/// <summary>Some bytes of a file, known again by their hash.</summary>
internal readonly record struct Mark(int Length, string Hash)
{
    /// <summary>Bytes at a file's beginning, and before the place that reading has come to, by which it is known again.</summary>
    internal const int Head = 1024;
    internal const int Tail = 256;

    internal static Mark None { get; } = new(0, "");

    internal static Mark Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes, hash);
        return bytes.Length == 0 ? None : new Mark(bytes.Length, Convert.ToHexStringLower(hash[..12]));
    }

    /// <summary>The mark of these bytes of the file, as many of them as there are.</summary>
    internal static Mark Of(ILogBytes file, long at, int length)
    {
        var bytes = new byte[length];
        var filled = 0;
        while (filled < length && file.Read(bytes.AsSpan(filled), at + filled) is > 0 and var read)
        {
            filled += read;
        }

        return Of(bytes.AsSpan(0, filled));
    }

    /// <summary>Whether the file has just these bytes there.</summary>
    internal bool Stands(ILogBytes file, long at) => Length == 0 || Of(file, at, Length) == this;

    internal string Written => string.Create(CultureInfo.InvariantCulture, $"{Length}:{Hash}");

    internal static Mark Parse(string text) =>
        text.Split(':') is [var length, var hash] && int.TryParse(length, CultureInfo.InvariantCulture, out var number) ? new Mark(number, hash) : None;
}
