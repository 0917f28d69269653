using Hinoban.Notifying.Inbound;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>Keeps the archive of mails that came in to its terms, in small steps: a stranger must not fill the disk that alerts need.</summary>
internal sealed partial class ArchiveDuty(Db db, ArchiveRoom room, TimeProvider clock, ILogger<ArchiveDuty> log)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    internal async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                Pass(cancel);
            }
#pragma warning disable CA1031 // The pass is repeated; the log tells what this one met.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Failed(log, error);
            }
        }
        while (await timer.WaitForNextTickAsync(cancel));
    }

    /// <summary>One pass. Called every minute.</summary>
    internal void Pass(CancellationToken cancel)
    {
        var wasFull = room.IsFull;
        var now = clock.GetUtcNow();
        while (!cancel.IsCancellationRequested && db.Read(tx => ArchiveStore.Old(tx, now - room.Terms.Posts, now - room.Terms.Others)) is { Count: > 0 } old)
        {
            db.Write(tx => ArchiveStore.Remove(tx, old));
        }

        Shorten(cancel);
        var stored = db.Read(ArchiveStore.Stored);
        while (stored >= room.Terms.Limit && !cancel.IsCancellationRequested && db.Read(ArchiveStore.Others) is { Count: > 0 } others)
        {
            db.Write(tx => ArchiveStore.Remove(tx, others));
            stored -= others.Sum(o => o.Stored);
        }

        room.Set(stored);
        if (room.IsFull && !wasFull)
        {
            Full(log, stored, room.Terms.Limit);
        }
    }

    private void Shorten(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested && db.Read(ArchiveStore.PassedOn) is { Count: > 0 } passed)
        {
            foreach (var id in passed)
            {
                var head = InboundReading.Pack(InboundReading.HeadOf(InboundStore.Content(db, id) ?? []));
                db.Write(tx => ArchiveStore.Shorten(tx, id, head));
            }
        }
    }

    [LoggerMessage(5311, LogLevel.Error, "Old mails could not be removed from the archive; tried again later")]
    private static partial void Failed(ILogger log, Exception error);

    [LoggerMessage(5312, LogLevel.Warning, "The archive of mails that came in is full: {Stored} of {Limit} octets; only the beginning of what comes in is kept")]
    private static partial void Full(ILogger log, long stored, long limit);
}
