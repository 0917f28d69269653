using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace Hinoban.Fuzz.Planting;

/// <summary>Loads the product with marks planted into it, and this assembly once more beside it, so that the targets run the planted one.</summary>
internal sealed class PlantedContext : AssemblyLoadContext
{
    private readonly IReadOnlyList<Planted> planted;

    private PlantedContext(IReadOnlyList<Planted> planted, int number)
        : base($"planted-{number}") => this.planted = planted;

    /// <summary>Runs the long hunt on the planted product: each thread in a context of its own, with marks of its own, on one target after the other.</summary>
    internal static int Hunt(string[] words, TextWriter to, CancellationToken stop = default)
    {
        var options = HuntOptions.Parse(words);
        var known = Parsers.Targets.Select(t => t.Name).ToList();
        if (options.Parsers.Except(known).FirstOrDefault() is { } unknown)
        {
            to.WriteLine($"no parser is called {unknown}; these are: {string.Join(", ", known)}");
            return 64;
        }

        IReadOnlyList<string> names = options.Parsers.Count > 0 ? options.Parsers : known;
        var waiting = new ConcurrentQueue<string>(names);
        var sources = Parsers.Targets.SelectMany(t => t.Sources).Distinct().ToList();
        var planted = ((string[])["Hinoban.Core", "hinoban-agent"]).Select(n => Planted.Of(n, sources)).ToList();
        var shared = TextWriter.Synchronized(to);
        shared.WriteLine(LongHunt.Heading);
        var threads = Enumerable.Range(1, Math.Clamp(options.Threads, 1, names.Count))
            .Select(n => Task.Factory.StartNew(
                () => new PlantedContext(planted, n).Run(words, () => waiting.TryDequeue(out var name) ? name : null, shared, stop),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))
            .ToArray();
        var found = Task.WhenAll(threads).GetAwaiter().GetResult().Sum();
        shared.WriteLine(found > 0 ? $"{found} findings." : $"{names.Count - waiting.Count} parsers hold.");
        return found == 0 ? 0 : 1;
    }

    private int Run(string[] words, Func<string?> next, TextWriter to, CancellationToken stop)
    {
        var (marks, ways) = (planted.Select(p => MarksOf(p.Name)).ToArray(), planted.Select(p => p.Ways).ToArray());
        var run = LoadFromAssemblyName(typeof(PlantedContext).Assembly.GetName()).GetType(typeof(LongHunt).FullName!)!
            .GetMethod(nameof(LongHunt.Run), BindingFlags.Static | BindingFlags.NonPublic)!;
        return (int)run.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [words, next, to, marks, ways, stop], null)!;
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var own = typeof(PlantedContext).Assembly;
        return planted.FirstOrDefault(p => p.Name == assemblyName.Name) is { } one ? LoadFromStream(new MemoryStream(one.Assembly))
            : assemblyName.Name == own.GetName().Name ? LoadFromStream(new MemoryStream(File.ReadAllBytes(own.Location)))
            : null;
    }

    private byte[] MarksOf(string name) => (byte[])LoadFromAssemblyName(new AssemblyName(name)).GetType(Planter.TypeName)!.GetField(Planter.FieldName)!.GetValue(null)!;

    private sealed record Planted(string Name, byte[] Assembly, string[] Ways)
    {
        internal static Planted Of(string name, List<string> sources)
        {
            var (assembly, ways) = Planter.Plant(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"), sources);
            return new Planted(name, assembly, [.. ways.Select(w => w.ToString())]);
        }
    }
}
