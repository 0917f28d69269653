using System.Runtime.InteropServices;
using Hinoban.Checks;

namespace Hinoban.Agent.Logs;

/// <summary>A pipe from a child that is read only as fast as is wanted: what it holds more, its writer waits with.</summary>
internal sealed class JournalPipe : IDisposable
{
    private const int SetFlags = 4; // F_SETFL
    private const int NonBlocking = 0x800; // O_NONBLOCK
    private const int Interrupted = 4; // EINTR
    private const int NothingYet = 11; // EAGAIN
    private readonly Lock gate = new();
    private int ours;

    /// <summary>Throws if no more descriptors may be had.</summary>
    internal unsafe JournalPipe()
    {
        var ends = stackalloc int[2];
        if (Libc.pipe2(ends, Libc.OpenCloseOnExec) != 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }

        (ours, Writer) = (ends[0], ends[1]);
        _ = Libc.fcntl(ours, SetFlags, NonBlocking);
    }

    /// <summary>The child's end, as long as it is ours too; below 0 afterwards.</summary>
    internal int Writer { get; private set; }

    /// <summary>To be called when the child has its own: only then its end is seen here.</summary>
    internal void GiveAway()
    {
        if (Writer >= 0)
        {
            _ = Libc.close(Writer);
            Writer = -1;
        }
    }

    /// <summary>What there is, as soon as there is any; 0 when every writer has closed it.</summary>
    internal async Task<int> ReadAsync(Memory<byte> into, CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var (got, error) = Read(into.Span);
            if (got >= 0)
            {
                return got;
            }

            if (error == NothingYet)
            {
                await ReadableAsync(cancel);
            }
            else if (error != Interrupted)
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(error));
            }
        }
    }

    public void Dispose()
    {
        GiveAway();
        lock (gate)
        {
            if (ours >= 0)
            {
                DescriptorWatch.Instance.Remove(ours);
                _ = Libc.close(ours);
                ours = -1;
            }
        }
    }

    private unsafe (int Got, int Error) Read(Span<byte> into)
    {
        fixed (byte* at = into)
        {
            var got = (int)Libc.read(ours, at, into.Length);
            return (got, got < 0 ? Marshal.GetLastPInvokeError() : 0);
        }
    }

    // Listened to only until it tells: what is not wanted yet must not be told again and again.
    private async Task ReadableAsync(CancellationToken cancel)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!DescriptorWatch.Instance.Add(ours, Told))
        {
            throw new IOException("the kernel watches no more descriptors");
        }

        await told.Task.WaitAsync(cancel);

        void Told()
        {
            lock (gate)
            {
                if (ours >= 0)
                {
                    DescriptorWatch.Instance.Remove(ours);
                }
            }

            told.TrySetResult();
        }
    }
}
