namespace Hinoban.Notifying.Inbound;

/// <summary>How mail comes in. The MTA in front is the one that the world talks to; this door is for it alone.</summary>
/// <param name="Host">Loopback address to listen on; empty with a socket.</param>
/// <param name="Port">Its port.</param>
/// <param name="Socket">Path of a unix socket instead; null for none.</param>
internal sealed record InboundOptions(string Host, int Port, string? Socket)
{
    /// <summary>Octets of a message; a larger one is refused for good, and its sender told by the MTA.</summary>
    internal int LargestMessage { get; init; } = 25_000_000;

    /// <summary>Dialogues at a time; more are asked to come again.</summary>
    internal int Connections { get; init; } = 20;

    /// <summary>Of one message.</summary>
    internal int Recipients { get; init; } = 100;

    /// <summary>Without a word from the MTA (RFC 5321 4.5.3.2.7 wants five minutes).</summary>
    internal TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For one whole message, however slowly it trickles.</summary>
    internal TimeSpan Message { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often the desk sends itself a mail through the whole chain; null for never.</summary>
    internal TimeSpan? ArrivalEvery { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long that mail may take before it is an alarm.</summary>
    internal TimeSpan ArrivalWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What is kept of it all.</summary>
    internal ArchiveTerms Archive { get; init; } = new();
}

/// <summary>How much of what came in is kept.</summary>
internal sealed record ArchiveTerms
{
    /// <summary>Members' posts that belong to no incident. Those of an incident are kept as it is.</summary>
    internal TimeSpan Posts { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Header and beginning of what strangers, machines and lists wrote.</summary>
    internal TimeSpan Others { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Octets of all of it, packed.</summary>
    internal long Limit { get; init; } = 5_000_000_000;
}

/// <summary>A message as the MTA hands it over, for one recipient.</summary>
internal sealed record ReceivedMail(string Sender, string Recipient, ReadOnlyMemory<byte> Message);

/// <summary>What is answered for a recipient, in SMTP's words.</summary>
internal sealed record InboundReply(int Code, string Text)
{
    internal static readonly InboundReply Ok = new(250, "2.1.5 recipient ok");
    internal static readonly InboundReply Unknown = new(550, "5.1.1 no such address here");
    internal static readonly InboundReply Later = new(451, "4.3.0 cannot keep it now, try again");
}

/// <summary>Who takes what comes in. Both may be called from several dialogues at a time.</summary>
internal interface IInboundDoor
{
    /// <summary>Whether mail for this address is taken at all.</summary>
    InboundReply Knows(string recipient);

    /// <summary>Keeps the mail; 250 only once it is committed. Never throws: what cannot be kept is answered with 4xx, and the MTA has it still.</summary>
    InboundReply Take(ReceivedMail mail);
}
