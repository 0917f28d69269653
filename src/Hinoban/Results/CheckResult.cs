using System.Net;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>Why a look was made.</summary>
internal enum LookCause : byte
{
    /// <summary>Its slot came.</summary>
    Scheduled,

    /// <summary>The site's own view is soft failing.</summary>
    Retry,

    /// <summary>The desk asked (suspicion, re-check, verify).</summary>
    CheckNow,
}

/// <summary>
/// One look's result as the site ships it. <see cref="StartedMono"/> is the site's monotonic clock: only its difference
/// to <see cref="ResultBatch.SentMono"/> means anything elsewhere. <see cref="Request"/> is the check-now it answers, else 0.
/// </summary>
internal sealed record CheckResult(
    ItemId Item,
    int Revision,
    LookCause Cause,
    long Request,
    int Attempt,
    DateTimeOffset StartedUtc,
    TimeSpan StartedMono,
    TimeSpan Took,
    LookAnswer Answer);

/// <summary>A look that has been out for 3 s without an answer: suspicion before the time-out.</summary>
internal sealed record UnansweredLook(ItemId Item, TimeSpan StartedMono);

/// <summary>The spool's two lanes.</summary>
internal enum Lane : byte
{
    /// <summary>Fresh results: they step states and alert.</summary>
    Live,

    /// <summary>What waited while the desk was away: fills history, never alerts.</summary>
    Backlog,
}

/// <summary>
/// What a site posts: results in the order they ended. (site, epoch, sequence) makes it idempotent: the desk's cursor is
/// written in the batch's own transaction. An empty batch is the site's heartbeat (every 5 s) and has sequence 0: it moves no cursor.
/// </summary>
internal sealed record ResultBatch(
    SiteName Site,
    long Epoch,
    long Sequence,
    Lane Lane,
    DateTimeOffset SentUtc,
    TimeSpan SentMono,
    IReadOnlyList<CheckResult> Results,
    IReadOnlyList<UnansweredLook> Unanswered,
    SiteHealth Health)
{
    /// <summary>Where it came from, as the desk sees it; null where it did not travel. Never sent.</summary>
    internal IPAddress? From { get; init; }

    /// <summary>As it would have been sent that much later: it has waited at the desk, and its looks have grown older.</summary>
    internal ResultBatch Aged(TimeSpan waited) => waited > TimeSpan.Zero ? this with { SentMono = SentMono + waited } : this;

    /// <summary>How long before sending the result's look began, by the site's monotonic clock.</summary>
    internal TimeSpan AgeOf(CheckResult result) => SentMono - result.StartedMono;
}

/// <summary>
/// What a site says of itself with every batch. Lateness: look start behind its slot, over the last minute.
/// <see cref="SpoolBacklog"/> counts results that wait beyond this batch, <see cref="SpoolDropped"/> those given up because the spool
/// was full; <see cref="NotKept"/> those of this run that the disk did not take and that went out from memory, <see cref="NotKeptFor"/> how long it has
/// been taking none (null: it does). The pump fills these in. <see cref="SpoolBrokenFor"/>: how long ago, in this run, a spool that could not
/// be read was set aside.
/// </summary>
internal sealed record SiteHealth(
    int PlanRevision,
    int Items,
    int LooksOut,
    long LooksDone,
    long MissedCycles,
    TimeSpan LatenessP99,
    TimeSpan LatenessMax,
    int SpoolBacklog,
    long SpoolDropped = 0,
    long NotKept = 0,
    TimeSpan? NotKeptFor = null,
    TimeSpan? SpoolBrokenFor = null)
{
    /// <summary>How the site's anchors answer; null where none are set, so that its isolation cannot be told.</summary>
    internal AnchorHealth? Anchors { get; init; }

    /// <summary>How its data folder stands, and the databases in it.</summary>
    internal PlaceState Place { get; init; }

    /// <summary>How it stands with its peers; null where sites do not listen for each other.</summary>
    internal PeerHealth? Peers { get; init; }
}

/// <summary>
/// How a site stands with its peers, which are counted by their rank: bit n of <see cref="Silent"/>: the site of rank n does not answer it;
/// <see cref="CarriedBy"/>: who carries for it, null if the desk answers it straight.
/// </summary>
internal sealed record PeerHealth(int Known, long Silent, int? CarriedBy)
{
    internal bool IsSilent(int rank) => rank is >= 0 and < 63 && (Silent >> rank & 1) == 1;
}

/// <summary>A site's anchors at its last look at them: how many answered, of how many, and how many must.</summary>
internal sealed record AnchorHealth(int Answering, int Configured, int Quorum)
{
    /// <summary>Too few answer: what this site cannot reach says nothing about targets.</summary>
    internal bool Isolated => Answering < Quorum;
}

/// <summary>
/// The desk's cursor for the site: everything of this epoch up to the sequence is durable at the desk and may leave the spool.
/// For a repeated batch and for a heartbeat it is the cursor as it stands; a larger epoch or sequence than the site ever
/// gave out tells the site that its spool was lost or rolled back (<see cref="SiteSpool.Note"/>).
/// </summary>
internal sealed record BatchReceipt(long Epoch, long Sequence);

/// <summary>Where results come in at the desk.</summary>
internal interface IResultDoor
{
    /// <summary>Takes a batch durably, once; a repeated one is acknowledged again and changes nothing.</summary>
    Task<BatchReceipt> AcceptAsync(ResultBatch batch, CancellationToken cancel);

    /// <summary>Orders for a site from now on: its plan first, then changes and check-now requests.</summary>
    IAsyncEnumerable<SiteOrder> OrdersAsync(SiteName site, CancellationToken cancel);
}

/// <summary>The site's end of the link to the desk.</summary>
internal interface ISiteLink
{
    /// <summary>Posts a batch; throws <see cref="SiteLinkException"/> when the desk did not answer.</summary>
    Task<BatchReceipt> PostAsync(ResultBatch batch, CancellationToken cancel);

    /// <summary>The stream of orders; ends or throws <see cref="SiteLinkException"/> when the connection breaks.</summary>
    IAsyncEnumerable<SiteOrder> OrdersAsync(CancellationToken cancel);
}

/// <summary>What kept a post or a stream from succeeding.</summary>
internal enum SiteLinkFault
{
    /// <summary>No connection, a broken one, or a time-out: the same again later may do.</summary>
    Unreachable,

    /// <summary>The desk does not accept this site (unknown or revoked key, wrong certificate): a person must act.</summary>
    Refused,

    /// <summary>The desk is of a version that does not know what was asked of it.</summary>
    NotKnown,

    /// <summary>The desk's own error (500): it is there, and could not do this.</summary>
    Failed,

    /// <summary>The desk will never take this batch (malformed, too large): repeating it is of no use.</summary>
    BadBatch,
}

/// <summary>The desk could not be reached or refused; the text says which.</summary>
internal sealed class SiteLinkException(string message, Exception? inner = null) : Exception(message, inner)
{
    internal SiteLinkFault Fault { get; init; }
}
