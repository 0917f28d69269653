using System.Collections.Concurrent;
using System.Globalization;
using Hinoban.Basics;
using Hinoban.Notifying;

namespace Hinoban.Lab;

/// <summary>What a modelled relay does with one attempt.</summary>
internal enum MailFate
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
internal sealed class LabRelay : IMailSubmitter
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<MailFate>> fates = [];
    private readonly ConcurrentDictionary<string, MailFate> standing = [];
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int openings;
    private int queued;

    /// <summary>False: no line to be had.</summary>
    internal volatile bool Up = true;

    internal ConcurrentQueue<(string Recipient, string About, MailFate Fate)> Attempts { get; } = [];

    internal ConcurrentQueue<(string Recipient, string About)> Taken { get; } = [];

    internal int Openings => openings;

    /// <summary>Told of every mail that the relay takes, before the sender hears of it.</summary>
    internal Action<string, MailEnvelope> Took { get; set; } = (_, _) => { };

    /// <summary>Told of every line that the relay gives.</summary>
    internal Action Connected { get; set; } = () => { };

    /// <summary>How long the way to the relay takes, and back; none by itself.</summary>
    internal Func<Task> Travel { get; set; } = () => Task.CompletedTask;

    internal void Next(string recipient, params MailFate[] next)
    {
        var queue = fates.GetOrAdd(recipient, _ => new ConcurrentQueue<MailFate>());
        foreach (var fate in next)
        {
            queue.Enqueue(fate);
        }
    }

    /// <summary>What was to come next for this recipient does not.</summary>
    internal void ForgetNext(string recipient) => fates.TryRemove(recipient, out _);

    /// <summary>From now on, whatever comes for this recipient.</summary>
    internal void Always(string recipient, MailFate fate) => standing[recipient] = fate;

    internal void Release() => released.TrySetResult();

    public async Task<MailOpening> OpenAsync(CancellationToken cancel)
    {
        Interlocked.Increment(ref openings);
        await Travel();
        if (!Up)
        {
            return new MailOpening(null, new SubmitOutcome(SubmitResult.Broken, SubmitReason.ConnectFailed, "ConnectionRefused"));
        }

        Connected();
        return new MailOpening(new Line(this), null);
    }

    private async Task<SubmitOutcome> TakeAsync(MailEnvelope envelope, CancellationToken cancel)
    {
        await Travel();
        if (!envelope.StillOurs())
        {
            return new SubmitOutcome(SubmitResult.Broken, SubmitReason.Stopping, "");
        }

        var fate = fates.TryGetValue(envelope.Recipient, out var queue) && queue.TryDequeue(out var next)
            ? next
            : Up ? standing.GetValueOrDefault(envelope.Recipient, MailFate.Accept) : MailFate.Break;
        Attempts.Enqueue((envelope.Recipient, envelope.About, fate));
        if (fate == MailFate.Hang)
        {
            await released.Task.WaitAsync(cancel);
        }

        var queueId = Interlocked.Increment(ref queued).ToString("'Q'0", CultureInfo.InvariantCulture);
        if (fate is MailFate.Accept or MailFate.TakeSilently or MailFate.Hang)
        {
            Taken.Enqueue((envelope.Recipient, envelope.About));
            Took(queueId, envelope);
        }

        if (fate is not (MailFate.Later or MailFate.Never or MailFate.Break))
        {
            Milestones.Reached(Milestone.MailDotSent, envelope.About);
        }

        await Travel();
        return fate switch
        {
            MailFate.Accept or MailFate.Hang => new SubmitOutcome(SubmitResult.Accepted, SubmitReason.None, "250 ok", queueId),
            MailFate.Later => new SubmitOutcome(SubmitResult.Transient, SubmitReason.RecipientRefused, "450 later"),
            MailFate.Never => new SubmitOutcome(SubmitResult.Permanent, SubmitReason.RecipientRefused, "550 never"),
            MailFate.Break => new SubmitOutcome(SubmitResult.Broken, SubmitReason.TimedOut, ""),
            MailFate.TakeSilently or MailFate.LoseSilently => new SubmitOutcome(SubmitResult.Unknown, SubmitReason.ConnectionLost, ""),
        };
    }

    private sealed class Line(LabRelay relay) : IMailLine
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
