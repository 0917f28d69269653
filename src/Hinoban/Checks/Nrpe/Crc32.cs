namespace Hinoban.Checks.Nrpe;

/// <summary>The checksum of IEEE 802.3, in steps, so that a field can be counted as zeros without copying the packet.</summary>
internal static class Crc32
{
    internal const uint Start = 0xFFFFFFFF;

    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] Table = Make();

    internal static uint Of(ReadOnlySpan<byte> bytes) => End(Add(Start, bytes));

    internal static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            sum = (sum >> 8) ^ Table[(byte)(sum ^ b)];
        }

        return sum;
    }

    internal static uint AddZeros(uint sum, int count)
    {
        for (var i = 0; i < count; i++)
        {
            sum = (sum >> 8) ^ Table[(byte)sum];
        }

        return sum;
    }

    internal static uint End(uint sum) => ~sum;

    private static uint[] Make()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var sum = i;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ Polynomial;
            }

            table[i] = sum;
        }

        return table;
    }
}
