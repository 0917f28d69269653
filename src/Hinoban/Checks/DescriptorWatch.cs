using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Hinoban.Checks;

/// <summary>
/// One thread that waits for any number of descriptors (epoll(7)): thousands of children and their pipes hold none each, and a sign costs no look through
/// all of them.
/// </summary>
internal sealed class DescriptorWatch
{
    private const int Most = 64;
    private const int Input = 1; // EPOLLIN; what hangs up is told unasked
    private const int Once = 1 << 31; // EPOLLET
    private const int CtlAdd = 1;
    private const int CtlRemove = 2;

    // struct epoll_event is packed on x86-64 and nowhere else.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataAt = EventSize - sizeof(long);

    private readonly ConcurrentDictionary<int, Action> heard = new();
    private readonly int epoll = Libc.epoll_create1(Libc.OpenCloseOnExec);

    private DescriptorWatch()
    {
        if (epoll < 0)
        {
            throw new InvalidOperationException($"epoll_create1: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }

        new Thread(Wait) { IsBackground = true, Name = "hinoban children" }.Start();
    }

    internal static DescriptorWatch Instance { get; } = new();

    /// <summary>
    /// From now on <paramref name="hear"/> is called on the watch's thread as long as something can be read. It must not block, and it may be called once more
    /// for another descriptor that had the same number. False if the kernel takes no more.
    /// </summary>
    internal bool Add(int descriptor, Action hear) => Add(descriptor, hear, Input);

    /// <summary>The same for a descriptor that has one thing to tell, and tells it once: closing it is enough, after <see cref="Forget"/>.</summary>
    internal bool AddOnce(int descriptor, Action hear) => Add(descriptor, hear, Input | Once);

    /// <summary>Of a descriptor that tells once, before it is closed.</summary>
    internal void Forget(int descriptor) => heard.TryRemove(descriptor, out _);

    /// <summary>To be called before the descriptor is closed: a child that is just being started holds a copy, and the kernel would go on telling of it.</summary>
    internal void Remove(int descriptor)
    {
        Change(CtlRemove, descriptor, 0);
        heard.TryRemove(descriptor, out _);
    }

    private bool Add(int descriptor, Action hear, int events)
    {
        heard[descriptor] = hear;
        if (Change(CtlAdd, descriptor, events))
        {
            return true;
        }

        heard.TryRemove(descriptor, out _);
        return false;
    }

    private unsafe bool Change(int what, int descriptor, int events)
    {
        var one = stackalloc byte[EventSize];
        *(int*)one = events;
        *(long*)(one + DataAt) = descriptor;
        return Libc.epoll_ctl(epoll, what, descriptor, one) == 0;
    }

    private unsafe void Wait()
    {
        var events = stackalloc byte[Most * EventSize];
        while (true)
        {
            var count = Libc.epoll_wait(epoll, events, Most, -1);
            for (var i = 0; i < count; i++)
            {
                if (heard.TryGetValue((int)*(long*)(events + (i * EventSize) + DataAt), out var hear))
                {
                    hear();
                }
            }
        }
    }
}
