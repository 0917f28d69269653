using System.Text.RegularExpressions;

namespace Hinoban.Notifying;

/// <summary>A whole reply of the relay: its code and its lines' texts, which are the relay's and so untrusted.</summary>
internal sealed partial record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    private const int LongestText = 300;

    internal bool Positive => Code is >= 200 and < 300;

    internal bool Transient => Code is >= 400 and < 500;

    /// <summary>One harmless line, as people see it and the database keeps it.</summary>
    internal string Text => Visible.Line($"{Code} {string.Join(" / ", Lines)}".TrimEnd(), LongestText);

    /// <summary>The relay's own number of the message: Postfix's <c>queued as</c>, Exim's <c>id=</c>, Sendmail's word before "Message accepted".</summary>
    internal string QueueId
    {
        get
        {
            var match = Queued().Match(string.Join(' ', Lines));
            return match.Success ? match.Groups["id"].Value : "";
        }
    }

    [GeneratedRegex(@"queued as (?<id>[0-9A-Za-z.\-]{1,64})|\bid=(?<id>[0-9A-Za-z\-]{1,64})|(?<id>[0-9A-Za-z]{1,64}) Message accepted", RegexOptions.IgnoreCase)]
    private static partial Regex Queued();
}

/// <summary>The dialogue cannot go on; carries why. Never leaves the session.</summary>
internal sealed class SmtpBreak(SubmitReason reason, string detail) : Exception(detail)
{
    internal SubmitReason Reason => reason;
}
