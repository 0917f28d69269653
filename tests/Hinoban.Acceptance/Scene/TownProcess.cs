using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hinoban.Acceptance.Scene;

/// <summary>One <c>hinoban</c> process of the town; it can be stopped, killed and started again on the same data.</summary>
internal sealed class TownProcess : IAsyncDisposable
{
    private const int Term = 15;
    private const int Kill9 = 9;
    private const int Stop = 19;
    private const int Continue = 18;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string[] arguments;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim crashing = new(1);
    private Process? process;

    internal TownProcess(string name, string folder, params string[] arguments)
    {
        (Name, this.arguments) = (name, arguments);
        LogFile = Path.Combine(folder, $"{name}.log");
    }

    /// <summary>The built program, beside the tests' own output; a proof that measures times names an optimised one.</summary>
    internal static string Program { get; } = System.Environment.GetEnvironmentVariable("TOWN_PROGRAM") is { Length: > 0 } named ? named : Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Hinoban.Server", "debug", "hinoban"));

    internal string Name { get; }

    /// <summary>The network namespace it runs in; null: the test's own.</summary>
    internal string? Inside { get; init; }

    /// <summary>In its environment in all its lives.</summary>
    internal IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>All that it printed in all its lives.</summary>
    internal string LogFile { get; }

    internal bool Running => process is { HasExited: false };

    internal void Start(IReadOnlyDictionary<string, string>? environment = null)
    {
        lock (gate)
        {
            process?.Dispose();
            process = Process.Start(StartInfo(arguments, [.. Environment, .. environment ?? new Dictionary<string, string>()], Inside))!;
            process.OutputDataReceived += (_, line) => Note(line.Data);
            process.ErrorDataReceived += (_, line) => Note(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            Note($"--- started as {process.Id}");
        }
    }

    /// <summary>Waits until it has ended by whatever cause; gives the exit code (137: killed).</summary>
    internal async Task<int> EndedAsync()
    {
        var watched = process!;
        await watched.WaitForExitAsync();
        return watched.ExitCode;
    }

    /// <summary>SIGTERM; gives the exit code.</summary>
    internal async Task<int> StopAsync()
    {
        _ = kill(process!.Id, Term);
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    internal async Task KillAsync()
    {
        _ = kill(process!.Id, Kill9);
        await process.WaitForExitAsync();
        Note("--- killed by the test");
    }

    /// <summary>SIGSTOP: alive, and doing nothing.</summary>
    internal void Pause()
    {
        _ = kill(process!.Id, Stop);
        Note("--- paused by the test");
    }

    /// <summary>SIGCONT: goes on as if nothing had been.</summary>
    internal void Resume()
    {
        Note("--- goes on");
        _ = kill(process!.Id, Continue);
    }

    /// <summary>kill -9, and up again at once, as a supervisor would.</summary>
    internal async Task CrashAsync()
    {
        await crashing.WaitAsync();
        try
        {
            await KillAsync();
            Start();
        }
        finally
        {
            crashing.Release();
        }
    }

    /// <summary>Runs a command of the program to its end and gives what it printed.</summary>
    internal static Task<string> RunAsync(params string[] arguments) => TellAsync("", arguments);

    /// <summary>The same, with something to read on its standard input.</summary>
    internal static async Task<string> TellAsync(string input, params string[] arguments)
    {
        var start = StartInfo(arguments, [], null);
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output.Trim()
            : throw new InvalidOperationException($"hinoban {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}{output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (Running)
        {
            await KillAsync();
        }

        process?.Dispose();
        crashing.Dispose();
    }

    // ip becomes the program, so that its process is ours to kill.
    private static ProcessStartInfo StartInfo(string[] arguments, IReadOnlyList<KeyValuePair<string, string>> environment, string? inside)
    {
        string[] command = inside is null ? [Program, .. arguments] : ["ip", "netns", "exec", inside, Program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HINOBAN_LANGUAGE"] = "en";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private void Note(string? line)
    {
        if (line is not null)
        {
            lock (gate)
            {
                File.AppendAllText(LogFile, line + "\n");
            }
        }
    }

    [DllImport("libc")]
    private static extern int kill(int process, int signal);
}
