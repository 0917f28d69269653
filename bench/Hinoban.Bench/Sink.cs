using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Hinoban.Bench;

/// <summary>A listener on all addresses, in a process of its own so that only the looking side is measured: accepts, counts, closes.</summary>
internal sealed class Sink : IAsyncDisposable
{
    internal const string Verb = "tcp-sink";
    private const string Gap = "gap";
    private const int SolSocket = 1;
    private const int ReusePort = 15;

    /// <summary>Here, at the same port, nothing is ever answered.</summary>
    internal const string SilentAddress = "127.200.0.1";

    private readonly Process process;

    private Sink(Process process, int port) => (this.process, Port) = (process, port);

    internal int Port { get; }

    /// <summary>A look at it, as a specification says it.</summary>
    internal string Check => string.Create(CultureInfo.InvariantCulture, $"kind: tcp, port: {Port}");

    internal static async Task<Sink> StartAsync()
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, Verb) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        return new Sink(process, int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture));
    }

    /// <summary>Connections taken since it started.</summary>
    internal Task<long> TakenAsync() => AskAsync("");

    /// <summary>The longest time between two connections since it was asked for last.</summary>
    internal async Task<TimeSpan> GapAsync() => TimeSpan.FromTicks(await AskAsync(Gap));

    /// <summary>The process's side: tells its port, then what each line asks for, until its input ends.</summary>
    internal static async Task<int> ServeAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetRawSocketOption(SolSocket, ReusePort, BitConverter.GetBytes(1));
        listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        listener.Listen(4096);
        using var silent = await SilentAsync(((IPEndPoint)listener.LocalEndPoint!).Port);
        System.Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        var clock = TimeProvider.System;
        var (taken, gap, last) = (0L, 0L, clock.GetTimestamp());
        _ = Task.Run(async () =>
        {
            while (true)
            {
                (await listener.AcceptAsync()).Dispose();
                Interlocked.Increment(ref taken);
                var now = clock.GetTimestamp();
                Volatile.Write(ref gap, Math.Max(Volatile.Read(ref gap), clock.GetElapsedTime(last, now).Ticks));
                last = now;
            }
        });
        while (await System.Console.In.ReadLineAsync() is { } asked)
        {
            System.Console.WriteLine(asked == Gap ? Interlocked.Exchange(ref gap, 0) : Interlocked.Read(ref taken));
        }

        return 0;
    }

    // Its queue is full, and nobody takes from it: the kernel drops what comes, as a black hole does.
    private static async Task<Socket> SilentAsync(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetRawSocketOption(SolSocket, ReusePort, BitConverter.GetBytes(1));
        listener.Bind(new IPEndPoint(IPAddress.Parse(SilentAddress), port));
        listener.Listen(0);
        for (var n = 0; n < 3; n++)
        {
            var filling = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await Task.WhenAny(filling.ConnectAsync(SilentAddress, port), Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System));
        }

        return listener;
    }

    private async Task<long> AskAsync(string what)
    {
        await process.StandardInput.WriteLineAsync(what);
        await process.StandardInput.FlushAsync();
        return long.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
