using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Hinoban.Lab;

/// <summary>Where in a dialogue a scripted reply acts.</summary>
internal enum SinkPoint
{
    /// <summary>At RCPT TO of the recipient.</summary>
    Recipient,

    /// <summary>At DATA.</summary>
    Data,

    /// <summary>After the message's last dot.</summary>
    Dot,
}

/// <summary>What the sink does there.</summary>
internal enum SinkAct
{
    /// <summary>Gives the scripted code and text.</summary>
    Reply,

    /// <summary>Says nothing, until it is disposed of.</summary>
    Hang,

    /// <summary>Cuts the connection; the mail is not kept.</summary>
    Drop,

    /// <summary>Keeps the mail, then cuts the connection instead of saying so.</summary>
    KeepAndDrop,
}

/// <summary>One scripted behaviour for one attempt at a recipient.</summary>
internal sealed record SinkScript(SinkPoint At, SinkAct Act, int Code = 0, string Text = "")
{
    internal static SinkScript Refuse(int code, string text) => new(SinkPoint.Recipient, SinkAct.Reply, code, text);
}

/// <summary>In which pieces the sink's replies go onto the wire.</summary>
internal enum SinkPieces
{
    /// <summary>A reply at once.</summary>
    Whole,

    /// <summary>A line at a time.</summary>
    Lines,

    /// <summary>A byte at a time.</summary>
    Bytes,
}

/// <summary>What the sink offers and asks.</summary>
internal sealed record MailSinkOptions
{
    internal bool StartTls { get; init; }

    internal bool ImplicitTls { get; init; }

    internal bool Pipelining { get; init; } = true;

    internal bool SmtpUtf8 { get; init; }

    internal long Size { get; init; } = 10_000_000;

    /// <summary>Mechanisms offered when <see cref="User"/> is set.</summary>
    internal string Mechanisms { get; init; } = "PLAIN LOGIN";

    internal string? User { get; init; }

    internal string Password { get; init; } = "";

    internal SinkPieces Pieces { get; init; } = SinkPieces.Whole;

    /// <summary>The EHLO and greeting name.</summary>
    internal string Name { get; init; } = "sink.example.test";

    internal int Port { get; init; }

    internal TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>A mail relay that keeps what it gets: for tests and for the demo's mailbox. Accepts everybody, unless scripted otherwise.</summary>
internal sealed class MailSink : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<SinkScript>> scripts = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, SinkScript> always = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<SinkMail> mails = [];
    private readonly List<string> dialogue = [];
    private readonly List<Task> sessions = [];
    private readonly Lock sync = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TcpListener listener;
    private CancellationTokenSource open = new();
    private int connections;
    private int busiest;
    private int queued;

    private MailSink(MailSinkOptions options)
    {
        Options = options;
        listener = new TcpListener(IPAddress.Loopback, options.Port);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        sessions.Add(ListenAsync(listener, open.Token));
    }

    internal MailSinkOptions Options { get; }

    internal int Port { get; }

    /// <summary>All mails so far, in the order of arrival.</summary>
    internal IReadOnlyList<SinkMail> Mails => Snapshot(mails);

    /// <summary>All lines that clients sent outside messages.</summary>
    internal IReadOnlyList<string> Dialogue => Snapshot(dialogue);

    /// <summary>Connections ever made.</summary>
    internal int Connections => connections;

    /// <summary>The most connections at one time.</summary>
    internal int Busiest => busiest;

    /// <summary>Raised after a mail was kept.</summary>
    internal event Action<SinkMail>? Arrived;

    internal static MailSink Start(MailSinkOptions? options = null) => new(options ?? new MailSinkOptions());

    /// <summary>The next attempts at a recipient behave so, one after the other; then it is as before.</summary>
    internal void Next(string recipient, params SinkScript[] behaviours)
    {
        var queue = scripts.GetOrAdd(recipient, _ => new ConcurrentQueue<SinkScript>());
        foreach (var behaviour in behaviours)
        {
            queue.Enqueue(behaviour);
        }
    }

    /// <summary>Every attempt at a recipient behaves so from now on; null ends it.</summary>
    internal void Always(string recipient, SinkScript? behaviour)
    {
        if (behaviour is null)
        {
            always.TryRemove(recipient, out _);
        }
        else
        {
            always[recipient] = behaviour;
        }
    }

    /// <summary>Closes the port and every connection, as a relay that was stopped.</summary>
    internal async Task GoAwayAsync()
    {
        await open.CancelAsync();
        listener.Stop();
        Task[] ending;
        lock (sync)
        {
            ending = [.. sessions];
            sessions.Clear();
        }

        await Task.WhenAll(ending);
    }

    /// <summary>Listens again, on the same port.</summary>
    internal void ComeBack()
    {
        open = new CancellationTokenSource();
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        lock (sync)
        {
            sessions.Add(ListenAsync(listener, open.Token));
        }
    }

    /// <summary>Waits until the mails are as wished; after <paramref name="patience"/> it throws and says what there was.</summary>
    internal async Task<IReadOnlyList<SinkMail>> UntilAsync(Func<IReadOnlyList<SinkMail>, bool> wished, TimeSpan? patience = null)
    {
        using var deadline = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(20), TimeProvider.System);
        while (true)
        {
            Task next;
            List<SinkMail> now;
            lock (sync)
            {
                next = changed.Task;
                now = [.. mails];
            }

            if (wished(now))
            {
                return now;
            }

            try
            {
                await next.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{now.Count} mails: {string.Join("; ", now.Select(m => $"{m.Recipient} {m.Subject}"))}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await GoAwayAsync();
        open.Dispose();
    }

    internal SinkScript? BehaviourFor(string recipient) =>
        scripts.TryGetValue(recipient, out var queue) && queue.TryDequeue(out var next) ? next : always.GetValueOrDefault(recipient);

    internal void Said(string line)
    {
        lock (sync)
        {
            dialogue.Add(line);
        }
    }

    /// <summary>Keeps a mail and gives its queue id.</summary>
    internal string Keep(string sender, string recipient, byte[] raw)
    {
        SinkMail mail;
        TaskCompletionSource waiting;
        lock (sync)
        {
            mail = new SinkMail($"SINK{++queued:X6}", sender, recipient, raw, Options.Clock.GetUtcNow());
            mails.Add(mail);
            waiting = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiting.TrySetResult();
        Arrived?.Invoke(mail);
        return mail.QueueId;
    }

    private List<T> Snapshot<T>(List<T> list)
    {
        lock (sync)
        {
            return [.. list];
        }
    }

    private async Task ListenAsync(TcpListener from, CancellationToken cancel)
    {
        var now = 0;
        try
        {
            while (true)
            {
                var client = await from.AcceptTcpClientAsync(cancel);
                client.NoDelay = true;
                Interlocked.Increment(ref connections);
                lock (sync)
                {
                    busiest = Math.Max(busiest, ++now);
                    sessions.Add(ServeAsync(client, () => Interlocked.Decrement(ref now), cancel));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The sink went away.
        }
    }

    private async Task ServeAsync(TcpClient client, Action ended, CancellationToken cancel)
    {
        using (client)
        {
            try
            {
                await new SinkSession(this, client.GetStream(), cancel).RunAsync();
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
            {
                // The client or the sink went away in the middle.
            }
            finally
            {
                ended();
            }
        }
    }
}
