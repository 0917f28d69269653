using System.IO.MemoryMappedFiles;

namespace Hinoban.Fuzz;

/// <summary>
/// The input that is being executed, in a file that outlives the process: a stack that overflows takes the process with it, and a loop without end
/// never comes back. Who does not come back within a minute is told, and the process ends.
/// </summary>
internal sealed class LastInput : IDisposable
{
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(1);

    private readonly string path;
    private readonly string target;
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly ITimer watch;
    private long executions;
    private long seen = -1;

    internal LastInput(string target)
    {
        (this.target, path) = (target, Path.Combine(AppContext.BaseDirectory, $"last-input-{target}"));
        file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, sizeof(int) + Mutator.Longest);
        view = file.CreateViewAccessor();
        watch = TimeProvider.System.CreateTimer(_ => Look(), null, TooLong, TooLong);
    }

    internal void Is(ReadOnlyMemory<byte> input)
    {
        executions++;
        view.Write(0, input.Length);
        view.SafeMemoryMappedViewHandle.WriteSpan(sizeof(int), input.Span);
    }

    public void Dispose()
    {
        watch.Dispose();
        view.Dispose();
        file.Dispose();
    }

    private void Look()
    {
        var now = Interlocked.Read(ref executions);
        if (now == seen)
        {
            Console.WriteLine($"  {target}: an input takes more than a minute; it is in {path}, after four bytes of its length");
            Environment.Exit(1);
        }

        seen = now;
    }
}
