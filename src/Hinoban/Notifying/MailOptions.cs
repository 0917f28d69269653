using Hinoban.Basics;

namespace Hinoban.Notifying;

/// <summary>How the connection to the relay is protected.</summary>
internal enum SmtpTls
{
    /// <summary>Plain; for a relay on loopback.</summary>
    None,

    /// <summary>STARTTLS if the relay offers it, without checking its certificate; otherwise plain.</summary>
    IfOffered,

    /// <summary>STARTTLS with a valid certificate, or no mail.</summary>
    StartTls,

    /// <summary>TLS from the first byte (port 465) with a valid certificate.</summary>
    Implicit,
}

/// <summary>The provider's mail settings.</summary>
/// <param name="Host">Relay.</param>
/// <param name="Port">Its port.</param>
/// <param name="Tls">Protection.</param>
/// <param name="User">For AUTH; null for none.</param>
/// <param name="Password">For AUTH.</param>
/// <param name="Domain">Right side of Message-IDs and default From/envelope domain.</param>
/// <param name="DeskMailbox">Where the desk's own copy goes; its acceptance starts the SLO clock. Empty: the first member's acceptance does.</param>
/// <param name="DeskName">Display name of the sender.</param>
/// <param name="RelayLog">The relay's own log (Postfix format), to look up outcomes that a crash left unknown; null if it cannot be read.</param>
/// <param name="GiveUpAfter">How long a delivery is tried.</param>
/// <param name="Timeout">For each step of the SMTP dialogue; the answer to the whole message may take four times as long.</param>
/// <param name="CaFile">PEM file with the certificates that the relay's is checked against instead of the system's; null for the system's.</param>
internal sealed record MailOptions(
    string Host,
    int Port,
    SmtpTls Tls,
    string? User,
    Redacted? Password,
    string Domain,
    string DeskMailbox,
    Text DeskName,
    string? RelayLog,
    TimeSpan GiveUpAfter,
    TimeSpan Timeout,
    string? CaFile = null)
{
    /// <summary>A second submission server, for recipients that the first does not serve; null for none. Its name and domain are the first one's.</summary>
    internal MailOptions? Second { get; init; }

    /// <summary>How long the first relay may be away, or refuse a recipient for the moment, before the second is used.</summary>
    internal TimeSpan SecondAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Signs the addresses that come back to us; null where nothing comes in.</summary>
    internal MailSeal? Seal { get; init; }

    /// <summary>At a site: signs the addresses by which the desk knows what comes back of mails that this site sent. Null at the desk.</summary>
    internal MailSeal? AwaySeal { get; init; }

    /// <summary>At the desk: the <see cref="AwaySeal"/> of every site.</summary>
    internal IReadOnlyList<MailSeal> SiteSeals { get; init; } = [];
}
