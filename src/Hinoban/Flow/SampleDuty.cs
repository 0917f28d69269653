using Hinoban.Results;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>Each hour brings samples into their small form with their rollups, and removes what has been kept for as long as is set; in small steps, beside the desk's work.</summary>
internal sealed partial class SampleDuty(Db db, Func<int, TimeSpan> intervalOf, SampleTerms terms, bool sentOn, TimeProvider clock, ILogger<SampleDuty> log)
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>What is younger may still be on its way from another site: moved with the next pass.</summary>
    private static readonly TimeSpan MoveAfter = TimeSpan.FromMinutes(5);

    // Between two transactions, so that results and commands do not wait behind all of them.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

    /// <summary>Rows that cannot be read, named in one line of the log.</summary>
    private const int Named = 5;

    private readonly HashSet<string> unreadable = [];

    internal async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            try
            {
                await PassAsync(cancel);
            }
#pragma warning disable CA1031 // The pass is repeated; the log tells what this one met.
            catch (Exception error) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Failed(log, error);
            }
        }
    }

    private async Task PassAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        unreadable.Clear();
        var moving = new SampleMoving(db, intervalOf) { Unreadable = row => unreadable.Add(row) };
        foreach (var _ in moving.Steps(now - MoveAfter, SamplePruning.RawFrom(terms, now), stays: sentOn).Concat(SamplePruning.Steps(db, terms, now, sentOn)))
        {
            await Task.Delay(Breath, clock, cancel);
        }

        if (unreadable.Count > 0)
        {
            Skipped(log, unreadable.Count, string.Join("; ", unreadable.Take(Named)));
        }
    }

    [LoggerMessage(5144, LogLevel.Error, "Rows of samples that cannot be read were left out, the others moved: {Count}, among them {Rows}")]
    private static partial void Skipped(ILogger log, int count, string rows);

    [LoggerMessage(5142, LogLevel.Error, "Old samples could not be moved or removed; tried again later")]
    private static partial void Failed(ILogger log, Exception error);
}
