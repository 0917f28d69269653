using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Hinoban.Notifying.Inbound;

/// <summary>
/// One dialogue of RFC 2033: as SMTP, but after the message every recipient has an answer of its own, so that the MTA keeps the mail for those
/// who could not be served.
/// </summary>
internal sealed class LmtpSession(Stream stream, IInboundDoor door, InboundOptions options, string name, TimeProvider clock, ILogger log)
{
    private const int MostMistakes = 20;

    private readonly LmtpWire wire = new(stream);
    private readonly StringBuilder replies = new();
    private readonly List<string> recipients = [];
    private bool greeted;
    private string? sender;
    private int mistakes;

    /// <param name="stop">Ends the wait for the next command.</param>
    /// <param name="cancel">Ends everything, also a message that is under way.</param>
    internal async Task RunAsync(CancellationToken stop, CancellationToken cancel)
    {
        await SayAsync(220, $"{name} LMTP", cancel);
        while (true)
        {
            if (await TimedAsync(options.Idle, wire.LineAsync, stop) is not { } line)
            {
                return;
            }

            var command = LmtpCommand.Parse(line);
            if (command.Verb == "QUIT")
            {
                await SayAsync(221, "2.0.0 bye", cancel);
                return;
            }

            if (command.Verb == "DATA")
            {
                await DataAsync(cancel);
            }
            else
            {
                Answer(command);
            }

            if (mistakes > MostMistakes)
            {
                await SayAsync(421, "4.7.0 too many mistakes", cancel);
                return;
            }

            if (!wire.MoreWaits)
            {
                await FlushAsync(cancel);
            }
        }
    }

    private void Answer(LmtpCommand command)
    {
        switch (command.Verb)
        {
            case "LHLO" when command.Argument.Length > 0:
                (greeted, sender) = (true, null);
                recipients.Clear();
                replies.Append(CultureInfo.InvariantCulture, $"250-{name}\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE {options.LargestMessage}\r\n");
                break;
            case "EHLO" or "HELO" or "LHLO":
                Wrong(500, "5.5.1 LMTP: say LHLO name");
                break;
            case "MAIL":
                Mail(command);
                break;
            case "RCPT":
                Recipient(command);
                break;
            case "RSET":
                Reset();
                Say(250, "2.0.0 ok");
                break;
            case "NOOP":
                Say(250, "2.0.0 ok");
                break;
            case "VRFY":
                Say(252, "2.1.5 try it");
                break;
            default:
                Wrong(500, "5.5.2 no such command");
                break;
        }
    }

    private void Mail(LmtpCommand command)
    {
        if (!greeted || sender is not null)
        {
            Wrong(503, greeted ? "5.5.1 one sender only" : "5.5.1 LHLO first");
        }
        else if (command.Path is not { } path)
        {
            Wrong(501, "5.1.7 MAIL FROM:<address>");
        }
        else if (command.Size > options.LargestMessage)
        {
            Say(552, "5.3.4 larger than we take");
        }
        else
        {
            sender = path;
            Say(250, "2.1.0 sender ok");
        }
    }

    private void Recipient(LmtpCommand command)
    {
        if (sender is null)
        {
            Wrong(503, "5.5.1 MAIL first");
        }
        else if (command.Path is not { Length: > 0 } path)
        {
            Wrong(501, "5.1.3 RCPT TO:<address>");
        }
        else if (recipients.Count >= options.Recipients)
        {
            Say(452, "4.5.3 too many recipients");
        }
        else
        {
            var reply = door.Knows(path);
            if (reply.Code == 250)
            {
                recipients.Add(path);
            }

            Say(reply.Code, reply.Text);
        }
    }

    private async Task DataAsync(CancellationToken cancel)
    {
        if (recipients.Count == 0)
        {
            // RFC 2033 4.2: no recipient, no DATA.
            Wrong(503, "5.5.1 no recipients");
            return;
        }

        await SayAsync(354, "go ahead", cancel);
        var message = await TimedAsync(options.Message, c => wire.MessageAsync(options.LargestMessage, c), cancel);
        foreach (var recipient in recipients)
        {
            var reply = message is null ? new InboundReply(552, "5.3.4 larger than we take") : door.Take(new ReceivedMail(sender!, recipient, message));
            LmtpLog.Taken(log, Visible.Line(recipient, 200), message?.Length ?? 0, reply.Code, reply.Text);
            Say(reply.Code, reply.Text);
        }

        Reset();
    }

    private void Reset()
    {
        sender = null;
        recipients.Clear();
    }

    private void Wrong(int code, string text)
    {
        mistakes++;
        Say(code, text);
    }

    private void Say(int code, string text) => replies.Append(CultureInfo.InvariantCulture, $"{code} {text}\r\n");

    private Task SayAsync(int code, string text, CancellationToken cancel)
    {
        Say(code, text);
        return FlushAsync(cancel);
    }

    private async Task FlushAsync(CancellationToken cancel)
    {
        if (replies.Length > 0)
        {
            var text = replies.ToString();
            replies.Clear();
            await TimedAsync(
                options.Idle,
                async c =>
                {
                    await wire.WriteAsync(text, c);
                    return 0;
                },
                cancel);
        }
    }

    private async Task<T> TimedAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> step, CancellationToken cancel)
    {
        using var timer = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        try
        {
            return await step(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new LmtpBreak("silent for too long");
        }
    }
}

/// <summary>What comes in, for the log.</summary>
internal static partial class LmtpLog
{
    [LoggerMessage(6201, LogLevel.Information, "Mail for {Recipient}, {Size} octets: {Code} {Reply}")]
    internal static partial void Taken(ILogger log, string recipient, int size, int code, string reply);

    [LoggerMessage(6202, LogLevel.Warning, "A delivery to this desk broke off: {Why}")]
    internal static partial void Broke(ILogger log, string why);

    [LoggerMessage(6203, LogLevel.Error, "A delivery to this desk ended on an error")]
    internal static partial void Failed(ILogger log, Exception error);

    [LoggerMessage(6204, LogLevel.Information, "Mail comes in at {Where}")]
    internal static partial void Listening(ILogger log, string where);

    [LoggerMessage(6205, LogLevel.Error, "Mail for {Recipient} could not be kept; the MTA has it still")]
    internal static partial void NotKept(ILogger log, string recipient, Exception error);

    [LoggerMessage(6206, LogLevel.Error, "The door for mail could not be opened at {Where}; trying again")]
    internal static partial void NotOpened(ILogger log, string where, Exception error);

    [LoggerMessage(6207, LogLevel.Error, "The door for mail at {Where} cannot accept a connection; it is opened anew in a while")]
    internal static partial void NotAccepted(ILogger log, string where, Exception error);
}
