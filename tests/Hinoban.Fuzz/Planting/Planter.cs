using System.Runtime.InteropServices;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Hinoban.Fuzz.Planting;

/// <summary>
/// Writes an assembly anew in which every way on from a conditional jump of the wanted sources leaves a mark. What only the compiler wrote (the cache
/// of a lambda, the check before a disposal, the step of an iterator) is no branch of the source and gets none.
/// </summary>
internal sealed class Planter
{
    internal const string TypeName = "PlantedMarks";
    internal const string FieldName = "Marks";

    private readonly ModuleDefinition module;
    private readonly List<string> sources;
    private readonly List<Way> ways = [];
    private readonly FieldDefinition marks;
    private readonly FieldDefinition first;

    private Planter(ModuleDefinition module, List<string> sources)
    {
        (this.module, this.sources) = (module, sources);
        marks = new FieldDefinition(FieldName, FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.InitOnly, new ArrayType(module.TypeSystem.Byte));
        first = new FieldDefinition("First", FieldAttributes.Assembly | FieldAttributes.Static | FieldAttributes.InitOnly, module.TypeSystem.IntPtr);
    }

    /// <summary>The assembly, and what each mark stands for.</summary>
    internal static (byte[] Assembly, IReadOnlyList<Way> Ways) Plant(string path, List<string> sources)
    {
        using var module = ModuleDefinition.ReadModule(path, new ReaderParameters { ReadSymbols = true });
        var planter = new Planter(module, sources);

        // In the order of the sources: the marks of one parser stand side by side.
        foreach (var (method, source) in module.GetAllTypes().SelectMany(t => t.Methods).Where(m => m.HasBody).Select(m => (m, planter.SourceOf(m))).Where(m => m.Item2 >= 0).OrderBy(m => m.Item2).ToList())
        {
            planter.Method(method, sources[source]);
        }

        planter.AddMarks();
        using var written = new MemoryStream();
        module.Write(written);
        return (written.ToArray(), planter.ways);
    }

    // Below 0: none that is wanted.
    private int SourceOf(MethodDefinition method) =>
        method.DebugInformation.SequencePoints is [var point, ..] ? sources.FindIndex(s => point.Document.Url.Replace('\\', '/').EndsWith($"/{s}", StringComparison.Ordinal)) : -1;

    private void Method(MethodDefinition method, string source)
    {
        // Lines are looked up before anything moves.
        var points = method.DebugInformation.SequencePoints;
        var jumps = method.Body.Instructions.Where(i => IsJump(i) && !IsCompilers(method, i))
            .Select(i => (Jump: i, Line: points.LastOrDefault(p => p.Offset <= i.Offset && !p.IsHidden)?.StartLine ?? 0)).ToList();
        if (jumps.Count == 0)
        {
            return;
        }

        method.Body.SimplifyMacros();
        var il = method.Body.GetILProcessor();
        foreach (var (jump, line) in jumps)
        {
            Jump(il, jump, new Way(source, line, method.Name));
        }

        method.Body.OptimizeMacros();
    }

    // jump L; mark; br next; L: mark; br target; next:
    private void Jump(ILProcessor il, Instruction jump, Way way)
    {
        var next = jump.Next;
        var last = Mark(il, jump, way);
        last = Insert(il, last, il.Create(OpCodes.Br, next));
        if (jump.Operand is Instruction[] targets)
        {
            var moved = new Dictionary<Instruction, Instruction>();
            foreach (var target in targets.Distinct())
            {
                (moved[target], last) = Landing(il, last, target, way);
            }

            jump.Operand = Array.ConvertAll(targets, t => moved[t]);
        }
        else
        {
            (jump.Operand, _) = Landing(il, last, (Instruction)jump.Operand, way);
        }
    }

    private (Instruction First, Instruction Last) Landing(ILProcessor il, Instruction after, Instruction target, Way way)
    {
        var last = Mark(il, after, way);
        return (after.Next, Insert(il, last, il.Create(OpCodes.Br, target)));
    }

