using System.Runtime.InteropServices;

namespace Hinoban.Checks;

/// <summary>A started program in a session of its own, nothing at its input, with both its outputs and its end.</summary>
internal sealed class PluginProcess : IDisposable
{
    /// <summary>Bytes of standard error that are kept; the rest is read and dropped.</summary>
    internal const int ErrorsLimit = 4096;

    private PluginProcess(int pid, int output, int errors)
    {
        Pid = pid;
        Ended = ChildWatch.Instance.Watch(pid);
        Output = new PipeEar(output, PluginOutput.Limit);
        Errors = new PipeEar(errors, ErrorsLimit);
        LateEars.Instance.Add(this);
    }

    internal int Pid { get; }

    /// <summary>It has ended, and is not reaped yet.</summary>
    internal Task<ChildEnd> Ended { get; }

    internal PipeEar Output { get; }

    internal PipeEar Errors { get; }

    /// <summary>Reads what it has said so far, and from now on whatever it says.</summary>
    internal void Listen()
    {
        Output.Listen();
        Errors.Listen();
    }

    /// <summary>The same; done when everybody has closed both outputs.</summary>
    internal Task ListenAsync()
    {
        Listen();
        return Output.Ended.IsCompleted && Errors.Ended.IsCompleted ? Task.CompletedTask : Task.WhenAll(Output.Ended, Errors.Ended);
    }

    /// <summary>Starts it, in its turn; no process, with errno, if that is impossible.</summary>
    internal static async Task<(PluginProcess? Process, int Error)> StartAsync(ChildOrder order, CancellationToken cancel)
    {
        var (ends, error) = Pipes();
        if (error != 0)
        {
            return (null, error);
        }

        try
        {
            (var pid, error) = await ChildStart.StartAsync(order, ends[1], ends[3], cancel);
            if (error != 0)
            {
                return (null, error);
            }

            var process = new PluginProcess(pid, ends[0], ends[2]);
            (ends[0], ends[2]) = (-1, -1);
            return (process, 0);
        }
        finally
        {
            foreach (var end in ends.Where(e => e >= 0))
            {
                _ = Libc.close(end);
            }
        }
    }

    public void Dispose()
    {
        Output.Dispose();
        Errors.Dispose();
    }

    // Reading end, writing end; twice.
    private static unsafe (int[] Ends, int Error) Pipes()
    {
        var ends = stackalloc int[4];
        if (Libc.pipe2(ends, Libc.OpenCloseOnExec) != 0)
        {
            return ([], Marshal.GetLastPInvokeError());
        }

        if (Libc.pipe2(ends + 2, Libc.OpenCloseOnExec) == 0)
        {
            return ([ends[0], ends[1], ends[2], ends[3]], 0);
        }

        var error = Marshal.GetLastPInvokeError();
        _ = Libc.close(ends[0]);
        _ = Libc.close(ends[1]);
        return ([], error);
    }
}
