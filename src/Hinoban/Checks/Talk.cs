using System.Text;

namespace Hinoban.Checks;

/// <summary>What comes next in a talk.</summary>
internal enum TalkAct : byte
{
    /// <summary>Another line is needed.</summary>
    Hear,

    /// <summary>The words are to be said, then another line is needed.</summary>
    Say,

    /// <summary>The TLS handshake is to be made.</summary>
    Secure,

    /// <summary>All is said.</summary>
    Done,

    /// <summary>The target refuses, in the words.</summary>
    Denied,

    /// <summary>This is not the protocol.</summary>
    Garbage,
}

/// <summary>A step of a talk with its words: what to say, or what the target said.</summary>
internal readonly record struct TalkStep(TalkAct Act, string Words = "")
{
    internal static TalkStep Hear { get; } = new(TalkAct.Hear);

    internal static TalkStep Secure { get; } = new(TalkAct.Secure);

    internal static TalkStep Done { get; } = new(TalkAct.Done);

    internal static TalkStep Say(string words) => new(TalkAct.Say, words);

    internal static TalkStep Denied(string words) => new(TalkAct.Denied, words);

    internal static TalkStep Garbage(string line) => new(TalkAct.Garbage, line);
}

/// <summary>One protocol's greeting and commands, line by line. Pure: what it is told decides what it answers. Begins by hearing.</summary>
internal abstract class Talk(string protocol, string quit)
{
    private readonly StringBuilder greeting = new();

    internal string Protocol => protocol;

    /// <summary>How leave is taken, empty: by closing.</summary>
    internal string Quit => quit;

    /// <summary>The greeting has been heard whole; a text is looked for in it.</summary>
    internal string Greeting => greeting.ToString();

    /// <summary>What is waited for, for texts.</summary>
    internal string Waits { get; private protected set; } = "the greeting";

    internal abstract TalkStep Heard(string line);

    /// <summary>The handshake that was asked for is made.</summary>
    internal virtual TalkStep Secured() => TalkStep.Done;

    private protected void Greeted(string line) => greeting.Append(greeting.Length == 0 ? "" : "\n").Append(line);

    /// <summary>The talk of a kind of check.</summary>
    internal static Talk Of(string service, bool startTls) => service switch
    {
        "pop" or "pop3s" => new PopTalk(startTls),
        "imap" or "imaps" => new ImapTalk(startTls),
        "smtp" => new SmtpTalk(startTls),
        "ftp" => new FtpTalk(startTls),
        _ => new SshTalk(),
    };
}

/// <summary>POP3 (RFC 1939), with STLS (RFC 2595).</summary>
internal sealed class PopTalk(bool startTls) : Talk("POP", "QUIT")
{
    private bool asked;

    internal override TalkStep Heard(string line)
    {
        if (line.StartsWith("-ERR", StringComparison.Ordinal))
        {
            return TalkStep.Denied(line);
        }

        if (!line.StartsWith("+OK", StringComparison.Ordinal))
        {
            return TalkStep.Garbage(line);
        }

        if (asked)
        {
            return TalkStep.Secure;
        }

        Greeted(line);
        (asked, Waits) = (true, "the answer to STLS");
        return startTls ? TalkStep.Say("STLS") : TalkStep.Done;
    }
}

/// <summary>IMAP4rev1 (RFC 9051), with STARTTLS.</summary>
internal sealed class ImapTalk(bool startTls) : Talk("IMAP", "a2 LOGOUT")
{
    private bool asked;

    internal override TalkStep Heard(string line)
    {
        if (asked)
        {
            return line.StartsWith("* ", StringComparison.Ordinal) ? TalkStep.Hear
                : line.StartsWith("a1 OK", StringComparison.OrdinalIgnoreCase) ? TalkStep.Secure
                : line.StartsWith("a1 ", StringComparison.Ordinal) ? TalkStep.Denied(line)
                : TalkStep.Garbage(line);
        }

        if (line.StartsWith("* BYE", StringComparison.OrdinalIgnoreCase))
        {
            return TalkStep.Denied(line);
        }

        if (!line.StartsWith("* OK", StringComparison.OrdinalIgnoreCase) && !line.StartsWith("* PREAUTH", StringComparison.OrdinalIgnoreCase))
        {
            return TalkStep.Garbage(line);
        }

        Greeted(line);
        (asked, Waits) = (true, "the answer to STARTTLS");
        return startTls ? TalkStep.Say("a1 STARTTLS") : TalkStep.Done;
    }
}

/// <summary>SSH: the version banner, after which nothing more is said; other lines may come first (RFC 4253 §4.2).</summary>
internal sealed class SshTalk() : Talk("SSH", "")
{
    private const int MostLines = 50;
    private int lines;

    internal override TalkStep Heard(string line)
    {
        Greeted(line);
        return line.StartsWith("SSH-", StringComparison.Ordinal) ? TalkStep.Done
            : ++lines < MostLines ? TalkStep.Hear
            : TalkStep.Garbage(line);
    }
}
