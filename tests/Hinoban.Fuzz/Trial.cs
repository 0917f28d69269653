using System.Diagnostics;

namespace Hinoban.Fuzz;

/// <summary>What an input did that it must not. <paramref name="Key"/> is the same for what is likely the same mistake.</summary>
internal sealed record Finding(string Key, string What, byte[] Input);

/// <summary>One execution: the parser's promises, its time and its memory.</summary>
internal static class Trial
{
    private const int Again = 6;

    /// <summary>Null if everything holds. What looks too slow or too big is tried again: the first execution makes what is kept, and the machine does other things too.</summary>
    internal static Finding? Of(Target target, ReadOnlyMemory<byte> input)
    {
        try
        {
            // What the clock on the wall does not find slow the processor's does not either, and to ask that one is dear.
            var clock = TimeProvider.System;
            var memory = GC.GetAllocatedBytesForCurrentThread();
            var begun = clock.GetTimestamp();
            target.Try(input);
            return clock.GetElapsedTime(begun) <= Target.Patience && GC.GetAllocatedBytesForCurrentThread() - memory <= target.Share(input.Length) ? null : Closely(target, input);
        }
#pragma warning disable CA1031 // Which exceptions may come out of a parser is the target's to say; all others are findings.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new Finding(KeyOf(error), error.ToString(), input.ToArray());
        }
    }

    private static Finding? Closely(Target target, ReadOnlyMemory<byte> input)
    {
        var allowed = target.Allowed(input);
        var (took, memory) = (TimeSpan.MaxValue, long.MaxValue);
        for (var i = 0; i < Again && (took > Target.Patience || memory > allowed); i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var begun = ThreadClock.Now;
            target.Try(input);
            var (second, less) = (ThreadClock.Now - begun, GC.GetAllocatedBytesForCurrentThread() - before);
            (took, memory) = (second < took ? second : took, Math.Min(memory, less));
        }

        return took > Target.Patience ? new Finding("slow", $"{took.TotalMilliseconds:0} ms for {input.Length} bytes", input.ToArray())
            : memory > allowed ? new Finding("memory", $"{memory} bytes of memory for {input.Length} bytes; {allowed} are allowed", input.ToArray())
            : null;
    }

    // The exception and the first of our own methods that it came through.
    private static string KeyOf(Exception error)
    {
        var ours = new StackTrace(error).GetFrames()
            .Select(f => DiagnosticMethodInfo.Create(f))
            .FirstOrDefault(m => m?.DeclaringTypeName?.StartsWith("Hinoban.", StringComparison.Ordinal) == true && m.DeclaringTypeName != typeof(Hold).FullName);
        var what = error is Broken ? new string([.. error.Message.TakeWhile(c => c != ':' && !char.IsDigit(c))]) : error.GetType().Name;
        return $"{what.Trim()}-{ours?.DeclaringTypeName?.Split('.')[^1]}.{ours?.Name}";
    }
}
