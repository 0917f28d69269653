namespace Hinoban.Agent.Tests;

/// <summary>A made /proc and /run, as much of them as a measure reads.</summary>
internal sealed class MadeRoots : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-agent-").FullName;

    internal MadeRoots()
    {
        Directory.CreateDirectory(Roots.Proc);
        Directory.CreateDirectory(Roots.Run);
    }

    internal Measures.Roots Roots => new(Path.Combine(folder, "proc"), Path.Combine(folder, "run"));

    internal MadeRoots With(string path, string text) => With(path, System.Text.Encoding.UTF8.GetBytes(text));

    internal MadeRoots With(string path, byte[] bytes)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
        return this;
    }

    internal MadeRoots WithProcess(int pid, string name, char state, int parent, string cmdline = "") =>
        With($"proc/{pid}/stat", $"{pid} ({name}) {state} {parent} 1 1 0 -1 4194560 1 2").With($"proc/{pid}/cmdline", cmdline);

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
