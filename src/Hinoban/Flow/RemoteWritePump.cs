using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>How sending samples on stands. <see cref="Dropped"/>: refused by the receiver, of items that are gone, unreadable, or given up because too many waited.</summary>
internal sealed record RemoteWriteView(long Sent, long Dropped, long Waiting, DateTimeOffset? LastUtc, string? Trouble);

/// <summary>
/// Sends samples on to another system, from the rows in which they came, beside everything else: whether the receiver is slow, away or refuses, nothing waits for it but the samples themselves.
/// </summary>
internal sealed partial class RemoteWritePump(Db db, RemoteWriteLink link, Func<int, ItemPlan?> item, TimeProvider clock, ILogger<RemoteWritePump> log) : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>Rows in one request, some thousand samples.</summary>
    private const int AtOnce = 20;

    /// <summary>Requests into which one that is refused is taken apart at most, to find what is wrong in it.</summary>
    private const int MostParts = 300;

    private readonly HashSet<(string Item, long At)> refused = [];
    private int failures;
    private int parts;

    /// <summary>Of one site, more samples than this do not wait: the oldest are given up. About 250 MB.</summary>
    internal long MostWaiting { get; init; } = 20_000_000;

    internal RemoteWriteView View { get; private set; } = new(0, 0, 0, null, null);

    internal async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            try
            {
                if (await PassAsync(cancel) is { } pause)
                {
                    await Task.Delay(pause, clock, cancel);
                }
            }
