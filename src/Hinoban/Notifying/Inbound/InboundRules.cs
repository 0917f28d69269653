using System.Text.RegularExpressions;
using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Notifying.Inbound;

/// <summary>What becomes of a mail that came in.</summary>
internal enum InboundStanding
{
    /// <summary>Kept only: a machine wrote it, or it went where nobody writes to.</summary>
    Kept,

    /// <summary>A member's post: passed on to the other members.</summary>
    Member,

    /// <summary>Somebody else's: set aside for the desk, passed on to nobody.</summary>
    Stranger,

    /// <summary>A delivery report that belongs to a delivery of ours.</summary>
    Report,

    /// <summary>A member's post, one too many of his in a short time: set aside for the desk, for it may be a machine that answers a machine.</summary>
    Braked,
}

/// <summary>Who may post, and where a post belongs. Pure.</summary>
internal static partial class InboundRules
{
    /// <summary>A post to a list's address. A delivery report has no business there; only one that comes to a bounce address is believed.</summary>
    internal static InboundStanding OfPost(InboundKind kind, bool byMember) => kind switch
    {
        InboundKind.Person => byMember ? InboundStanding.Member : InboundStanding.Stranger,
        _ => InboundStanding.Kept,
    };

    /// <summary>
    /// A mail to a bounce address, which is known to nobody but the systems that carried our mail: a report even where it does not look like one,
    /// unless it is somebody's automatic answer. A member's address writes no report of itself: its own holiday answer comes here, with or without marks.
    /// </summary>
    internal static InboundStanding OfReport(InboundKind kind, bool byMember) =>
        kind is InboundKind.DeliveryReport or InboundKind.NoSender && !byMember ? InboundStanding.Report : InboundStanding.Kept;

    /// <summary>So many posts of one writer in one thread within this time are passed on; no person writes more, and two machines would never end.</summary>
    internal const int MostPosts = 10;

    /// <inheritdoc cref="MostPosts"/>
    internal static readonly TimeSpan PostsWithin = TimeSpan.FromMinutes(10);

    /// <summary>The desk's alarm about a writer who is held back stands this long after the last of his posts.</summary>
    internal static readonly TimeSpan BrakeStands = TimeSpan.FromHours(1);

    /// <summary>A post's standing when its writer has had so many passed on of late.</summary>
    internal static InboundStanding Brake(InboundStanding standing, int passedOn) =>
        standing == InboundStanding.Member && passedOn >= MostPosts ? InboundStanding.Braked : standing;

    /// <summary>
    /// The member whose address the From header gives, alone: of two it is not said who writes. That the address is his is for the MTA in front to
    /// check (SPF, DKIM, DMARC).
    /// </summary>
    internal static MemberPlan? Writer(IReadOnlyList<NamedAddress> from, MailingListPlan list) =>
        from.Count == 1 ? list.Members.FirstOrDefault(m => m.Mail.Length > 0 && m.Mail.Equals(from[0].Address, StringComparison.OrdinalIgnoreCase)) : null;

    /// <summary>The Message-IDs that a mail answers, the nearest first.</summary>
    internal static IReadOnlyList<string> Answers(MailFields fields) =>
        [.. MailAddresses.Ids(fields["In-Reply-To"]).Concat(MailAddresses.Ids(fields["References"]).Reverse()).Distinct()];

    /// <summary>The incident's number in the tag of a subject of this customer; null if there is none. For mail programs that lose the thread.</summary>
    internal static string? NumberIn(string subject, CustomerId customer) =>
        Tag().Matches(subject).LastOrDefault(t => t.Groups["customer"].Value == customer.Value)?.Groups["number"].Value;

    [GeneratedRegex(@"\[(?<customer>[a-z0-9-]{1,63}) (?<number>INC-(\d{6}-\d{4,8}|A\d{1,9}-\d{1,9}))\]", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
