using System.Reflection;
using System.Runtime.Loader;

namespace Hinoban.Fuzz.Planting;

/// <summary>Loads the product with marks planted into it, and this assembly once more beside it, so that the targets run the planted one.</summary>
internal sealed class PlantedContext : AssemblyLoadContext
{
    private static readonly string[] Planted = ["Hinoban.Core", "hinoban-agent"];

    private readonly Dictionary<string, byte[]> assemblies = [];
    private readonly Dictionary<string, IReadOnlyList<Way>> ways = [];

    private PlantedContext()
        : base("planted")
    {
        var sources = Parsers.Targets.SelectMany(t => t.Sources).Distinct().ToList();
        foreach (var name in Planted)
        {
            (assemblies[name], ways[name]) = Planter.Plant(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"), sources);
        }
    }

    /// <summary>Runs the long hunt on the planted product.</summary>
    internal static int Hunt(string[] options, TextWriter to)
    {
        var context = new PlantedContext();
        var parts = Planted.Select(name => (Marks: context.MarksOf(name), Ways: context.ways[name].Select(w => w.ToString()).ToArray())).ToList();
        var hunt = context.LoadFromAssemblyName(typeof(PlantedContext).Assembly.GetName()).GetType(typeof(LongHunt).FullName!)!
            .GetMethod(nameof(LongHunt.Run), BindingFlags.Static | BindingFlags.NonPublic)!;
        return (int)hunt.Invoke(null, [options, to, parts.Select(p => p.Marks).ToArray(), parts.Select(p => p.Ways).ToArray()])!;
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var own = typeof(PlantedContext).Assembly;
        return assemblyName.Name is { } name && assemblies.TryGetValue(name, out var planted) ? LoadFromStream(new MemoryStream(planted))
            : assemblyName.Name == own.GetName().Name ? LoadFromStream(new MemoryStream(File.ReadAllBytes(own.Location)))
            : null;
    }

    private byte[] MarksOf(string name) => (byte[])LoadFromAssemblyName(new AssemblyName(name)).GetType(Planter.TypeName)!.GetField(Planter.FieldName)!.GetValue(null)!;
}