#pragma warning disable CA1031 // The pass is repeated; the log tells what this one met.
            catch (Exception error) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Failed(log, error);
            }
        }
    }

    /// <summary>Sends what waits. How long to pause; null if everything is settled.</summary>
    internal async Task<TimeSpan?> PassAsync(CancellationToken cancel)
    {
        foreach (var site in db.Read(ExportStore.Cursors))
        {
            var cursor = GiveUp(site);
            while (db.Read(tx => ExportStore.After(tx, cursor, AtOnce)) is { Count: > 0 } batches)
            {
                if (await SendAsync(cursor, batches, cancel) is not { } next)
                {
                    Count(View.LastUtc);
                    return Pause;
                }

                cursor = next;
                db.Write(tx => ExportStore.Save(tx, next));
            }
        }

        Count(clock.GetUtcNow());
        return null;
    }

    public void Dispose() => link.Dispose();

    private TimeSpan Pause { get; set; }

    /// <summary>Null if the receiver cannot take any now.</summary>
    private async Task<ExportCursor?> SendAsync(ExportCursor cursor, IReadOnlyList<ExportBatch> batches, CancellationToken cancel)
    {
        var read = batches.Select(b => (Batch: b, Samples: SampleBatch.TryRead(b.Body, _ => true))).ToList();
        var samples = read.SelectMany(r => r.Samples ?? []).ToList();
        var unreadable = read.FindAll(r => r.Samples is null).ConvertAll(r => r.Batch);
        var known = samples.Where(s => item(s.Item) is not null).ToList();
        parts = 0;
        refused.Clear();
        if (!await SendAsync(ExportNames.Series(cursor.Site, known, i => item(i)!), cancel))
        {
            return null;
        }

        unreadable.ForEach(b => Unreadable(log, cursor.Site, b.Epoch, b.Sequence));
        var dropped = samples.Count - known.Count + Math.Min(known.Count, refused.Count);
        return cursor with
        {
            Epoch = batches[^1].Epoch,
            Sequence = batches[^1].Sequence,
            Sent = cursor.Sent + samples.Count - dropped,
            Dropped = cursor.Dropped + dropped + unreadable.Sum(b => b.Samples),
        };
    }

    // A receiver refuses a request whole for one value in it that it does not like: it is taken apart until that one is found. False: later.
    private async Task<bool> SendAsync(IReadOnlyList<ExportSeries> series, CancellationToken cancel)
    {
        if (series.Count == 0)
        {
            return true;
        }

        var answer = await link.PostAsync(series, cancel);
        Note(answer);
        if (answer.Outcome != RemoteWriteOutcome.Refused)
        {
            return answer.Outcome == RemoteWriteOutcome.Taken;
        }

        if (series.Sum(s => s.Samples.Count) > 1 && ++parts <= MostParts)
        {
            var (one, other) = Halves(series);
            return await SendAsync(one, cancel) && await SendAsync(other, cancel);
        }

        // A sample is several series: whichever of them is refused, it is one that was not taken whole.
        refused.UnionWith(series.SelectMany(s => s.Samples.Select(v => (ExportNames.ItemOf(s), v.AtMillis))));
        return true;
    }

    private static (IReadOnlyList<ExportSeries> One, IReadOnlyList<ExportSeries> Other) Halves(IReadOnlyList<ExportSeries> series)
    {
        if (series.Count > 1)
        {
            return ([.. series.Take(series.Count / 2)], [.. series.Skip(series.Count / 2)]);
        }

        var half = series[0].Samples.Count / 2;
        return ([series[0] with { Samples = [.. series[0].Samples.Take(half)] }], [series[0] with { Samples = [.. series[0].Samples.Skip(half)] }]);
    }

    private ExportCursor GiveUp(ExportCursor cursor)
    {
        var over = db.Read(tx => ExportStore.Waiting(tx, cursor)) - MostWaiting;
        while (over > 0 && db.Read(tx => ExportStore.After(tx, cursor, AtOnce)) is { Count: > 0 } oldest)
        {
            var gone = oldest.Sum(b => b.Samples);
            cursor = cursor with { Epoch = oldest[^1].Epoch, Sequence = oldest[^1].Sequence, Dropped = cursor.Dropped + gone };
            var saved = cursor;
            db.Write(tx => ExportStore.Save(tx, saved));
            over -= gone;
            GaveUp(log, gone, cursor.Site);
        }

        return cursor;
    }

    private void Note(RemoteWriteAnswer answer)
    {
        var trouble = answer.Outcome == RemoteWriteOutcome.Later ? answer.Why : null;
        if (trouble is not null && View.Trouble is null)
        {
            Stopped(log, answer.Why);
        }
        else if (trouble is null && View.Trouble is not null)
        {
            Resumed(log);
        }

        failures = trouble is null ? 0 : failures + 1;
        var wanted = answer.After ?? TimeSpan.FromSeconds(5 * Math.Pow(2, Math.Min(failures - 1, 6)));
        Pause = wanted > LongestPause ? LongestPause : wanted > TimeSpan.Zero ? wanted : TimeSpan.FromSeconds(1);
        View = View with { Trouble = trouble };
    }

    private void Count(DateTimeOffset? last)
    {
        var (cursors, waiting) = db.Read(tx => ExportStore.Cursors(tx) is var all ? (all, all.Sum(c => ExportStore.Waiting(tx, c))) : default);
        View = View with { Sent = cursors.Sum(c => c.Sent), Dropped = cursors.Sum(c => c.Dropped), Waiting = waiting, LastUtc = last };
    }

    [LoggerMessage(5320, LogLevel.Error, "Samples could not be sent on; tried again")]
    private static partial void Failed(ILogger log, Exception error);

    [LoggerMessage(5321, LogLevel.Warning, "The receiver of samples takes none: {Why}; they wait")]
    private static partial void Stopped(ILogger log, string why);

    [LoggerMessage(5324, LogLevel.Error, "A row of samples cannot be read and is not sent on: sample_batches {Site}, {Epoch}, {Sequence}")]
    private static partial void Unreadable(ILogger log, string site, long epoch, long sequence);

    [LoggerMessage(5322, LogLevel.Information, "The receiver of samples takes them again")]
    private static partial void Resumed(ILogger log);

    [LoggerMessage(5323, LogLevel.Warning, "Too many samples wait for their receiver: {Count} of site {Site} were given up")]
    private static partial void GaveUp(ILogger log, long count, string site);
}
