using System.Buffers.Binary;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;

namespace Hinoban.Agent.Databases;

/// <summary>The bytes between us and a database, in plain or over TLS.</summary>
internal sealed class Wire(Stream plain) : IAsyncDisposable
{
    /// <summary>No answer that matters here is longer.</summary>
    internal const int Longest = 1024 * 1024;

    private Stream stream = plain;

    internal bool Secure => stream is SslStream;

    /// <summary>
    /// Changes to TLS as the databases' own clients do by default: without asking who the server is. It keeps passwords from whoever
    /// listens on the way, not from whoever stands in it.
    /// </summary>
    internal async Task SecureAsync(string host, CancellationToken cancel)
    {
        var tls = new SslStream(stream, leaveInnerStreamOpen: false);
        stream = tls;
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = host,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            },
            cancel);
    }

    internal async Task<byte[]> ReadAsync(int count, CancellationToken cancel)
    {
        if (count is < 0 or > Longest)
        {
            throw new DatabaseRefusal($"it announces {count} bytes, which is no part of its protocol; is another program listening there?");
        }

        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, cancel);
        return bytes;
    }

    internal async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        await stream.WriteAsync(bytes, cancel);
        await stream.FlushAsync(cancel);
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}

/// <summary>Builds a message of bytes, texts with a closing zero and numbers of either order.</summary>
internal sealed class Message
{
    private readonly List<byte> bytes = [];

    internal int Length => bytes.Count;

    internal Message Byte(byte value)
    {
        bytes.Add(value);
        return this;
    }

    internal Message Bytes(ReadOnlySpan<byte> value)
    {
        bytes.AddRange(value);
        return this;
    }

    internal Message Text(string value) => Bytes(Encoding.UTF8.GetBytes(value.Replace('\0', '\uFFFD')));

    internal Message Ended(string value) => Text(value).Byte(0);

    internal Message Big(int value)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, value);
        return Bytes(number);
    }

    internal Message Little(int value, int size)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(number, value);
        return Bytes(number[..size]);
    }

    internal byte[] ToArray() => [.. bytes];
}
