using System.Reflection;

namespace Hinoban.Mutants;

/// <summary>One call of a test with its data.</summary>
internal sealed record Trial(Type Class, MethodInfo Method, object?[] Arguments)
{
    internal string Name => $"{Class.Name}.{Method.Name}";

    // For a thread that waits for ever and costs nothing.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(3);

    /// <summary>Processor time of this process: others on the machine do not make a test slower.</summary>
    internal static TimeSpan Spent => Environment.CpuUsage.TotalTime;

    /// <summary>Null if it passes; else why not. What does not end within that much work counts as failed, and its thread is left behind.</summary>
    internal string? Fails(TimeSpan patience, out bool hangs)
    {
        string? why = "no end";
        var thread = new Thread(() => why = Run(), 16 << 20) { IsBackground = true };
        var (start, since) = (Spent, TimeProvider.System.GetTimestamp());
        thread.Start();
        bool ended;
        while (!(ended = thread.Join(TimeSpan.FromMilliseconds(100))) && Spent - start < patience && TimeProvider.System.GetElapsedTime(since) < LongestWait)
        {
        }

        hangs = !ended;
        return hangs ? "no end" : why;
    }

    private string? Run()
    {
        try
        {
            var test = Activator.CreateInstance(Class, [.. Class.GetConstructors().Single().GetParameters().Select(p => DispatchProxy.Create(p.ParameterType, typeof(Nobody)))])!;
            try
            {
                Method.Invoke(Method.IsStatic ? null : test, Arguments);
            }
            finally
            {
                (test as IDisposable)?.Dispose();
            }

            return null;
        }
        catch (Exception failure)
        {
            return (failure is TargetInvocationException { InnerException: { } inner } ? inner : failure).GetType().Name;
        }
    }

    /// <summary>Every test of the assembly that needs no fixture from a runner and waits for nothing: rules are pure, and so are their tests.</summary>
    internal static IEnumerable<Trial> Of(Assembly assembly, Func<Type, bool> wanted) => assembly.GetTypes()
        .Where(t => t is { IsAbstract: false, IsGenericTypeDefinition: false, IsPublic: true } && t.GetConstructors() is [var made] && made.GetParameters().All(p => p.ParameterType.Name == "ITestOutputHelper") && t.GetInterface("IAsyncLifetime") is null && wanted(t))
        .OrderBy(t => t.FullName, StringComparer.Ordinal)
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static).SelectMany(m => Cases(t, m)));

    private static IEnumerable<Trial> Cases(Type type, MethodInfo method)
    {
        var marks = method.GetCustomAttributes().ToList();
        if (marks.FirstOrDefault(m => m.GetType().Name is "FactAttribute" or "TheoryAttribute") is not { } fact
            || method.ReturnType != typeof(void) || (bool)Value(fact, "Explicit")! || Value(fact, "Skip") is not null)
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

    /// <summary>Takes what a test prints, and keeps nothing.</summary>
#pragma warning disable CA1852 // The proxy is a subtype of it, made at run time.
    public class Nobody : DispatchProxy
#pragma warning restore CA1852
    {
        protected override object? Invoke(MethodInfo? method, object?[]? arguments) => null;
    }
}
