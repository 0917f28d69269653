using System.Text;

namespace Hinoban.Results;

/// <summary>One time series as Prometheus names it: its labels in the order of their names, and its samples, times in milliseconds.</summary>
internal sealed record ExportSeries(IReadOnlyList<(string Name, string Value)> Labels, IReadOnlyList<(long AtMillis, double Value)> Samples);

/// <summary>
/// Prometheus' <c>WriteRequest</c> in protobuf's wire form (remote-write 1.0): <c>timeseries = 1</c> of <c>labels = 1 {name = 1, value = 2}</c> and <c>samples = 2 {value = 1,
/// timestamp = 2}</c>. Five fields that will never change need no code generator.
/// </summary>
internal static class WriteRequest
{
    private const byte First = (1 << 3) | 2;
    private const byte Second = (2 << 3) | 2;
    private const byte Double = (1 << 3) | 1;
    private const byte Varint = 2 << 3;

    internal static byte[] Of(IEnumerable<ExportSeries> series)
    {
        var request = new ByteWriter();
        foreach (var one in series)
        {
            var body = new ByteWriter();
            foreach (var (name, value) in one.Labels)
            {
                Nest(body, First, label =>
                {
                    Bytes(label, First, Encoding.UTF8.GetBytes(name));
                    Bytes(label, Second, Encoding.UTF8.GetBytes(value));
                });
            }

            foreach (var (at, value) in one.Samples)
            {
                Nest(body, Second, sample =>
                {
                    sample.Byte(Double);
                    sample.Raw(BitConverter.GetBytes(value));
                    sample.Byte(Varint);
                    sample.Unsigned(unchecked((ulong)at));
                });
            }

            Bytes(request, First, body.Written);
        }

        return request.ToArray();
    }

    private static void Nest(ByteWriter into, byte tag, Action<ByteWriter> write)
    {
        var inner = new ByteWriter();
        write(inner);
        Bytes(into, tag, inner.Written);
    }

    private static void Bytes(ByteWriter into, byte tag, ReadOnlySpan<byte> bytes)
    {
        into.Byte(tag);
        into.Unsigned((ulong)bytes.Length);
        into.Raw(bytes);
    }
}
