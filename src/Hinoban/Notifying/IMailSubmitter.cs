namespace Hinoban.Notifying;

/// <summary>Where mails leave the house: opens lines to the relay.</summary>
internal interface IMailSubmitter
{
    /// <summary>A line ready for envelopes, or why there is none. Never throws; cancelled it is <see cref="SubmitReason.Stopping"/>.</summary>
    Task<MailOpening> OpenAsync(CancellationToken cancel);
}

/// <summary>An open dialogue with the relay, good for one envelope after the other.</summary>
internal interface IMailLine : IAsyncDisposable
{
    /// <summary>False once the dialogue broke or the relay said 421: dispose of it.</summary>
    bool Usable { get; }

    /// <summary>
    /// Submits one message to one recipient. Never throws for what the relay does; cancelled before the message is complete it is
    /// <see cref="SubmitResult.Broken"/>, after that <see cref="SubmitResult.Unknown"/>.
    /// </summary>
    Task<SubmitOutcome> SendAsync(MailEnvelope envelope, CancellationToken cancel);
}

/// <summary>Either a line or the failure that prevented it.</summary>
internal sealed record MailOpening(IMailLine? Line, SubmitOutcome? Failure);

/// <summary>What is handed to the relay. <see cref="About"/> names the delivery in milestones and logs.</summary>
internal sealed record MailEnvelope(string Sender, string Recipient, ReadOnlyMemory<byte> Message, string About)
{
    /// <summary>Asked right before the dot: whoever was paused in the dialogue must not end it after another node has taken the desk.</summary>
    internal Func<bool> StillOurs { get; init; } = () => true;
}

/// <summary>What became of one submission.</summary>
internal enum SubmitResult
{
    /// <summary>The relay took responsibility.</summary>
    Accepted,

    /// <summary>The relay refused for now: this recipient is tried again.</summary>
    Transient,

    /// <summary>The relay refused for good.</summary>
    Permanent,

    /// <summary>No line, or it broke before the message was complete: certainly not accepted.</summary>
    Broken,

    /// <summary>The message was complete, no answer came: accepted or not, nobody here knows.</summary>
    Unknown,
}

/// <summary>Where and why a submission ended as it did.</summary>
internal enum SubmitReason
{
    /// <summary>Accepted.</summary>
    None,

    /// <summary>The relay's name does not resolve.</summary>
    NameUnresolved,

    /// <summary>No TCP connection.</summary>
    ConnectFailed,

    /// <summary>The relay's greeting, EHLO or HELO was not a yes.</summary>
    GreetingRefused,

    /// <summary>TLS is required and not offered.</summary>
    TlsNotOffered,

    /// <summary>The TLS handshake failed, or the certificate is not valid for this relay.</summary>
    TlsFailed,

    /// <summary>A user is configured and the relay offers no AUTH that we speak, or only in the clear.</summary>
    AuthNotOffered,

    /// <summary>The relay does not accept user and password.</summary>
    AuthRefused,

    /// <summary>MAIL FROM was refused.</summary>
    SenderRefused,

    /// <summary>RCPT TO was refused.</summary>
    RecipientRefused,

    /// <summary>DATA was refused.</summary>
    DataRefused,

    /// <summary>The message was refused after its last dot.</summary>
    MessageRefused,

    /// <summary>Larger than the relay takes.</summary>
    TooLarge,

    /// <summary>The address cannot be written in an envelope.</summary>
    AddressInvalid,

    /// <summary>The address needs SMTPUTF8 and the relay does not offer it.</summary>
    NeedsSmtpUtf8,

    /// <summary>421: the relay closes.</summary>
    RelayCloses,

    /// <summary>No reply in time.</summary>
    TimedOut,

    /// <summary>The connection was lost.</summary>
    ConnectionLost,

    /// <summary>What came was no SMTP reply.</summary>
    Garbage,

    /// <summary>We stop.</summary>
    Stopping,

    /// <summary>An error of ours stopped the attempt; the log has it.</summary>
    InternalError,
}

/// <summary>The outcome with the relay's words (one harmless line) and, when accepted, its queue id (empty if it tells none).</summary>
internal sealed record SubmitOutcome(SubmitResult Result, SubmitReason Reason, string Reply, string QueueId = "");
