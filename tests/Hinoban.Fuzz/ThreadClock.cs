using System.Runtime.InteropServices;

namespace Hinoban.Fuzz;

/// <summary>The processor's time of this thread: a busy machine makes nothing look slow.</summary>
internal static class ThreadClock
{
    private const int OfThread = 3; // CLOCK_THREAD_CPUTIME_ID of Linux

    internal static TimeSpan Now =>
        clock_gettime(OfThread, out var time) == 0 ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick)) : throw new NotSupportedException("no clock for a thread");

    [DllImport("libc")]
    private static extern int clock_gettime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Timespec
    {
        internal readonly long Seconds;
        internal readonly long Nanoseconds;
    }
}
