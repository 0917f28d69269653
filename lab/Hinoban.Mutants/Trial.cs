using System.Diagnostics;
using System.Reflection;

namespace Hinoban.Mutants;

/// <summary>One call of a test with its data.</summary>
internal sealed record Trial(Type Class, MethodInfo Method, object?[] Arguments)
{
    internal string Name => $"{Class.Name}.{Method.Name}";

    /// <summary>Null if it passes; else why not. What does not end in time counts as failed, and its thread is left behind.</summary>
    internal string? Fails(TimeSpan patience, out bool hangs)
    {
        string? why = "no end";
        var thread = new Thread(() => why = Run(), 16 << 20) { IsBackground = true };
        thread.Start();
        hangs = !thread.Join(patience);
        return hangs ? "no end" : why;
    }

    private string? Run()
    {
        try
        {
            RunAsync().GetAwaiter().GetResult();
            return null;
        }
        catch (Exception failure)
        {
            return (failure is TargetInvocationException { InnerException: { } inner } ? inner : failure).GetType().Name;
        }
    }

    private async Task RunAsync()
    {
        var test = Activator.CreateInstance(Class, nonPublic: true)!;
        try
        {
            await LifeAsync(test, "InitializeAsync");
            switch (Method.Invoke(Method.IsStatic ? null : test, Arguments))
            {
                case Task task:
                    await task;
                    break;
                case ValueTask task:
                    await task;
                    break;
            }
        }
        finally
        {
            await LifeAsync(test, "DisposeAsync");
            (test as IDisposable)?.Dispose();
        }
    }

    private static async Task LifeAsync(object test, string name)
    {
        if (test.GetType().GetInterfaces().Any(i => i.Name is "IAsyncLifetime" or "IAsyncDisposable")
            && test.GetType().GetMethod(name, BindingFlags.Public | BindingFlags.Instance, [])?.Invoke(test, []) is ValueTask task)
        {
            await task;
        }
    }

    /// <summary>Every test of the assembly that needs nothing from a runner: no fixture, no output.</summary>
    internal static IEnumerable<Trial> Of(Assembly assembly, Func<Type, bool> wanted) => assembly.GetTypes()
        .Where(t => t is { IsAbstract: false, IsGenericTypeDefinition: false, IsPublic: true } && t.GetConstructor(Type.EmptyTypes) is not null && wanted(t))
        .OrderBy(t => t.FullName, StringComparer.Ordinal)
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).SelectMany(m => Cases(t, m)));

    private static IEnumerable<Trial> Cases(Type type, MethodInfo method)
    {
        var marks = method.GetCustomAttributes().ToList();
        if (marks.FirstOrDefault(m => m.GetType().Name is "FactAttribute" or "TheoryAttribute") is not { } fact
            || (bool)Value(fact, "Explicit")! || Value(fact, "Skip") is not null)
        {
            return [];
        }

        return fact.GetType().Name == "FactAttribute"
            ? [new Trial(type, method, [])]
            : marks.SelectMany(m => Rows(type, m)).Select(row => Fit(method, row)).OfType<object?[]>().Select(row => new Trial(type, method, row));
    }

    private static IEnumerable<object?[]> Rows(Type type, Attribute mark)
    {
        switch (mark.GetType().Name)
        {
            case "InlineDataAttribute":
                return [(object?[])Value(mark, "Data")!];
            case "MemberDataAttribute":
                var owner = (Type?)Value(mark, "MemberType") ?? type;
                var name = (string)Value(mark, "MemberName")!;
                const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.FlattenHierarchy;
                var data = owner.GetProperty(name, Any)?.GetValue(null) ?? owner.GetField(name, Any)?.GetValue(null)
                    ?? owner.GetMethod(name, Any)?.Invoke(null, (object?[]?)Value(mark, "Arguments"));
                return data is System.Collections.IEnumerable rows ? [.. rows.Cast<object>().Select(RowOf)] : [];
            default:
                return [];
        }
    }

    private static object?[] RowOf(object row) => row switch
    {
        object?[] plain => plain,
        System.Runtime.CompilerServices.ITuple tuple => [.. Enumerable.Range(0, tuple.Length).Select(i => tuple[i])],
        _ when row.GetType().GetInterfaces().FirstOrDefault(i => i.Name == "ITheoryDataRow")?.GetMethod("GetData") is { } get => (object?[])get.Invoke(row, [])!,
        _ => [row],
    };

    private static object?[]? Fit(MethodInfo method, object?[] row)
    {
        var parameters = method.GetParameters();
        if (parameters is [.., { } last] && last.IsDefined(typeof(ParamArrayAttribute)) && !(row.Length == parameters.Length && last.ParameterType.IsInstanceOfType(row[^1])))
        {
            var rest = row[(parameters.Length - 1)..];
            var array = Array.CreateInstance(last.ParameterType.GetElementType()!, rest.Length);
            rest.CopyTo(array, 0);
            row = [.. row[..(parameters.Length - 1)], array];
        }

        return row.Length > parameters.Length ? null
            : [.. parameters.Select((p, i) => i >= row.Length ? p.DefaultValue : Fit(row[i], Nullable.GetUnderlyingType(p.ParameterType) ?? p.ParameterType))];
    }

    private static object? Fit(object? value, Type type) =>
        value is IConvertible && value.GetType() != type && type.IsPrimitive ? Convert.ChangeType(value, type, System.Globalization.CultureInfo.InvariantCulture) : value;

    private static object? Value(object from, string name) => from.GetType().GetProperty(name)?.GetValue(from);
}
