using System.Runtime.InteropServices;

namespace Hinoban.Checks;

/// <summary>Reads a pipe when told to listen, and from then on as its writers write: keeps the first bytes and counts the rest, so that no writer waits for us.</summary>
internal sealed class PipeEar : IDisposable
{
    private const int SetFlags = 4; // F_SETFL
    private const int NonBlocking = 0x800; // O_NONBLOCK
    private const int Interrupted = 4; // EINTR
    private const int NothingYet = 11; // EAGAIN
    private const int Piece = 4096;

    /// <summary>Twice what a pipe holds: one that is written to without end must not keep the thread that listens from the others.</summary>
    private const int MostPieces = 32;

    private readonly Lock gate = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int limit;
    private int pipe;
    private byte[] kept = [];
    private int length;
    private long dropped;
    private bool listening;

    /// <summary>Owns the reading end.</summary>
    internal PipeEar(int pipe, int limit)
    {
        (this.pipe, this.limit) = (pipe, limit);
        _ = Libc.fcntl(pipe, SetFlags, NonBlocking);
    }

    /// <summary>Every writer has closed the pipe, or nobody listens any more.</summary>
    internal Task Ended => ended.Task;

    /// <summary>Reads what has come until now, and as long as the pipe is open whatever comes.</summary>
    internal void Listen()
    {
        lock (gate)
        {
            Read(toItsEnd: true);
            if (pipe >= 0 && !listening)
            {
                listening = DescriptorWatch.Instance.Add(pipe, Hear);
                if (!listening)
                {
                    Leave();
                }
            }
        }
    }

    /// <summary>Listens no more, and gives what came until now.</summary>
    internal (byte[] Kept, long Dropped) Take()
    {
        Dispose();
        lock (gate)
        {
            return (kept.Length == length ? kept : kept[..length], dropped);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            Leave();
        }
    }

    private void Hear()
    {
        lock (gate)
        {
            Read(toItsEnd: false); // what comes later is told again
        }
    }

    private unsafe void Read(bool toItsEnd)
    {
        var piece = stackalloc byte[Piece];
        for (var pieces = 0; pipe >= 0 && pieces < MostPieces; pieces++)
        {
            var got = (int)Libc.read(pipe, piece, Piece);
            if (got > 0)
            {
                Keep(new ReadOnlySpan<byte>(piece, got));
                if (got < Piece && !toItsEnd)
                {
                    return;
                }
            }
            else if (got == 0 || Marshal.GetLastPInvokeError() is not (NothingYet or Interrupted))
            {
                Leave();
            }
            else
            {
                return;
            }
        }
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        var fits = Math.Min(piece.Length, limit - length);
        if (length + fits > kept.Length)
        {
            Array.Resize(ref kept, Math.Min(limit, Math.Max(length + fits, kept.Length * 2)));
        }

        piece[..fits].CopyTo(kept.AsSpan(length));
        length += fits;
        dropped += piece.Length - fits;
    }

    private void Leave()
    {
        if (pipe >= 0)
        {
            if (listening)
            {
                DescriptorWatch.Instance.Remove(pipe);
            }

            _ = Libc.close(pipe);
            pipe = -1;
            ended.TrySetResult();
        }
    }
}
