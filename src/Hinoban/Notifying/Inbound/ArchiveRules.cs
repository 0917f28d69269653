namespace Hinoban.Notifying.Inbound;

/// <summary>How much of a mail the archive has.</summary>
internal enum ArchivedAs
{
    /// <summary>As it came.</summary>
    Whole,

    /// <summary>As it came, until all members have it; then only its head.</summary>
    UntilPassed,

    /// <summary>Its header, and the beginning of what it says.</summary>
    Head,
}

/// <summary>What the archive takes. Pure.</summary>
internal static class ArchiveRules
{
    /// <summary>Octets of a header that are kept of a mail of which no more is.</summary>
    internal const int HeadSize = 16 * 1024;

    /// <param name="standing">What becomes of it.</param>
    /// <param name="isNews">Of a report: it is the first that says so. Whoever can write to a bounce address could write without end.</param>
    /// <param name="full">The archive has reached its limit. What members wrote is not thrown out for what comes now.</param>
    internal static ArchivedAs Of(InboundStanding standing, bool isNews, bool full) => standing switch
    {
        InboundStanding.Member => full ? ArchivedAs.UntilPassed : ArchivedAs.Whole,
        InboundStanding.Report => isNews && !full ? ArchivedAs.Whole : ArchivedAs.Head,
        InboundStanding.Braked => full ? ArchivedAs.Head : ArchivedAs.Whole,
        InboundStanding.Stranger or InboundStanding.Kept => ArchivedAs.Head,
    };
}

/// <summary>How full the archive is, as far as this process knows: counted anew by the duty that clears it, and added to by what comes in meanwhile.</summary>
internal sealed class ArchiveRoom(ArchiveTerms terms)
{
    private long used;

    internal ArchiveTerms Terms => terms;

    internal bool IsFull => Interlocked.Read(ref used) >= terms.Limit;

    internal void Set(long octets) => Interlocked.Exchange(ref used, octets);

    internal void Add(long octets) => Interlocked.Add(ref used, octets);
}
