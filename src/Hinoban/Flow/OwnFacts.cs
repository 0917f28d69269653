using Hinoban.Basics;
using Hinoban.Notifying;
using Hinoban.Results;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>All that the desk knows of its own works at one moment. Times are how long something has lasted, by the monotonic clock.</summary>
internal sealed record OwnFacts(IReadOnlyList<SiteFacts> Sites, MailFacts Mail, EngineFacts Engine)
{
    /// <summary>The lines between sites; empty where they do not listen for each other.</summary>
    internal IReadOnlyList<PeerFacts> Peers { get; init; } = [];

    /// <summary>What would take over; null where the desk has one node, or while it was not asked yet.</summary>
    internal StandbyFacts? Standby { get; init; }
}

/// <summary>The line between two sites.</summary>
/// <param name="A">One.</param>
/// <param name="B">The other, of higher rank.</param>
/// <param name="Known">The desk hears both, and both have said how they stand with each other.</param>
/// <param name="ApartFor">How long they have not heard each other though the desk heard both; null if they do.</param>
internal sealed record PeerFacts(SiteName A, SiteName B, bool Known, TimeSpan? ApartFor);

/// <summary>What would go on if this desk node, or the database's machine, went now.</summary>
/// <param name="NodeAwayFor">Since another node's last sign of life, as far as this one has waited for it.</param>
/// <param name="UnsafeFor">How long the database has had no synchronous standby; null if it has one.</param>
/// <param name="Wrong">What is wrong with that, in the database's words.</param>
internal sealed record StandbyFacts(TimeSpan NodeAwayFor, TimeSpan? UnsafeFor, IReadOnlyList<string> Wrong);

/// <summary>One site.</summary>
/// <param name="Site">Which.</param>
/// <param name="Heard">It has been heard since the desk started.</param>
/// <param name="SilentFor">Since its last heartbeat, or since the desk's start.</param>
/// <param name="Anchors">What it said of its anchors.</param>
/// <param name="IsolatedFor">How long it has called itself isolated; null if it does not.</param>
/// <param name="LatenessP99">Look start behind its slot.</param>
/// <param name="Missed">It misses cycles again and again; null while that cannot be told.</param>
/// <param name="PathAlarm">Its path item is failing already.</param>
/// <param name="Paths">What it alone cannot reach, longest first.</param>
internal sealed record SiteFacts(
    SiteName Site,
    bool Heard,
    TimeSpan SilentFor,
    AnchorHealth? Anchors,
    TimeSpan? IsolatedFor,
    TimeSpan LatenessP99,
    bool? Missed,
    bool PathAlarm,
    IReadOnlyList<PathFacts> Paths)
{
    /// <summary>How it says its data folder stands.</summary>
    internal PlaceState Place { get; init; }

    /// <summary>What it has not looked at for too long.</summary>
    internal UnseenFacts Unseen { get; init; } = UnseenFacts.None;

    /// <summary>How long its disk has been taking no results, by its last word; null if it does.</summary>
    internal TimeSpan? NotKeptFor { get; init; }

    /// <summary>Since it last gave results up, as far as the desk saw the count grow; null if it did not.</summary>
    internal TimeSpan? GaveUpAgo { get; init; }
}

/// <summary>An item that a site cannot reach and others can.</summary>
internal sealed record PathFacts(ItemId Item, CustomerId Customer, string Title, string Address, TimeSpan Lasts);

/// <summary>The way out for mails.</summary>
/// <param name="RelayAwayFor">How long the relay has not answered; null while it does.</param>
/// <param name="RelayReply">What it said last.</param>
internal sealed record MailFacts(TimeSpan? RelayAwayFor, string RelayReply)
{
    /// <summary>The second relay does its work meanwhile.</summary>
    internal bool SecondInUse { get; init; }

    /// <summary>Each customer's list, with the members that mail does not reach.</summary>
    internal IReadOnlyList<ListFacts> Lists { get; init; } = [];

    /// <summary>The desk's test mail is late; null where none is sent, or while it cannot be told.</summary>
    internal bool? ArrivalLate { get; init; }
}

/// <summary>A customer's list: the members that do not get its mails, as far as anybody knows.</summary>
internal sealed record ListFacts(CustomerId Customer, IReadOnlyList<RecipientTrouble> CutOff)
{
    /// <summary>Writers whose posts are held back, for there were too many of them.</summary>
    internal IReadOnlyList<string> Braked { get; init; } = [];
}

/// <summary>The desk's own process.</summary>
/// <param name="ReviewAgo">Since the last review ended.</param>
/// <param name="Disk">Room where the data folder is; null where that cannot be told.</param>
/// <param name="Alarm">The engine's item is failing already.</param>
internal sealed record EngineFacts(TimeSpan ReviewAgo, DiskRoom? Disk, bool Alarm = false)
{
    /// <summary>How the data folder stands.</summary>
    internal PlaceView Place { get; init; } = PlaceView.Whole;

    /// <summary>How long the database has been taking no changes; null while it does.</summary>
    internal TimeSpan? TakesNothingFor { get; init; }

    /// <summary>The archive of mails has reached its limit with what members wrote.</summary>
    internal bool ArchiveFull { get; init; }
}
