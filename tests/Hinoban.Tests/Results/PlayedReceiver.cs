using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Hinoban.Lab.Servers;
using Hinoban.Results;

namespace Hinoban.Tests.Results;

/// <summary>A receiver of samples that answers as it is told, and reads what it is sent by code of its own.</summary>
internal sealed class PlayedReceiver : IDisposable
{
    private readonly HttpListener listener = new();

    internal PlayedReceiver()
    {
        Url = new Uri($"http://127.0.0.1:{Ports.Free()}/api/v1/write");
        listener.Prefixes.Add(new Uri(Url, "/").ToString());
        listener.Start();
        _ = ServeAsync();
    }

    internal sealed record Got(string Series, long At, double Value);

    internal Uri Url { get; }

    /// <summary>What to answer to these samples.</summary>
    internal Func<IReadOnlyList<Got>, HttpStatusCode> Answer { get; set; } = _ => HttpStatusCode.NoContent;

    internal ConcurrentQueue<Got> Offered { get; } = [];

    internal ConcurrentQueue<Got> Taken { get; } = [];

    internal string? Authorization { get; private set; }

    public void Dispose() => listener.Close();

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                Handle(await listener.GetContextAsync());
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Handle(HttpListenerContext http)
    {
        var request = http.Request;
        Authorization = request.Headers["Authorization"];
        using var body = new MemoryStream();
        request.InputStream.CopyTo(body);
        var samples = request.Headers["Content-Encoding"] == "snappy" && request.ContentType == "application/x-protobuf" && request.Headers["X-Prometheus-Remote-Write-Version"] == "0.1.0"
            ? Samples(SnappyBlocks.Read(body.ToArray()))
            : throw new InvalidOperationException("This is no remote-write.");
        var answer = Answer(samples);
        foreach (var sample in samples)
        {
            Offered.Enqueue(sample);
            if ((int)answer < 300)
            {
                Taken.Enqueue(sample);
            }
        }

        http.Response.StatusCode = (int)answer;
        http.Response.Close();
    }

    private static List<Got> Samples(byte[] request) => [.. Fields(request).SelectMany(series =>
    {
        var fields = Fields(series.Bytes).ToList();
        var labels = fields.Where(f => f.Number == 1).Select(l => string.Join('=', Fields(l.Bytes).OrderBy(f => f.Number).Select(f => System.Text.Encoding.UTF8.GetString(f.Bytes)))).ToList();
        Assert.Equal(labels.Order(StringComparer.Ordinal), labels);
        return fields.Where(f => f.Number == 2).Select(s => Fields(s.Bytes).ToList()).Select(s => new Got(
            string.Join(' ', labels), s.Single(f => f.Number == 2).Value, BitConverter.Int64BitsToDouble(s.Single(f => f.Number == 1).Value)));
    })];

    private static List<(int Number, byte[] Bytes, long Value)> Fields(byte[] message)
    {
        var fields = new List<(int, byte[], long)>();
        var reader = new ByteReader(message);
        while (reader.Left > 0)
        {
            var tag = reader.Unsigned();
            fields.Add((tag & 7) switch
            {
                0 => ((int)(tag >> 3), [], (long)reader.Unsigned()),
                1 => ((int)(tag >> 3), [], BinaryPrimitives.ReadInt64LittleEndian(reader.Raw(8))),
                2 => ((int)(tag >> 3), reader.Raw((int)reader.Unsigned()).ToArray(), 0),
                _ => throw new InvalidDataException("This is no protobuf."),
            });
        }

        return fields;
    }
}

/// <summary>The other direction of Snappy's block form, after its description.</summary>
internal static class SnappyBlocks
{
    internal static byte[] Read(byte[] packed)
    {
        var reader = new ByteReader(packed);
        var plain = new List<byte>();
        var length = (int)reader.Unsigned();
        while (reader.Left > 0)
        {
            var tag = reader.Byte();
            if ((tag & 3) == 0)
            {
                var size = tag >> 2;
                var more = size - 59;
                if (more > 0)
                {
                    size = 0;
                    for (var i = 0; i < more; i++)
                    {
                        size |= reader.Byte() << (8 * i);
                    }
                }

                plain.AddRange(reader.Raw(size + 1));
                continue;
            }

            Assert.Equal(2, tag & 3);
            var offset = reader.Byte() | (reader.Byte() << 8);
            for (var i = 0; i <= tag >> 2; i++)
            {
                plain.Add(plain[^offset]);
            }
        }

        Assert.Equal(length, plain.Count);
        return [.. plain];
    }
}
