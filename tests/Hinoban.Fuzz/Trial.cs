using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hinoban.Fuzz;

/// <summary>What an input did that it must not. <paramref name="Key"/> is the same for what is likely the same mistake.</summary>
internal sealed record Finding(string Key, string What, byte[] Input);

/// <summary>One execution: the parser's promises, its time and its memory.</summary>
internal static class Trial
{
    private const int Again = 5;
    private const int ThreadClock = 3; // CLOCK_THREAD_CPUTIME_ID of Linux

    /// <summary>Null if everything holds. What looks too slow or too big is tried again: the first execution makes what is kept, and the machine does other things too.</summary>
    internal static Finding? Of(Target target, ReadOnlyMemory<byte> input)
    {
        try
        {
            var (took, memory) = Measure(target, input);
            for (var i = 0; i < Again && (took > Target.Patience || memory > target.Allowed(input)); i++)
            {
                var (second, less) = Measure(target, input);
                (took, memory) = (second < took ? second : took, Math.Min(memory, less));
            }

            return took > Target.Patience ? new Finding("slow", $"{took.TotalMilliseconds:0} ms for {input.Length} bytes", input.ToArray())
                : memory > target.Allowed(input) ? new Finding("memory", $"{memory} bytes of memory for {input.Length} bytes; {target.Allowed(input)} are allowed", input.ToArray())
                : null;
        }
#pragma warning disable CA1031 // Which exceptions may come out of a parser is the target's to say; all others are findings.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new Finding(KeyOf(error), error.ToString(), input.ToArray());
        }
    }

    // The processor's time of this thread: a busy machine makes nothing look slow.
    private static (TimeSpan Took, long Memory) Measure(Target target, ReadOnlyMemory<byte> input)
    {
        var memory = GC.GetAllocatedBytesForCurrentThread();
        var begun = ThreadTime();
        target.Try(input);
        return (ThreadTime() - begun, GC.GetAllocatedBytesForCurrentThread() - memory);
    }

    private static TimeSpan ThreadTime() =>
        clock_gettime(ThreadClock, out var time) == 0 ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick)) : throw new NotSupportedException("no clock for a thread");

    [DllImport("libc")]
    private static extern int clock_gettime(int clock, out Timespec time);

    // The exception and the first of our own methods that it came through.
    private static string KeyOf(Exception error)
    {
        var ours = new StackTrace(error).GetFrames()
            .Select(f => DiagnosticMethodInfo.Create(f))
            .FirstOrDefault(m => m?.DeclaringTypeName?.StartsWith("Hinoban.", StringComparison.Ordinal) == true && m.DeclaringTypeName != typeof(Hold).FullName);
        var what = error is Broken ? new string([.. error.Message.TakeWhile(c => c != ':' && !char.IsDigit(c))]) : error.GetType().Name;
        return $"{what.Trim()}-{ours?.DeclaringTypeName?.Split('.')[^1]}.{ours?.Name}";
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Timespec
    {
        internal readonly long Seconds;
        internal readonly long Nanoseconds;
    }
}
