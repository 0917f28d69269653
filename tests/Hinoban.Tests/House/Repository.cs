using Mono.Cecil;

namespace Hinoban.Tests.House;

/// <summary>The checkout that the tests were built from: its files and its compiled assemblies.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot();

    internal static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>Source files below a folder, generated ones and build output left out.</summary>
    internal static IEnumerable<string> Files(string folder, params string[] endings) =>
        Directory.EnumerateFiles(Path(folder), "*", SearchOption.AllDirectories)
            .Where(f => endings.Any(e => f.EndsWith(e, StringComparison.Ordinal)))
            .Where(f => !f.Contains("/artifacts/", StringComparison.Ordinal)
                && !f.Contains("/node_modules/", StringComparison.Ordinal)
                && !f.Contains("/obj/", StringComparison.Ordinal));

    internal static string Relative(string file) => System.IO.Path.GetRelativePath(Root, file);

    internal static ModuleDefinition Core() => Module(typeof(Rooms).Assembly.Location);

    internal static ModuleDefinition Console() => Module(System.IO.Path.Combine(AppContext.BaseDirectory, "Hinoban.Console.dll"));

    internal static ModuleDefinition Server() => Module(System.IO.Path.Combine(AppContext.BaseDirectory, "Hinoban.Server.dll"));

    /// <summary>The agent is no part of the tests' own folder: it stands beside, with a core of its own.</summary>
    internal static ModuleDefinition Agent() => Module(Path("artifacts", "bin", "Hinoban.Agent", System.IO.Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "hinoban-agent.dll"));

    /// <summary>All types, nested ones included.</summary>
    internal static IEnumerable<TypeDefinition> Types(ModuleDefinition module) => module.Types.SelectMany(WithNested);

    /// <summary>Every type that a type's code or signatures name.</summary>
    internal static IEnumerable<TypeReference> Uses(TypeDefinition type)
    {
        IEnumerable<TypeReference?> direct =
        [
            type.BaseType,
            .. type.Interfaces.Select(i => i.InterfaceType),
            .. type.Fields.Select(f => f.FieldType),
            .. type.Properties.Select(p => p.PropertyType),
            .. type.CustomAttributes.Select(a => a.AttributeType),
            .. type.Methods.SelectMany(Uses),
        ];
        return direct.OfType<TypeReference>().SelectMany(Unwrap);
    }

    private static IEnumerable<TypeReference?> Uses(MethodDefinition method)
    {
        yield return method.ReturnType;
        foreach (var parameter in method.Parameters)
        {
            yield return parameter.ParameterType;
        }

        if (!method.HasBody)
        {
            yield break;
        }

        foreach (var instruction in method.Body.Instructions)
        {
            switch (instruction.Operand)
            {
                case TypeReference type:
                    yield return type;
                    break;
                case MethodReference called:
                    yield return called.DeclaringType;
                    yield return called.ReturnType;
                    if (called is GenericInstanceMethod generic)
                    {
                        foreach (var argument in generic.GenericArguments)
                        {
                            yield return argument;
                        }
                    }

                    break;
                case FieldReference field:
                    yield return field.DeclaringType;
                    yield return field.FieldType;
                    break;
            }
        }
    }

    private static IEnumerable<TypeReference> Unwrap(TypeReference type)
    {
        if (type is GenericInstanceType generic)
        {
            foreach (var argument in generic.GenericArguments.SelectMany(Unwrap))
            {
                yield return argument;
            }
        }

        yield return type.GetElementType();
    }

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => type.NestedTypes.SelectMany(WithNested).Prepend(type);

    private static ModuleDefinition Module(string path) =>
        ModuleDefinition.ReadModule(path, new ReaderParameters { ReadSymbols = true });

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "Hinoban.slnx")))
        {
            folder = System.IO.Path.GetDirectoryName(folder.TrimEnd('/')) ?? throw new InvalidOperationException("not inside a Hinoban checkout");
        }

        return folder;
    }
}
