using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>Empties the database's journal from time to time: results and people then never wait for that.</summary>
internal sealed class TidyDuty(Db db, TimeProvider clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    internal async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            db.Tidy();
        }
    }
}
