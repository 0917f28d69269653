using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Hinoban.Bench;

/// <summary>
/// What it takes to start and end <c>hinoban check tcp</c> as it is published, a look at an open port of this machine included; beside it, in turn, what .NET itself needs for a program that says
/// hello and is published alike, and where it is installed the distribution's check_tcp. <c>checkstart [RUNS [PROGRAM]]</c>.
/// </summary>
internal static class CheckStartBench
{
    private const string Stock = "/usr/lib/nagios/plugins/check_tcp";
    private const int Warm = 5;
    private const int Children = -1; // RUSAGE_CHILDREN

    internal static async Task<int> RunAsync(string[] args)
    {
        var runs = args is [var count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 50;
        var program = args is [_, var given, ..] ? given : "artifacts/publish/hinoban";
        if (!File.Exists(program))
        {
            System.Console.Error.WriteLine($"{program} is not there: ./dev publish makes it");
            return 1;
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = TakeAsync(listener);
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var folder = Directory.CreateTempSubdirectory("hinoban-hello-").FullName;
        try
        {
            var hello = new Starter("hello world of .NET", await PublishedAsync(folder), []);
            var ours = new Starter("hinoban check tcp", Path.GetFullPath(program), ["check", "tcp", "-H", "127.0.0.1", "-p", port]);
            var stock = new Starter("check_tcp", Stock, ["-H", "127.0.0.1", "-p", port]);
            List<Starter> all = File.Exists(Stock) ? [hello, ours, stock] : [hello, ours];
            for (var run = 0; run < Warm + runs; run++)
            {
                all.ForEach(s => s.Run(kept: run >= Warm));
            }

            all.ForEach(s => System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{s.Name}, {runs} runs: {s.Wall}; processor {s.Cpu}")));
            System.Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{ours.Name} to {hello.Name}: {ours.Wall.Median / hello.Wall.Median:0.00} of time, {ours.Cpu.Median / hello.Cpu.Median:0.00} of processor; beyond it {ours.Wall.Median - hello.Wall.Median:0.0} ms and {ours.Cpu.Median - hello.Cpu.Median:0.0} ms"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task TakeAsync(TcpListener listener)
    {
        while (true)
        {
            (await listener.AcceptTcpClientAsync()).Dispose();
        }
    }

    /// <summary>The least program, with the runtime in its one file and compiled ahead as ours is.</summary>
    private static async Task<string> PublishedAsync(string folder)
    {
        await File.WriteAllTextAsync($"{folder}/hello.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
                <SelfContained>true</SelfContained>
                <PublishSingleFile>true</PublishSingleFile>
                <PublishReadyToRun>true</PublishReadyToRun>
                <PublishReadyToRunComposite>false</PublishReadyToRunComposite>
              </PropertyGroup>
            </Project>
            """);
        await File.WriteAllTextAsync($"{folder}/Program.cs", "System.Console.WriteLine(\"Hello, world!\");\n");
        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", "-c", "Release", "--nologo", "-v", "quiet", "-o", $"{folder}/out"]) { WorkingDirectory = folder })!;
        await publish.WaitForExitAsync();
        return $"{folder}/out/hello";
    }

    [DllImport("libc")]
    private static extern int getrusage(int who, [Out] long[] usage);

    /// <summary>Of all children that have ended: user and system time are its first four numbers (seconds, microseconds; getrusage(2)).</summary>
    private static double ChildrenMilliseconds()
    {
        var usage = new long[18];
        _ = getrusage(Children, usage);
        return ((usage[0] + usage[2]) * 1000.0) + ((usage[1] + usage[3]) / 1000.0);
    }

    /// <summary>A program that is started over and over, with what each start cost.</summary>
    private sealed class Starter(string name, string program, string[] arguments)
    {
        private readonly List<double> wall = [];
        private readonly List<double> cpu = [];

        internal string Name => name;

        internal Figure Wall => new(wall);

        internal Figure Cpu => new(cpu);

        internal void Run(bool kept)
        {
            var (used, began) = (ChildrenMilliseconds(), TimeProvider.System.GetTimestamp());
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0 || said.Length == 0)
            {
                throw new InvalidOperationException($"{name} ended with {process.ExitCode}: {said}");
            }

            if (kept)
            {
                wall.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
                cpu.Add(ChildrenMilliseconds() - used);
            }
        }
    }

    /// <summary>Milliseconds of many runs.</summary>
    private sealed class Figure(List<double> runs)
    {
        private readonly List<double> sorted = [.. runs.Order()];

        internal double Median => sorted[sorted.Count / 2];

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"median {Median:0.0} ms ({sorted[0]:0.0} to {sorted[^1]:0.0})");
    }
}