    // By its address, which the compiler at run time knows for good: one instruction, as an element of an array would not be.
    private Instruction Mark(ILProcessor il, Instruction after, Way way)
    {
        var number = ways.Count;
        ways.Add(way);
        var last = Insert(il, after, il.Create(OpCodes.Ldsfld, first));
        last = Insert(il, last, il.Create(OpCodes.Ldc_I4, number));
        last = Insert(il, last, il.Create(OpCodes.Add));
        last = Insert(il, last, il.Create(OpCodes.Ldc_I4, 1));
        return Insert(il, last, il.Create(OpCodes.Stind_I1));
    }

    private static Instruction Insert(ILProcessor il, Instruction after, Instruction what)
    {
        il.InsertAfter(after, what);
        return what;
    }

    private void AddMarks()
    {
        var type = new TypeDefinition("", TypeName, TypeAttributes.NotPublic | TypeAttributes.Sealed | TypeAttributes.Abstract | TypeAttributes.BeforeFieldInit, module.TypeSystem.Object);
        type.Fields.Add(marks);
        type.Fields.Add(first);
        var made = new MethodDefinition(
            ".cctor", MethodAttributes.Private | MethodAttributes.Static | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName | MethodAttributes.HideBySig, module.TypeSystem.Void);
        var il = made.Body.GetILProcessor();
        il.Emit(OpCodes.Ldc_I4, Math.Max(1, ways.Count));
        il.Emit(OpCodes.Ldc_I4, 1);
        il.Emit(OpCodes.Call, module.ImportReference(typeof(GC).GetMethod(nameof(GC.AllocateArray))!.MakeGenericMethod(typeof(byte))));
        il.Emit(OpCodes.Dup);
        il.Emit(OpCodes.Stsfld, marks);
        il.Emit(OpCodes.Ldc_I4, 0);
        il.Emit(OpCodes.Call, module.ImportReference(((Func<byte[], int, nint>)Marshal.UnsafeAddrOfPinnedArrayElement).Method));
        il.Emit(OpCodes.Stsfld, first);
        il.Emit(OpCodes.Ret);
        type.Methods.Add(made);
        module.Types.Add(type);
    }

    private static bool IsJump(Instruction i) => i.OpCode.FlowControl == FlowControl.Cond_Branch;

    private static bool IsCompilers(MethodDefinition method, Instruction jump) =>
        IsLambdaCache(jump) || IsDisposal(method, jump) || (method.Name == "MoveNext" && method.DeclaringType.Name.Contains('<', StringComparison.Ordinal) && IsStep(jump));

    // ldsfld <>9__1; dup; brtrue
    private static bool IsLambdaCache(Instruction jump)
    {
        var before = jump.Previous?.OpCode == OpCodes.Dup ? jump.Previous.Previous : jump.Previous;
        return before is { Operand: FieldReference field } && before.OpCode == OpCodes.Ldsfld && field.Name.StartsWith('<');
    }

    // In a finally: nothing to dispose of, or already disposed of by the iterator.
    private static bool IsDisposal(MethodDefinition method, Instruction jump) =>
        method.Body.ExceptionHandlers.Any(h => h.HandlerType == ExceptionHandlerType.Finally && h.HandlerStart.Offset <= jump.Offset && (h.HandlerEnd is null || jump.Offset < h.HandlerEnd.Offset))
        && Enumerable.Range(0, 4).Aggregate((Instruction?)jump, (i, _) => i?.Next is { } next && i.Operand is not MethodReference { Name: "Dispose" } ? next : i)?.Operand
            is MethodReference { Name: "Dispose" };

    // Of an iterator or an asynchronous method: where it goes on, and whether what it waits for is there already.
    private static bool IsStep(Instruction jump)
    {
        for (var (i, back) = (jump.Previous, 0); i is not null && back < 4; i = i.Previous, back++)
        {
            if (i.Operand is FieldReference { Name: "<>1__state" } or MethodReference { Name: "get_IsCompleted" })
            {
                return true;
            }
        }

        return jump.Previous?.OpCode.Code is Code.Ldloc_0 && jump.Offset < 16;
    }
}
