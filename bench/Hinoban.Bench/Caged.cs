using System.Diagnostics;
using System.Globalization;

namespace Hinoban.Bench;

/// <summary>A process in control groups of its own (cgroup v1, memory and cpuacct): what it and its children cost, page cache and sockets included.</summary>
internal sealed class Caged : IDisposable
{
    private const string Root = "/sys/fs/cgroup";
    private readonly string memory;
    private readonly string cpu;

    private Caged(string name)
    {
        memory = Directory.CreateDirectory($"{Root}/memory/hinoban-bench-{name}-{Environment.ProcessId}").FullName;
        cpu = Directory.CreateDirectory($"{Root}/cpuacct/hinoban-bench-{name}-{Environment.ProcessId}").FullName;
        // The shell puts itself into both and becomes the program: nothing of it runs outside.
        Process = new Process { StartInfo = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true } };
        Process.StartInfo.ArgumentList.Add("-c");
        Process.StartInfo.ArgumentList.Add("echo $$ > \"$1/cgroup.procs\"; echo $$ > \"$2/cgroup.procs\"; shift 2; exec \"$@\"");
        new[] { "sh", memory, cpu }.ToList().ForEach(Process.StartInfo.ArgumentList.Add);
    }

    internal Process Process { get; }

    internal TimeSpan Cpu => TimeSpan.FromTicks(long.Parse(File.ReadAllText($"{cpu}/cpuacct.usage"), CultureInfo.InvariantCulture) / 100);

    internal double PeakMiB => Number("memory.max_usage_in_bytes") / 1048576.0;

    /// <summary>Anonymous memory now: what cannot be given back to the system as page cache can.</summary>
    internal double RssMiB => File.ReadLines($"{memory}/memory.stat").Where(l => l.StartsWith("rss ", StringComparison.Ordinal)).Sum(l => long.Parse(l.AsSpan(4), CultureInfo.InvariantCulture)) / 1048576.0;

    /// <param name="limitMiB">More memory than this it does not get, page cache and sockets included; null: no limit.</param>
    internal static Caged Start(string name, int? limitMiB, Action<string> said, params IEnumerable<string> command)
    {
        var caged = new Caged(name);
        if (limitMiB is { } limit)
        {
            File.WriteAllText($"{caged.memory}/memory.limit_in_bytes", (limit * 1048576L).ToString(CultureInfo.InvariantCulture));
        }

        command.ToList().ForEach(caged.Process.StartInfo.ArgumentList.Add);
        caged.Process.OutputDataReceived += (_, line) => said(line.Data ?? "");
        caged.Process.ErrorDataReceived += (_, line) => said(line.Data ?? "");
        caged.Process.Start();
        caged.Process.BeginOutputReadLine();
        caged.Process.BeginErrorReadLine();
        return caged;
    }

    public void Dispose()
    {
        Process.Kill(entireProcessTree: true);
        Process.WaitForExit();
        Process.Dispose();
        Directory.Delete(memory);
        Directory.Delete(cpu);
    }

    private long Number(string file) => long.Parse(File.ReadAllText($"{memory}/{file}"), CultureInfo.InvariantCulture);
}
