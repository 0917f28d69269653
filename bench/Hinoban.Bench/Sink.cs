using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Hinoban.Bench;

/// <summary>A listener on all addresses, in a process of its own so that only the looking side is measured: accepts, counts, closes.</summary>
internal sealed class Sink : IAsyncDisposable
{
    internal const string Verb = "tcp-sink";
    private readonly Process process;

    private Sink(Process process, int port) => (this.process, Port) = (process, port);

    internal int Port { get; }

    internal static async Task<Sink> StartAsync()
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, Verb) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        return new Sink(process, int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture));
    }

    /// <summary>Connections taken since it started.</summary>
    internal async Task<long> TakenAsync()
    {
        await process.StandardInput.WriteLineAsync();
        await process.StandardInput.FlushAsync();
        return long.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
    }

    /// <summary>The process's side: tells its port, then its count at each line, until its input ends.</summary>
    internal static async Task<int> ServeAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        listener.Listen(4096);
        System.Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        var taken = 0L;
        _ = Task.Run(async () =>
        {
            while (true)
            {
                (await listener.AcceptAsync()).Dispose();
                Interlocked.Increment(ref taken);
            }
        });
        while (await System.Console.In.ReadLineAsync() is not null)
        {
            System.Console.WriteLine(Interlocked.Read(ref taken));
        }

        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
