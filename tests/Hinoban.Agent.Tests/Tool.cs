using System.Diagnostics;

namespace Hinoban.Agent.Tests;

/// <summary>Programs run to their end: ours and the distribution's plugins.</summary>
internal static class Tool
{
    internal const string Plugins = "/usr/lib/nagios/plugins";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The agent that was built with these tests, or the one that <c>HINOBAN_AGENT</c> names: a published one, say.</summary>
    internal static string Agent { get; } = Environment.GetEnvironmentVariable("HINOBAN_AGENT") ?? Path.Combine(Root(), "artifacts", "bin", "Hinoban.Agent", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "hinoban-agent");

    /// <summary>A distribution's plugin; the test is skipped, loudly, where it is not installed.</summary>
    internal static string Plugin(string name)
    {
        var path = Path.Combine(Plugins, name);
        Assert.SkipUnless(File.Exists(path), $"{path} is not installed: ./dev test installs it");
        return path;
    }

    internal static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var run = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        run.StandardInput.Close();
        var errors = run.StandardError.ReadToEndAsync();
        var output = await run.StandardOutput.ReadToEndAsync();
        await run.WaitForExitAsync().WaitAsync(Patience);
        return (run.ExitCode, (output + await errors).TrimEnd('\n'));
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Hinoban.slnx")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd('/')) ?? throw new InvalidOperationException("not inside a Hinoban checkout");
        }

        return folder;
    }
}
