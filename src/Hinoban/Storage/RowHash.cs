using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Hinoban.Storage;

/// <summary>A fingerprint of a table's rows that no order changes: the sum of the rows' SHA-256. A row more, less, twice or different is another sum.</summary>
internal sealed class RowHash
{
    private static readonly BigInteger Modulus = BigInteger.One << 256;
    private readonly MemoryStream line = new();
    private BigInteger sum;

    internal long Rows { get; private set; }

    internal static (long Rows, string Hash) Of(DbCommand select)
    {
        var hash = new RowHash();
        foreach (var (_, row) in DatabaseCopy.Rows(select))
        {
            hash.Add(row);
        }

        return (hash.Rows, hash.ToString());
    }

    internal void Add(object[] row)
    {
        line.SetLength(0);
        foreach (var value in row)
        {
            Write(value);
        }

        sum = (sum + new BigInteger(SHA256.HashData(line.GetBuffer().AsSpan(0, (int)line.Length)), isUnsigned: true)) % Modulus;
        Rows++;
    }

    public override string ToString() => sum.ToString("x64", CultureInfo.InvariantCulture)[^64..];

    private void Write(object value)
    {
        switch (value)
        {
            case DBNull:
                line.WriteByte((byte)'n');
                break;
            case string text:
                Write('s', Encoding.UTF8.GetBytes(text));
                break;
            case byte[] bytes:
                Write('b', bytes);
                break;
            default:
                Span<byte> number = stackalloc byte[8];
                BinaryPrimitives.WriteInt64BigEndian(number, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                Write('i', number);
                break;
        }
    }

    // With its length: two values must not be taken for one another's parts.
    private void Write(char kind, ReadOnlySpan<byte> bytes)
    {
        line.WriteByte((byte)kind);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(length, bytes.Length);
        line.Write(length);
        line.Write(bytes);
    }
}
