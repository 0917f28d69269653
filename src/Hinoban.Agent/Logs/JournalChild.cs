using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using Hinoban.Checks;

namespace Hinoban.Agent.Logs;

/// <summary>One run of journalctl that follows the journal; its entries wait here, and journalctl waits while there are many.</summary>
internal sealed class JournalChild : IDisposable
{
    private const int MostEntries = 64;
    private const int LongestLine = 1024 * 1024;
    private static readonly string[] Environment = ["PATH=/usr/bin:/bin", "LC_ALL=C"];
    private readonly Action wake;
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<JournalEntry> entries = Channel.CreateBounded<JournalEntry>(new BoundedChannelOptions(MostEntries) { SingleReader = true, SingleWriter = true });
    private readonly StringBuilder complaints = new();
    private readonly Task running;
    private volatile bool started;
    private string? end;

    private JournalChild(ChildOrder order, Action wake)
    {
        this.wake = wake;
        running = RunAsync(order);
    }

    internal static JournalChild Start(IReadOnlyList<string> command, Action wake) => new(new ChildOrder(command[0], command, Environment), wake);

    /// <summary>It runs or ran; false as long as that is not known.</summary>
    internal bool Started => started;

    internal bool Ended => running.IsCompleted;

    /// <summary>How it ended, in words; or why it could not be started.</summary>
    internal string End => $"{end ?? "journalctl ended"}{(Complaint.Length > 0 ? $": {Complaint}" : "")}";

    /// <summary>What it complained of on its error output.</summary>
    internal string Complaint
    {
        get
        {
            lock (complaints)
            {
                return complaints.ToString().Split('\n')[0].Trim();
            }
        }
    }

    internal bool Next(out JournalEntry entry) => entries.Reader.TryRead(out entry!);

    public void Dispose()
    {
        stop.Cancel();
        _ = running.ContinueWith(_ => stop.Dispose(), TaskScheduler.Default);
    }

    private async Task RunAsync(ChildOrder order)
    {
        try
        {
            using var output = new JournalPipe();
            using var errors = new JournalPipe();
            var (pid, error) = await ChildStart.StartAsync(order, output.Writer, errors.Writer, stop.Token);
            output.GiveAway();
            errors.GiveAway();
            if (error == 0)
            {
                started = true;
                await FollowAsync(pid, output, errors);
            }
            else
            {
                end = $"{order.Program} cannot be started: {Marshal.GetPInvokeErrorMessage(error)}";
            }
        }
        catch (IOException impossible)
        {
            end = $"{order.Program} cannot be started: {impossible.Message}";
        }
        catch (OperationCanceledException)
        {
            // It was not wanted any more before it began.
        }

        wake();
    }

    private async Task FollowAsync(int pid, JournalPipe output, JournalPipe errors)
    {
        var ended = ChildWatch.Instance.Watch(pid);
        using (stop.Token.Register(() => _ = Libc.kill(-pid, Libc.SigTerm)))
        {
            await Task.WhenAll(ReadAsync(output), ComplainAsync(errors));
            var how = await ended;
            end = how.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"journalctl ended with exit code {code}") : "journalctl ended";
        }

        // Only now may its id be another's.
        ChildWatch.Instance.Reap(pid);
    }

    private async Task ReadAsync(JournalPipe output)
    {
        var (buffer, filled, over) = (new byte[16 * 1024], 0, false);
        try
        {
            while (await output.ReadAsync(buffer.AsMemory(filled), stop.Token) is > 0 and var read)
            {
                filled += read;
                var taken = 0;
                while (buffer.AsSpan(taken, filled - taken).IndexOf((byte)'\n') is var end and >= 0)
                {
                    // The rest of a line that was too long is no entry.
                    if (!over && JournalEntry.Parse(buffer.AsMemory(taken, end)) is { } entry)
                    {
                        await PutAsync(entry);
                    }

                    (taken, over) = (taken + end + 1, false);
                }

                buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
                filled -= taken;
                over |= filled >= LongestLine;
                filled = over ? 0 : filled;
                if (filled == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is not wanted any more.
        }
        catch (IOException)
        {
            await stop.CancelAsync(); // whom nobody hears would wait for ever
        }
    }

    private async Task PutAsync(JournalEntry entry)
    {
        if (!entries.Writer.TryWrite(entry))
        {
            wake();
            await entries.Writer.WriteAsync(entry, stop.Token);
        }
    }

    private async Task ComplainAsync(JournalPipe errors)
    {
        const int most = 2000;
        var buffer = new byte[512];
        try
        {
            while (await errors.ReadAsync(buffer, stop.Token) is > 0 and var read)
            {
                lock (complaints)
                {
                    complaints.Append(complaints.Length < most ? Encoding.UTF8.GetString(buffer, 0, read) : "");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is not wanted any more.
        }
        catch (IOException)
        {
            await stop.CancelAsync(); // whom nobody hears would wait for ever
        }
    }
}
