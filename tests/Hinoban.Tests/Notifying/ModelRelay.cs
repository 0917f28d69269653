using System.Collections.Concurrent;
using Hinoban.Notifying;

namespace Hinoban.Tests.Notifying;

/// <summary>What a modelled relay does with one attempt.</summary>
internal enum Fate
{
    /// <summary>Takes it and says so.</summary>
    Accept,

    /// <summary>4xx for this recipient.</summary>
    Later,

    /// <summary>5xx for this recipient.</summary>
    Never,

    /// <summary>The line breaks before the dot.</summary>
    Break,

    /// <summary>Takes it, and the line breaks before it says so.</summary>
    TakeSilently,

    /// <summary>Does not take it, and the line breaks after the dot.</summary>
    LoseSilently,

    /// <summary>Says nothing until the test lets go.</summary>
    Hang,
}

/// <summary>A relay without a wire: it decides by script, and remembers what it took in which order.</summary>
internal sealed class ModelRelay : IMailSubmitter
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Fate>> fates = [];
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int openings;
    private int queued;

    /// <summary>False: no line to be had.</summary>
    internal volatile bool Up = true;

    internal ConcurrentQueue<(string Recipient, string About, Fate Fate)> Attempts { get; } = [];

    internal ConcurrentQueue<(string Recipient, string About)> Taken { get; } = [];

    internal int Openings => openings;

    internal void Next(string recipient, params Fate[] next)
    {
        var queue = fates.GetOrAdd(recipient, _ => new ConcurrentQueue<Fate>());
        foreach (var fate in next)
        {
            queue.Enqueue(fate);
        }
    }

    internal void Release() => released.TrySetResult();

    public Task<MailOpening> OpenAsync(CancellationToken cancel)
    {
        Interlocked.Increment(ref openings);
        return Task.FromResult(Up
            ? new MailOpening(new Line(this), null)
            : new MailOpening(null, new SubmitOutcome(SubmitResult.Broken, SubmitReason.ConnectFailed, "ConnectionRefused")));
    }

    private async Task<SubmitOutcome> TakeAsync(MailEnvelope envelope, CancellationToken cancel)
    {
        var fate = fates.TryGetValue(envelope.Recipient, out var queue) && queue.TryDequeue(out var next) ? next : Fate.Accept;
        Attempts.Enqueue((envelope.Recipient, envelope.About, fate));
        if (fate == Fate.Hang)
        {
            await released.Task.WaitAsync(cancel);
        }

        if (fate is Fate.Accept or Fate.TakeSilently or Fate.Hang)
        {
            Taken.Enqueue((envelope.Recipient, envelope.About));
        }

        return fate switch
        {
            Fate.Accept or Fate.Hang => new SubmitOutcome(SubmitResult.Accepted, SubmitReason.None, "250 ok", $"Q{Interlocked.Increment(ref queued)}"),
            Fate.Later => new SubmitOutcome(SubmitResult.Transient, SubmitReason.RecipientRefused, "450 later"),
            Fate.Never => new SubmitOutcome(SubmitResult.Permanent, SubmitReason.RecipientRefused, "550 never"),
            Fate.Break => new SubmitOutcome(SubmitResult.Broken, SubmitReason.TimedOut, ""),
            Fate.TakeSilently or Fate.LoseSilently => new SubmitOutcome(SubmitResult.Unknown, SubmitReason.ConnectionLost, ""),
        };
    }

    private sealed class Line(ModelRelay relay) : IMailLine
    {
        public bool Usable { get; private set; } = true;

        public async Task<SubmitOutcome> SendAsync(MailEnvelope envelope, CancellationToken cancel)
        {
            var outcome = await relay.TakeAsync(envelope, cancel);
            Usable = outcome.Result is not (SubmitResult.Broken or SubmitResult.Unknown);
            return outcome;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
