using System.Buffers;
using Hinoban.Basics;

namespace Hinoban.Notifying;

/// <summary>An SMTP session that is ready for envelopes: one recipient each, any number one after the other.</summary>
internal sealed class SmtpSession(SmtpWire wire, SmtpExtensions extensions) : IMailLine
{
    // RFC 5321 4.5.3.2.6 wants ten minutes after the dot: a relay may be slow to filter, and giving up early makes unknowns.
    private const int PatienceAfterDot = 4;

    private bool stale;

    public bool Usable { get; private set; } = true;

    public async Task<SubmitOutcome> SendAsync(MailEnvelope envelope, CancellationToken cancel)
    {
        var sender = MailAddress.Parse(envelope.Sender);
        var recipient = MailAddress.Parse(envelope.Recipient);
        if (sender is null || recipient is null)
        {
            return new SubmitOutcome(SubmitResult.Permanent, SubmitReason.AddressInvalid, Visible.Line(recipient is null ? envelope.Recipient : envelope.Sender, 300));
        }

        if (recipient.NeedsUtf8 && !extensions.SmtpUtf8)
        {
            return new SubmitOutcome(SubmitResult.Permanent, SubmitReason.NeedsSmtpUtf8, Visible.Line(envelope.Recipient, 300));
        }

        if (extensions.MaximumSize > 0 && envelope.Message.Length > extensions.MaximumSize)
        {
            return new SubmitOutcome(SubmitResult.Permanent, SubmitReason.TooLarge, $"{envelope.Message.Length} > {extensions.MaximumSize}");
        }

        var dotSent = false;
        try
        {
            if (await BeginAsync(sender, recipient, envelope.Message, cancel) is { } refused)
            {
                stale = true;
                return refused;
            }

            await wire.WriteAsync(Stuffed(envelope.Message.Span), cancel);
            if (!envelope.StillOurs())
            {
                throw new SmtpBreak(SubmitReason.Stopping, "");
            }

            dotSent = true;
            await wire.WriteAsync(".\r\n"u8.ToArray(), cancel);
            Milestones.Reached(Milestone.MailDotSent, envelope.About);
            return AfterDot(await wire.ReplyAsync(cancel, PatienceAfterDot));
        }
        catch (SmtpBreak e)
        {
            Usable = false;
            return new SubmitOutcome(dotSent ? SubmitResult.Unknown : SubmitResult.Broken, e.Reason, Visible.Line(e.Message, 300));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Usable)
        {
            try
            {
                // Politeness only; the relay's goodbye is not waited for.
                await wire.WriteLinesAsync(["QUIT"], CancellationToken.None);
            }
            catch (SmtpBreak)
            {
                Usable = false;
            }
        }

        await wire.DisposeAsync();
    }

    /// <summary>Everything up to the relay's "go ahead"; null means go ahead.</summary>
    private async Task<SubmitOutcome?> BeginAsync(MailAddress sender, MailAddress recipient, ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        if (stale)
        {
            var reset = await wire.CommandAsync("RSET", cancel);
            if (!reset.Positive)
            {
                throw new SmtpBreak(reset.Code == 421 ? SubmitReason.RelayCloses : SubmitReason.Garbage, reset.Text);
            }

            stale = false;
        }

        string[] commands = [MailFrom(sender, recipient, message), $"RCPT TO:<{recipient.Wire}>", "DATA"];
        var replies = extensions.Pipelining ? await TogetherAsync(commands, cancel) : await OneByOneAsync(commands, cancel);
        var refused = Refused(replies);
        if (refused is not null && replies.Count == 3 && replies[2].Code == 354)
        {
            // RFC 2920 3.1: a relay may say "go ahead" without a recipient; an empty message is what ends that.
            _ = await wire.CommandAsync(".", cancel);
        }

        return refused;
    }

    private string MailFrom(MailAddress sender, MailAddress recipient, ReadOnlyMemory<byte> message) =>
        $"MAIL FROM:<{sender.Wire}>"
        + (extensions.MaximumSize > 0 ? $" SIZE={message.Length}" : "")
        + (extensions.EightBit && message.Span.ContainsAnyInRange((byte)0x80, (byte)0xff) ? " BODY=8BITMIME" : "")
        + (recipient.NeedsUtf8 ? " SMTPUTF8" : "");

    private async Task<List<SmtpReply>> TogetherAsync(string[] commands, CancellationToken cancel)
    {
        await wire.WriteLinesAsync(commands, cancel);
        var replies = new List<SmtpReply>();
        foreach (var _ in commands)
        {
            var reply = await wire.ReplyAsync(cancel);
            replies.Add(reply);
            if (reply.Code == 421)
            {
                break;
            }
        }

        return replies;
    }

    private async Task<List<SmtpReply>> OneByOneAsync(string[] commands, CancellationToken cancel)
    {
        var replies = new List<SmtpReply>();
        foreach (var command in commands)
        {
            replies.Add(await wire.CommandAsync(command, cancel));
            if (!replies[^1].Positive)
            {
                break;
            }
        }

        return replies;
    }

    private static SubmitOutcome? Refused(List<SmtpReply> replies)
    {
        if (replies.FirstOrDefault(r => r.Code == 421) is { } closing)
        {
            throw new SmtpBreak(SubmitReason.RelayCloses, closing.Text);
        }

        if (!replies[0].Positive)
        {
            // A refused sender is the relay's or our configuration, not this mail's fault: worth a mended relay. Only the size is final.
            return Wording(replies[0], replies[0].Code == 552 ? SubmitReason.TooLarge : SubmitReason.SenderRefused, final: replies[0].Code == 552);
        }

        if (!replies[1].Positive)
        {
            return Wording(replies[1], SubmitReason.RecipientRefused, final: true);
        }

        return replies[2].Code == 354 ? null : Wording(replies[2], SubmitReason.DataRefused, final: true);
    }

    private static SubmitOutcome Wording(SmtpReply reply, SubmitReason reason, bool final) => reply.Code switch
    {
        >= 400 and < 500 => new SubmitOutcome(SubmitResult.Transient, reason, reply.Text),
        >= 500 => new SubmitOutcome(final ? SubmitResult.Permanent : SubmitResult.Transient, reason, reply.Text),
        _ => throw new SmtpBreak(SubmitReason.Garbage, reply.Text),
    };

    private SubmitOutcome AfterDot(SmtpReply reply)
    {
        if (reply.Positive)
        {
            return new SubmitOutcome(SubmitResult.Accepted, SubmitReason.None, reply.Text, reply.QueueId);
        }

        // An answer, if a bad one: the relay has not taken the message (RFC 5321 4.2.5).
        Usable = reply.Code != 421;
        return Wording(reply, SubmitReason.MessageRefused, final: true);
    }

    /// <summary>RFC 5321 4.5.2: a dot that begins a line is doubled. The message ends with CR LF.</summary>
    private static ReadOnlyMemory<byte> Stuffed(ReadOnlySpan<byte> message)
    {
        var stuffed = new ArrayBufferWriter<byte>(message.Length + 64);
        while (!message.IsEmpty)
        {
            if (message[0] == (byte)'.')
            {
                stuffed.Write("."u8);
            }

            var end = message.IndexOf("\r\n"u8);
            var line = end < 0 ? message : message[..(end + 2)];
            stuffed.Write(line);
            message = message[line.Length..];
            if (end < 0)
            {
                stuffed.Write("\r\n"u8);
            }
        }

        return stuffed.WrittenMemory;
    }
}
