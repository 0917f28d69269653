using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>One connection, one request, one answer; notes the times on the way.</summary>
internal static class HttpExchange
{
    internal const string UserAgent = "Hinoban/0.1 (+monitoring)";
    private const int ReadSize = 16 * 1024;

    /// <summary>Null: the parser has the whole answer. Else what ended the look before that.</summary>
    internal static async Task<LookAnswer?> RunAsync(
        Connector connector, IPAddress[] addresses, HttpLookPlan plan, HttpTarget target, HttpSight sight, LookLimit limit, TimeProvider clock)
    {
        using var socket = await connector.ConnectAsync(addresses, target.Port, limit.Token);
        sight.Connected ??= limit.Elapsed;
        await using Stream plain = new NetworkStream(socket, ownsSocket: false);
        if (!target.Tls)
        {
            return await AskAsync(plain, plan, target, sight, limit, clock);
        }

        await using var secure = await SecureAsync(plain, target, sight, limit);
        return plan.VerifyCertificate && sight.Certificate is { Trouble.Length: > 0 }
            ? HttpRules.Untrusted(plan, sight, limit.Timeout, clock.GetUtcNow())
            : await AskAsync(secure, plan, target, sight, limit, clock);
    }

    private static async Task<SslStream> SecureAsync(Stream plain, HttpTarget target, HttpSight sight, LookLimit limit)
    {
        var secure = await TlsHandshake.OverAsync(plain, target.HostName, [SslApplicationProtocol.Http11], c => sight.Certificate = c, limit.Token);
        sight.Secured ??= limit.Elapsed;
        return secure;
    }

    private static async Task<LookAnswer?> AskAsync(Stream stream, HttpLookPlan plan, HttpTarget target, HttpSight sight, LookLimit limit, TimeProvider clock)
    {
        await stream.WriteAsync(Request(target), limit.Token);
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            while (!sight.Parser.Done)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(0, ReadSize), limit.Token);
                if (read == 0)
                {
                    if (sight.Parser.Bytes == 0)
                    {
                        return HttpRules.NoByte(plan, sight, LookFailures.Place(target.Address, target.Port), limit.Timeout, clock.GetUtcNow());
                    }

                    sight.Parser.End();
                    break;
                }

                sight.FirstByte ??= limit.Elapsed;
                sight.Spoke = true;
                sight.Parser.Push(buffer.AsSpan(0, read));
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Request(HttpTarget target) => Encoding.ASCII.GetBytes(
        $"GET {target.Path} HTTP/1.1\r\nHost: {target.Authority}\r\nUser-Agent: {UserAgent}\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n");
}
