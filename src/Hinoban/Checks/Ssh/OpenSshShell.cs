using System.Net.Sockets;
using System.Text;
using Hinoban.Basics;

namespace Hinoban.Checks.Ssh;

/// <summary>
/// Commands over the system's OpenSSH client: only pinned host keys, only the caller's own key, no agent, no terminal, nothing of a user's
/// configuration. Runs to one host share a connection for a while, so that the steps of a runbook, or the looks of one round, log in once.
/// </summary>
internal sealed class OpenSshShell(ShellOptions options, TimeProvider clock) : IShell
{
    /// <summary>After the client has ended, what it wrote is there; only something it left behind could still hold the stream.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    private readonly Lock files = new();
    private int count;

    public async Task<ShellOutcome> RunAsync(ShellTarget target, string command, TimeSpan timeout, CancellationToken cancel)
    {
        var start = clock.GetTimestamp();
        var (arguments, refused) = string.IsNullOrWhiteSpace(command) || command.Contains('\0', StringComparison.Ordinal)
            ? (null, ShellText.BadCommand)
            : SshArguments.Of(target, options, timeout);
        if (arguments is null)
        {
            return NotConnected(refused!, "", false, start);
        }

        Prepare(arguments);
        var log = Path.Combine(options.Folder, $"l{arguments.Name}-{Interlocked.Increment(ref count)}");
        try
        {
            File.Delete(log);

            // After "--" the client takes the destination, and the rest as the command; it joins several words, so the command is one word, untouched.
            string[] all = [.. arguments.Options, "-E", Path.GetFileName(log), "--", target.Address, command];
            var order = new ChildOrder(options.Program, [options.Program, .. all], CleanEnvironment()) { Folder = options.Folder };
            using var program = await SpawnedProgram.StartAsync(order, options.WithErrors, cancel);
            return program is null
                ? NotConnected(ShellText.NoProgram, "", false, start)
                : await FollowAsync(program, log, timeout, start, cancel);
        }
        finally
        {
            File.Delete(log);
        }
    }

    private async Task<ShellOutcome> FollowAsync(SpawnedProgram program, string log, TimeSpan timeout, long start, CancellationToken cancel)
    {
        var transcript = new Transcript();
        using var limit = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        using var drained = new CancellationTokenSource();
        var reading = ReadAsync(program.Output, transcript, drained.Token);
        var timedOut = false;
        try
        {
            await program.Ended.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            timedOut = !cancel.IsCancellationRequested;
            program.KillGroup();
        }

        var end = await program.Ended;
        await Task.WhenAny(reading, Task.Delay(DrainTime, clock, CancellationToken.None));
        await drained.CancelAsync();
        await reading;
        return Judge(SshTrace.Read(ReadLog(log)), end.ExitCode, timedOut, transcript, start);
    }

    /// <summary>
    /// 0 to 254 come from the remote command only (a killed client has no exit code). 255 is the remote's if the log shows its arrival; else the client failed: before the log-in
    /// nothing ran, after it nobody knows.
    /// </summary>
    private ShellOutcome Judge(SshTrace trace, int? exit, bool timedOut, Transcript transcript, long start)
    {
        if (exit is >= 0 and < 255 || (exit == 255 && trace.ExitArrived))
        {
            return new ShellOutcome(true, exit, transcript.ToString(), false, clock.GetElapsedTime(start));
        }

        if (trace.MayHaveStarted)
        {
            return new ShellOutcome(true, null, transcript.ToString(), timedOut, clock.GetElapsedTime(start));
        }

        var why = timedOut ? ShellText.NoAnswer : trace.Trouble;
        var key = why == ShellText.HostKeyDiffers && trace.ServerKey.Length > 0 ? $"\n{ShellText.ServerKey(trace.ServerKey).Record}" : "";
        return NotConnected(why, key, timedOut, start);
    }

    private ShellOutcome NotConnected(Text why, string more, bool timedOut, long start) =>
        new(false, null, why.Record + more, timedOut, clock.GetElapsedTime(start)) { Reason = why };

    private static async Task ReadAsync(Socket output, Transcript transcript, CancellationToken drained)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await output.ReceiveAsync(buffer, drained) is > 0 and var got)
            {
                transcript.Add(buffer.AsSpan(0, got));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The client is gone; what arrived until now is the transcript.
        }
    }

    private void Prepare(SshArguments arguments)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }

        lock (files)
        {
            Directory.CreateDirectory(options.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var file = Path.Combine(options.Folder, SshArguments.KnownHostsFile(arguments.Name));
            if (!File.Exists(file) || File.ReadAllText(file) != arguments.KnownHosts)
            {
                File.WriteAllText(file + ".new", arguments.KnownHosts);
                File.Move(file + ".new", file, overwrite: true);
            }
        }
    }

    private static string ReadLog(string log) => File.Exists(log) ? File.ReadAllText(log, Encoding.UTF8) : "";

    private static string[] CleanEnvironment() =>
    [
        $"PATH={Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin"}",
        $"HOME={Environment.GetEnvironmentVariable("HOME") ?? "/"}",
        "LANG=C.UTF-8",
    ];
}
