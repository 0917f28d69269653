using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>Empties the database's journal from time to time: results and people then never wait for that.</summary>
internal sealed partial class TidyDuty(Db db, TimeProvider clock, ILogger<TidyDuty> log)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private bool failing;

    internal async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            Pass();
        }
    }

    /// <summary>One pass. Called every few seconds; tells once that it fails, and once that it works again.</summary>
    internal void Pass()
    {
        try
        {
            db.Tidy();
            if (failing)
            {
                Works(log);
            }

            failing = false;
        }
#pragma warning disable CA1031 // What is in the journal is safe there, and the pass is repeated.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (!failing)
            {
                Fails(log, error);
            }

            failing = true;
        }
    }

    [LoggerMessage(5313, LogLevel.Warning, "The database's journal cannot be brought into its file, and grows; tried again every few seconds")]
    private static partial void Fails(ILogger log, Exception error);

    [LoggerMessage(5314, LogLevel.Information, "The database's journal is emptied again")]
    private static partial void Works(ILogger log);
}
