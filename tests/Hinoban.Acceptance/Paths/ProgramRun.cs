using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Hinoban.Acceptance.Paths;

/// <summary>Our program as a user runs it: a process of its own, its output line by line.</summary>
internal sealed class ProgramRun : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly string Dll = Find();

    private readonly Process process;
    private readonly List<string> lines = [];
    private readonly Lock sync = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProgramRun(Process process) => this.process = process;

    /// <summary>Everything it has said so far, on both outputs.</summary>
    internal IReadOnlyList<string> Lines
    {
        get
        {
            lock (sync)
            {
                return [.. lines];
            }
        }
    }

    /// <summary>Starts <c>hinoban</c> with these arguments, inside the named network namespace if there is one.</summary>
    internal static ProgramRun Start(IReadOnlyList<string> arguments, string? inside = null)
    {
        var run = new ProgramRun(new Process { StartInfo = Command(arguments, inside) });
        run.process.OutputDataReceived += (_, said) => run.Take(said.Data);
        run.process.ErrorDataReceived += (_, said) => run.Take(said.Data);
        run.process.Start();
        run.process.BeginOutputReadLine();
        run.process.BeginErrorReadLine();
        return run;
    }

    /// <summary>An API token of a new account with this role.</summary>
    internal static async Task<string> TokenAsync(string data, string role)
    {
        var (exit, said) = await RunAsync("token", "add", "--data", data, "--user", "script", "--role", role);
        Assert.True(exit == 0, said);
        return said.TrimEnd().Split('\n')[^1].Trim();
    }

    /// <summary>Runs a verb to its end; its errors come before its output.</summary>
    internal static Task<(int Exit, string Output)> RunAsync(params string[] arguments) => TellAsync("", arguments);

    /// <summary>Runs a verb to its end, with this on its standard input.</summary>
    internal static async Task<(int Exit, string Output)> TellAsync(string input, params string[] arguments)
    {
        var start = Command(arguments, null);
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await errors + await output);
    }

    /// <summary>Waits for a line that holds the text; throws with all lines if the program ends or time passes before.</summary>
    internal async Task<string> LineAsync(string text, TimeSpan? patience = null)
    {
        using var limit = new CancellationTokenSource(patience ?? Patience, TimeProvider.System);
        while (true)
        {
            Task next;
            lock (sync)
            {
                if (lines.Find(l => l.Contains(text, StringComparison.Ordinal)) is { } found)
                {
                    return found;
                }

                next = changed.Task;
            }

            var ended = process.WaitForExitAsync(limit.Token);
            await Task.WhenAny(next, ended);
            if (!next.IsCompleted)
            {
                throw new TimeoutException($"no line with '{text}'{(process.HasExited ? $", ended with {process.ExitCode}" : "")}:\n{string.Join('\n', Lines)}");
            }
        }
    }

    /// <summary>Asks it to drain and end (SIGTERM); its exit code.</summary>
    internal async Task<int> StopAsync()
    {
        if (!process.HasExited)
        {
            _ = kill(process.Id, Terminate);
        }

        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static ProcessStartInfo Command(IReadOnlyList<string> arguments, string? inside)
    {
        string[] front = inside is null ? ["dotnet", "exec", Dll] : ["ip", "netns", "exec", inside, "dotnet", "exec", Dll];
        var start = new ProcessStartInfo(front[0], [.. front[1..], .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var ours in start.Environment.Keys.Where(k => k.StartsWith("HINOBAN_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(ours);
        }

        start.Environment["LANG"] = "C.UTF-8";
        return start;
    }

    private static string Find()
    {
        // The tests' own folder has a copy of the assembly, but the program's folder has all that belongs to it.
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Hinoban.Server", configuration, "Hinoban.Server.dll"));
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        TaskCompletionSource waiting;
        lock (sync)
        {
            lines.Add(line);
            waiting = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiting.TrySetResult();
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}
