namespace Hinoban.Checks;

/// <summary>
/// A protocol of numbered replies, of one or more lines (RFC 5321 §4.2.1, RFC 959 §4.2): lines go on while a hyphen follows the code.
/// </summary>
internal abstract class ReplyTalk(string protocol) : Talk(protocol, "QUIT")
{
    private readonly List<string> lines = [];

    internal sealed override TalkStep Heard(string line)
    {
        // FTP's inner lines need no code; only the one that begins and the one that ends do.
        var code = line.Length >= 3 && line.AsSpan(0, 3).IndexOfAnyExceptInRange('0', '9') < 0 && (line.Length == 3 || line[3] is ' ' or '-') ? line[..3] : null;
        if (lines.Count == 0 && code is null)
        {
            return TalkStep.Garbage(line);
        }

        lines.Add(line);
        if (code != lines[0][..3] || (line.Length > 3 && line[3] == '-'))
        {
            return TalkStep.Hear;
        }

        string[] reply = [.. lines];
        lines.Clear();
        return Replied(int.Parse(code, System.Globalization.CultureInfo.InvariantCulture), reply);
    }

    private protected abstract TalkStep Replied(int code, string[] reply);
}

/// <summary>SMTP (RFC 5321) up to EHLO, with STARTTLS (RFC 3207): no mail is begun.</summary>
internal sealed class SmtpTalk(bool startTls) : ReplyTalk("SMTP")
{
    private const string Name = "localhost.localdomain";
    private State state = State.Greeting;
    private bool secured;

    private enum State
    {
        /// <summary>Nothing is said yet.</summary>
        Greeting,

        /// <summary>EHLO was said.</summary>
        Ehlo,

        /// <summary>HELO was said, to a server that knows no EHLO.</summary>
        Helo,

        /// <summary>STARTTLS was said.</summary>
        StartTls,
    }

    internal override TalkStep Secured()
    {
        secured = true;
        return Ask(State.Ehlo, $"EHLO {Name}");
    }

    private protected override TalkStep Replied(int code, string[] reply)
    {
        switch (state, code)
        {
            case (State.Greeting, 220):
                Array.ForEach(reply, Greeted);
                return Ask(State.Ehlo, $"EHLO {Name}");
            case (State.Ehlo, 250) when startTls && !secured:
                return Array.Exists(reply, l => l.Length > 4 && l.AsSpan(4).Trim().Equals("STARTTLS", StringComparison.OrdinalIgnoreCase))
                    ? Ask(State.StartTls, "STARTTLS")
                    : TalkStep.Denied("it does not offer STARTTLS");
            case (State.Ehlo or State.Helo, 250):
                return TalkStep.Done;
            case (State.Ehlo, 500 or 502 or 504) when !startTls:
                return Ask(State.Helo, $"HELO {Name}");
            case (State.StartTls, 220):
                return TalkStep.Secure;
            default:
                return code >= 400 ? TalkStep.Denied(reply[0]) : TalkStep.Garbage(reply[0]);
        }
    }

    private TalkStep Ask(State next, string words)
    {
        (state, Waits) = (next, $"the answer to {words.Split(' ')[0]}");
        return TalkStep.Say(words);
    }
}

/// <summary>FTP (RFC 959): its greeting; with AUTH TLS (RFC 4217) the handshake too. Nobody logs in.</summary>
internal sealed class FtpTalk(bool startTls) : ReplyTalk("FTP")
{
    private bool asked;

    private protected override TalkStep Replied(int code, string[] reply)
    {
        switch (asked, code)
        {
            case (false, 220):
                Array.ForEach(reply, Greeted);
                (asked, Waits) = (true, "the answer to AUTH TLS");
                return startTls ? TalkStep.Say("AUTH TLS") : TalkStep.Done;
            case (true, 234):
                return TalkStep.Secure;
            default:
                // 120: "service ready in so many minutes", which is not now.
                return code >= 400 || code == 120 ? TalkStep.Denied(reply[0]) : TalkStep.Garbage(reply[0]);
        }
    }
}
